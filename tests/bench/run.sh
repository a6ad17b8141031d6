#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# How fast streams are read, in MiB of stream per second; for comparison the
# same bytes through cat.
#
#	tests/bench/run.sh [--smoke]     --smoke: small, only that it works
#
# The stream is made: a RAM block of 256 MiB sent BENCH_ROUNDS times (default
# 8, that is 2 GiB), one page in four zero, then a few device sections.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
pages=65536
rounds=${BENCH_ROUNDS:-8}
smoke=no
if [ "${1:-}" = --smoke ]; then
	smoke=yes pages=512 rounds=2
fi
cd "$tmp" || exit 99

cat >head.hex <<END
	"QEVM" be32:3
	07 len32("bench")
	01 be32:1 len8("ram") be32:0 be32:4
	be64:$((pages * 4096 + 4)) len8("pc.ram") be64:$((pages * 4096))
	be64:0x10 7e be32:1
END
awk -v pages=$pages 'BEGIN {
	print "02 be32:1"
	for (i = 0; i < pages; i++) {
		name = i ? "" : " len8(\"pc.ram\")"
		more = i ? 32 : 0
		if (i % 4 == 3)
			printf "be64:%.0f%s 00\n", i * 4096 + 2 + more, name
		else
			printf "be64:%.0f%s fill:%02x*4096\n", \
				i * 4096 + 8 + more, name, i % 256
	}
	print "be64:0x10 7e be32:1"
}' >part.hex
cat >tail.hex <<'END'
	03 be32:1 be64:0x10 7e be32:1
	04 be32:2 len8("timer") be32:0 be32:2 fill:00*24 7e be32:2
	00
	06 len32("{\"page_size\": 4096, \"devices\": [{\"name\": \"timer\", "
	"\"instance_id\": 0, \"vmsd_name\": \"timer\", \"version\": 2, "
	"\"fields\": [{\"name\": \"a\", \"type\": \"int64\", \"size\": 8}, "
	"{\"name\": \"b\", \"type\": \"unused_buffer\", \"size\": 8}, "
	"{\"name\": \"c\", \"type\": \"int64\", \"size\": 8}]}]}")
END
for piece in head part tail; do
	hex2bin $piece.hex >$piece || exit 1
done

stream()
{
	cat head
	n=0
	while [ $n -lt "$rounds" ]; do
		cat part
		n=$((n + 1))
	done
	cat tail
}
stream >file || exit 1
size=$(wc -c <file)

# $1 = title, the rest a command whose output is thrown away
measure()
{
	title=$1
	shift
	start=$(date +%s%N)
	if ! "$@" >/dev/null 2>err; then
		echo "$title: failed"
		head -n 20 err
		failed=1
		return
	fi
	end=$(date +%s%N)
	if [ $smoke = yes ]; then
		echo "$title: works"
	else
		echo "$title $size $start $end" | awk '{
			s = ($4 - $3) / 1e9
			printf "%-24s %8.2f s %8.0f MiB/s\n", $1, s, \
				$2 / 1048576 / s }'
	fi
}

piped()
{
	stream | "$@"
}

measure cat-file cat file
measure info-file migscope info file
measure check-file migscope check file
measure ndjson-file migscope dump --format ndjson file
measure cat-pipe piped cat
measure info-pipe piped migscope info -
measure check-pipe piped migscope check -
exit $failed
