# SPDX-License-Identifier: LGPL-2.1-or-later
# Common ground of the test scripts: source it with top_srcdir set.
#
#	ok NAME, not_ok NAME REASON, skip NAME REASON    one line of TAP each
#	skip_all REASON                                  ends the script
#	has_feature WORD                                 built in?
#	has_feature command:NAME                         in PATH?
#	has_feature terminal                             can script(1) make one?
#
# $tmp is a directory that goes away at the end, $failed is 1 after the
# first not_ok, migscope and the test programs are in PATH.

: "${top_builddir:=$top_srcdir}"
top_builddir=$(cd "$top_builddir" && pwd) || exit 99
PATH=$top_builddir:$top_builddir/tests:$PATH
# "make check-valgrind": another migscope, which runs ours under memcheck
[ -z "${MIGSCOPE_VALGRIND:-}" ] || PATH=$top_srcdir/tests/valgrind:$PATH
LC_ALL=C
# The catalogue of known issues counts in every check.
MIGSCOPE_SCHEMA_PATH=$(cd "$top_srcdir/schemas" && pwd) || exit 99
export PATH LC_ALL MIGSCOPE_SCHEMA_PATH top_builddir
unset NO_COLOR COLUMNS GITHUB_ACTIONS CDPATH ENV

if [ ! -x "$top_builddir/migscope" ]; then
	echo "Bail out! no migscope in $top_builddir: run make first"
	exit 99
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/migscope-test.XXXXXX") || exit 99
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

number=0
failed=0

ok()
{
	number=$((number + 1))
	echo "ok $number - $1"
}

not_ok()
{
	number=$((number + 1))
	failed=1
	echo "not ok $number - $1"
	[ $# -lt 2 ] || echo "# $2"
}

skip()
{
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

has_feature()
{
	case $1 in
	terminal) script -qec true /dev/null >/dev/null 2>&1 </dev/null ;;
	command:*) command -v "${1#command:}" >/dev/null 2>&1 ;;
	*) migscope --version -v 2>/dev/null | grep -qw -- "$1" ;;
	esac
}
