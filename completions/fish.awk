# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of generate.sh as a completion for fish, see there.
function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/'/, "\\'", text)
	return "'" text "'"
}

function filler(kind) {
	if (kind ~ /\|/) {
		gsub(/\|/, " ", kind)
		return " -x -a " quoted(kind)
	}
	if (kind == "FILE" || kind == "OUTPUT")
		return " -r -F"
	if (kind == "SPEC")
		return " -r -F -a '(__migscope_words schema list)'"
	if (kind == "RULE")
		return " -x -a '(__migscope_words explain --format names)'"
	return kind == "-" ? "" : " -x"
}

function when(command) {
	return " -n " quoted("__fish_seen_subcommand_from " command)
}

BEGIN {
	print "# SPDX-License-Identifier: LGPL-2.1-or-later"
	print "# Completion of migscope(1) for fish. Made by completions/generate.sh."
	print ""
	print "# The first word of each line that migscope prints."
	print "function __migscope_words"
	print "\tmigscope $argv 2>/dev/null | string replace -r ' .*' ''"
	print "end"
	print ""
	print "complete -c migscope -f"
}
$1 == "command" {
	names = names (names == "" ? "" : " ") $2
	print "complete -c migscope -n __fish_use_subcommand -a " $2 " -d " quoted($3)
}
$1 == "operand" && $3 == "FILE" { print "complete -c migscope" when($2) " -F" }
$1 == "operand" && $3 == "SPEC" {
	print "complete -c migscope" when($2) " -F -a '(__migscope_words schema list)'"
}
$1 == "operand" && $3 == "RULE" {
	print "complete -c migscope" when($2) " -a '(__migscope_words explain --format names)'"
}
$1 == "action" {
	actions[$2] = actions[$2] (actions[$2] == "" ? "" : " ") $3
	kind[$2] = $4 == "-" ? kind[$2] : $4
	lines[$2] = lines[$2] "complete -c migscope -n " \
		quoted("__fish_seen_subcommand_from " $2 "; and not __fish_seen_subcommand_from @") \
		" -a " $3 " -d " quoted($5) "\n"
}
$1 == "option" {
	line = "complete -c migscope" ($2 == "*" ? "" : when($2))
	if ($3 != "-")
		line = line " -s " substr($3, 2)
	print line " -l " substr($4, 3) filler($5) " -d " quoted($7)
}
END {
	count = split(names, name, " ")
	for (i = 1; i <= count; i++) {
		c = name[i]
		if (!(c in actions))
			continue
		gsub(/@/, actions[c], lines[c])
		printf "%s", lines[c]
		print "complete -c migscope -n " \
			quoted("__fish_seen_subcommand_from " c "; and __fish_seen_subcommand_from " actions[c]) \
			" -F" (kind[c] == "SPEC" ? " -a '(__migscope_words schema list)'" : "")
	}
	print "complete -c migscope -n __fish_use_subcommand -a help -d 'Print the help of a command'"
	print "complete -c migscope" when("help") " -a " quoted(names)
}
