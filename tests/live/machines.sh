#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Machine types read out of a QEMU program against what that program answers,
# and properties that decide what is in a stream: saved with one value, loaded
# with the other, the finding names the property where QEMU refuses.
#
# QEMU=qemu-system-x86_64 names the emulator; python3 reads its answers.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
: "${QEMU:=qemu-system-x86_64}"
for program in "$QEMU" python3; do
	command -v "$program" >/dev/null 2>&1 || skip_all "no $program"
done
program=$(command -v "$QEMU")
migscope schema build "$program" >"$tmp/schema.json" 2>"$tmp/why" ||
	skip_all "$(cat "$tmp/why")"
. "$top_srcdir/tests/live/qemu.sh"
cd "$tmp" || exit 99
"$QEMU" --version | sed -n '1s/^/# /p'

# property | value for the source | for the destination | QEMU: refused or
# accepted | options
cat >cases <<'EOF'
PIIX4_PM.x-not-migrate-acpi-index|off|on|refused|-M pc
PIIX4_PM.x-not-migrate-acpi-index|on|off|refused|-M pc
pci-bridge.shpc|on|off|refused|-M pc -device pci-bridge,chassis_nr=1
pci-bridge.shpc|off|on|refused|-M pc -device pci-bridge,chassis_nr=1
virtio-pci.x-pcie-flr-init|on|off|refused|-M q35 -device pcie-root-port,id=r -device virtio-rng-pci,bus=r
pvscsi.x-disable-pcie|off|on|refused|-M q35 -device pcie-root-port,id=r -device pvscsi,bus=r
isa-pcspk.migrate|off|on|accepted|-M pc
e1000.migrate_tso_props|off|on|accepted|-M pc -device e1000
EOF
echo "1..$((3 + 2 * $(wc -l <cases)))"

# ---- machine types ----

printf '%s\n' '{"execute": "qmp_capabilities"}' \
	'{"execute": "query-machines", "arguments": {"compat-props": true}}' \
	'{"execute": "query-machines"}' '{"execute": "quit"}' |
	"$QEMU" -M none -S -nodefaults -display none -qmp stdio |
	grep '"name"' >replies
sed -n '$p' replies >reply.json

cat >judge.py <<'EOF'
import json, sys
def last(pairs):
    return {tuple(p[:2]): p[2] for p in pairs}
ours = json.load(open('schema.json'))
lists = [c['properties'] for c in ours.get('compat', [])]
ours = {m['name']: m for m in ours['machines']}
theirs = {m['name']: m for m in json.loads(open('replies').readline())['return']}
if sys.argv[1] == 'names':
    assert set(ours) == set(theirs), set(ours) ^ set(theirs)
else:
    for name, m in theirs.items():
        want = [[p['qom-type'], p['property'], p['value']] for p in m['compat-props']]
        got = [p for n in ours[name].get('compat', []) for p in lists[n]]
        assert sorted(got) == sorted(want) and last(got) == last(want), name
    print('# %d machine types' % len(theirs))
EOF
judge() # NAME COMMAND...
{
	name=$1
	shift
	if "$@" 2>err; then
		ok "$name"
	else
		not_ok "$name" "$(tail -n 1 err)"
	fi
}

adds_aliases()
{
	migscope schema build "$program" reply.json 2>/dev/null |
		grep -q '"alias": "q35"'
}

judge "machine types are those that QEMU lists" python3 judge.py names
if sed -n 1p replies | grep -q '"compat-props"'; then
	judge "their properties are those of query-machines" \
		python3 judge.py properties
else
	skip "their properties are those of query-machines" \
		"this QEMU does not tell them, 9.1 and later do"
fi
judge "query-machines adds aliases" adds_aliases

# ---- properties ----

cat >named.py <<'EOF'
import json, sys
report = json.load(open('report.json'))
report = report[0] if isinstance(report, list) else report
want = {'refused': 'refuse', 'accepted': 'accept'}[sys.argv[2]]
assert report['verdict'] == want, report['verdict']
named = '-global ' + sys.argv[1] + '='
assert any(named in f.get('help', '') for f in report['findings']), report
EOF

# accepted or refused
loads() # FILE VERDICT OPTION...
{
	file=$1
	want=$2
	shift 2
	[ $both = yes ] || {
		echo "not saved: $(first_line)" >&2
		return 1
	}
	load "$file" "$@" && got=accepted || got=refused
	[ "$got" = "$want" ] || {
		echo "QEMU has $got it: $(first_line)" >&2
		return 1
	}
}

while IFS='|' read -r property from to verdict options <&3; do
	rm -f a.mig b.mig
	both=no
	save a.mig $options -m 16 -global $property=$from &&
		save b.mig $options -m 16 -global $property=$to && both=yes
	judge "$property=$from into $to: $verdict by QEMU" \
		loads a.mig "$verdict" $options -m 16 -global $property=$to
	migscope check --dest schema.json --dest-stream b.mig --format json \
		a.mig >report.json
	judge "$property=$from into $to: the property is named" \
		python3 named.py "$property" "$verdict"
done 3<cases
exit "$failed"
