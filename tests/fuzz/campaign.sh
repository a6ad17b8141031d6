#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs fuzz targets of a build with --enable-fuzzing, each for so long:
#
#	tests/fuzz/campaign.sh SECONDS TARGET...
#
# What crashes one is left in the current directory, as TARGET-crash-HASH:
# name it for what it does, put it (as .hex) into tests/fuzz/TARGET.seeds/, and
# mend the code in the same commit.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
. "$top_srcdir/tests/fuzz/seeds.sh"

seconds=$1
shift
echo "1..$#"
for target; do
	target=$(basename "$target")
	seeds "$target"
	mkdir "$tmp/$target.new"
	if "$top_builddir/tests/fuzz/$target" -max_total_time="$seconds" \
			-timeout=10 -rss_limit_mb=1500 -max_len=65536 \
			-artifact_prefix="./$target-" "$tmp/$target.new" \
			"$tmp/$target" >"$tmp/out" 2>&1; then
		ok "$target"
		grep '^Done' "$tmp/out" | sed 's/^/# /'
	else
		not_ok "$target"
		tail -n 60 "$tmp/out" | sed 's/^/# /'
	fi
done
exit $failed
