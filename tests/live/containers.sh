#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Containers as real tools make them: qcow2 images of several layouts in which
# a QEMU leaves snapshots, read byte for byte against qemu-io; and streams of
# that QEMU put behind a libvirt header through each compressor, as libvirt
# does, against the stream itself.
#
# QEMU=qemu-system-x86_64 names the emulator; qemu-img and qemu-io are in PATH.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
for program in "$QEMU" qemu-img qemu-io; do
	command -v "$program" >/dev/null 2>&1 || skip_all "no $program"
done
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'

layouts="plain small large extended"
options_of()
{
	case $1 in
	plain) echo "cluster_size=64k" ;;
	small) echo "cluster_size=512" ;;
	large) echo "cluster_size=2M,compat=0.10" ;;
	extended) echo "cluster_size=64k,extended_l2=on" ;;
	esac
}
compressors="raw:0:cat gzip:1:gzip bzip2:2:bzip2 xz:3:xz lzop:4:lzop zstd:5:zstd"
echo "1..$((4 * 6 + 6))"

# Runs the monitor commands on standard input in a guest with the drive $1.
guest()
{
	{
		sleep 1
		cat
		echo quit
	} | timeout 120 "$QEMU" -display none -nodefaults -serial null \
		-accel tcg -M pc -m 16 -monitor stdio \
		-drive "file=$1,if=ide,format=qcow2" >monitor.out 2>qemu.err
}

# What qemu-io reads of the VM state of snapshot $2 in image $1, $3 bytes of
# it, as lines of hex: it can dump the state only once it was applied.
state_by_qemu()
{
	cp "$1" applied
	qemu-img snapshot -a "$2" applied || return 1
	qemu-io -r -f qcow2 -c "read -b -v 0 $((($3 + 511) / 512 * 512))" \
		applied | sed -n 's/^[0-9a-f]*:  \(\([0-9a-f][0-9a-f] \)*\).*/\1/p' |
		tr -d ' \n' | head -c $((2 * $3))
}

hex()
{
	od -An -v -tx1 "$1" | tr -d ' \n'
}

for layout in $layouts; do
	if ! qemu-img create -q -f qcow2 -o "$(options_of $layout)" image 16M \
			2>error; then
		for i in 1 2 3 4 5 6; do
			skip "$layout" "qemu-img: $(head -n 1 error)"
		done
		continue
	fi
	printf 'savevm one\nstop\nsavevm two\n' | guest image
	migscope info image >out 2>err
	if [ $? -eq 2 ] && grep -q "'one', 'two'" err; then
		ok "$layout: both snapshots are listed"
	else
		not_ok "$layout: both snapshots are listed" "$(cat err monitor.out)"
	fi
	for name in one two; do
		if stream-cat image $name >stream 2>err &&
				state_by_qemu image $name \
					"$(stat -c %s stream)" >want &&
				[ -s stream ] && hex stream | cmp -s - want; then
			ok "$layout: VM state of $name is what QEMU reads"
		else
			not_ok "$layout: VM state of $name is what QEMU reads" \
				"$(cat err)"
		fi
	done
	for name in one two; do
		if migscope check --snapshot $name image >out 2>&1 &&
				migscope info --json --snapshot $name image |
				grep -q '"unclaimed_bytes": 0,'; then
			ok "$layout: $name is whole"
		else
			not_ok "$layout: $name is whole" "$(head -n 3 out)"
		fi
	done
	printf 'loadvm two\ninfo status\n' | guest image
	if grep -q 'VM status' monitor.out &&
			! grep -q Error monitor.out; then
		ok "$layout: QEMU loads it"
	else
		not_ok "$layout: QEMU loads it" "$(cat monitor.out qemu.err)"
	fi
	cp image last
done

# The stream alone, from the last snapshot.
stream-cat last two >stream
for row in $compressors; do
	IFS=: read -r name format program <<-EOF
	$row
	EOF
	title="libvirt image, $name"
	if ! command -v "$program" >/dev/null 2>&1; then
		skip "$title" "without $program"
		continue
	fi
	{
		echo "\"LibvirtQemudSave\" le32:2 le32:10 le32:1 le32:$format"
		echo 'le32:0 fill:00*56 "<domain/>" 00'
	} >header
	{
		hex2bin header
		case $name in
		raw) cat stream ;;
		xz) xz -3 -c <stream ;;
		*) $program -c <stream ;;
		esac
	} >saved
	if stream-cat saved | cmp -s - stream &&
			migscope check - <saved >out 2>&1 &&
			migscope check saved >>out 2>&1; then
		ok "$title"
	else
		not_ok "$title" "$(head -n 3 out)"
	fi
done
exit $failed
