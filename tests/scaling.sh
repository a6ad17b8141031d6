#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Work grows as the input does: twice as much input takes about twice as many
# instructions, as valgrind counts them, whatever the input. Inputs are those of
# tests/worst.py, of N, 2N and 4N parts: what 2N parts add to the work of N, the
# next 2N parts may add three times, where twice is what is fair, and four times
# is what a list takes in which all is looked for one by one.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"
has_feature command:valgrind || skip_all "without valgrind"
has_feature command:python3 || skip_all "without Python"
[ -z "${MIGSCOPE_VALGRIND:-}" ] || skip_all "is under valgrind already"
[ -z "$(nm "$top_builddir/migscope" 2>/dev/null | grep __asan_init)" ] ||
	skip_all "sanitizers do work of their own"
cd "$tmp" || exit 99

# $1 = input, $2 = command, "@" for it: instructions
work()
{
	command=$(echo "$2" | sed "s,@,$1,g")
	valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
		"$top_builddir/migscope" ${command%% *} --no-sandbox \
		${command#* } 2>&1 >/dev/null |
		sed -n 's/,//g;s/^==[0-9]*== I *refs: *//p'
}

# $1 = maker, $2 = N, $3 = command
grows()
{
	counts=
	for count in $2 $((2 * $2)) $((4 * $2)); do
		python3 "$top_srcdir/tests/worst.py" . "$1:$count" || exit 99
		case $3 in
		*--waivers*)
			python3 "$top_srcdir/tests/worst.py" . \
				"$1-of-another:$count" || exit 99
			rm -f waivers
			migscope diff --write-baseline waivers "$1" \
				"$1-of-another" >/dev/null || exit 99 ;;
		esac
		counts="$counts $(work "$1" "$3")"
	done
	set -- "$1: $3" $counts
	if [ $# -ne 4 ]; then
		not_ok "$1" "instructions were not counted"
	elif [ $(($4 - $3)) -le $((3 * ($3 - $2))) ]; then
		ok "$1"
	else
		not_ok "$1" "instructions: $2, $3, $4"
	fi
}

cat >cases <<'END'
sections 1000 check @
sections-of-one-name 2000 check --dest-stream @ @
sections-of-one-id 2000 check @
ram-blocks 1000 diff @ @
commands 2000 info @
findings 1000 check --format json @
fields 2000 diff @ @
fields 2000 diff --waivers waivers @ @-of-another
array-of-structs 4000 dump --format json @
subsections 2000 check @
qcow2-snapshots 1000 info @
return-path 4000 dump --return-path @
END
echo "1..$(wc -l <cases)"
while read -r maker count command; do
	grows "$maker" "$count" "$command"
done <cases
exit $failed
