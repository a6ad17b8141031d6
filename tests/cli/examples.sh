#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every example of every --help works: it is run as it stands, in a folder
# whose files have the names that the examples use. Findings are all right,
# trouble is not. One test for each example.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
has_feature libarchive || skip_all "without libarchive"
has_feature command:xz || skip_all "without xz"
has_feature command:hex2bin || skip_all "without hex2bin"
streams=$top_srcdir/tests/streams/good
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH

for command in $(migscope --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'); do
	migscope "$command" --help | sed -n '/^Examples:/,$s/^  //p'
done >"$tmp/examples"
[ -s "$tmp/examples" ] || { echo "Bail out! no examples"; exit 99; }

mkdir "$tmp/here" && cd "$tmp/here" || exit 99
xz -dc "$top_srcdir/samples/q35-11.1.mig.xz" >guest.mig
xz -dc "$top_srcdir/samples/pc-7.2.mig.xz" >there.mig
hex2bin "$streams/multifd/stream.hex" >main
hex2bin "$streams/multifd/channel-0.hex" >ch0
hex2bin "$streams/multifd/channel-1.hex" >ch1
hex2bin "$top_srcdir/tests/cli/qcow2-snapshot/image.hex" >disk.qcow2
migscope schema build qemu-7.2-x86_64 >old.json
migscope schema build qemu-10.0-x86_64 >here.json
hex2bin "$top_srcdir/tests/cli/return-path/answers.hex" >guest.rp
echo 'migscope-waivers = 1' >accepted
cp "$top_srcdir/schemas/hosts/linux-6.12-intel.json" there.json
ln -s there.mig before.mig
ln -s guest.mig after.mig

echo "1..$(grep -c . "$tmp/examples")"
while read -r example; do
	lacks=
	case $example in
	*"| jq"*) has_feature command:jq || lacks=jq ;;
	esac
	case $example in
	*--digest*) has_feature nettle || lacks=nettle ;;
	"migscope host"*) migscope host >/dev/null 2>&1 || lacks=KVM ;;
	esac
	for program in $(echo "$example" | grep -o '/[a-z/]*qemu-system-[a-z0-9_]*'); do
		[ -x "$program" ] && has_feature libelf || lacks=$program
	done
	if [ -n "$lacks" ]; then
		skip "$example" "without $lacks"
		continue
	fi
	# a file that it makes
	made=$(echo "$example" | sed -n 's/.*\(-o\|>\) \([^ ]*\).*/\2/p')
	[ -z "$made" ] || rm -f "$made"
	# the shell's status is that of the last of a pipeline: keep ours
	migscope() { command migscope "$@" || echo $? >"$tmp/status"; }
	echo 0 >"$tmp/status"
	(eval "$example") <guest.mig >"$tmp/printed" 2>&1 || :
	case $(cat "$tmp/status") in
	0|1)
		if [ -s "${made:-$tmp/printed}" ]; then
			ok "$example"
		else
			not_ok "$example" "nothing printed, nothing made"
		fi ;;
	*)
		not_ok "$example" "status $(cat "$tmp/status")"
		sed 's/^/# /' "$tmp/printed" ;;
	esac
done <"$tmp/examples"
exit $failed
