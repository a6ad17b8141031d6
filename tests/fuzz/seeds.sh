# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced after tests/lib.sh: seeds TARGET puts what that fuzz target starts
# from into $tmp/TARGET: its own inputs (tests/fuzz/TARGET.seeds/*, bytes as they
# are or *.hex), and for all but the description's every made stream.

seeds()
{
	mkdir -p "$tmp/$1" || exit 99
	for input in "$top_srcdir/tests/fuzz/$1.seeds"/*; do
		[ -f "$input" ] || continue
		case $input in
		*.hex) hex2bin "$input" >"$tmp/$1/$(basename "$input" .hex)" ;;
		*) cp "$input" "$tmp/$1/" ;;
		esac
	done
	for input in "$top_srcdir"/tests/streams/*/*/*.hex; do
		[ -f "$input" ] || continue
		name=$(echo "${input#"$top_srcdir"/tests/streams/}" | tr / -)
		hex2bin "$input" >"$tmp/$1/${name%.hex}"
	done
	[ -n "$(ls "$tmp/$1")" ] || printf 'QEVM\0\0\0\3' >"$tmp/$1/header"
	chmod -R u+w "$tmp/$1"
}
