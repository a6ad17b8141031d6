#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What we say about a stream against what a real QEMU does with it: streams
# are saved, checked, loaded again; then damaged, and both must agree that
# they are refused, and on the error.
#
# QEMU=qemu-system-x86_64 names the emulator. Software emulation, some
# seconds per machine.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
command -v "$QEMU" >/dev/null 2>&1 || skip_all "no $QEMU"
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'

machines="pc q35 virtio"
options_of()
{
	case $1 in
	pc) echo "-M pc -m 16" ;;
	q35) echo "-M q35 -m 16 -smp 2" ;;
	virtio) echo "-M q35 -m 32 -device virtio-rng-pci
		-netdev user,id=n0 -device virtio-net-pci,netdev=n0
		-device virtio-balloon-pci -device virtio-serial-pci" ;;
	esac
}
echo "1..$((3 * 9))"

# Starts QEMU in the background with a monitor on descriptor 7.
start()
{
	rm -f monitor
	mkfifo monitor
	"$QEMU" -display none -nodefaults -serial null -accel tcg \
		-monitor stdio "$@" <monitor >monitor.out 2>qemu.err &
	qemu=$!
	exec 7>monitor
}

alive()
{
	kill -0 $qemu 2>/dev/null
}

# Waits up to $1 tenths of a second for the words $2 in what the monitor said
# to "info migrate".
migrated()
{
	n=$1
	while [ "$n" -gt 0 ] && alive; do
		echo "info migrate" >&7 2>/dev/null || return 1
		sleep 0.1
		grep -q "$2" monitor.out && return 0
		n=$((n - 1))
	done
	grep -q "$2" monitor.out
}

finish()
{
	alive && echo quit >&7 2>/dev/null
	exec 7>&-
	n=50
	while [ $n -gt 0 ] && alive; do
		sleep 0.1
		n=$((n - 1))
	done
	alive && kill -9 $qemu
	wait $qemu
}

# $1 = machine, $2 = command that takes the stream
save()
{
	start $(options_of "$1")
	sleep 0.5
	echo stop >&7
	echo "migrate \"exec:$2\"" >&7
	migrated 300 'status: completed'
	saved=$?
	finish
	return $saved
}

# $1 = machine, $2 = file; true when QEMU loads it
load()
{
	start $(options_of "$1") -S -incoming "exec:cat $2"
	migrated 300 'status: completed'
	loaded=$?
	finish
	return $loaded
}

# One byte of file $1 at offset $2 becomes $3 (octal).
poke()
{
	printf "\\$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

member()
{
	sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1
}

# The damaged stream $2 of machine $1: both must refuse it.
agree()
{
	migscope check --format json "$2" >report 2>&1
	status=$?
	predicted=$(sed -n 's/.*"predicted_error": *"\(\([^"\\]\|\\.\)*\)".*/\1/p' \
		report | head -n 1 | sed 's/\\\(["\\]\)/\1/g')
	if load "$1" "$2"; then
		not_ok "$1: QEMU refuses what has $3" "it loaded"
	elif [ $status -ne 1 ]; then
		not_ok "$1: QEMU refuses what has $3" "our status: $status"
	else
		ok "$1: QEMU refuses what has $3"
	fi
	if [ -n "$predicted" ] && grep -qF -- "$predicted" qemu.err; then
		ok "$1: error predicted for $3"
	else
		not_ok "$1: error predicted for $3" "we: $predicted"
		sed 's/^/# QEMU: /' qemu.err
	fi
}

for m in $machines; do
	if save "$m" "cat > $m.mig"; then
		ok "$m: saved"
	else
		not_ok "$m: saved" "$(head -c 300 qemu.err)"
	fi
	if migscope check "$m.mig" >out 2>&1; then
		ok "$m: nothing wrong is found"
	else
		not_ok "$m: nothing wrong is found"
		sed 's/^/# /' out
	fi
	left=$(migscope info --json "$m.mig" | member unclaimed_bytes)
	if [ "$left" = 0 ]; then
		ok "$m: every byte is accounted for"
	else
		not_ok "$m: every byte is accounted for" "left: $left"
	fi
	if load "$m" "$m.mig"; then
		ok "$m: QEMU loads it"
	else
		not_ok "$m: QEMU loads it" "$(head -c 300 qemu.err)"
	fi

	# Straight from QEMU into a pipe.
	rm -f piped
	if save "$m" "$top_builddir/migscope check --format json - > piped" &&
			[ "$(member verdict <piped)" = accept ]; then
		ok "$m: checked on its way out of QEMU"
	else
		not_ok "$m: checked on its way out of QEMU" "$(head -c 300 piped)"
	fi

	# Header of the section timer: 04, id, "timer", instance 0, version 2.
	at=$(grep -aboP '\x04\0\0\0.\x05timer\0\0\0\0\0\0\0\x02' "$m.mig" |
		head -n 1 | cut -d: -f1)
	: "${at:=0}"
	cp "$m.mig" bad
	poke bad $((at + 18)) 377
	agree "$m" bad "a version from the future"
	head -c $((at + 30)) "$m.mig" >bad
	agree "$m" bad "its end cut off"
done
exit $failed
