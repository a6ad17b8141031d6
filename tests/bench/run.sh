#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What reading a stream costs, as ratios against commands that do the least
# possible with the same bytes, measured side by side in one run.
#
#	tests/bench/run.sh             1 GiB of full pages, a guest of 5 GiB
#	                               that is all zero, a machine of many devices
#	tests/bench/run.sh --smoke     small inputs, one round: that it works
#
# BENCH_ROUNDS (default 7) rounds; in each every command runs once, see
# measure.c; short commands ten times as often. 5 GiB are needed below
# BENCH_DIR (default: $TMPDIR, /tmp).
#
# ANALYZE=/some/qemu/scripts/analyze-migration.py has QEMU's own script take
# part. QEMU=qemu-system-x86_64 names the emulator that writes the streams.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
TMPDIR=${BENCH_DIR:-${TMPDIR:-/tmp}}
export TMPDIR
. "$top_srcdir/tests/lib.sh"
bench=$top_builddir/tests/bench
full=262144 zero=1310720 rounds=${BENCH_ROUNDS:-7}
[ "${1:-}" = --smoke ] && full=512 zero=512 rounds=1
few=$rounds many=$((rounds * 10))
[ "$rounds" = 1 ] && many=1
PATH=$bench:$PATH
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH
: "${ANALYZE:=}"
[ -z "$ANALYZE" ] || ANALYZE=$(realpath "$ANALYZE") || exit 2
cd "$tmp" || exit 99
. "$top_srcdir/tests/bench/inputs.sh"
make_inputs || { echo "the inputs cannot be made"; exit 1; }
cp small.mig reference.mig

echo "full.mig $(wc -c <full.mig) bytes, rounds.mig $(wc -c <rounds.mig)," \
	"zero.mig $(wc -c <zero.mig), small.mig $(wc -c <small.mig); by $by"

# Cases with ANALYZE only where it is given.
measured()
{
	echo
	echo "$2, $1 rounds"
	if [ -n "$ANALYZE" ]; then
		sed "s|ANALYZE|python3 $ANALYZE -f|"
	else
		sed '/ANALYZE/d'
	fi | measure "$1" || failed=1
}

measured "$few" "1 GiB of full pages" <<'END'
walk headers||full.mig|walk-headers full.mig
cat||full.mig|cat full.mig
cat, cat||full.mig|cat full.mig | cat
info|walk headers|full.mig|migscope info full.mig
check|walk headers|full.mig|migscope check full.mig
info from a pipe|cat, cat|full.mig|cat full.mig | migscope info -
check from a pipe|cat, cat|full.mig|cat full.mig | migscope check -
script||full.mig|ANALYZE full.mig
dump analyze|script|full.mig|migscope dump --format analyze full.mig
END
measured "$few" "1 GiB, every byte of it" <<'END'
cp||full.mig|cp full.mig copy
ram export|cp|full.mig|migscope ram export --block ram -o image full.mig
cmp||full.mig|cmp full.mig last.mig
diff|cmp|full.mig|migscope diff full.mig last.mig
sha256sum||full.mig|sha256sum full.mig
ram list --digest|sha256sum|full.mig|migscope ram list --digest full.mig
END
rm -f copy image
measured "$few" "eight rounds, and several files at once" <<'END'
cat rounds||rounds.mig|cat rounds.mig
info rounds|cat rounds|rounds.mig|migscope info rounds.mig
check full||full.mig|migscope check full.mig
check, 4 files|check full|full.mig|migscope check full.mig full.mig full.mig full.mig
END
measured "$many" "a guest of zero pages" <<'END'
cat zero||zero.mig|cat zero.mig
info zero|cat zero|zero.mig|migscope info zero.mig
check zero|cat zero|zero.mig|migscope check zero.mig
END
measured "$many" "many devices" <<'END'
true|||true
start|true||migscope --version
info|true|small.mig|migscope info small.mig
check|true|small.mig|migscope check small.mig
--dest|check|small.mig|migscope check --dest qemu-7.2-x86_64 small.mig
--dest without target|check|small.mig|migscope check --dest qemu-7.2 small.mig
--dest-stream|check|small.mig|migscope check --dest-stream reference.mig small.mig
both|check|small.mig|migscope check --dest qemu-7.2-x86_64 --dest-stream reference.mig small.mig
matrix of 4|check|small.mig|migscope matrix --dest qemu-5.2 --dest qemu-7.2 --dest qemu-10.0 --dest qemu-11.1 small.mig
dump json|check|small.mig|migscope dump --format json small.mig
END
measured "$few" "many devices, QEMU's script" <<'END'
dump analyze||small.mig|migscope dump --format analyze small.mig
script|dump analyze|small.mig|ANALYZE small.mig
END
exit $failed
