#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The commands of `cases` with each allocation, open, mapping, read and write
# failing in turn, and with reads that give little: what must hold then is in
# sweep.c. All the first 100 calls of a kind fail, then each FAULT_STEP-th
# (default 41; 1 is every one and takes some minutes).
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"

library=$top_builddir/tests/faults/.libs/fault.so
[ -f "$library" ] || skip_all "no shared libraries in this build"
grep -q 'fsanitize' "$top_builddir/Makefile" &&
	skip_all "the sanitizers have an allocator of their own"
command -v xz >/dev/null 2>&1 || skip_all "no xz"

MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH
cd "$tmp" || exit 99
xz -dc "$top_srcdir/samples/pc-7.2.mig.xz" >pc.mig &&
	xz -dc "$top_srcdir/samples/s390x-7.2.mig.xz" >s390x.mig &&
	xz -dc "$top_srcdir/samples/arm-virt-10.0.mig.xz" >arm.mig &&
	gzip -c pc.mig >pc.mig.gz && mkdir out || exit 99
# another machine type, and a byte of memory
sed 's/pc-i440fx-5\.2/pc-i440fx-5.1/;s/SeaBIOS/SeaBYOS/' pc.mig >changed.mig
printf 'migscope-waivers = 1\n[waiver]\nrule = diff-configuration\npath = *\nreason = why\n' >waivers

streams=$top_srcdir/tests/streams/good
hex2bin "$streams/ram-compressed/stream.hex" >compressed.mig &&
	hex2bin "$streams/multifd-zlib/stream.hex" >zlib.mig &&
	hex2bin "$streams/multifd-zlib/channel-0.hex" >zlib.channel || exit 99
grep -v '^#' "$top_srcdir/tests/faults/cases" >cases
if has_feature libzstd && has_feature command:python3; then
	python3 -B "$top_srcdir/tests/worst.py" . qcow2-deflate qcow2-zstd:2 \
		multifd-main:2 multifd-zstd:2 || exit 99
else
	echo "# without libzstd or Python: less of what is compressed"
	sed -i '/qcow2-\|multifd-/d' cases
fi
echo "1..$(($(wc -l <cases) * 6))"
while IFS='|' read -r input command; do
	unset SWEEP_STDIN
	[ -z "$input" ] || { SWEEP_STDIN=$input; export SWEEP_STDIN; }
	for kind in alloc open map read write short; do
		# libseccomp (2.5.4) crashes where it gets no memory
		[ $kind = alloc ] && sandbox=--no-sandbox || sandbox=
		# shellcheck disable=SC2086 # words are what it is made of
		if "$top_builddir/tests/faults/sweep" "$library" $kind "${FAULT_STEP:-41}" out \
				"$top_builddir/migscope" $command $sandbox >log 2>&1 </dev/null; then
			ok "${input:+$input | }$command: $kind, $(tail -n 1 log)"
		else
			not_ok "${input:+$input | }$command: $kind" \
				"$(cat log)"
		fi
	done
done <cases
exit $failed
