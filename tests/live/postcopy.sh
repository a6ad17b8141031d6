#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Postcopy between two real QEMUs, through a relay that records both ways: as
# it is, with a preempt channel, and with a connection that breaks off and is
# resumed. All that is recorded is read without a byte left over; every page
# that the destination asked for is found, as many as the source has counted;
# and the memory of a guest that was stopped before is what was sent.
#
# The memory of a running one is not compared: QEMU loses writes of emulated
# CPUs when it switches over soon (11.1 has sent such pages once, before they
# changed).
#
# The kernel must let QEMU use userfaultfd.
#
# QEMU=qemu-system-x86_64 names the emulator. Software emulation, some seconds
# per migration.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
command -v "$QEMU" >/dev/null 2>&1 || skip_all "no $QEMU"
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'

# A boot sector for ever changing the 512 KiB from 64 KiB on: see ram.sh.
cat >boot.hex <<'END'
fa 31c0 8ed0 bc0070 31ed
45 bb0010
8ec3 89d8 c1e808 01e8 31ff
a80f 7509 31c0 b90008 f3ab eb0d
25fe0f 89c7 26892d 26891e1000
81c30001 81fb0090 72d1
b90001 e2fe ebc6
pad:510 55aa
END
hex2bin boot.hex >boot.img || exit 99

# $1 = source or destination
start()
{
	who=$1
	shift
	rm -f $who.monitor
	mkfifo $who.monitor
	"$QEMU" -display none -nodefaults -serial null -accel tcg -M pc -m 16 \
		-drive if=floppy,format=raw,readonly=on,file=boot.img -boot a \
		-monitor stdio "$@" <$who.monitor >$who.out 2>$who.err &
}

finish()
{
	echo quit >&7 2>/dev/null
	echo quit >&8 2>/dev/null
	exec 7>&- 8>&-
	# one that waits for its peer does not always go
	n=50
	while [ $n -gt 0 ] && kill -0 $source $destination 2>/dev/null; do
		sleep 0.1
		n=$((n - 1))
	done
	kill -9 $source $destination 2>/dev/null
	wait $source $destination 2>/dev/null
	[ -z "$relay" ] || kill $relay 2>/dev/null
	wait $relay 2>/dev/null
}

# Says $2 to the source until it answers with the words $1.
wait_for()
{
	n=300
	while [ $n -gt 0 ] && kill -0 $source 2>/dev/null; do
		: >source.out
		echo "${2:-info migrate}" >&7
		sleep 0.1
		grep -q "$1" source.out && return 0
		n=$((n - 1))
	done
	return 1
}

# $1 = capabilities, $2 = how often it breaks off, $3 = command before. False:
# $why.
migrate()
{
	rm -f c.* *.socket
	relay=
	start source
	source=$!
	exec 7>source.monitor
	start destination -incoming defer
	destination=$!
	exec 8>destination.monitor
	sleep 1.5
	for cap in $1; do
		echo "migrate_set_capability $cap on" >&7
		echo "migrate_set_capability $cap on" >&8
	done
	sleep 0.5
	why=$(cat source.out source.err destination.out destination.err |
		tr -d '\r' | grep -i 'not supported\|invalid parameter' |
		head -n 1)
	[ -z "$why" ] || return 1
	record-channels relay.socket c incoming.socket &
	relay=$!
	echo "migrate_incoming unix:incoming.socket" >&8
	[ -z "$3" ] || echo "$3" >&7
	sleep 0.5
	echo "migrate_set_parameter max-bandwidth 400k" >&7
	echo "migrate_set_parameter max-postcopy-bandwidth 50k" >&7
	echo "migrate -d unix:relay.socket" >&7
	sleep 0.4
	echo "migrate_start_postcopy" >&7
	why="no postcopy"
	wait_for 'postcopy-active' || return 1
	if [ "$2" -gt 0 ]; then
		echo "migrate_pause" >&7
		why="it was over before it could be paused"
		wait_for 'postcopy-paused\|completed' || return 1
		! grep -q completed source.out || return 1
		sleep 0.5
		echo "migrate_recover unix:incoming.socket" >&8
		sleep 0.5
		echo "migrate -d -r unix:relay.socket" >&7
		sleep 0.5
	fi
	echo "migrate_set_parameter max-postcopy-bandwidth 8G" >&7
	why="not completed"
	wait_for completed || return 1
	tr -d "\000\r" <source.out >counters
}

# The files c.N as options. The first is the main one.
options()
{
	channels= returns=
	i=0
	while [ -f c.$i ]; do
		[ $i -eq 0 ] || channels="$channels --channel c.$i"
		returns="$returns --return-path c.$i.rp"
		i=$((i + 1))
	done
}

# The member $1 of the JSON in the file "info".
member()
{
	sed -n "s/.*\"$1\": \([0-9]*\),*\$/\1/p" info | head -n 1
}

# $1 = pauses, $2 = was the guest stopped? Says what is wrong.
look()
{
	migscope dump --format ndjson $channels $returns c.0 >lines 2>said ||
		echo "dump: $(cat said)"
	tail -n 1 lines | grep -q '"unclaimed_bytes":0,' || echo "bytes left"
	migscope info --json $channels $returns c.0 >info 2>said ||
		echo "info: $(cat said)"
	grep -q '"shut_value": 0,' info || echo "no SHUT"
	grep -q '"sent": {"never": 0,' info || echo "pages never sent"
	for kind in advised discarded package listening running pages ended; do
		grep -q "\"kind\": \"$kind\"" info || echo "not $kind"
	done
	for kind in paused resumed; do
		[ "$(grep -c "\"kind\": \"$kind\"" info)" -eq "$1" ] ||
			echo "$kind: not $1"
	done
	[ "$(member resume_ack)" -eq "$1" ] || echo "RESUME_ACK: not $1"
	counted=$(sed -n 's/.*postcopy[ _]req[a-z ]*[:=] *\([0-9]*\).*/\1/p' \
		counters | tail -n 1)
	asked=$(($(member req_pages) + $(member req_pages_id)))
	echo "# asked for $asked, counted by the source ${counted:-not told}" >&3
	[ "${counted:-$asked}" -eq $asked ] ||
		echo "$asked requests, the source counted $counted"
	[ -n "$2" ] || return
	: >source.out
	rm -f truth
	wait_for 'VM status' 'pmemsave 0 0x80000 truth
info status'
	migscope ram export $channels --block pc.ram -o out.raw c.0 2>said ||
		echo "export: $(cat said)"
	cmp -n 524288 truth out.raw 2>&1
	rm -f out.raw
}

cat >cases <<END
postcopy|postcopy-ram|0|
paused and resumed|postcopy-ram|1|
preempt|postcopy-ram postcopy-preempt|0|
preempt, paused and resumed|postcopy-ram postcopy-preempt|1|
stopped guest|postcopy-ram|0|stop
stopped guest, paused and resumed|postcopy-ram|1|stop
END
exec 3>&1
echo "1..$(wc -l <cases)"
while IFS='|' read -r name caps pauses before <&4; do
	if migrate "$caps" "$pauses" "$before"; then
		options
		wrong=$(look "$pauses" "$before")
		finish
		if [ -z "$wrong" ]; then
			ok "$name"
		else
			not_ok "$name" "$(echo "$wrong" | tr '\n' ';')"
		fi
		continue
	fi
	finish
	case $why in
	no\ * | not\ *)
		not_ok "$name" "$why: $(tail -n 1 source.err)" ;;
	*)
		skip "$name" "$why" ;;
	esac
done 4<cases
exit $failed
