#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Guest memory as we export it against what a real QEMU has in it: a guest
# fills its memory and goes on changing it while it is migrated, in each way
# that this QEMU knows; then the stopped source saves its memory with
# pmemsave, and both must be equal byte for byte.
#
# The source is the witness from 8.0 on. Older releases lose writes of
# emulated CPUs between the rounds of a migration, so that what a destination
# has is not what the source had: there the guest is stopped before.
#
# QEMU=qemu-system-x86_64 names the emulator. Software emulation, some
# seconds per migration.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
command -v "$QEMU" >/dev/null 2>&1 || skip_all "no $QEMU"
. "$top_srcdir/tests/live/qemu.sh"
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'
release=$("$QEMU" --version | sed -n '1s/.*version \([0-9]*\).*/\1/p')

# A boot sector for ever changing the 512 KiB from 64 KiB on: a word or two in
# most pages, and one in sixteen becomes zeros, another one each round.
#	cli; xor ax,ax; mov ss,ax; mov sp,0x7000; xor bp,bp
#	again: inc bp; mov bx,0x1000
#	page: mov es,bx; mov ax,bx; shr ax,8; add ax,bp; xor di,di
#	  test al,15; jnz fill; xor ax,ax; mov cx,2048; rep stosw; jmp next
#	fill: and ax,0xffe; mov di,ax; mov es:[di],bp; mov es:[0x10],bx
#	next: add bx,0x100; cmp bx,0x9000; jb page
#	  mov cx,0x100; loop $; jmp again
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

# name | machine | migration commands | windows compared: start,length …
# %F is the file of the stream, and "file" what cat writes there.
low=0,0x1000000
cat >cases <<END
plain|-M pc -m 16||file|$low
xbzrle|-M pc -m 16|migrate_set_capability xbzrle on|file|$low
compress|-M pc -m 16|migrate_set_capability compress on|file|$low
mapped-ram|-M pc -m 16|migrate_set_capability mapped-ram on|file:$tmp/%F|$low
multifd|-M pc -m 16|migrate_set_capability multifd on|unix:$tmp/%F.socket|$low
multifd, zlib|-M pc -m 16|migrate_set_capability multifd on;migrate_set_parameter multifd-compression zlib|unix:$tmp/%F.socket|$low
multifd, zstd|-M pc -m 16|migrate_set_capability multifd on;migrate_set_parameter multifd-compression zstd|unix:$tmp/%F.socket|$low
pc 3.5 GiB|-M pc -m 3584||file|$low 0xbff00000,0x100000 0x100000000,0x100000
q35 2.75 GiB|-M q35 -m 2816||file|$low 0x7ff00000,0x100000 0x100000000,0x100000
END
echo "1..$(($(wc -l <cases) + 2))"

# The window $1 of the guest's memory into the file "truth".
memory()
{
	rm -f truth
	ask "pmemsave ${1%,*} ${1#*,} truth"
	[ "$(wc -c <truth)" -eq $((${1#*,})) ]
}

# The window $1 of the file $2 is the same.
same()
{
	cmp -n $((${1#*,})) -i 0:$((${1%,*})) truth "$2"
}

# $1 = options, $2 = command before migrating, $3 = target
migrate()
{
	start $1 -drive if=floppy,format=raw,file=boot.img -boot a
	known=yes
	# the guest is at its work
	answers ': 0x0*[1-9a-f]' 'xp/1xw 0x10010'
	sleep 0.5
	[ "$release" -ge 8 ] || say stop
	ask "$(echo "$2" | tr ';' '\n')"
	! grep -qi 'invalid parameter' qemu.out || { known=no; return 1; }
	say "migrate_set_parameter max-bandwidth 1500k"
	say "migrate -d \"$3\""
	sleep 2
	say "migrate_set_parameter max-bandwidth 8G"
	say "migrate_set_parameter downtime-limit 2000"
	answers "$completed" 'info migrate'
}

number_of=0
while IFS='|' read -r name options before target windows <&3; do
	number_of=$((number_of + 1))
	file=s$number_of.mig
	target=$(echo "$target" | sed "s,%F,$file,")
	recorder=
	case $target in
	file)
		target=$(into_file $file)
		;;
	unix:*)
		record-channels "$tmp/$file.socket" $file &
		recorder=$!
		;;
	esac
	if migrate "$options" "$before" "$target" &&
			{ [ "${target#exec:}" = "$target" ] || whole $file; }; then
		saved=yes
	else
		saved=no
	fi
	if [ $known = no ]; then
		skip "$name" "not in this QEMU"
		finish
		[ -z "$recorder" ] || kill $recorder 2>/dev/null
		continue
	fi
	if [ $saved = no ]; then
		not_ok "$name" "not saved: $(tail -n 1 qemu.err)"
		finish
		[ -z "$recorder" ] || kill $recorder 2>/dev/null
		continue
	fi
	channels=
	if [ -n "$recorder" ]; then
		wait $recorder
		mv $file.0 $file
		for channel in $file.[1-9]; do
			channels="$channels --channel $channel"
		done
	fi
	wrong=
	migscope ram export $channels -o out.raw $file 2>err || wrong="$(cat err)"
	for window in $windows; do
		memory $window || wrong="$wrong no memory at $window"
		same $window out.raw >err 2>&1 || wrong="$wrong $(cat err)"
	done
	finish
	rm -f out.raw
	[ "$name" = plain ] || rm -f $file
	if [ -z "$wrong" ]; then
		ok "$name"
	else
		not_ok "$name" "$wrong"
	fi
done 3<cases

# The ELF core, by programs that are not ours.
migscope ram export --format elf -o core s1.mig
migscope ram export -o out.raw s1.mig
if ! command -v readelf >/dev/null 2>&1; then
	skip "readelf reads the core" "without readelf"
elif readelf -l -n core 2>&1 | tee elf.txt | grep -q NT_PRSTATUS &&
		! grep -qi 'error\|warning' elf.txt; then
	ok "readelf reads the core"
else
	not_ok "readelf reads the core" "$(head -n 3 elf.txt)"
fi
if ! command -v gdb >/dev/null 2>&1; then
	skip "gdb reads registers and memory" "without gdb"
else
	gdb -batch -nx -c core -ex 'printf "%lx\n", $rip' \
		-ex 'dump binary memory got 0 0x20000' >gdb.out 2>&1
	rip=$(tail -n 1 gdb.out)
	if cmp -n 131072 out.raw got >>gdb.out 2>&1 &&
			migscope dump --device cpu s1.mig |
			grep -qE "env.eip: uint64 = 0x0*$rip( |\$)"; then
		ok "gdb reads registers and memory"
	else
		not_ok "gdb reads registers and memory"
		sed 's/^/# /' gdb.out
	fi
fi
exit $failed
