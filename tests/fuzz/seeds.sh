# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced after tests/lib.sh:
#
#	seeds TARGET         what that fuzz target starts from, into $tmp/TARGET:
#	                     its own inputs (tests/fuzz/TARGET.seeds/*, bytes as
#	                     they are or *.hex), small real captures, and every
#	                     made stream; where an input has parts, those of the
#	                     made loads into a destination
#	dictionary TARGET    words that its inputs are made of, as libFuzzer has
#	                     them, to standard output

# Without it most seeds would be empty, and nobody the wiser.
if ! command -v hex2bin >/dev/null 2>&1; then
	echo "Bail out! no hex2bin: run make fuzz-targets first"
	exit 99
fi

# $1 = .hex file or not, $2 = name in $seeds
seed()
{
	case $1 in
	*.hex) hex2bin "$1" >"$seeds/${2%.hex}" ;;
	*) cp "$1" "$seeds/$2" ;;
	esac
}

# The sizes of files, as inputs of several parts begin.
sizes()
{
	for part; do
		size=$(wc -c <"$part")
		printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $((size >> 24)) \
			$((size >> 16 & 255)) $((size >> 8 & 255)) $((size & 255)))"
	done
}

# Parts of a load into a destination: schema, reference stream, stream.
load_parts()
{
	mkdir -p "$tmp/parts"
	: >"$tmp/parts/dest.json"
	: >"$tmp/parts/reference"
	[ ! -f "$1/dest.json" ] || cp "$1/dest.json" "$tmp/parts/dest.json"
	[ ! -f "$1/reference.hex" ] ||
		hex2bin "$1/reference.hex" >"$tmp/parts/reference"
	hex2bin "$1/stream.hex" >"$tmp/parts/stream"
}

# $1 = name in $seeds, the rest: files, all but the last with their size.
join()
{
	name=$1
	shift
	last=
	for part; do last=$part; done
	{
		for part; do [ "$part" = "$last" ] || sizes "$part"; done
		cat "$@"
	} >"$seeds/$name"
}

seeds_of_loads()
{
	for case in "$top_srcdir"/tests/streams/dest/*/; do
		load_parts "$case"
		case=$(basename "$case")
		cd "$tmp/parts" || exit 99
		case $1 in
		fuzz-replay) join "load-$case" dest.json reference stream ;;
		fuzz-resolve) join "load-$case" dest.json stream ;;
		fuzz-diff) join "load-$case" reference stream ;;
		esac
		cd "$OLDPWD" || exit 99
	done
}

seeds()
{
	seeds=$tmp/$1
	mkdir -p "$seeds" || exit 99
	for input in "$top_srcdir/tests/fuzz/$1.seeds"/*; do
		[ ! -f "$input" ] || seed "$input" "$(basename "$input")"
	done
	for input in "$top_srcdir"/tests/fuzz/captures/*.hex; do
		seed "$input" "capture-$(basename "$input")"
	done
	for input in "$top_srcdir"/tests/streams/*/*/*.hex; do
		[ -f "$input" ] || continue
		seed "$input" "$(echo "${input#"$top_srcdir"/tests/streams/}" |
			tr / -)"
	done
	case $1 in
	fuzz-replay|fuzz-resolve|fuzz-diff) seeds_of_loads "$1" ;;
	esac
	chmod -R u+w "$seeds"
}

dictionary()
{
	case $1 in
	fuzz-description|fuzz-known) dicts=json ;;
	fuzz-schema) dicts="json schema" ;;
	fuzz-replay|fuzz-resolve) dicts="stream json schema" ;;
	fuzz-container|fuzz-libvirt|fuzz-qcow2) dicts="containers stream" ;;
	fuzz-waivers) dicts=waivers ;;
	fuzz-elf|fuzz-lzop|fuzz-xbzrle) dicts= ;;
	*) dicts="stream json" ;;
	esac
	for words in $dicts; do
		cat "$top_srcdir/tests/fuzz/dict/$words"
	done
}
