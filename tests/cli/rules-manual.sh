#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# migscope-rules(7) is what `explain --format man` prints, and is kept in the
# repository so that a build for another machine has it too.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
echo "1..1"

migscope explain --format man >"$tmp/migscope-rules.7"
if diff "$top_srcdir/man/migscope-rules.7" "$tmp/migscope-rules.7" \
		>"$tmp/diff"; then
	ok "migscope-rules(7) is what the rules say"
else
	not_ok "migscope-rules(7) is what the rules say" "run: \
migscope explain --format man >man/migscope-rules.7"
	sed -n 's/^[<>]/# &/p' "$tmp/diff" | head -n 20
fi
exit $failed
