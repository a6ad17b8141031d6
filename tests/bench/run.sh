#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What reading a stream costs, as ratios against commands that do the least
# possible with the same bytes, measured side by side in one run.
#
#	tests/bench/run.sh             1 GiB of full pages, 50 GiB of zero pages
#	tests/bench/run.sh --smoke     small inputs, one round: that it works
#
# Then what a load into a destination costs on a stream of 0.6 MB, which
# should stay below 20 ms; ten times as many rounds, as one is short.
#
# BENCH_ROUNDS (default 7) rounds; in each every command runs once, so that
# what else the machine does falls on all alike. Shown are the medians, with
# the fastest and slowest round, and peak memory where GNU time is installed.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
bench=$top_builddir/tests/bench
data=262144 zero=13107200 rounds=${BENCH_ROUNDS:-7}
[ "${1:-}" = --smoke ] && data=512 zero=512 rounds=1
cd "$tmp" || exit 99

"$bench/make-stream" data $data >data.mig || exit 1
"$bench/make-stream" zero $zero >zero.mig || exit 1

# name | baseline it is compared with | command
cat >cases <<'END'
walk page headers||walk-headers data.mig
cat FILE||cat data.mig
cat FILE, cat||cat data.mig | cat
info FILE|walk page headers|migscope info data.mig
check FILE|walk page headers|migscope check data.mig
dump analyze FILE|walk page headers|migscope dump --format analyze data.mig
info from a pipe|cat FILE, cat|cat data.mig | migscope info -
check from a pipe|cat FILE, cat|cat data.mig | migscope check -
cat zero pages||cat zero.mig
info, zero pages|cat zero pages|migscope info zero.mig
END
cat >short_cases <<'END'
true||true
check FILE|true|migscope check guest.mig
--dest|check FILE|migscope check --dest qemu-7.2-x86_64 guest.mig
--dest-stream|check FILE|migscope check --dest-stream ref.mig guest.mig
both|check FILE|migscope check --dest qemu-7.2-x86_64 --dest-stream ref.mig guest.mig
matrix of 4|both|migscope matrix --dest qemu-5.2 --dest qemu-7.2 --dest qemu-10.0 --dest qemu-11.1 guest.mig
END
PATH=$bench:$PATH
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH

# $1 = rounds, $2 = cases; status 1 of a check is a verdict
measure()
{
	: >times
	round=0
	while [ $round -lt "$1" ]; do
		while IFS='|' read -r name base command; do
			start=$(date +%s%N)
			sh -c "$command" </dev/null >/dev/null 2>err
			status=$?
			end=$(date +%s%N)
			if [ $status -gt 1 ]; then
				echo "$name: failed"
				cat err
				failed=1
			fi
			echo "$name|$((end - start))" >>times
		done <"$2"
		round=$((round + 1))
	done
	sort -t'|' -k1,1 -k2,2n times | awk -F'|' -v cases="$2" '
	FILENAME == cases { order[++n] = $1; base[$1] = $2; next }
	{ t[$1, ++count[$1]] = $2 / 1e6 }
	function median(name,  c) {
		c = count[name]
		if (c % 2)
			return t[name, (c + 1) / 2]
		return (t[name, c / 2] + t[name, c / 2 + 1]) / 2
	}
	END {
		printf "%-20s %9s %9s %9s  %s\n", "", "median", "fastest",
			"slowest", "ratio"
		for (i = 1; i <= n; i++) {
			m = order[i]
			printf "%-20s %9.1f %9.1f %9.1f", m, median(m),
				t[m, 1], t[m, count[m]]
			if (base[m] != "")
				printf "  %.2f x %s", median(m) / median(base[m]),
					base[m]
			print ""
		}
	}' "$2" -
}

echo "data.mig $(wc -c <data.mig) bytes, zero.mig $(wc -c <zero.mig) bytes," \
	"$rounds rounds; milliseconds"
measure "$rounds" cases
if has_feature command:xz; then
	xz -dc "$top_srcdir/samples/pc-7.2.mig.xz" >guest.mig
	cp guest.mig ref.mig
	echo "guest.mig $(wc -c <guest.mig) bytes, $((10 * rounds)) rounds;" \
		"milliseconds"
	measure $((10 * rounds)) short_cases
fi
if [ -x /usr/bin/time ]; then
	for f in data.mig zero.mig; do
		/usr/bin/time -f "peak memory of info $f: %M KiB" \
			migscope info $f 2>&1 >/dev/null
	done
fi
exit $failed
