#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The streams that tests/bench/make-stream writes are such as QEMU would have
# saved: a QEMU loads each of them.
#
# QEMU=qemu-system-x86_64 names the emulator.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
command -v "$QEMU" >/dev/null 2>&1 || skip_all "no $QEMU"
cd "$tmp" || exit 99
PATH=$top_builddir/tests/bench:$PATH
echo "1..4"

# While it is read, the status is "paused (inmigrate)".
loaded()
{
	tr -d '\r' <out | grep -q '^VM status: paused$'
}

# Loads $1; true if the guest was there afterwards. QEMU ends by itself when
# it does not like what it reads.
load()
{
	: >out
	{
		for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			sleep 0.2
			echo 'info status' || break
			loaded && break
		done
		echo quit
	} 2>/dev/null | timeout 60 "$QEMU" -display none -nodefaults \
		-M none -m 4M -S -monitor stdio -incoming "exec:cat $1" \
		>out 2>err
	loaded && ! [ -s err ]
}

for kind in data zero rounds; do
	make-stream $kind 1024 >$kind.mig || exit 99
	if load $kind.mig; then
		ok "QEMU loads $kind pages"
	else
		not_ok "QEMU loads $kind pages" "$(tail -n 1 err out)"
	fi
done
# Or the other way round: it does look.
head -c 9000 data.mig >cut.mig
if load cut.mig; then
	not_ok "QEMU does not load half of one"
else
	ok "QEMU does not load half of one"
fi
exit $failed
