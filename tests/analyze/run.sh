#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Static analysis of the sources, by every tool that is installed:
#
#	tests/analyze/run.sh [gcc] [clang-tidy] [cppcheck] [shellcheck]
#
# By default all; "make analyze" hands over the flags of a build in
# ANALYZE_FLAGS. A finding is mended, or answered: in .clang-tidy and
# .shellcheckrc where a check is not for this project, in `known` beside this
# script where it is wrong in one place. Lines there that nothing needs any
# more are told. Prints TAP, one test for each tool; how long each takes on one
# processor: cppcheck 10 s, shellcheck 5 s, gcc and clang-tidy some minutes.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top_srcdir=$(cd "$here/../.." && pwd)
cd "$top_srcdir" || exit 99
tmp=$(mktemp -d "${TMPDIR:-/tmp}/migscope-analyze.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
jobs=${ANALYZE_JOBS:-$(nproc 2>/dev/null || echo 1)}
: "${ANALYZE_FLAGS:=-I. -Iinclude -Isrc -DHAVE_CONFIG_H -DMS_BUILD -DMS_SCHEMA_DIR=__FILE__}"
export ANALYZE_FLAGS
LC_ALL=C
export LC_ALL

sources()
{
	find src -name '*.c' | sort
}

# Each tool prints lines "FILE:LINE: … [CHECK]", and fails where it could not
# work.

run_gcc()
{
	sources | xargs -P "$jobs" -n 1 sh -c 'gcc -std=gnu11 $ANALYZE_FLAGS \
		-O1 -fanalyzer -fdiagnostics-plain-output -c -o /dev/null "$1" \
		2>"$0/${1##*/}.$$.gcc"; cat "$0/${1##*/}.$$.gcc"' "$tmp" \
		>"$tmp/gcc" || return 1
	! grep -q 'error:' "$tmp/gcc" || return 1
	sed -n 's/^\([^ ]*:[0-9]*:\)[0-9]*: warning: \(.*\) \[-W\(.*\)\]$/\1 \2 [\3]/p' \
		"$tmp/gcc"
}

run_clang_tidy()
{
	sources | xargs -P "$jobs" -n 4 sh -c 'clang-tidy --quiet "$@" -- \
		-std=gnu11 $ANALYZE_FLAGS 2>/dev/null' sh >"$tmp/tidy"
	! grep -q 'clang-diagnostic-error' "$tmp/tidy" || return 1
	sed -n "s,^$top_srcdir/,,
		s/^\([^ ]*:[0-9]*:\)[0-9]*: warning: \(.*\)$/\1 \2/p" "$tmp/tidy"
}

run_cppcheck()
{
	cppcheck -j "$jobs" --quiet --std=c11 --platform=unix64 \
		--enable=warning,performance,portability \
		--template='{file}:{line}: {message} [{id}]' \
		-Iinclude -Isrc -DMS_BUILD -DMS_SCHEMA_DIR=__FILE__ \
		--cppcheck-build-dir="$tmp/cppcheck" src 2>&1
}

run_shellcheck()
{
	# what autoconf and libtool made is not ours
	find bootstrap .ci completions packaging samples schemas tests -type f \
		-exec awk 'FNR == 1 && /^#! *\/.*sh( |$)/ { print FILENAME }
			{ nextfile }' {} + 2>/dev/null >"$tmp/scripts"
	xargs shellcheck --shell=bash --format=gcc --severity=warning tests/lib.sh \
		<"$tmp/scripts" | sed -n 's,^\./,,
		s/^\([^ ]*:[0-9]*:\)[0-9]*: [a-z]*: \(.*\)$/\1 \2/p'
}

# Prints what `known` does not answer of $1, a tool, and to $tmp/needed what
# it does.
unanswered()
{
	awk -v tool="$1" -v needed="$tmp/needed" '
		NR == FNR {
			if (!/^(#|$)/ && $1 == tool)
				known[$2 " " $3] = 1
			next
		}
		{
			file = $1
			sub(/:.*/, "", file)
			check = $NF
			gsub(/[][]/, "", check)
			if (seen[$0]++)
				next
			if ((file " " check) in known)
				used[file " " check] = 1
			else
				print
		}
		END {
			for (k in known)
				if (!(k in used))
					print "# no longer needed in known: " \
						tool " " k >"/dev/stderr"
		}' "$here/known" "$tmp/found"
}

failed=0
[ $# -gt 0 ] || set -- gcc clang-tidy cppcheck shellcheck
mkdir "$tmp/cppcheck"
echo "1..$#"
n=0
for tool; do
	n=$((n + 1))
	if ! command -v "$tool" >/dev/null 2>&1; then
		echo "ok $n - $tool # SKIP not installed"
		continue
	fi
	start=$(date +%s)
	if ! "run_$(echo "$tool" | tr - _)" >"$tmp/found"; then
		echo "not ok $n - $tool: it could not do its work"
		failed=1
		continue
	fi
	unanswered "$tool" >"$tmp/left" 2>"$tmp/unneeded"
	cat "$tmp/unneeded"
	if [ -s "$tmp/left" ]; then
		echo "not ok $n - $tool"
		sed 's/^/# /' "$tmp/left"
		failed=1
	else
		echo "ok $n - $tool, $(($(date +%s) - start)) s"
	fi
done
exit $failed
