# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Makes C of doc/rules/*.md, the texts that `explain`, migscope-rules(7) and
# the reports show: see doc/adding-a-rule.md. What is out of form ends the
# build, with file and line.
#
#	awk -f rules-help.awk doc/rules/*.md >rule-texts.inc

function complain(what)
{
	printf "%s:%d: %s\n", FILENAME, FNR, what >"/dev/stderr"
	failed = 1
	exit 1
}

function literal(s)
{
	gsub(/`/, "", s)
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	return "\"" s "\""
}

# A paragraph, or an item of a list, is one line of the string.
function flush_paragraph()
{
	if (paragraph != "") {
		printf "%s\n\t\t\t%s", lines++ ? " \"\\n\"" : "",
			literal(paragraph)
		paragraph = ""
	}
}

function close_part()
{
	flush_paragraph()
	if (part != "") {
		if (!lines)
			complain("nothing after " part)
		print ","
	}
	part = ""
	lines = 0
}

function close_rule()
{
	close_part()
	if (rule != "")
		print "\t},"
	rule = ""
}

BEGIN {
	names["Means"] = "means"
	names["QEMU"] = "qemu"
	names["Says"] = "says"
	names["Causes"] = "causes"
	names["Mend"] = "mend"
	names["Waive"] = "waive"
	print "/* Made by rules-help.awk. */"
}

FNR == 1 {
	close_rule()
	subject = ""
}

/^# / {
	subject = substr($0, 3)
	next
}

/^## / {
	close_rule()
	rule = substr($0, 4)
	if (rule !~ /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
		complain("not a rule's id: " rule)
	if (rule in seen)
		complain(rule " stands in " seen[rule] " as well")
	if (subject == "")
		complain("no subject (# ...) before " rule)
	seen[rule] = FILENAME
	printf "\t{\n\t\t.id = \"%s\",\n\t\t.help.subject = %s,\n", rule,
		literal(subject)
	next
}

/^[A-Z][A-Za-z]*:( |$)/ && (substr($1, 1, length($1) - 1) in names) {
	if (rule == "")
		complain("no rule (## ...) before " $1)
	close_part()
	part = substr($1, 1, length($1) - 1)
	if ((rule, part) in seen)
		complain("a second " part " of " rule)
	seen[rule, part] = 1
	printf "\t\t.help.%s =", names[part]
	paragraph = substr($0, length($1) + 2)
	next
}

/^[ \t]*$/ {
	flush_paragraph()
	next
}

rule == "" {
	next	# what a reader of the file should know of its subject
}

part == "" {
	complain("no part (Means:, QEMU:, ...) before this")
}

/^- / {
	flush_paragraph()
	paragraph = $0
	next
}

{
	sub(/^[ \t]+/, "")
	paragraph = paragraph (paragraph == "" ? "" : " ") $0
}

END {
	if (failed)
		exit 1
	close_rule()
}
