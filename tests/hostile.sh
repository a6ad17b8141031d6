#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Names out of a stream are bytes that a tenant chose. Every command, in every
# format, on streams whose names hold terminal escapes, line ends, bytes that
# are no UTF-8, markup, what printf and CI annotations take for commands, paths,
# and characters that turn the direction of text: see hostile.py.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"
has_feature command:python3 || skip_all "without Python"
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
PYTHONDONTWRITEBYTECODE=1
# Characters that are not ASCII are shown as they are.
LC_ALL=C.UTF-8
export MIGSCOPE_SCHEMA_PATH PYTHONDONTWRITEBYTECODE LC_ALL
python3 "$top_srcdir/tests/hostile.py" "$tmp"
