#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The example of README.md is what the program really prints. Each line
# "$ command" between the two marks is run, and all it prints must follow.
#
#	tests/cli/readme.sh [--update]      --update writes it into README.md
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
has_feature libarchive || skip_all "without libarchive"
has_feature command:xz || skip_all "without xz"
cd "$tmp" || exit 99
ln -s "$top_srcdir/samples" samples
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH

sed -n '/^<!-- example: begin -->/,/^<!-- example: end -->/p' \
	"$top_srcdir/README.md" | sed '/^<!--/d' >example
grep '^\$ ' example >commands
{
	echo '```console'
	while read -r _ command; do
		printf '$ %s\n' "$command"
		sh -c "$command" 2>&1 </dev/null
	done <commands
	echo '```'
} >printed

if [ "${1:-}" = --update ]; then
	awk -v new=printed '
		/^<!-- example: begin -->/ {
			print
			while ((getline line < new) > 0)
				print line
			skip = 1
		}
		/^<!-- example: end -->/ { skip = 0 }
		!skip' "$top_srcdir/README.md" >README.new &&
		cp README.new "$top_srcdir/README.md"
	cp printed example
fi
echo "1..1"
if [ -s commands ] && cmp -s example printed; then
	ok "the example of README.md is true"
else
	not_ok "the example of README.md is true"
	diff -u example printed | sed '1,2d;s/^/# /'
fi
exit $failed
