#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The options that --help shows, those that the manual page describes and
# those that the shell completes must be the same, for the program and for
# every subcommand, and every subcommand must have a page and be known to
# the completion. Neither side may have one that another lacks.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
completion=$top_srcdir/completions/migscope.bash

# Options that stand at the start of a help line: "  -q, --quiet  …".
from_help()
{
	migscope $1 --help 2>&1 | sed -n 's/^ *\(-.*\)/\1/p' |
		sed 's/  .*//' | words
}

# Options that a page describes: ".It Fl q , Fl -quiet", in mdoc(7).
from_page()
{
	sed -n 's/^\.It Fl /Fl /p' "$1" | tr ' ' '\n' |
		sed -n '/^Fl$/{n;s/^/-/;p;}' | words
}

# The case of the subcommand in the completion: opts="…".
from_completion()
{
	sed -n "/^	# options of ${1:-migscope}\$/{n;s/.*=\"\\(.*\\)\".*/\\1/p;}" \
		"$completion" | words
}

words()
{
	tr ', []|=' '\n\n\n\n\n\n' | grep -E '^--?[a-zA-Z]' | sort -u
}

compare()
{
	what=$1 left=$2 right=$3
	if [ ! -s "$left" ]; then
		not_ok "$what" "no options found in $(basename "$left")"
	elif cmp -s "$left" "$right"; then
		ok "$what"
	else
		not_ok "$what" "< only in --help, > only in the other:"
		diff "$left" "$right" | sed -n 's/^[<>]/# &/p'
	fi
}

# "  info   one line" under "Commands:" in migscope --help
commands=$(migscope --help | sed -n '/^[Cc]ommands:/,/^$/s/^  *\([a-z][a-z]*\) .*/\1/p')
[ -n "$commands" ] || {
	echo "1..1"
	not_ok "migscope --help lists its commands"
	exit 1
}
set -- $commands
echo "1..$((4 * $# + 4))"

for cmd in "" "$@"; do
	title=migscope${cmd:+ $cmd}
	page=$top_srcdir/man/migscope${cmd:+-$cmd}.1
	from_help "$cmd" >"$tmp/help"
	if [ -f "$page" ]; then
		from_page "$page" >"$tmp/page"
	else
		: >"$tmp/page"
	fi
	from_completion "$cmd" >"$tmp/completion"
	compare "$title: --help and manual" "$tmp/help" "$tmp/page"
	compare "$title: --help and completion" "$tmp/help" "$tmp/completion"
	# What is documented must also be accepted. Without an operand
	# nothing is read.
	bad=
	for opt in $(cat "$tmp/help"); do
		if migscope $cmd "$opt" 2>&1 </dev/null |
				grep -q 'unknown option'; then
			bad="$bad $opt"
		fi
	done
	if grep -q . "$tmp/help" && [ -z "$bad" ]; then
		ok "$title: options are known"
	else
		not_ok "$title: options are known" "not:$bad"
	fi
	[ -n "$cmd" ] || continue
	if grep -q "^\.Xr migscope-$cmd 1" "$top_srcdir/man/migscope.1"; then
		ok "$title: named in migscope(1)"
	else
		not_ok "$title: named in migscope(1)"
	fi
done

# And back: pages and completed words that are no command.
others=$(cd "$top_srcdir/man" && ls migscope-*.1 |
	sed 's/^migscope-//;s/\.1$//' | sort)
if [ "$others" = "$(printf '%s\n' "$@" | sort)" ]; then
	ok "every page migscope-*(1) has its command"
else
	not_ok "every page migscope-*(1) has its command" "$(echo $others)"
fi
exit $failed
