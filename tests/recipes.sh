#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The recipes of doc/ci.md and doc/fleet.md work. Their blocks are taken as
# they stand: one of "sh" that starts with "#!/bin/sh" and "# NAME ..." is put
# into the file NAME, any other is run, in the order of the text; of "yaml",
# the lines under script: and run: are, after yamllint had a look. They run in
# a folder with samples under the names that the text uses.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"
has_feature libarchive || skip_all "without libarchive"
has_feature command:xz || skip_all "without xz"
has_feature command:jq || skip_all "without jq"
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH
echo "1..16"

# $1 = the text, $2 = folder: blocks as NUMBER.sh and NUMBER.yaml
blocks()
{
	mkdir "$2" && awk -v to="$2" '
		/^```(sh|yaml)$/ { inside = 1; file = sprintf("%s/%02d.%s", to, ++n, substr($0, 4)); next }
		/^```$/ { inside = 0; if (file) close(file); next }
		inside { print >file }' "$1"
}

# Puts a script where its second line says, or runs the block.
run_block()
{
	script=$(sed -n '1{/^#!/!q;n;s/^# \([^ :]*\).*/\1/p;}' "$1")
	if [ -n "$script" ]; then
		mkdir -p "$(dirname "$script")" && cp "$1" "$script"
	else
		sh -eu "$1"
	fi
}

# $1 = name, $2 = expected status, then a command.
expect()
{
	title=$1 want=$2
	shift 2
	"$@" >"$tmp/out" 2>&1 </dev/null
	got=$?
	if [ $got -eq "$want" ]; then
		ok "$title"
	else
		not_ok "$title" "status $got, not $want"
		tail -n 30 "$tmp/out" | sed 's/^/# /'
	fi
}

# ---- doc/fleet.md ----

blocks "$top_srcdir/doc/fleet.md" "$tmp/fleet-blocks"
mkdir -p "$tmp/fleet/saved" && cd "$tmp/fleet" || exit 99
for sample in "$top_srcdir"/samples/*.xz; do
	name=${sample##*/}
	xz -dc "$sample" >"saved/${name%.xz}"
done
echo nothing >"saved/no stream.mig"
files=$(ls saved | wc -l)

# numbers as in the text: 1 list, 2 Parallel, 3 Slurm, 4 merging
expect "fleet: the list" 0 run_block "$tmp/fleet-blocks/01.sh"
if has_feature command:parallel; then
	mkdir -p "$tmp/.parallel" && : >"$tmp/.parallel/will-cite"
	HOME=$tmp expect "fleet: GNU Parallel" 0 run_block "$tmp/fleet-blocks/02.sh"
	grep -q 'streams have findings' "$tmp/out" &&
		[ "$(cat results/*.ndjson | wc -l)" -eq "$files" ]
	expect "fleet: a result for each stream" 0 test $? -eq 0
	HOME=$tmp expect "fleet: nothing is left to resume" 0 \
		run_block "$tmp/fleet-blocks/02.sh"
	rm -f results/*
else
	for what in "GNU Parallel" "a result for each stream" \
			"nothing is left to resume"; do
		skip "fleet: $what" "without parallel"
	done
fi
run_block "$tmp/fleet-blocks/03.sh"
SLURM_ARRAY_TASK_COUNT=2
export SLURM_ARRAY_TASK_COUNT
for task in 0 1; do
	SLURM_ARRAY_TASK_ID=$task sh check-array.sh 2>/dev/null || exit 99
done
expect "fleet: tasks of Slurm" 0 test "$(cat results/*.ndjson | wc -l)" -eq "$files"
expect "fleet: merging" 0 run_block "$tmp/fleet-blocks/04.sh"
if grep -q '^ *4 accept\|^ *3 accept' "$tmp/out" && grep -q refuse "$tmp/out" &&
		grep -q 'no stream.mig: ' "$tmp/out" &&
		! grep -q 'missing' "$tmp/out"; then
	ok "fleet: verdicts, rules and what could not be read"
else
	not_ok "fleet: verdicts, rules and what could not be read"
	sed 's/^/# /' "$tmp/out"
fi

# ---- doc/ci.md ----

blocks "$top_srcdir/doc/ci.md" "$tmp/ci-blocks"
mkdir -p "$tmp/project/build" && cd "$tmp/project" || exit 99
if has_feature command:yamllint; then
	expect "ci: yamllint" 0 yamllint -s -d \
		'{extends: default, rules: {document-start: disable}}' \
		"$tmp"/ci-blocks/*.yaml
else
	skip "ci: yamllint" "without yamllint"
fi
set -- "saving and checking without a build" "GitLab" "GitHub" \
	"reports" "a refused stream" "a refused stream in the baseline" \
	"another state" "another state in the baseline"
lacks=
has_feature libelf || lacks=libelf
qemu=$(command -v qemu-system-x86_64) || lacks=qemu-system-x86_64
migscope check --help | grep -q junit || lacks="reports for CI"
if [ -n "$lacks" ]; then
	for what; do
		skip "ci: $what" "without $lacks"
	done
	exit $failed
fi
ln -s "$qemu" build/qemu-system-x86_64

# scripts, and what is run outside of CI
run_sh()
{
	for block in "$tmp"/ci-blocks/*.sh; do
		run_block "$block" || return
	done
}

# What a job of CI runs: each script: or run: is one line here.
run_yaml()
{
	sed -n 's/^ *- run: //p;/^ *script:/,/^ *[a-z]*:$/s/^ *- \(sh .*\)/\1/p' \
		"$1" >job
	[ -s job ] && MACHINE=pc-q35-7.2 sh -eu job
}
expect "ci: $1" 0 run_sh
[ -s compat.csv ] || not_ok "ci: compat.csv"
rm ci/migscope.waivers
expect "ci: $2" 0 run_yaml "$(grep -l artifacts: "$tmp"/ci-blocks/*.yaml | head -n 1)"
GITHUB_ACTIONS=true
export GITHUB_ACTIONS
expect "ci: $3" 0 run_yaml "$(grep -l upload-sarif "$tmp"/ci-blocks/*.yaml)"
unset GITHUB_ACTIONS
bad=
jq -e '.runs | length == 1' reports/migscope.sarif >/dev/null || bad="$bad sarif"
jq -e 'type == "array"' reports/codequality.json >/dev/null || bad="$bad codequality"
grep -q '<testsuite' reports/junit.xml || bad="$bad junit"
expect "ci: $4${bad:+:}$bad" 0 test -z "$bad"

# A release whose stream is refused: fails, and no more with a baseline.
mkdir streams/9.9
xz -dc "$top_srcdir/samples/q35-11.1.mig.xz" >streams/9.9/pc-q35-7.2.mig
expect "ci: $5" 1 sh ci/check-streams.sh build/qemu-system-x86_64 pc-q35-7.2
run_block "$(grep -l 'exit-zero --write-baseline' "$tmp"/ci-blocks/*.sh)" >"$tmp/log" 2>&1
expect "ci: $6" 0 sh ci/check-streams.sh build/qemu-system-x86_64 pc-q35-7.2

# Another command line than that of the streams.
sed -i 's/-m 64/-m 48 -device virtio-balloon-pci/' ci/save-streams.sh
expect "ci: $7" 1 sh ci/same-state.sh build/qemu-system-x86_64 pc-q35-7.2
run_block "$(grep -l 'diff.*write-baseline' "$tmp"/ci-blocks/*.sh)" >"$tmp/log" 2>&1
expect "ci: $8" 0 sh ci/same-state.sh build/qemu-system-x86_64 pc-q35-7.2
exit $failed
