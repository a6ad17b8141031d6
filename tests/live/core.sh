#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Our ELF cores against those that a real QEMU writes of the same stopped guest
# with dump-guest-memory: the same ranges of memory for pc, q35 and microvm of
# several sizes, with a DIMM too; of a guest in long mode the same notes
# (registers) and the same bytes. Then what gdb, drgn and crash read in ours.
#
# QEMU=qemu-system-x86_64 names the emulator. Software emulation, a minute.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
for program in "$QEMU" readelf; do
	command -v "$program" >/dev/null 2>&1 || skip_all "no $program"
done
. "$top_srcdir/tests/live/qemu.sh"
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'

# A boot sector that goes to long mode by tables at 0x9000, with the first
# 2 MiB mapped, writes to each page from 1 MiB to 1.5 MiB the complement of its
# address, fills registers and stays where it is:
#	cli; … lgdt; ljmp long
#	long: mov edi,0x100000
#	fill: mov [rdi],rdi; not qword [rdi]; add edi,0x1000; … jb fill
#	mov rax,0x1122334455667788; mov rbx,0xfedcba9876543210
#	lea r8,[rax+rbx]; lea rcx,[rax+1]; lea r15,[rbx+2]; jmp $
cat >boot.hex <<'END'
 fa 31 c0 8e d8 8e c0 8e d0 bc 00 70 bf 00 90 b9 00 18 f3 ab
 c7 06 00 90 03 a0 c7 06 00 a0 03 b0 c6 06 00 b0 83 0f 20 e0
 0c 20 0f 22 e0 66 b8 00 90 00 00 0f 22 d8 66 b9 80 00 00 c0
 0f 32 80 cc 01 0f 30 0f 20 c0 66 0d 01 00 00 80 0f 22 c0 0f
 01 16 b8 7c ea 59 7c 08 00 66 b8 10 00 8e d8 8e c0 8e d0 bf
 00 00 10 00 48 89 3f 48 f7 17 81 c7 00 10 00 00 81 ff 00 00
 18 00 72 ec 48 b8 88 77 66 55 44 33 22 11 48 bb 10 32 54 76
 98 ba dc fe 4c 8d 04 18 48 8d 48 01 4c 8d 7b 02 eb fe 66 90
 00 00 00 00 00 00 00 00 ff ff 00 00 00 9a af 00 ff ff 00 00
 00 92 cf 00 17 00 a0 7c 00 00
pad:510 55aa
END
hex2bin boot.hex >boot.img || exit 99

# name | machine | options of the export. Memory is not touched, so size is
# cheap; only the head of QEMU's core is read.
cat >cases <<'END'
pc 1 GiB|-M pc -m 1024|
pc 3 GiB|-M pc -m 3072|
pc 3.5 GiB|-M pc -m 3584|
pc 5 GiB|-M pc -m 5120|
q35 1 GiB|-M q35 -m 1024|
q35 3 GiB|-M q35 -m 3072|
q35 3.5 GiB|-M q35 -m 3584|
q35 5 GiB|-M q35 -m 5120|
q35 5 GiB, 1 GiB below|-M q35,max-ram-below-4g=1G -m 5120|--max-ram-below-4g 1G
microvm 4 GiB|-M microvm -m 4096|
two NUMA nodes|-M q35 -m 4096 -smp 2 -object memory-backend-ram,id=ram-node0,size=1G -object memory-backend-ram,id=ram-node1,size=3G -numa node,memdev=ram-node0 -numa node,memdev=ram-node1|
a DIMM|-M q35 -m 512,slots=2,maxmem=4G -object memory-backend-ram,id=mem1,size=256M -device pc-dimm,memdev=mem1|--place mem1@4G
a DIMM above 4 GiB|-M pc -m 4096,slots=2,maxmem=8G -object memory-backend-ram,id=mem1,size=256M -device pc-dimm,memdev=mem1|--place mem1@0x140000000
END
echo "1..$(($(wc -l <cases) + 11))"

