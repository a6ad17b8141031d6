#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Memory does not follow what an input claims: each command does its work, or
# says what was too much for it, within 64 MiB of data (RLIMIT_DATA: what was
# allocated, not what is mapped of a file) and the models of the descriptions
# that it reads, which are capped; 'dump --format analyze' takes 64 MiB more,
# and where several streams are read at a time, each has its own. Windows of
# decompressors are within.
#
#	tests/memory.sh            inputs near the caps, from tests/worst.py
#	tests/memory.sh --table    the same, measured: the MiB that each command
#	                           needs, for one input after the other
#	tests/memory.sh FILE...    that of these
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
		echo "info --return-path @ $top_srcdir/samples/pc-7.2.mig.xz"
		echo "dump --return-path @" ;;
	*multifd-zstd)
		for command in info "ram list --digest" \
			"ram export --block pc.ram -o $tmp/image"; do
			echo "$command --channel @ ${1%zstd}main"
		done ;;
	*)
		echo "info @"
		echo "info --json @"
		echo "dump @"
		echo "dump --format json @"
		echo "dump --format analyze @"
		echo "check @"
		echo "check --format html @"
		echo "check --dest qemu-7.2-x86_64 @"
		echo "check --dest-stream @ @"
		echo "check --host linux-6.1-intel @"
		echo "matrix --dest qemu-7.2-x86_64 @"
		echo "diff @ @"
		echo "schema show @"
		echo "compat @ qemu-7.2-x86_64"
		echo "ram list --digest @"
		echo "ram export --block pc.ram -o $tmp/image @" ;;
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
	rm -f "$tmp/image"
	[ $status -le 2 ] &&
		! grep -qE 'out of memory|Cannot allocate' "$tmp/err"
}

# $1 = command, $2 = input: the MiB without which it does not get by, none
# below 4.
needed()
{
	low=3 high=4
	while ! within $high "$1" "$2" && [ $high -lt 4096 ]; do
		low=$high high=$((2 * high))
	done
	while [ $((high - low)) -gt 1 ]; do
		middle=$(((low + high) / 2))
		if within $middle "$1" "$2"; then high=$middle; else low=$middle; fi
	done
	echo $high
}

# $@ = inputs: most first
table()
{
	for each; do
		commands "$each" | while read -r command; do
			printf '%4d MiB  %-24s %s\n' \
				"$(needed "$command" "$each")" \
				"$(basename "$each")" \
				"$(echo "$command" | sed "s,$tmp/,,")"
		done
	done | sort -k 1,1rn -k 3
}

case ${1:-} in
--table) measure=yes ;;
'') measure=no ;;
*)
	table "$@"
	exit 0 ;;
esac

models=128	# MAX_MODEL_BYTES
set -- sections sections-of-one-name sections-of-one-id ram-blocks commands \
	command-names findings fields array array-of-structs buffer \
	buffer-over-the-view ram-huge ram-over-the-cap libvirt-xml \
	libvirt-xml-too-long qcow2-snapshots xz-window xz-window-of-another \
	lzip-window zstd-window qcow2-zstd multifd-main multifd-zstd return-path description-objects \
	description-too-long
[ $measure = yes ] || echo "1..$#"
for name; do
	python3 "$top_srcdir/tests/worst.py" "$tmp" "$name" || exit 99
	if [ $measure = yes ]; then
		table "$tmp/$name"
		rm -f "$tmp/$name"
		continue
	fi
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
		# two models
		diff*|*dest-stream*) mib=$((64 + 2 * (mib - 64))) ;;
		esac
		within $mib "$command" "$tmp/$name" || wrong="$wrong
# $command: $status, $(head -c 200 "$tmp/err" | tr '\n' ' ')"
	done <"$tmp/commands"
	rm -f "$tmp/$name"
	if [ -z "$wrong" ]; then ok "$name"; else not_ok "$name"; echo "$wrong"; fi
done
exit $failed
