#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every cap of src/base/limits.h stands in tests/limits.list with what reaches
# it, and every one there exists; what reaches it does, and says so. The same
# for what --limit changes. What is called a cap elsewhere is listed with why.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"
list=$top_srcdir/tests/limits.list

grep -v '^#' "$list" >"$tmp/list"
sed -n 's/^#define \([A-Z][A-Z_0-9]*\) .*/\1/p' "$top_srcdir/src/base/limits.h" |
	sort >"$tmp/caps"
cut -d ' ' -f 1 "$tmp/list" | grep '^[A-Z]' | sort >"$tmp/listed"
cut -d ' ' -f 1 "$tmp/list" | grep '^[a-z][a-z-]*$' | sort >"$tmp/changed"
(cd "$top_srcdir/src" && grep -roE '^#define [A-Z_0-9]*MAX_[A-Z_0-9]+ ' .) |
	sed 's|^\./||; s/#define //; s/ $//' |
	grep -v '^base/limits\.h:' | sort >"$tmp/elsewhere"
sed -n 's/ elsewhere ..*//p' "$tmp/list" | sort >"$tmp/explained"
migscope info --limit help | sed -n 's/^\([a-z][a-z-]*\)=.*/\1/p' |
	sort >"$tmp/names"
# an input may be a catalogue of known issues
MIGSCOPE_SCHEMA_PATH=$tmp:$MIGSCOPE_SCHEMA_PATH
python=$(command -v python3)
echo "1..$((4 + $(grep -cvE ' (silent|elsewhere) ' "$tmp/list")))"

# $1 = name of the test, the rest: what should not be there
none()
{
	name=$1
	shift
	if [ $# -eq 0 ]; then ok "$name"; else not_ok "$name" "$*"; fi
}

none "each cap is listed" $(comm -23 "$tmp/caps" "$tmp/listed")
none "each that is listed is one, once" $(comm -13 "$tmp/caps" "$tmp/listed")

none "each that is elsewhere is listed, and there" \
	$(comm -3 "$tmp/elsewhere" "$tmp/explained" | tr -d '\t')
none "each that --limit changes is changed" \
	$(comm -3 "$tmp/names" "$tmp/changed" | tr -d '\t')

# $1 = input, $2 = command, $3 = what it says
says()
{
	input=$tmp/${1%,*} second=$tmp/${1#*,} text=$3
	set -f
	set -- $2
	set +f
	for word; do
		case $word in
		@) word=$input ;;
		@2) word=$second ;;
		%) word=$tmp/out ;;
		esac
		set -- "$@" "$word"
		shift
	done
	# a pipe, for what is said of those
	{ cat "$input" 2>/dev/null; } | migscope "$@" >"$tmp/said" 2>&1
	rm -f "$tmp/out"
	grep -aqF -- "$text" "$tmp/said"
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
	made)
		what=${what%:}
		if [ -z "$python" ]; then
			skip "$cap: $what" "without Python"
			continue
		fi
		case $rest in
		*--digest*)
			if ! has_feature nettle; then
				skip "$cap: $what" "without nettle"
				continue
			fi ;;
		esac
		"$python" -B "$top_srcdir/tests/over.py" "$tmp" \
			$(echo "$what" | tr , ' ') || exit 99
		if says "$what" "${rest%%: *}" "${rest#*: }"; then
			ok "$cap: $what"
		else
			not_ok "$cap" "not said of $what: ${rest#*: }
# but: $(head -c 300 "$tmp/said" | head -n 3 | tr '\n' ' ')"
		fi
		rm -f "$tmp/${what%,*}" "$tmp/${what#*,}" ;;
	silent|elsewhere)
		;;
	*)
		not_ok "$cap" "nothing reaches it" ;;
	esac
done <"$tmp/list"
echo "# nothing to say: $(grep -c ' silent ' "$tmp/list")"
exit $failed