# The ranges in the core $1, neighbours joined, as "first last". QEMU has one
# for each piece that the chipset maps on its own.
ranges()
{
	readelf -W -l "$1" 2>/dev/null | awk '$1 == "LOAD" { print $4, $5 }' |
		while read -r from length; do
			printf '%d %d\n' "$from" "$length"
		done | sort -n | awk '
		NR > 1 && $1 == end { end += $2; next }
		NR > 1 { printf "%.0f %.0f\n", first, end }
		{ first = $1; end = $1 + $2 }
		END { printf "%.0f %.0f\n", first, end }'
}

while IFS='|' read -r name options export <&3; do
	start $options
	if ! ask stop; then
		skip "ranges: $name" "$(head -n 1 qemu.err)"
		finish
		continue
	fi
	rm -f head
	mkfifo head
	say "dump-guest-memory head"
	# it goes on writing into nothing, until it sees that
	head -c 65536 head >theirs
	migrate_to saved
	migscope ram export -q --format elf $export -o ours saved >err 2>&1
	ranges theirs >want
	if [ -s want ] && ranges ours | cmp -s - want; then
		ok "ranges: $name"
	else
		not_ok "ranges: $name" \
			"$(cat err) ours: $(ranges ours | tr '\n' ' ') theirs: $(tr '\n' ' ' <want)"
	fi
	finish
done 3<cases

# ---- a guest in long mode ----

# What a Linux guest tells QEMU about its vmcoreinfo note, at 2 MiB: requests
# to fw_cfg to write 16 bytes, one for each file that it may have (the one it
# is for takes them), these, and the note (docs/specs/fw_cfg.rst,
# docs/specs/vmcoreinfo.rst).
{
	key=32
	while [ $key -lt 64 ]; do
		echo "be32:$((key << 16 | 0x18)) be32:16 be64:0x200400"
		key=$((key + 1))
	done
	cat <<-'END'
	pad:0x400
	le16:0 le16:1 le32:136 le64:0x201000
	pad:0x1000
	le32:11 le32:112 le32:0 "VMCOREINFO" 00 00
	"OSRELEASE=6.1.0-test\n" "PAGESIZE=4096\n" "KERNELOFFSET=0\n"
	"SYMBOL(swapper_pg_dir)=ffffffff82a0a000\n"
	"NUMBER(phys_base)=0\n"
	pad:0x1088
	END
} >blob.hex
hex2bin blob.hex >blob || exit 99
start -M pc -m 16 -smp 2 -drive if=floppy,format=raw,file=boot.img -boot a \
	-device vmcoreinfo \
	-device loader,addr=0x200000,file=blob,force-raw=on
# the guest has come to its last instruction when rax is set
answers 'RAX=1122334455667788' 'info registers'
say stop
at=$((0x200000))
while [ $at -lt $((0x200200)) ]; do
	say "$(printf 'o/w 0x514 0\no/w 0x518 0x%02x%02x%02x%02x' \
		$((at & 255)) $((at >> 8 & 255)) $((at >> 16 & 255)) 0)"
	at=$((at + 16))
done
say "dump-guest-memory theirs"
say "pmemsave 0x100000 0x80000 truth"
ask "info registers"
rip=$(sed -n 's/.*RIP=\([0-9a-fA-F]*\).*/\1/p' qemu.out | head -n 1)
migrate_to saved
finish
migscope ram export --format elf -o ours saved
migscope ram export --format lime -o lime saved

# The bytes of the part $2 (a type) number $3 of the core $1.
part_of()
{
	readelf -W -l "$1" | awk -v type="$2" '$1 == type { print $2, $5, $4 }' |
		sed -n "$3p"
}
notes()
{
	set -- "$1" $(part_of "$1" NOTE 1)
	tail -c +$(($2 + 1)) "$1" 2>/dev/null | head -c $(($3))
}
notes theirs >want
notes ours >got
if [ -s want ] && cmp -s want got; then
	ok "registers: the notes are QEMU's, byte for byte"
else
	not_ok "registers: the notes are QEMU's, byte for byte" \
		"$(cmp -l want got 2>&1 | head -n 5 | tr '\n' ';') $(wc -c want got | tr '\n' ';')"
fi
if readelf -n ours | grep -q VMCOREINFO; then
	ok "the guest's vmcoreinfo is among them"
