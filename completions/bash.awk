# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of generate.sh as a completion for bash, see there.
function add(list, word) { return list (list == "" ? "" : " ") word }
function case_line(pattern, text) { return "\t" pattern ") " text " ;;\n" }

$1 == "command" { commands = add(commands, $2) }
$1 == "operand" { operands = operands case_line($2, "kind=" $3) }
$1 == "action" {
	actions[$2] = add(actions[$2], $3)
	operands = operands case_line("'" $2 " " $3 "'", "kind=" $4)
}
$1 == "option" {
	words = $4 ($3 == "-" ? "" : " " $3)
	options[$2] = add(options[$2], words)
	if ($5 != "-") {
		pattern = $2 "\\ " $4
		if ($3 != "-")
			pattern = pattern "|" $2 "\\ " $3
		values = values case_line(pattern, "kind='" $5 "'")
	}
}

END {
	print "# SPDX-License-Identifier: LGPL-2.1-or-later"
	print "# Completion of migscope(1) for bash. Made by completions/generate.sh."
	print ""
	print "# Sets kind to what the option $2 of the command $1 takes; \"\" = nothing."
	print "_migscope_value()"
	print "{"
	print "\tkind="
	print "\tcase \"$1 $2\" in"
	printf "%s", values
	print "\tesac"
	print "}"
	print ""
	print "# Sets kind to what \"$1\", a command and its action, works on."
	print "_migscope_operand()"
	print "{"
	print "\tkind=FILE"
	print "\tcase $1 in"
	printf "%s", operands
	n = split(commands, name, " ")
	for (i = 1; i <= n; i++)
		if (name[i] in actions)
			printf "%s", case_line(name[i], \
				"kind='" pipes(actions[name[i]]) "'")
	print "\thelp) kind='" pipes(commands) "' ;;"
	print "\tesac"
	print "}"
	print ""
	print "# Sets options to those of the command $1."
	print "_migscope_options()"
	print "{"
	print "\toptions='" options["*"] "'"
	print "\tcase $1 in"
	for (i = 1; i <= n; i++)
		if (options[name[i]] != "")
			printf "\t%s) options+=' %s' ;;\n", name[i], \
				options[name[i]]
	print "\tesac"
	print "}"
	print ""
	print "_migscope_commands='" commands " help'"
	print ""
	while ((getline line < (here "/bash.tail")) > 0)
		print line
}

function pipes(list) {
	gsub(/ /, "|", list)
	return list
}
