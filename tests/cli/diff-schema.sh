#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What "diff --format json" prints has the form that schemas/diff.schema.json
# says, for each of the streams that the golden cases of diff compare.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
cases=$top_srcdir/tests/cli
python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null ||
	skip_all "without python3 and its jsonschema"
cd "$tmp" || exit 99
hex2bin "$cases/diff-equal/a.hex" >a
sed '/@ctrl/s/be32:1 /be32:258 /;/@regs/s/be16:2 be16:3/be16:9 be16:8/
	/@buf/s/04 05/44 55/;/@expiry/s/500/700/;/@page0/s/fill:aa/fill:ab/
	/@page1/s/be64.*#/be64:0x1022 00 #/;/@page3/d' \
	"$cases/diff-equal/a.hex" | hex2bin >fields
sed '/@disk-desc/d;/be32:4 len8("disk")/d;/@sub/d
	/@nic-version/s/be32:0 be32:1/be32:0 be32:2/' \
	"$cases/diff-equal/a.hex" | hex2bin >sections
sed '/@disk1/d;/@timer/i 04 be32:5 len8("disk") be32:1 be32:1 be32:8 7e be32:5' \
	"$cases/diff-equal/a.hex" | hex2bin >order
sed '/^06/,$d' "$cases/diff-equal/a.hex" | hex2bin >bare
head -c 6000 a >cut
hex2bin "$cases/ram-absent/stream.hex" >absent
set -- a fields sections order bare cut absent \
	"$top_srcdir/samples/pc-7.2.mig.xz" \
	"$top_srcdir/samples/q35-11.1.mig.xz"
echo "1..$#"

for b; do
	migscope diff --format json --ignore runstate \
		--ignore clocks a "$b" >out 2>/dev/null
	name="a and $(basename "$b")"
	if python3 - "$top_srcdir/schemas/diff.schema.json" out <<'END' >err 2>&1
import json, jsonschema, sys
schema, found = (json.load(open(f)) for f in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(found)
END
	then
		ok "$name"
	else
		not_ok "$name" "$(tail -n 12 err)"
	fi
done
exit $failed