else
	not_ok "the guest's vmcoreinfo is among them"
fi
readelf -h theirs | grep -E 'Class|Data|Machine|Type' >want
readelf -h ours | grep -E 'Class|Data|Machine|Type' >got
if [ "$(wc -l <want)" -eq 4 ] && cmp -s want got; then
	ok "the ELF header is QEMU's"
else
	not_ok "the ELF header is QEMU's"
fi

# All that QEMU has is in ours, at the same addresses.
readelf -W -l theirs | awk '$1 == "LOAD" { print $2, $4, $5 }' >theirs.load
readelf -W -l ours | awk '$1 == "LOAD" { print $2, $4, $5 }' >ours.load
differ= compared=0
while read -r at from length <&3; do
	while read -r our_at our_from our_length; do
		low=$((from > our_from ? from : our_from))
		high=$((from + length < our_from + our_length ?
			from + length : our_from + our_length))
		[ $low -lt $high ] || continue
		compared=$((compared + high - low))
		cmp -n $((high - low)) -i $((at + low - from)):$((our_at + low - our_from)) \
			theirs ours >err 2>&1 || differ="$differ $low: $(cat err)"
	done <ours.load
done 3<theirs.load
if [ -z "$differ" ] && [ $compared -ge $((16 << 20)) ]; then
	ok "memory: $compared bytes are QEMU's"
else
	not_ok "memory: $compared bytes are QEMU's" "$differ"
fi

# LiME as its documentation has it: one range, 16 MiB from 0 on.
if [ "$(od -A n -v -t x8 -N 32 --endian=little lime | tr -d ' \n')" = \
		"000000014c694d4500000000000000000000000000ffffff0000000000000000" ] &&
		cmp -s -n $((0x80000)) -i 0:$((32 + 0x100000)) truth lime; then
	ok "LiME: its header, and memory behind it"
else
	not_ok "LiME: its header, and memory behind it" \
		"$(od -A n -t x8 -N 32 lime)"
fi

if has_feature command:gdb; then
	gdb -batch -nx -ex 'info registers rip rax rbx r8 r15 cr3' \
		-ex 'x/2xg 0x101000' -ex 'info threads' -core ours >out 2>err </dev/null
	for word in "rip.*0x0*$(echo "$rip" | sed 's/^0*//' | tr A-F a-f)" \
			'rax *0x1122334455667788' 'rbx *0xfedcba9876543210' \
			'0x101000:.*0xffffffffffefefff'; do
		if grep -q "$word" out; then
			ok "gdb: $word"
		else
			not_ok "gdb: $word" "$(cat out err | tr '\n' ';')"
		fi
	done
else
	for word in 1 2 3 4; do
		skip "gdb" "without gdb"
	done
fi

# where Debian puts it, whichever python3 comes first in PATH
for python in python3 /usr/bin/python3; do
	$python -c 'import drgn' 2>/dev/null && break
done
if $python -c 'import drgn' 2>/dev/null; then
	$python - >out 2>err <<'END'
import drgn
p = drgn.Program()
p.set_core_dump("ours")
t = open("truth", "rb").read()
for at in (0x100000, 0x101000, 0x17f000):
    assert p.read(at, 4096, physical=True) == t[at - 0x100000:][:4096], hex(at)
print("equal", p.flags)
END
	if grep -q 'equal.*LINUX_KERNEL' out; then
		ok "drgn: reads memory"
	else
		not_ok "drgn: reads memory" "$(tail -n 1 err)"
	fi
else
	skip "drgn: reads memory" "without drgn for python3"
fi
if has_feature command:crash; then
	# without a kernel's symbols, it can say of which one the core is
	if [ "$(crash --osrelease ours 2>&1)" = 6.1.0-test ]; then
		ok "crash: knows the kernel by its vmcoreinfo"
	else
		not_ok "crash: knows the kernel by its vmcoreinfo" \
			"$(crash --osrelease ours 2>&1 | tail -n 1)"
	fi
else
	skip "crash: knows the kernel by its vmcoreinfo" "without crash"
fi
exit $failed
