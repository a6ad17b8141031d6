#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The completions of the shells, out of what --help prints, which is what the
# option tables of src/tool say. The results are checked in, so that building
# runs no program that was just built; tests/cli/completion.sh compares.
#
#	completions/generate.sh bash|zsh|fish|table       with migscope in PATH
#	make completions                                  writes all three
#
# table: the same facts, a line each, for the tests. Fields are separated by
# tabs:
#	command NAME SUMMARY
#	operand NAME KIND             of a command without actions, where it has any
#	action  NAME ACTION KIND SUMMARY
#	option  NAME SHORT LONG ARGUMENT MANY BRIEF
#	        NAME "*": of every command; SHORT may be "-"; ARGUMENT is "-", a
#	        kind, or words with '|' between them; MANY is "*" or "-"
# Kinds: FILE, OUTPUT (a file that is made), SPEC (a schema's name or a file),
# RULE, N, NAME, GLOB, VERSION.
set -eu
LC_ALL=C
COLUMNS=80
export LC_ALL COLUMNS
here=$(cd "$(dirname "$0")" && pwd)
case ${1:-} in
bash|zsh|fish|table) ;;
*) echo "usage: $0 bash|zsh|fish|table" >&2; exit 2 ;;
esac

commands()
{
	migscope --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\)  *\(.*\)/\1	\2/p'
}

# What one --help says, $1 = the command's name.
facts()
{
	migscope "$1" --help | awk -v name="$1" '
	BEGIN { OFS = "\t" }
	# How operands in a synopsis are called, and what they are.
	function kind(word) {
		gsub(/[][.]/, "", word)
		if (word == "SRC" || word == "DST")
			return "SPEC"
		if (word == "A" || word == "B")
			return "FILE"
		sub(/\|.*/, "", word)
		return word == "" ? "-" : word
	}
	# Up to where it explains itself.
	function brief(text) {
		sub(/(; | \().*/, "", text)
		if (match(text, /: /) && RSTART > 30)
			text = substr(text, 1, RSTART - 1)
		return text
	}
	function end_option() {
		if (long != "")
			print "option", of, short, long, argument, \
				help ~ /repeatable/ ? "*" : "-", brief(help)
		long = ""
	}
	/^Usage:/ { last = $NF; next }
	/^[A-Z].*:$/ {
		end_option()
		part = $0
		of = part ~ /every command/ ? "*" : name
		actions += part == "Actions:"
		next
	}
	part == "Actions:" && /^  [a-z]/ {
		summary = substr($0, 25)
		print "action", name, $1, substr($0, 3, 22) ~ /^[a-z-]+ +[A-Z]/ ? \
			kind($2) : "-", summary
		next
	}
	part ~ /^Options/ && /^  -/ {
		end_option()
		rest = substr($0, 3)
		short = "-"
		if (match(rest, /^-[a-zA-Z], /)) {
			short = substr(rest, 1, 2)
			rest = substr(rest, 5)
		}
		n = split(rest, word, " ")
		long = word[1]
		# what takes an argument is followed by one blank, else two
		argument = rest ~ /^--[a-z0-9-]+ [^ ]/ ? word[2] : "-"
		help = length($0) < 24 || substr($0, 23, 2) != "  " ? "" : substr($0, 25)
		next
	}
	part ~ /^Options/ && /^ +[^ ]/ {
		sub(/^ +/, "")
		help = help (help == "" ? "" : " ") $0
	}
	END {
		end_option()
		# a command that takes options alone
		if (!actions && kind(last) != "OPTION")
			print "operand", name, kind(last)
	}'
}

table()
{
	commands | while read -r name summary; do
		printf 'command\t%s\t%s\n' "$name" "$summary"
		facts "$name"
	done | awk -F '\t' '$1 != "option" || $2 != "*" || !seen[$0]++'
}

if [ "$1" = table ]; then
	table
else
	table | awk -F '\t' -v here="$here" -f "$here/$1.awk"
fi
