#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Which lines of src/ the tests ran, by folder: what "make coverage" prints
# behind the tests. Details by line are in coverage/index.html.
#
#	tests/coverage.sh [BUILD]
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$top_srcdir}" && pwd) || exit 99
command -v gcovr >/dev/null 2>&1 || { echo "gcovr is needed" >&2; exit 1; }
mkdir -p "$build/coverage" || exit 1
cd "$build" || exit 1
gcovr --root "$top_srcdir" --filter "$top_srcdir/src/" \
	--gcov-ignore-parse-errors --csv coverage/lines.csv \
	--html-details coverage/index.html --object-directory "$build" \
	"$build" >coverage/log 2>&1 || { cat coverage/log >&2; exit 1; }

# filename,line_total,line_covered,line_percent,…
awk -F , '
	NR > 1 {
		folder = $1
		sub("^src/", "", folder)
		sub("/.*", "", folder)
		lines[folder] += $2
		ran[folder] += $3
		all += $2
		all_ran += $3
	}
	END {
		for (f in lines)
			printf "src/%-12s %6d of %6d lines  %5.1f %%\n", f,
				ran[f], lines[f], 100 * ran[f] / lines[f] | "sort"
		close("sort")
		printf "%-16s %6d of %6d lines  %5.1f %%\n", "all", all_ran,
			all, 100 * all_ran / all
	}' coverage/lines.csv
