#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What we say about a stream against what a real QEMU does with it: machines
# are saved, their streams read, checked and loaded again; then damaged, and
# our verdict and the error we predict must be QEMU's own.
#
#	tests/live/run.sh [MACHINE...]
#
# QEMU=qemu-system-x86_64 names the emulator, of any release from 5.2 on.
# Software emulation; about a minute. A machine that this QEMU cannot start is
# passed over. QEMU opens files below $TMPDIR, so it may run in a container
# that shares this directory.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
command -v "$QEMU" >/dev/null 2>&1 || skip_all "no $QEMU"
. "$top_srcdir/tests/live/qemu.sh"
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'

[ $# -gt 0 ] || set -- pc q35 virtio usb snapshot
options_of()
{
	case $1 in
	pc) echo "-M pc -m 16 -device VGA -device i6300esb
		-device isa-serial" ;;
	q35) echo "-M q35 -m 16 -smp 2 -device pcie-root-port,id=rp,chassis=1
		-netdev user,id=n0 -device e1000e,netdev=n0,bus=rp
		-device intel-hda" ;;
	virtio) echo "-M q35 -m 32 -device virtio-rng-pci
		-netdev user,id=n0 -device virtio-net-pci,netdev=n0
		-drive if=none,id=d0,driver=null-co,size=64M
		-device virtio-blk-pci,drive=d0 -device virtio-gpu-pci
		-device virtio-balloon-pci -device virtio-serial-pci" ;;
	usb) echo "-M pc -m 16 -device qemu-xhci -device usb-tablet
		-device lsi53c895a -drive if=none,id=d0,driver=null-co,size=64M
		-device scsi-hd,drive=d0" ;;
	snapshot) echo "-M pc -m 16 -icount shift=3" ;;
	esac
}

# What can be done to a stream: see damage().
damages="magic footer-byte footer-id version name type flags block command
	no-configuration no-end irq cut-page cut-word cut-footer cut-end
	no-description no-section description"
set_of_damages()
{
	# a new machine each time would only repeat itself
	case $1 in
	pc | q35) echo $damages ;;
	*) echo version footer-byte irq cut-footer no-section ;;
	esac
}

# The machine $1 into the file or FIFO $2.
save_machine()
{
	before_migration=
	[ "$1" != snapshot ] ||
		before_migration="migrate_set_capability background-snapshot on"
	save "$2" $(options_of "$1")
}

# Writes the damaged stream to "bad": bytes changed, put in or left out. False
# where there is nothing to damage.
damage()
{
	case $1 in
	magic) replace 3 '\116' 1 ;;
	no-configuration)
		place_of section '"type":"start"'
		replace 8 '' $((at - 8))
		;;
	version)
		place_of section '"name":"timer"'
		replace $((at + length - 1)) '\377' 1
		;;
	name)
		place_of section '"name":"timer"'
		replace $((at + 6)) 'T' 1
		;;
	type)
		place_of section '"name":"timer"'
		replace "$at" '\012' 1
		;;
	command)
		place_of section '"type":"part"'
		replace "$at" '\010\0\377\0\0' 0
		;;
	footer-byte)
		place_of footer '"path":"timer"'
		replace "$at" '\375' 1
		;;
	footer-id)
		place_of footer '"path":"timer"'
		replace $((at + 3)) '\1' 1
		;;
	flags)
		place_of pages '"block":"pc.ram"'
		replace $((at + 7)) '\1' 1
		;;
	block)
		place_of ram-block '"name":"pc.bios"'
		replace $((at + 1)) 'P' 1
		;;
	irq)
		place_of field '"name":"irq_state'
		[ "$at" != 0 ] || return 1
		replace $((at + 3)) '\5' 1
		;;
	cut-page)
		place_of pages '"pages":"data"'
		head -c $((at + 100)) stream
		;;
	cut-word)
		place_of pages '"block":"pc.ram"'
		head -c "$at" stream
		;;
	cut-footer)
		place_of footer '"path":"cpu'
		head -c $((at + 3)) stream
		;;
	cut-end)
		place_of eof ''
		head -c "$at" stream
		;;
	no-end)
		place_of eof ''
		replace "$at" '' 1
		;;
	no-section)
		place_of section '"name":"timer"'
		from=$at
		place_of footer '"path":"timer"'
		replace "$from" '' $((at + length - from))
		;;
	no-description)
		place_of description ''
		head -c "$at" stream
		;;
	description)
		place_of description ''
		replace $((at + 5)) 'nonsense' 8
		;;
	esac >bad
}

# The damaged stream of machine $1: both say the same.
agree()
{
	migscope check --format json bad >report 2>&1
	verdict=$(member verdict <report)
	line=$(predicted report)
	if load bad $(options_of "$1"); then
		real=accept
	else
		real=refuse
	fi
	if [ "$verdict" = $real ]; then
		ok "$1, $2: $real"
	else
		not_ok "$1, $2: $real" "we say $verdict"
		sed 's/^/# QEMU: /' qemu.err
	fi
	if [ $real = accept ]; then
		skip "$1, $2: the error" "there is none"
	elif [ "$line" = "$(first_line)" ]; then
		ok "$1, $2: the error"
	else
		not_ok "$1, $2: the error" "we:   $line"
		echo "# QEMU: $(first_line)"
	fi
}

# A stream that QEMU loads: saved, read, from a pipe too.
sound()
{
	left=$(migscope info --json stream | member unclaimed_bytes)
	if [ "$left" = 0 ]; then
		ok "$1: every byte is accounted for"
	else
		not_ok "$1: every byte is accounted for" "left: $left"
	fi
	if migscope check --format json stream >report 2>&1 &&
			[ "$(member verdict <report)" = accept ]; then
		ok "$1: nothing wrong is found"
	else
		not_ok "$1: nothing wrong is found"
		sed 's/^/# /' report
	fi
	if load stream $(options_of "$1"); then
		ok "$1: QEMU loads it"
	else
		not_ok "$1: QEMU loads it" "$(first_line)"
	fi
	# Straight from QEMU into a pipe.
	rm -f pipe piped
	mkfifo pipe
	migscope check --format json - <pipe >piped 2>&1 &
	reader=$!
	save_machine "$1" pipe
	wait $reader
	if [ "$(member verdict <piped)" = accept ]; then
		ok "$1: checked on its way out of QEMU"
	else
		not_ok "$1: checked on its way out of QEMU" \
			"$(head -c 300 piped)"
	fi
}

total=0
for m in "$@"; do
	set_of_damages "$m" >list
	total=$((total + 4 + 2 * $(wc -w <list)))
done
echo "1..$total"
for m in "$@"; do
	if ! save_machine "$m" stream; then
		set_of_damages "$m" >list
		left=$((4 + 2 * $(wc -w <list)))
		while [ $left -gt 0 ]; do
			skip "$m" "it cannot be saved: $(first_line)"
			left=$((left - 1))
		done
		continue
	fi
	sound "$m"
	migscope dump --format ndjson stream >records
	for d in $(set_of_damages "$m"); do
		if damage "$d"; then
			agree "$m" "$d"
		else
			skip "$m, $d" "nothing to damage"
			skip "$m, $d: the error" "nothing to damage"
		fi
	done
done
exit $failed
