#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Made streams and what is said about them. A case is a folder
# {good,unsupported,bad,dest}/CASE beside this script:
#
#	stream.hex     the stream as text, see tests/hex2bin.c
#	channel-N.hex  further channels, given with --channel
#	options        options of "migscope check" for this case
#	schema.json    schema of the stream: --schema of all forms
#	dest.json      schema of a destination: --dest of "migscope check"
#	host.json      profile of a KVM host: --host of "migscope check"
#	reference.hex  what that destination saved itself: --dest-stream
#	check.txt      what "migscope check" prints, and its exit status
#	check.json     what "migscope check --format json" prints
#	info.txt info.json dump.txt dump.json dump.ndjson analyze.json
#	               likewise for the other forms
#
# Only check.txt must be there. All of good/ exit with 0, all of bad/ do
# not; unsupported/ is neither wrong nor fully readable; dest/ is for loads
# into a destination, whatever they come to. Each stream is read
# from a file and again from a pipe, which must make no difference.
#
# Every form of JSON is JSON, by a reader that is not ours. Each rule that
# "migscope explain" lists is in some check.txt, or in no-case.txt beside this
# script with the reason why not.
#
#	tests/streams/run.sh [--update] [KIND/CASE...]
#
# Prints TAP. --update rewrites check.txt and those other files that exist.
# For a build elsewhere: top_builddir=/some/build tests/streams/run.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
top_srcdir=$(cd "$here/../.." && pwd)
. "$top_srcdir/tests/lib.sh"

update=no
if [ "${1:-}" = --update ]; then
	update=yes
	shift
fi
all=no
if [ $# -eq 0 ]; then
	all=yes
	set -- $(cd "$here" && ls -d good/*/ unsupported/*/ bad/*/ dest/*/ 2>/dev/null |
		sed 's,/$,,')
fi
[ $# -gt 0 ] || skip_all "no cases"
if [ $all = yes ]; then
	echo "1..$((2 * $# + 1))"
else
	echo "1..$((2 * $#))"
fi
has_json=no
! command -v json-valid >/dev/null 2>&1 || has_json=yes

# $1 = form, $2 = operand: the command of that form
form()
{
	case $1 in
	check.txt) migscope check $options "$2" ;;
	check.json) migscope check $options --format json "$2" ;;
	info.txt) migscope info $channels "$2" ;;
	info.json) migscope info $channels --json "$2" ;;
	dump.txt) migscope dump $channels "$2" ;;
	dump.json) migscope dump $channels --format json "$2" ;;
	dump.ndjson) migscope dump $channels --format ndjson "$2" ;;
	analyze.json) migscope dump $channels --format analyze "$2" ;;
	esac
}

# Runs form $1 on operand $2, everything it said and its status to file $3.
# What stands for the operand's name is always "stream".
run_form()
{
	(form "$1" "$2" <stream >"$3.out" 2>"$3.err"; echo $? >"$3.status")
	{
		cat "$3.err" "$3.out"
		case $1 in
		check.txt) echo "exit status: $(cat "$3.status")" ;;
		esac
	} | sed 's/^-: /stream: /;s/^migscope: -: /migscope: stream: /
		s/^\(File: *\)-$/\1stream/
		s/\("file": *\)"-"/\1"stream"/' >"$3"
}

# Says what is no JSON among the forms that should be.
check_json()
{
	[ $has_json = yes ] || return 0
	for made in check.json info.json dump.json dump.ndjson analyze.json; do
		lines=
		[ $made != dump.ndjson ] || lines=--lines
		form $made stream >made 2>/dev/null
		# without a description there is nothing to analyze
		[ -s made ] || [ $made != analyze.json ] || continue
		json-valid $lines <made 2>error ||
			echo "$made is no JSON: $(cat error)"
	done
}

# Does no-case.txt list rule $1? A name there may end with *.
excused()
{
	while read -r pattern why; do
		case $1 in $pattern) return 0 ;; esac
	done <excuses
	return 1
}

check_rules()
{
	cat "$here"/*/*/check.txt | grep -o '\[[a-z0-9-]*\]' | tr -d '[]' |
		sort -u >seen
	grep -v '^#' "$here/no-case.txt" >excuses
	for rule in $(migscope explain --format names); do
		if grep -qx "$rule" seen; then
			! excused "$rule" || echo "# not without: $rule"
		else
			excused "$rule" || echo "# without a case: $rule"
		fi
	done >wrong
	if [ -s wrong ]; then
		not_ok "each rule has a case"
		cat wrong
	else
		ok "each rule has a case"
	fi
}

one()
{
	name=$1 case=$here/$1
	if [ ! -f "$case/stream.hex" ]; then
		not_ok "$name" "no such case: $case/stream.hex"
		not_ok "$name (pipe)" "no such case"
		return
	fi
	work=$tmp/$(echo "$name" | tr / -)
	mkdir "$work" && cd "$work" || exit 99
	options= channels=
	[ ! -f "$case/options" ] || options=$(cat "$case/options")
	for hex in "$case"/*.hex; do
		base=$(basename "$hex" .hex)
		if ! hex2bin "$hex" >"$base" 2>error; then
			not_ok "$name" "$(cat error)"
			not_ok "$name (pipe)" "no stream"
			return
		fi
		case $base in
		stream) ;;
		reference) options="$options --dest-stream $base" ;;
		*) channels="$channels --channel $base" ;;
		esac
	done
	if [ -f "$case/schema.json" ]; then
		cp "$case/schema.json" .
		channels="$channels --schema schema.json"
	fi
	options="$options$channels"
	if [ -f "$case/dest.json" ]; then
		cp "$case/dest.json" .
		options="$options --dest dest.json"
	fi

	if [ -f "$case/host.json" ]; then
		cp "$case/host.json" .
		options="$options --host host.json"
	fi

	bad= bad_pipe=
	for want in "$case"/*.txt "$case"/*.json "$case"/*.ndjson \
			"$case/check.txt"; do
		file=$(basename "$want")
		case $file in
		\**|dest.json|host.json|schema.json) continue ;;
		esac
		run_form "$file" stream got
		status=$(cat got.status)
		case $file:$name:$status in
		check.txt:good/*:0|check.txt:bad/*:[12]|check.txt:unsupp*:[012]|\
		check.txt:dest/*:[01])
			;;
		check.txt:*)
			bad="$bad, exit status $status" ;;
		esac
		if [ $update = yes ]; then
			cmp -s got "$want" || cp got "$want"
		elif [ ! -f "$want" ]; then
			bad="$bad, no $file"
		elif ! cmp -s "$want" got; then
			bad="$bad, $file differs"
			diff -u "$want" got | sed "1,2d;s/^/# $file: /" |
				head -n 40
		fi
		run_form "$file" - piped
		if ! cmp -s got piped; then
			bad_pipe="$bad_pipe, $file differs"
			diff -u got piped | sed "1,2d;s/^/# pipe: /" |
				head -n 40
		fi
	done
	no_json=$(check_json)
	[ -z "$no_json" ] || bad="$bad, $no_json"
	cd "$tmp" || exit 99
	if [ -z "$bad" ]; then
		ok "$name"
	else
		not_ok "$name" "${bad#, }"
	fi
	if [ -z "$bad_pipe" ]; then
		ok "$name (pipe)"
	else
		not_ok "$name (pipe)" "${bad_pipe#, }"
	fi
}

for name; do
	one "$name"
done
[ $all = no ] || check_rules
exit $failed
