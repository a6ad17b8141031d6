#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Memory does not follow what an input claims: each command does its work, or
# says what was too much for it, within 64 MiB of data (RLIMIT_DATA: what was
# allocated, not what is mapped of a file) and the models of the descriptions
# that it reads, which are capped; 'dump --format analyze' takes 64 MiB more.
#
#	tests/memory.sh            inputs near the caps, from tests/worst.py
#	tests/memory.sh FILE...    these; prints the smallest of 8, 16, … MiB
#	                           that each command needs, worst first
#
# Compressed input takes what its decompressor needs besides: up to
# MAX_XZ_MEMORY, and the window of zstd.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH

has_feature command:prlimit || skip_all "without prlimit(1)"
has_feature command:python3 || skip_all "without Python"
[ -z "$(nm "$top_builddir/migscope" 2>/dev/null | grep __asan_init)" ] ||
	skip_all "sanitizers take memory of their own"

# $1 = input; prints commands, "@" for it
commands()
{
	case $1 in
	*return-path)
		echo "info --return-path @"
		echo "dump --return-path @" ;;
	*)
		echo "info @"
		echo "info --json @"
		echo "dump @"
		echo "dump --format json @"
		echo "dump --format analyze @"
		echo "check @"
		echo "check --format html @"
		echo "check --dest qemu-7.2-x86_64 @"
		echo "diff @ @"
		echo "ram list --digest @"
		echo "ram export --format raw -o $tmp/image @" ;;
	esac
}

# $1 = MiB, $2 = command, $3 = input. False: there was not enough.
within()
{
	set -- "$1" "$3" $2
	mib=$1 input=$2
	shift 2
	for word; do
		[ "$word" != @ ] || word=$input
		set -- "$@" "$word"
		shift
	done
	prlimit --data=$((mib << 20)) migscope "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -le 2 ] &&
		! grep -qE 'out of memory|Cannot allocate' "$tmp/err"
}

if [ $# -gt 0 ]; then
	for input; do
		commands "$input" | while read -r command; do
			for mib in 8 16 24 32 40 48 56 64 80 96 128 192 256 512 1024; do
				within $mib "$command" "$input" && break
			done
			printf '%5d MiB  %s: %s\n' $mib "${command%% @*}" "$input"
		done
	done | sort -rn
	exit 0
fi

python3 "$top_srcdir/tests/worst.py" "$tmp" || exit 99
models=128	# MAX_MODEL_BYTES
set -- sections sections-of-one-name sections-of-one-id ram-blocks commands \
	command-names findings fields array-of-structs ram-huge \
	ram-over-the-cap libvirt-xml libvirt-xml-too-long qcow2-snapshots return-path \
	description-objects description-too-long
echo "1..$#"
for name; do
	wrong=
	commands "$name" >"$tmp/commands"
	while read -r command; do
		mib=64
		case $name in
		description-objects) mib=$((64 + models)) ;;
		fields) mib=$((64 + 24)) ;;
		esac
		case $command in
		# it holds a section whole, as QEMU's script does
		*analyze*) mib=$((mib + 64)) ;;
		diff*) mib=$((64 + 2 * (mib - 64))) ;;
		esac
		within $mib "$command" "$tmp/$name" || wrong="$wrong
# $command: $status, $(head -c 200 "$tmp/err" | tr '\n' ' ')"
	done <"$tmp/commands"
	rm -f "$tmp/$name"
	if [ -z "$wrong" ]; then ok "$name"; else not_ok "$name"; echo "$wrong"; fi
done
exit $failed
