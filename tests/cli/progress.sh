#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Progress: on a terminal alone, of work that lasts, gone when it is over.
# script(1) of util-linux gives the terminal.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
has_feature terminal || skip_all "script(1) gives no terminal"
cd "$tmp" || exit 99
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
TERM=xterm
export MIGSCOPE_SCHEMA_PATH TERM
echo "1..13"

# A stream of more than one window of the file, many records, no end.
cat >many.hex <<'END'
"QEVM" be32:3 07 len32("none")
01 be32:1 len8("ram") be32:0 be32:4
	be64:0x2004 len8("ram") be64:0x2000 be64:0x10
7e be32:1
02 be32:1
	repeat:9000( be64:0x0008 len8("ram") fill:5a*4096 be64:0x1022 00 )
	be64:0x10
7e be32:1
03 be32:1 be64:0x10 7e be32:1
00 06 len32('{"page_size": 4096, "devices": []}')
END
hex2bin many.hex >many.mig
head -c 1000000 many.mig >first
tail -c +1000001 many.mig >rest

# Runs "$1" in a terminal that sees its standard error alone, while "slow" is
# a pipe that brings the stream in two parts. What it shows is in "seen", a
# line for each time.
shown()
{
	rm -f slow log
	mkfifo slow
	{
		cat first
		sleep 0.7
		cat rest
	} >slow 2>/dev/null &
	script -qec "{ $1; } >out" /dev/null >log 2>&1 </dev/null
	# whoever did not read it would leave the writer waiting
	kill $! 2>/dev/null
	wait $! 2>/dev/null
	tr '\r' '\n' <log | grep . >seen
}

esc=$(printf '\033')
# The last that is written clears the line.
cleared()
{
	[ "$(tail -n 1 seen)" = "${esc}[K" ]
}

for command in "info slow" "info --json slow" "check slow" \
		"check --dest qemu-7.2-x86_64 slow" "ram list slow" \
		"dump slow"; do
	shown "migscope $command"
	if head -n 1 seen | grep -q "^slow: [0-9.]* [KM]iB, [0-9.]* [KM]iB/s" &&
			cleared; then
		ok "progress: $command"
	else
		not_ok "progress: $command" "$(cat -v seen)"
	fi
done

# What is read is a file with a size; what is slow is who reads the output.
shown "migscope dump --format ndjson many.mig | {
	head -c 1; sleep 0.7; cat; }"
if head -n 1 seen | grep -q "^many.mig: [0-9]*% of 3[0-9.]* MiB, " && cleared
then
	ok "a share of the file"
else
	not_ok "a share of the file" "$(cat -v seen)"
fi

shown "migscope matrix --dest qemu-7.2-x86_64 slow"
if head -n 1 seen | grep -q "^matrix: 0 of 1" && cleared; then
	ok "how many pairs of a matrix"
else
	not_ok "how many pairs of a matrix" "$(cat -v seen)"
fi

for row in "with --quiet:migscope info --quiet slow" \
		"on a dumb terminal:TERM=dumb migscope info slow" \
		"into a file:migscope info slow 2>err; cat err >&2" \
		"of short work:migscope info first"; do
	# on a machine with other work, short work may take long, but not always
	for try in 1 2 3; do
		shown "${row#*:}"
		grep -q iB/s seen && [ "${row%%:*}" = "of short work" ] || break
	done
	if grep -q "$esc" seen || grep -q iB/s seen; then
		not_ok "none ${row%%:*}" "$(cat -v seen)"
	else
		ok "none ${row%%:*}"
	fi
done

# On the terminal as well, results are not written over.
rm -f slow
mkfifo slow
{ cat first; sleep 0.7; cat rest; } >slow &
script -qec "migscope dump slow" /dev/null >log 2>&1 </dev/null
if grep -q '^header' log && ! grep -q iB/s log; then
	ok "none where the output is"
else
	not_ok "none where the output is" "$(grep iB/s log | cat -v)"
fi
exit $failed
