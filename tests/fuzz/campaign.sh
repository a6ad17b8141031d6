#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs fuzz targets of a build with --enable-fuzzing, each for so long:
#
#	tests/fuzz/campaign.sh SECONDS [TARGET...]
#
# Prints TAP, and at the end one line for each target: how often it was
# executed, how long by the clock and by the processor (seconds), the code that
# it reached (libFuzzer's edges and features), the inputs that are worth keeping,
# crashes. With
#
#	FUZZ_CORPUS=DIR    inputs found are kept in DIR/TARGET, and gone on from
#	FUZZ_ROUNDS=N      the targets take N turns (0: until stopped); each ends
#	                   with its line in DIR/log, tab-separated
#	FUZZ_TIMEOUT=N     an input may take so many seconds instead of 10
#
# What crashes one is left in the current directory, or in DIR/crashes, as
# TARGET-crash-HASH: name it for what it does, put it (as .hex) into
# tests/fuzz/TARGET.seeds/, and mend the code in the same commit.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
. "$top_srcdir/tests/fuzz/seeds.sh"
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH

if [ $# -eq 0 ]; then
	echo "usage: campaign.sh SECONDS [TARGET...]" >&2
	exit 99
fi
seconds=$1
shift
[ $# -gt 0 ] || set -- $(cd "$top_srcdir/tests/fuzz" && ls fuzz-*.c |
	sed 's/\.c$//')
corpus=${FUZZ_CORPUS:-$tmp/corpus}
rounds=${FUZZ_ROUNDS:-1}
crashes=.
[ -z "${FUZZ_CORPUS:-}" ] || crashes=$corpus/crashes
mkdir -p "$corpus" "$crashes" "$tmp/seeds" || exit 99
log=$corpus/log

# $1 = what is counted in libFuzzer's output, which is $2
last_number()
{
	grep -oE "$1:? *[0-9]+" "$2" | tail -n 1 | grep -oE '[0-9]+$' || echo 0
}

# Processor seconds, user and system, of all that was run so far.
processor_seconds()
{
	# not in a pipe: that would be another shell, with times of its own
	times >"$tmp/times"
	awk 'NR == 2 {
		split($1, u, "[ms]")
		split($2, s, "[ms]")
		printf "%d\n", 60 * (u[1] + s[1]) + u[2] + s[2]
	}' "$tmp/times"
}

# Those of target $1.
count_crashes()
{
	ls "$crashes" | grep -c "^$1-\(crash\|timeout\|oom\|leak\)-"
}

# One turn of target $1; false: it crashed.
turn()
{
	began=$(date +%s)
	processor_seconds >"$tmp/before"
	set -- "$1" "$tmp/$1" "$tmp/seeds/$1.dict"
	[ -s "$3" ] || set -- "$1" "$2"	# an empty one is refused
	"$top_builddir/tests/fuzz/$1" -max_total_time="$seconds" \
		-timeout="${FUZZ_TIMEOUT:-10}" -rss_limit_mb=1500 \
		-max_len=65536 -print_final_stats=1 \
		${3:+-dict="$3"} -artifact_prefix="$crashes/$1-" \
		"$corpus/$1" "$2" >"$tmp/out" 2>&1
	status=$?
	processor_seconds >"$tmp/after"
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
		"$(date '+%F %T')" "$1" "$(($(date +%s) - began))" \
		"$(($(cat "$tmp/after") - $(cat "$tmp/before")))" \
		"$(last_number 'stat::number_of_executed_units' "$tmp/out")" \
		"$(last_number 'cov' "$tmp/out")" \
		"$(last_number 'ft' "$tmp/out")" \
		"$(ls "$corpus/$1" | wc -l)" "$(count_crashes "$1")" >>"$log"
	return $status
}

# All turns of the log, a line for each target.
table()
{
	awk -F '\t' '
		{
			s[$2] += $3; p[$2] += $4; x[$2] += $5
			e[$2] = $6; f[$2] = $7; u[$2] = $8; c[$2] = $9
		}
		END {
			form = "# %-20s %8s %8s %11s %6s %8s %7s %7s\n"
			printf form, "target", "seconds", "cpu", "executions",
				"edges", "features", "inputs", "crashes"
			for (t in s)
				printf form, t, s[t], p[t], x[t], e[t], f[t],
					u[t], c[t] | "sort"
		}' "$log"
}

[ "$rounds" -eq 0 ] || echo "1..$(($# * rounds))"
for target; do
	target=$(basename "$target")
	seeds "$target"
	mkdir -p "$corpus/$target"
	dictionary "$target" >"$tmp/seeds/$target.dict"
done
round=0
while [ "$rounds" -eq 0 ] || [ $round -lt "$rounds" ]; do
	round=$((round + 1))
	for target; do
		target=$(basename "$target")
		if turn "$target"; then
			ok "$target"
		else
			not_ok "$target"
			tail -n 60 "$tmp/out" | sed 's/^/# /'
		fi
	done
done
table
exit $failed
