#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What --help shows, what the manual describes and what README.md speaks of
# is the same, in both directions: commands, actions, options, the words that
# an option's value may be. completion.sh does that for the completions.
# Options of every command stand in migscope(1), and may stand in others.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
man=$top_srcdir/man
tab=$(printf '\t')
"$top_srcdir/completions/generate.sh" table >"$tmp/table" || exit 99
commands=$(awk -F '\t' '$1 == "command" { print $2 }' "$tmp/table")
set -- $commands
[ $# -gt 0 ] || { echo "1..0"; echo "Bail out! no commands in --help"; exit 99; }
echo "1..$((4 * $# + 6))"

# Long and short options of $1, "*" for those of every command.
in_help()
{
	awk -F '\t' -v of="$1" '$1 == "option" && $2 == of {
		print $4
		if ($3 != "-")
			print $3
	}' "$tmp/table" | sort -u
}

# Options that a page describes: ".It Fl q , Fl -quiet", in mdoc(7).
in_page()
{
	sed -n 's/^\.It Fl /Fl /p' "$1" | tr ' ' '\n' |
		sed -n '/^Fl$/{n;s/^/-/;p;}' | sort -u
}

# Lines of complaints: none is what we want.
verdict()
{
	if [ -s "$tmp/wrong" ]; then
		not_ok "$1"
		sed 's/^/# /' "$tmp/wrong"
	else
		ok "$1"
	fi
}

in_help '*' >"$tmp/common"
for command; do
	title="migscope $command" page=$man/migscope-$command.1
	[ -f "$page" ] || : >"$tmp/none"
	[ -f "$page" ] || page=$tmp/none
	in_help "$command" >"$tmp/help"
	in_page "$page" >"$tmp/page"
	{
		comm -23 "$tmp/help" "$tmp/page" | sed 's/^/not in the page: /'
		sort -u "$tmp/help" "$tmp/common" | comm -13 - "$tmp/page" |
			sed 's/^/not in --help: /'
	} >"$tmp/wrong"
	verdict "$title: options in --help and manual"

	# words of values, and actions: ".Cm word" or ".It Cm word" in mdoc(7)
	awk -F '\t' -v of="$command" '$1 == "action" && $2 == of { print $3 }
		$1 == "option" && $2 == of && $5 ~ /\|/ {
			n = split($5, word, "|")
			for (i = 1; i <= n; i++)
				print word[i]
		}' "$tmp/table" | sort -u | while read -r word; do
		grep '^\..*Cm' "$page" | tr ' ' '\n' | grep -qx -e "$word" ||
			echo "not in the page: $word"
	done >"$tmp/wrong"
	verdict "$title: words and actions in the manual"

	# What is documented must also be accepted. Without an operand
	# nothing is read.
	sort -u "$tmp/help" "$tmp/common" | while read -r option; do
		migscope "$command" "$option" 2>&1 </dev/null |
			grep 'unknown option'
	done >"$tmp/wrong"
	verdict "$title: options are known"

	{
		grep -q "^\.Xr migscope-$command 1" "$man/migscope.1" ||
			echo "not in migscope(1)"
		grep -q "^\.It Cm $command\$" "$man/migscope.1" ||
			echo "not in the list of migscope(1)"
		[ -s "$page" ] || echo "no page of its own"
	} >"$tmp/wrong"
	verdict "$title: named in migscope(1)"
done

in_page "$man/migscope.1" | diff "$tmp/common" - | sed -n 's/^[<>]/&/p' >"$tmp/wrong"
verdict "options of every command in --help (<) and migscope(1) (>)"
awk -F '\t' '$1 == "option" && $2 == "*" && $5 ~ /\|/ {
	n = split($5, word, "|")
	for (i = 1; i <= n; i++)
		print word[i]
}' "$tmp/table" | while read -r word; do
	grep -qw "^\.Cm $word" "$man/migscope.1" || echo "$word"
done >"$tmp/wrong"
verdict "their words are in migscope(1)"

# And back: pages that are of no command.
for page in "$man"/migscope-*.1; do
	name=${page##*/migscope-}
	printf '%s\n' "$@" | grep -qx -e "${name%.1}" || echo "${page##*/}"
done >"$tmp/wrong"
verdict "every page migscope-*(1) has its command"

# migscope --help says the same as the table of the others.
sed -n 's/^\.It Cm \([a-z-]*\)$/\1/p' "$man/migscope.1" | while read -r name; do
	printf '%s\n' "$@" | grep -qx -e "$name" || echo "$name"
done >"$tmp/wrong"
verdict "every command in migscope(1) is one"

# README.md and doc: what follows the name of the program in a command, and
# options in quotes (recipes.sh runs the others). Those of configure and of other programs are not ours.
awk -F '\t' '$1 == "option" { print $4; if ($3 != "-") print $3 }' \
	"$tmp/table" | sort -u >"$tmp/all"
ls "$top_srcdir/README.md" "$top_srcdir"/doc/*.md |
	grep -v -e /ci.md -e /fleet.md | xargs cat |
	sed 's/[|;&`]/\n/g' | sed -n 's/^[ $]*migscope //p' | tr ' =' '\n\n' |
	grep -oE '^--?[a-z][a-z0-9-]*' | sort -u | comm -13 "$tmp/all" - >"$tmp/wrong"
verdict "README.md and doc use options that there are"

for command; do
	grep -q "migscope $command" "$top_srcdir/README.md" || echo "$command"
done >"$tmp/wrong"
verdict "README.md names every command"
exit $failed
