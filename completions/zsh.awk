# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of generate.sh as a completion for zsh, see there.
function quoted(text) {
	gsub(/'/, "'\\''", text)
	return "'" text "'"
}

# In a spec of _arguments, these mean something.
function described(text) {
	gsub(/[]:[]/, "\\\\&", text)
	return text
}

# What completes a kind.
function filler(kind) {
	if (kind ~ /\|/) {
		gsub(/\|/, " ", kind)
		return "(" kind ")"
	}
	if (kind == "FILE" || kind == "OUTPUT")
		return "_files"
	if (kind == "SPEC")
		return "_migscope_specs"
	if (kind == "RULE")
		return "_migscope_rules"
	return ""
}

function label(kind) {
	return kind ~ /\|/ ? "value" : tolower(kind)
}

function option_line(short, long, argument, many, text,    names, tail, lead) {
	tail = "[" described(text) "]"
	if (argument != "-")
		tail = tail ":" label(argument) ":" filler(argument)
	lead = many == "*" ? "*" : ""
	if (argument != "-")
		long = long "="
	if (short == "-")
		return quoted(lead long tail)
	if (argument != "-")
		short = short "+"
	names = lead != "" ? "" : "(" short " " long ")"
	gsub(/[+=]/, "", names)
	return quoted(names lead short tail) "\n" quoted(names lead long tail)
}

function indented(lines, by) {
	gsub(/\n/, " \\\n" by, lines)
	return by lines
}

$1 == "command" {
	commands[++n] = $2
	summary[$2] = $3
}
$1 == "operand" { operand[$2] = $3 }
$1 == "action" {
	action_names[$2] = action_names[$2] " " $3
	action_kind[$2, $3] = $4
	action_list[$2] = action_list[$2] "\n\t\t\t" quoted($3 ":" described($5))
}
$1 == "option" {
	options[$2] = options[$2] (options[$2] == "" ? "" : "\n") \
		option_line($3, $4, $5, $6, $7)
}

END {
	print "#compdef migscope"
	print "# SPDX-License-Identifier: LGPL-2.1-or-later"
	print "# Completion of migscope(1) for zsh. Made by completions/generate.sh."
	print ""
	print "_migscope_specs() {"
	print "\tlocal -a names"
	print "\tnames=(${${(f)\"$(_call_program schemas migscope schema list 2>/dev/null)\"}%% *})"
	print "\t_alternative 'schemas:schema:compadd -a names' 'files:file:_files'"
	print "}"
	print ""
	print "_migscope_rules() {"
	print "\tlocal -a rules"
	print "\trules=(${(f)\"$(_call_program rules migscope explain --format names 2>/dev/null)\"})"
	print "\tcompadd -a rules"
	print "}"
	print ""
	print "_migscope_commands() {"
	print "\tlocal -a names"
	print "\tnames=("
	for (i = 1; i <= n; i++)
		print "\t\t" quoted(commands[i] ":" described(summary[commands[i]]))
	print "\t)"
	print "\t[[ $words[1] == help ]] || names+=('help:Print the help of a command')"
	print "\t_describe -t commands command names"
	print "}"
	print ""
	print "# migscope_actions is the caller's"
	print "_migscope_actions() {"
	print "\t_describe action migscope_actions"
	print "}"
	print ""
	print "_migscope() {"
	print "\tlocal curcontext=$curcontext state line"
	print "\tlocal -a common migscope_actions"
	print "\tcommon=("
	print indented_plain(options["*"])
	print "\t)"
	print "\t_arguments -C -S $common '1:command:_migscope_commands' '*::operand:->rest' && return"
	print "\t[[ $state == rest ]] || return 1"
	print "\tcurcontext=${curcontext%:*}-$line[1]:"
	print "\tcase $line[1] in"
	print "\thelp) _arguments '1:command:_migscope_commands' ;;"
	for (i = 1; i <= n; i++) {
		c = commands[i]
		print "\t" c ")"
		if (c in action_list) {
			print "\t\tmigscope_actions=(" action_list[c]
			print "\t\t)"
		}
		lines = options[c]
		if (c in action_list)
			lines = lines (lines == "" ? "" : "\n") \
				quoted("1:action:_migscope_actions") "\n" \
				quoted("*:operand:" by_action(c))
		else
			lines = lines (lines == "" ? "" : "\n") \
				quoted("*:" label(operand[c]) ":" filler(operand[c]))
		print "\t\t_arguments -S $common \\"
		print indented(lines, "\t\t\t") " ;;"
	}
	print "\tesac"
	print "}"
	print ""
	print "_migscope \"$@\""
}

function indented_plain(lines) {
	gsub(/\n/, "\n\t\t", lines)
	return "\t\t" lines
}

# All actions that take something take the same.
function by_action(c,    k, word, count, j) {
	count = split(action_names[c], word, " ")
	for (j = 1; j <= count; j++)
		if (action_kind[c, word[j]] != "-")
			k = action_kind[c, word[j]]
	return filler(k)
}
