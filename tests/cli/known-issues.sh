#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The catalogue of known issues: in the form that its JSON Schema says, found
# where schemas are, and one clear error where it cannot be read.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
catalogue=$top_srcdir/schemas/known-issues.json
echo "1..7"

if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null
then
	if python3 - "$top_srcdir/schemas/known-issues.schema.json" \
			"$catalogue" >"$tmp/out" 2>&1 <<'END'
import json, jsonschema, sys
schema, found = (json.load(open(f)) for f in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(found)
END
	then
		ok "the catalogue is in form"
	else
		not_ok "the catalogue is in form" "$(tail -n 20 "$tmp/out")"
	fi
else
	skip "the catalogue is in form" "without python3 and its jsonschema"
fi

hex2bin "$top_srcdir/tests/streams/good/known-acpi-index/stream.hex" \
	>"$tmp/stream" || exit 99

# $1 = name of the test; the rest: a command that must say nothing of rules
# of the catalogue
without()
{
	name=$1
	shift
	if "$@" >"$tmp/out" 2>&1 && ! grep -q known- "$tmp/out"; then
		ok "$name"
	else
		not_ok "$name" "$(cat "$tmp/out")"
	fi
}

mkdir "$tmp/none" "$tmp/empty" "$tmp/own" "$tmp/bad"
echo '{"migscope_known_issues":1,"issues":[]}' >"$tmp/empty/known-issues.json"
MIGSCOPE_SCHEMA_PATH=$tmp/empty
without "an empty one in front hides the others" migscope check "$tmp/stream"

sed -e 's/known-acpi-index/known-mine/' "$catalogue" \
	>"$tmp/own/known-issues.json"
MIGSCOPE_SCHEMA_PATH=$tmp/none:$tmp/own:$top_srcdir/schemas
if migscope check "$tmp/stream" | grep -q '\[known-mine\]' &&
		migscope explain known-mine | grep -q '^Sources' &&
		printf '%s\n' 'migscope-waivers = 1' '[waiver]' \
			'rule = known-mine' 'path = *' 'reason = Ours.' \
			>"$tmp/waivers" &&
		migscope check --fail-on warning --waivers "$tmp/waivers" \
			"$tmp/stream" >"$tmp/out" 2>&1; then
	ok "rules of one's own are reported, explained and waived"
else
	not_ok "rules of one's own are reported, explained and waived" \
		"$(cat "$tmp/out")"
fi

# $1 = name, $2 = what is said
refused()
{
	migscope check "$tmp/stream" >"$tmp/out" 2>"$tmp/err"
	status=$?
	if [ $status = 2 ] && [ ! -s "$tmp/out" ] &&
			[ "$(wc -l <"$tmp/err")" -eq 1 ] &&
			grep -q "bad/known-issues.json: $2" "$tmp/err"; then
		ok "$1"
	else
		not_ok "$1" "status $status: $(cat "$tmp/err")"
	fi
}

MIGSCOPE_SCHEMA_PATH=$tmp/bad
head -c 1000 "$catalogue" >"$tmp/bad/known-issues.json"
refused "one that is cut short" 'cut short at byte'
: >"$tmp/bad/known-issues.json"
refused "an empty file" 'is empty'
head -c 2000000 /dev/zero >"$tmp/bad/known-issues.json"
refused "one that is too large" 'a catalogue of known issues of 2000000 bytes is over the limit of 1048576'

# What is said of each is in its case.
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
for rule in $(migscope explain --format names | grep '^known-'); do
	grep -q "\[$rule\]" "$top_srcdir/tests/streams/good/$rule/check.txt" ||
		echo "$rule"
done >"$tmp/out" 2>&1
if [ ! -s "$tmp/out" ]; then
	ok "each rule has a case of its name"
else
	not_ok "each rule has a case of its name" "$(cat "$tmp/out")"
fi
exit $failed
