#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Which lines of the library the fuzz targets reach from their seeds and from
# what a campaign found (FUZZ_CORPUS=DIR, as campaign.sh has it):
#
#	configure CC=clang CFLAGS='-g -O1 -fprofile-instr-generate -fcoverage-mapping' \
#		LDFLAGS=-fprofile-instr-generate --disable-hardening
#	make fuzz-targets
#	top_builddir=. tests/fuzz/coverage.sh [FILE...]
#
# Prints lines, and those reached, for each folder of src/; with FILE, which
# may be a folder, its lines and how often they ran instead. LLVM=-14 names
# llvm-cov-14.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
. "$top_srcdir/tests/fuzz/seeds.sh"
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH
LLVM=${LLVM:-}

objects=
for target in $(cd "$top_srcdir/tests/fuzz" && ls fuzz-*.c | sed 's/\.c$//'); do
	program=$top_builddir/tests/fuzz/$target
	seeds "$target"
	kept=${FUZZ_CORPUS:-/nowhere}/$target
	[ -d "$kept" ] || kept=
	# one run for some hundred inputs: one that fails loses no others
	find "$tmp/$target" $kept -type f -print0 |
		LLVM_PROFILE_FILE=$tmp/$target.%p.profraw \
		xargs -0 -n 200 "$program" >"$tmp/out" 2>&1 ||
		echo "$target: $(tail -n 1 "$tmp/out")" >&2
	objects="$objects ${objects:+-object }$program"
done
"llvm-profdata$LLVM" merge -o "$tmp/all" "$tmp"/*.profraw || exit 99
if [ $# -gt 0 ]; then
	exec "llvm-cov$LLVM" show -instr-profile "$tmp/all" $objects "$@"
fi
"llvm-cov$LLVM" export -format=lcov -instr-profile "$tmp/all" $objects |
	awk -F '[:,]' -v top="$top_srcdir/src/" '
		/^SF:/ { folder = ""
			if (index($2, top) == 1) {
				folder = substr($2, length(top) + 1)
				sub("/.*", "", folder)
			} }
		/^DA:/ && folder { lines[folder]++; hit[folder] += $3 > 0
			lines["all"]++; hit["all"] += $3 > 0 }
		END {
			printf "%-12s %7s %7s %6s\n", "folder", "lines",
				"reached", "%"
			for (f in lines)
				printf "%-12s %7d %7d %6.1f\n", f, lines[f],
					hit[f], 100 * hit[f] / lines[f] | "sort"
		}'
