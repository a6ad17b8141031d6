#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A machine is saved, and loaded by one that was started otherwise: another
# queue, ROM, device, address, machine type; or its stream is changed in a way
# that no option brings about. What QEMU does, and its first line, must be what
# "migscope check" foresees from a stream of the other machine.
#
#	tests/live/config.sh [CASE...]
#
# QEMU=qemu-system-x86_64 names the emulator that saves, QEMU_DEST the one that
# loads (the same), DEST its schema (the program itself, where it is one). Of
# other releases too, also in a container that shares $TMPDIR. TABLE=FILE keeps
# a table of the results. A case that these releases cannot start is passed
# over.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
: "${QEMU_DEST:=$QEMU}"
source_qemu=$QEMU
for q in "$QEMU" "$QEMU_DEST"; do
	command -v "$q" >/dev/null 2>&1 || skip_all "no $q"
done
: "${DEST:=$(command -v "$QEMU_DEST")}"
: "${TABLE:=/dev/null}"
. "$top_srcdir/tests/live/qemu.sh"
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'
[ "$QEMU" = "$QEMU_DEST" ] || "$QEMU_DEST" --version | sed -n '1s/^/# to /p'

# The newest of these that both have.
for version in 7.2 5.2; do
	"$QEMU" -M help | grep -q "pc-q35-$version " &&
		"$QEMU_DEST" -M help | grep -q "pc-q35-$version " && break
