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
. "$top_srcdir/tests/live/qemu.sh"
cd "$tmp" || exit 99
PATH=$top_builddir/tests/bench:$PATH
echo "1..4"

for kind in data zero rounds; do
	make-stream $kind 1024 >$kind.mig || exit 99
	if load $kind.mig -M none -m 4M && ! [ -s qemu.err ]; then
		ok "QEMU loads $kind pages"
	else
		not_ok "QEMU loads $kind pages" "$(first_line)"
	fi
done
# Or the other way round: it does look.
head -c 9000 data.mig >cut.mig
if load cut.mig -M none -m 4M; then
	not_ok "QEMU does not load half of one"
else
	ok "QEMU does not load half of one"
fi
exit $failed
