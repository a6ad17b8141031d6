#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every fuzz target, linked as a replay program, with every input that there
# is: none may crash. See tests/fuzz/seeds.sh.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
. "$top_srcdir/tests/fuzz/seeds.sh"

set -- $(cd "$top_srcdir/tests/fuzz" && ls fuzz-*.c | sed 's/\.c$//')
[ $# -gt 0 ] || skip_all "no targets"
echo "1..$#"
memcheck=
[ -z "${MIGSCOPE_VALGRIND:-}" ] ||
	memcheck=$top_srcdir/tests/valgrind/memcheck
for target; do
	seeds "$target"
	if ${memcheck:+"$memcheck"} "$top_builddir/tests/fuzz/$target" "$tmp/$target"/* \
			>"$tmp/out" 2>&1; then
		ok "$target"
	else
		not_ok "$target" "exit status $?"
		tail -n 40 "$tmp/out" | sed 's/^/# /'
	fi
done
exit $failed
