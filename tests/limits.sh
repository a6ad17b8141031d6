#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every cap of src/base/limits.h stands in tests/limits.list with what reaches
# it, and every one there exists; what reaches it does, and says so.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"
list=$top_srcdir/tests/limits.list

grep -v '^#' "$list" >"$tmp/list"
sed -n 's/^#define \([A-Z][A-Z_0-9]*\) .*/\1/p' "$top_srcdir/src/base/limits.h" |
	sort >"$tmp/caps"
cut -d ' ' -f 1 "$tmp/list" | sort >"$tmp/listed"
python=$(command -v python3)
echo "1..$((2 + $(grep -cE '^[A-Z_0-9]+ (unit|stream|worst) ' "$tmp/list")))"

# $1 = name of the test, the rest: what should not be there
none()
{
	name=$1
	shift
	if [ $# -eq 0 ]; then ok "$name"; else not_ok "$name" "$*"; fi
}

none "each cap is listed" $(comm -23 "$tmp/caps" "$tmp/listed")
none "each that is listed is one, once" $(comm -13 "$tmp/caps" "$tmp/listed")

# $1 = input, $2 = command, $3 = what it says
says()
{
	case $2 in
	check) set -- "$1" "$3" check ;;
	diff) set -- "$1" "$3" diff "$tmp/$1" ;;
	ram-digest) set -- "$1" "$3" ram list --digest ;;
	ram-export) set -- "$1" "$3" ram export --format raw --block pc.ram \
		-o "$tmp/image" ;;
	esac
	input=$1 text=$2
	shift 2
	migscope "$@" "$tmp/$input" 2>&1 | grep -aqF -- "$text"
}

while read -r cap how what rest; do
	case $how in
	unit)
		if grep -qw "$cap" "$top_srcdir/tests/unit/$what"; then
			ok "$cap: $what"
		else
			not_ok "$cap" "$what does not name it"
		fi ;;
	stream)
		if grep -qF -- "$rest" "$top_srcdir/tests/streams/$what/check.txt"
		then
			ok "$cap: $what"
		else
			not_ok "$cap" "'$rest' is not in $what/check.txt"
		fi ;;
	worst)
		if [ -z "$python" ]; then
			skip "$cap: $what" "without Python"
			continue
		fi
		if [ "${rest%% *}" = ram-digest ] && ! has_feature nettle; then
			skip "$cap: $what" "without nettle"
			continue
		fi
		[ -f "$tmp/$what" ] || "$python" "$top_srcdir/tests/worst.py" \
			"$tmp" "$what" || exit 99
		if says "$what" "${rest%% *}" "${rest#* }"; then
			ok "$cap: $what"
		else
			not_ok "$cap" "not said of $what: ${rest#* }"
		fi ;;
	esac
done <"$tmp/list"
echo "# not tested: $(grep -c ' untested' "$tmp/list")," \
	"nothing to say: $(grep -c ' silent ' "$tmp/list")"
exit $failed
