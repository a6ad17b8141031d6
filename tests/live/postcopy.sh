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
. "$top_srcdir/tests/live/qemu.sh"
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

guest="-M pc -m 16 -boot a
	-drive if=floppy,format=raw,readonly=on,file=boot.img"

to_source()
{
	at source 7
}

to_destination()
{
	at destination 8
}

finish_both()
{
	to_source
	say quit
	to_destination
	finish 2>/dev/null
	to_source
	finish 2>/dev/null
	[ -z "$relay" ] || kill $relay 2>/dev/null
	wait $relay 2>/dev/null
}

# For a socket to be there.
listens()
{
	n=600
	while [ $n -gt 0 ] && [ ! -S "$1" ]; do
		sleep 0.1
		n=$((n - 1))
	done
}

# $1 = capabilities, $2 = how often it breaks off, $3 = command before. False:
# $why.
migrate()
{
	rm -f c.* *.socket
	relay= why=
	to_destination
	start $guest -incoming defer
	to_source
	start $guest
	# the guest is at its work
	answers ': 0x0*[1-9a-f]' 'xp/1xw 0x10010'
	sleep 0.5
	for cap in $1; do
		for side in source destination; do
			to_$side
			ask "migrate_set_capability $cap on"
			[ -n "$why" ] || why=$(grep -ai -m 1 \
				'not supported\|invalid parameter' $who.out |
				tr -d '\r')
		done
	done
	[ -z "$why" ] || return 1
	record-channels relay.socket c incoming.socket &
	relay=$!
	ask "migrate_incoming unix:incoming.socket"
	listens relay.socket
	listens incoming.socket
	to_source
	[ -z "$3" ] || say "$3"
	say "migrate_set_parameter max-bandwidth 400k"
	say "migrate_set_parameter max-postcopy-bandwidth 50k"
	say "migrate -d unix:relay.socket"
	answers 'Status:[[:blank:]]*active\|status: active' 'info migrate'
	say "migrate_start_postcopy"
	why="no postcopy"
	answers 'postcopy-active' 'info migrate' || return 1
	if [ "$2" -gt 0 ]; then
		# before the guest is there, a destination only fails
		to_destination
		why="not at the destination"
		answers 'VM status: \(running\|paused\).$' 'info status' ||
			return 1
		to_source
		say "migrate_pause"
		why="it was over before it could be paused"
		answers 'postcopy-paused\|completed' 'info migrate' || return 1
		! grep -aq completed source.out || return 1
		to_destination
		why="not paused at the destination"
		answers 'postcopy-paused' 'info migrate' || return 1
		rm -f incoming.socket
		ask "migrate_recover unix:incoming.socket"
		listens incoming.socket
		to_source
		ask "migrate -d -r unix:relay.socket"
		why="not resumed"
		answers 'postcopy-active\|completed' 'info migrate' || return 1
	fi
	say "migrate_set_parameter max-postcopy-bandwidth 8G"
	why="not completed"
	answers completed 'info migrate' || return 1
	tr -d '\r' <source.out >counters
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
	rm -f truth
	ask 'pmemsave 0 0x80000 truth'
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
		finish_both
		if [ -z "$wrong" ]; then
			ok "$name"
		else
			not_ok "$name" "$(echo "$wrong" | tr '\n' ';')"
		fi
		continue
	fi
	finish_both
	case $why in
	no\ * | not\ *)
		not_ok "$name" "$why: $(tail -n 1 source.err)" ;;
	*)
		skip "$name" "$why" ;;
	esac
done 4<cases
exit $failed