done
pc="-M pc-i440fx-$version -m 16"
q35="-M pc-q35-$version -m 16"
pcie="-device pcie-root-port,id=rp,chassis=1"
disk="-drive if=none,id=d0,driver=null-co,size=64M -device virtio-blk-pci,drive=d0"
head -c 65536 /dev/zero >small.rom
head -c 131072 /dev/zero >large.rom
chmod 644 ./*.rom

# NAME | options of the source | of the destination | change of the stream
cases()
{
	cat <<END
same|$q35 $pcie -device e1000e,bus=rp|$q35 $pcie -device e1000e,bus=rp|
aer-on-off|$q35 $pcie,x-pcie-err-unc-mask=on -device e1000e,bus=rp,x-pcie-err-unc-mask=on|$q35 $pcie -device e1000e,bus=rp|
aer-off-on|$q35 $pcie -device e1000e,bus=rp|$q35 $pcie,x-pcie-err-unc-mask=on -device e1000e,bus=rp,x-pcie-err-unc-mask=on|
aer-on-on|$q35 $pcie,x-pcie-err-unc-mask=on -device e1000e,bus=rp,x-pcie-err-unc-mask=on|$q35 $pcie,x-pcie-err-unc-mask=on -device e1000e,bus=rp,x-pcie-err-unc-mask=on|
aer-root-port-on-off|$q35 $pcie,x-pcie-err-unc-mask=on|$q35 $pcie|
aer-as-of-8.0-root-port|$q35 $pcie|$q35 $pcie|aer pcie-root-port
aer-as-of-8.0-e1000e|$q35 $pcie -device e1000e,bus=rp|$q35 $pcie -device e1000e,bus=rp|aer e1000e
blk-queues-1-4|$pc $disk,num-queues=1|$pc $disk,num-queues=4|
blk-queues-4-1|$pc $disk,num-queues=4|$pc $disk,num-queues=1|
blk-queue-size-128-256|$pc $disk,queue-size=128|$pc $disk,queue-size=256|
blk-queue-size-256-128|$pc $disk,queue-size=256|$pc $disk,queue-size=128|
net-queue-size-1024-256|$pc -device virtio-net-pci,rx_queue_size=1024|$pc -device virtio-net-pci,rx_queue_size=256|
scsi-queue-size-256-64|$pc -device virtio-scsi-pci,virtqueue_size=256|$pc -device virtio-scsi-pci,virtqueue_size=64|
bios-64K-128K|$pc -bios $tmp/small.rom|$pc -bios $tmp/large.rom|
bios-128K-64K|$pc -bios $tmp/large.rom|$pc -bios $tmp/small.rom|
rom-64K-128K|$pc -device e1000,romfile=$tmp/small.rom|$pc -device e1000,romfile=$tmp/large.rom|
rom-none|$pc -device e1000,romfile=$tmp/small.rom|$pc -device e1000,romfile=|
memory-16-32|$pc|-M pc-i440fx-$version -m 32|
device-extra-at-source|$pc -device e1000 -device i6300esb|$pc -device e1000|
device-extra-at-destination|$pc -device e1000|$pc -device e1000 -device i6300esb|
device-other|$pc -device e1000|$pc -device rtl8139|
address-3-4|$pc -device e1000,addr=3|$pc -device e1000,addr=4|
instance-second-serial|$pc -device isa-serial -device isa-serial|$pc -device isa-serial|
instance-fewer-processors|$pc -smp 2|$pc -smp 1|
instance-more-processors|$pc -smp 1|$pc -smp 2|
instance-7|$pc|$pc|instance
subsection-own-prefix|$pc|$pc|subsection port92/unknown
subsection-foreign-prefix|$pc|$pc|subsection other/unknown
subsection-of-device|$q35 $pcie -device e1000e,bus=rp|$q35 $pcie -device e1000e,bus=rp|device-subsection
globalstate-paused|$pc|$pc|
globalstate-unknown|$pc|$pc|globalstate nonsens
globalstate-unended|$pc|$pc|globalstate-unended
no-footers|-M pc-i440fx-2.3 -m 16|-M pc-i440fx-2.3 -m 16|
no-footers-to-footers|-M pc-i440fx-2.3 -m 16|-M pc-i440fx-2.4 -m 16|
footers-to-no-footers|-M pc-i440fx-2.4 -m 16|-M pc-i440fx-2.3 -m 16|
machine-other|$q35|-M pc-q35-5.1 -m 16|
machine-other-family|$q35|$pc|
page-bits-12|$pc|$pc|page-bits 12
page-bits-14|$pc|$pc|page-bits 14
END
}

# Writes the stream as the case has it to "bad". False: nothing to change.
change()
{
	case ${1:-} in
	'')
		cp stream bad
		;;
	aer)
		place_of field ".$2.*\"type\":\"pci config\""
		[ "$length" = 4096 ] &&
			replace $((at + 266)) '\100' 1 >bad
		;;
	instance)
		place_of section '"name":"port92"'
		[ "$at" != 0 ] &&
			replace $((at + 15)) '\7' 1 >bad
		;;
	subsection)
		place_of footer '"path":"port92"'
		[ "$at" != 0 ] &&
			replace "$at" "\\5\\$(printf %o ${#2})$2\\0\\0\\0\\1" \
				0 >bad
		;;
	device-subsection)
		place_of footer '"path":"0000:00:[0-9.:]*.e1000e"'
		[ "$at" != 0 ] &&
			replace "$at" '\5\12e1000e/new\0\0\0\1' 0 >bad
		;;
	globalstate)
		place_of field '"name":"runstate"'
		[ "$at" != 0 ] && replace "$at" "$2" ${#2} >bad
		;;
	globalstate-unended)
		place_of field '"name":"runstate"'
		[ "$at" != 0 ] && replace "$at" "$(printf %"$length"s |
			tr ' ' x)" "$length" >bad
		;;
	page-bits)
		place_of section '"type":"start"'
		[ "$at" != 0 ] && replace "$at" \
'\5\36configuration/target-page-bits\0\0\0\1\0\0\0'"\\$(printf %o "$2")" 0 >bad
		;;
	esac
}

# Both tests of case $1 are passed over for $2.
pass_over()
{
	skip "$1" "$2"
	skip "$1: the error" "$2"
	printf '| %s | not tried: %s | |\n' "$1" "$2" >>"$TABLE"
}

compare()
{
	case $(migscope check --format json --dest "$DEST" \
		--dest-stream reference bad 2>report.err | tee report |
		member verdict) in
	accept) ours=accept ;;
	refuse) ours=refuse ;;
	*) ours="no verdict: $(cat report.err)" ;;
	esac
	line=$(predicted report)
	said=$(first_line | sed "s/$(printf '\1')/\\\\x01/g")
	if [ "$real" = "$ours" ]; then
		ok "$1: $real"
	else
		not_ok "$1: $real" "we say $ours"
		sed 's/^/# QEMU: /' qemu.err
	fi
	if [ $real = accept ]; then
		skip "$1: the error" "there is none"
		said=
	elif [ "$line" = "$said" ]; then
		ok "$1: the error"
	else
		not_ok "$1: the error" "we:   $line"
		echo "# QEMU: $said"
	fi
	printf '| %s | %s | %s |\n' "$1" \
		"$real${said:+: \`$said\`}" \
		"$ours${line:+: \`$line\`}" >>"$TABLE"
}

[ $# -gt 0 ] || set -- $(cases | sed 's/|.*//')
echo "1..$((2 * $#))"
printf '| case | QEMU | migscope |\n| --- | --- | --- |\n' >>"$TABLE"
for name in "$@"; do
	IFS='|' read -r _ from to edit <<END
$(cases | grep "^$name|")
END
	QEMU=$source_qemu
	if ! save stream $from; then
		pass_over "$name" "the source does not start: $(first_line)"
		continue
	fi
	QEMU=$QEMU_DEST
	migscope dump --format ndjson stream >records
	if ! change $edit; then
		pass_over "$name" "nothing to change"
	elif ! save reference $to; then
		pass_over "$name" \
			"the destination does not start: $(first_line)"
	else
		if load bad $to; then
			real=accept
		else
			real=refuse
		fi
		compare "$name"
	fi
done
exit $failed
