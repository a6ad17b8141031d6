#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every source file must be in a list of a local.mk (one that is in none is
# missing from the tarball, or is not built at all), say its licence, and
# start with config.h; every manual page must be listed, and clean.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"
cd "$top_srcdir" || exit 99
echo "1..9"

# $1 = name of the test, $2 = file of complaints
verdict()
{
	if [ -s "$2" ]; then
		not_ok "$1"
		sed 's/^/# /' "$2"
	else
		ok "$1"
	fi
}

find include src tests -name '*.[ch]' -o -name '*.def' | sort >"$tmp/files"

# Default sources: program a/b is made of a/b.c.
while read -r file; do
	grep -qE "(^|[[:space:]])${file%.c}(\.c)?( |\$)" \
		src/local.mk tests/local.mk || echo "$file"
done <"$tmp/files" >"$tmp/unlisted"
verdict "each source file is in a list" "$tmp/unlisted"

xargs grep -L 'SPDX-License-Identifier: LGPL-2.1-or-later' \
	<"$tmp/files" >"$tmp/unlicensed"
verdict "each source file says its licence" "$tmp/unlicensed"

grep '\.c$' "$tmp/files" | while read -r file; do
	first=$(grep -m 1 '^#include' "$file")
	[ "$first" = '#include "config.h"' ] || echo "$file: $first"
done >"$tmp/unconfigured"
verdict "each source file starts with config.h" "$tmp/unconfigured"

# The order is that of the table in doc/architecture.md.
sed -n 's/^| `src\/\([a-z]*\)\/`.*/\1/p' doc/architecture.md >"$tmp/order"
grep '^src/.*/' "$tmp/files" | xargs awk '
	FNR == NR { place[$1] = FNR; next }
	FNR == 1 { split(FILENAME, own, "/") }
	/^#include "[a-z]*\// {
		split($2, other, /["\/]/)
		if (own[2] in place && place[other[2]] > place[own[2]])
			print FILENAME ": " $0
	}' "$tmp/order" >"$tmp/upward"
[ "$(wc -l <"$tmp/order")" -gt 10 ] || echo "no table" >>"$tmp/upward"
verdict "a folder includes only from folders above it" "$tmp/upward"

for document in *.md; do
	grep -q "^	$document \\\\" Makefile.am || echo "$document"
done >"$tmp/documents"
verdict "each document is in the tarball" "$tmp/documents"

for page in man/*.[1-9]; do
	grep -q "^	$page\( \|\$\)" man/local.mk || echo "$page"
done >"$tmp/pages"
verdict "each manual page is in a list" "$tmp/pages"

# Who asks elsewhere is not counted when there is none: see base/mem.h.
grep -nE '[^_a-z](malloc|calloc|realloc|reallocarray|strdup|strndup)\(' \
	$(grep '^src/.*\.[ch]$' "$tmp/files" | grep -v '^src/base/mem') |
	grep -v '^[^:]*:[0-9]*:[[:space:]]*/\?\*' >"$tmp/unasked"
verdict "memory is asked for in one place" "$tmp/unasked"

if command -v mandoc >/dev/null 2>&1; then
	# Pages refer to each other before they are installed.
	mandoc -Tlint man/*.[1-9] 2>&1 |
		grep -v 'referenced manual not found' >"$tmp/lint"
	verdict "manual pages are clean" "$tmp/lint"
else
	skip "manual pages are clean" "without mandoc"
fi

if command -v groff >/dev/null 2>&1; then
	for page in man/*.[1-9]; do
		groff -ww -mdoc -Tutf8 -rLL=80n "$page" 2>&1 >/dev/null
	done >"$tmp/groff"
	verdict "groff formats the manual without warning" "$tmp/groff"
else
	skip "groff formats the manual without warning" "without groff"
fi
exit $failed
