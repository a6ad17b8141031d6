#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Guests of which we know what differs, saved by a real QEMU: diff has to tell
# that and nothing else.
#
# QEMU=qemu-system-x86_64 names the emulator. Software emulation, some
# seconds.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
command -v "$QEMU" >/dev/null 2>&1 || skip_all "no $QEMU"
. "$top_srcdir/tests/live/qemu.sh"
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'
echo 1..6

# Into the file $1.
into()
{
	migrate_to "$1" || echo "# not saved: $(first_line)"
}

# A guest that never ran; two bytes of its memory are there from the start.
# $1 = file, $2 = the second byte, $3 = a command of the monitor
stopped()
{
	start -M pc -m 16 -S -device loader,addr=0x8000,data=0x11,data-len=1 \
		-device "loader,addr=0x8123,data=$2,data-len=1"
	[ -z "$3" ] || say "$3"
	into "$1"
	finish
}

stopped one 0x22 ""
stopped same 0x22 ""
stopped byte 0x5a ""
stopped port 0x22 "o /b 0x70 0x33"

if migscope diff --ignore clocks one same >out 2>&1; then
	ok "two saves of the same guest are equal"
else
	not_ok "two saves of the same guest are equal"
	sed 's/^/# /' out
fi

migscope diff --ignore clocks one byte >out 2>&1
status=$?
grep '^ .*differs' out >lines
if [ $status = 1 ] && [ "$(cat lines)" = \
		"  [0x000008000..0x000009000) 1 page differs: 1 byte, from 0x8123 on: 22 -> 5a" ] &&
		grep -q '^different: 0 differences in device state.*RAM: 1 page differs' out; then
	ok "one byte of memory"
else
	not_ok "one byte of memory"
	sed 's/^/# /' out
fi

migscope diff --ignore clocks one port >out 2>&1
status=$?
if [ $status = 1 ] && grep -q '^mc146818rtc 0$' out &&
		grep -q '^  cmos_index: 0x00 -> 0x33 (51)$' out &&
		grep -q '^different: 1 difference in device state.*RAM: 0 pages differ' out; then
	ok "one register of a device"
else
	not_ok "one register of a device"
	sed 's/^/# /' out
fi

# A guest that does nothing for a moment; a boot sector without interrupts, so
# that none comes between: cli; again: hlt; jmp again
echo 'fa f4 ebfd pad:510 55aa' >boot.hex
hex2bin boot.hex >boot.img
start -M pc -m 16 -drive if=floppy,format=raw,readonly=on,file=boot.img -boot a
answers 'IP=0*7c0' 'info registers'
# for the tick of its timer to be in
sleep 0.2
say stop
into before
ask cont
sleep 0.2
say stop
into after
finish
migscope diff --ignore clocks --ignore runstate --ignore ram before after >out 2>&1
if [ $? = 0 ]; then
	ok "what time changes is in the class of clocks"
else
	not_ok "what time changes is in the class of clocks"
	sed 's/^/# /' out
fi
migscope diff before after >out 2>&1
if [ $? = 1 ] && grep -q 'cpu_clock_offset: .*  \[clocks\]$' out; then
	ok "clocks are told apart"
else
	not_ok "clocks are told apart"
	sed 's/^/# /' out
fi

gzip -c byte >byte.gz
migscope diff one byte >plain
migscope diff one - <byte.gz >piped
sed 1,2d plain >x
sed 1,2d piped >y
if [ -s x ] && cmp -s x y; then
	ok "a compressed pipe is compared alike"
else
	not_ok "a compressed pipe is compared alike"
	diff x y | sed 's/^/# /'
fi
exit $failed
