# SPDX-License-Identifier: LGPL-2.1-or-later
# What the benchmark reads; sourced by run.sh. make_inputs puts into the
# current folder
#
#	full.mig    guest of $full pages, none of them zero
#	last.mig    the same but for one byte of the last page
#	rounds.mig  guest of $full / 4 pages, half of them zero, and seven more
#	            rounds of what it changed meanwhile
#	zero.mig    guest of $zero pages, all of them zero
#	small.mig   a machine with many devices and next to no memory
#
# and sets $by, who wrote them: QEMU where there is one. Otherwise
# tests/bench/make-stream does, and small.mig is the sample pc-7.2, which a
# QEMU wrote. A guest that changes its memory saves another stream each time,
# so rounds.mig is always from make-stream; tests/live/bench.sh has a QEMU
# load what that writes.

: "${QEMU:=qemu-system-x86_64}"

# Saves the guest that the options $2... make into the file $1.
save()
{
	file=$1
	shift
	printf '%s\n' 'migrate_set_parameter max-bandwidth 100G' \
		"migrate \"exec:cat >$file\"" quit |
		timeout 300 "$QEMU" -display none -nodefaults -S \
			-monitor stdio "$@" >qemu.out 2>&1 && [ -s "$file" ]
}

# The memory is a file, so that something stands in it without a guest that
# runs.
save_full()
{
	yes 'no page of it is zero' | head -c $((full * 4096)) >memory
	save full.mig -m "$((full / 256))M" -M none,memory-backend=ram \
		-object "memory-backend-file,id=ram,mem-path=memory,size=$((full / 256))M,share=on"
	status=$?
	rm -f memory
	return $status
}

save_small()
{
	devices=
	for i in 1 2 3 4; do
		devices="$devices -device virtio-rng-pci -device virtio-net-pci"
		devices="$devices -device virtio-scsi-pci -device e1000"
	done
	# shellcheck disable=SC2086
	save small.mig -M pc -m 1 -smp 4 -vga std -device rtl8139 \
		-device ich9-ahci -device nec-usb-xhci -device usb-tablet \
		-device virtio-balloon-pci -device virtio-serial-pci $devices
}

make_inputs()
{
	if command -v "$QEMU" >/dev/null 2>&1 && save_full && save_small &&
			save zero.mig -M none -m "$((zero / 256))M"; then
		by=$("$QEMU" --version | head -n 1)
	else
		by='make-stream'
		make-stream data "$full" >full.mig &&
			make-stream zero "$zero" >zero.mig || return 1
		xz -dc "$top_srcdir/samples/pc-7.2.mig.xz" >small.mig || return 1
	fi
	make-stream rounds $((full / 4)) >rounds.mig || return 1
	# what follows the pages takes a thousand bytes
	cp full.mig last.mig &&
		printf '?' | dd of=last.mig bs=1 conv=notrunc status=none \
			seek=$(($(wc -c <full.mig) - 3000))
}
