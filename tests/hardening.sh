#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The programs that were built have what configure meant them to have against
# holes that nobody found yet. What cannot be told is skipped, and says why.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"

command -v readelf >/dev/null 2>&1 || skip_all "no readelf"
tool=$top_builddir/migscope
library=$top_builddir/.libs/libmigscope.so
readelf -h "$tool" >/dev/null 2>&1 || skip_all "not an ELF program"

# $1 = name of a variable: what make has for it
variable()
{
	sed -n "s/^$1 = *//p" "$top_builddir/Makefile"
}
[ "$(variable enable_hardening)" = yes ] ||
	skip_all "configured with --disable-hardening"
[ -z "$(variable SANITIZE_CFLAGS)$(variable COVERAGE_CFLAGS)" ] ||
	skip_all "built with a sanitizer or to count lines"
flags=" $(variable CC) $(variable CFLAGS) $(variable CPPFLAGS) "
harden=" $(variable HARDEN_CPPFLAGS) $(variable HARDEN_CFLAGS) $(variable HARDEN_LDFLAGS) "

# $1 = program, $2 = words of readelf's options, $3 = pattern
shows()
{
	# shellcheck disable=SC2086 # words are what it is made of
	readelf -W $2 "$1" 2>/dev/null | grep -qE -- "$3"
}

# $1 = name, then a command that succeeds where it holds
must()
{
	name=$1
	shift
	if "$@"; then ok "$name"; else not_ok "$name" "$*"; fi
}

none_shows()
{
	! shows "$@"
}

echo "1..16"
must "the tool is position-independent" shows "$tool" -h 'Type: *DYN'
for program in "$tool" "$library"; do
	is=${program##*/}
	if [ ! -f "$program" ]; then
		for number_left in 1 2 3 4 5 6 7; do
			skip "$is ($number_left)" "no shared library"
		done
		continue
	fi
	must "$is: relocations are read-only" shows "$program" -l GNU_RELRO
	must "$is: all symbols are bound at the start" \
		shows "$program" -d 'BIND_NOW|FLAGS.*NOW'
	must "$is: the stack is not executable" \
		shows "$program" -l 'GNU_STACK.* RW  *0x'
	must "$is: nothing is writable and executable" \
		none_shows "$program" -l 'LOAD.* RWE '
	must "$is: no text relocations, no path of libraries" \
		none_shows "$program" -d 'TEXTREL|RPATH|RUNPATH'
	case $harden$flags in
	*-fstack-protector*)
		must "$is: returns are guarded by a canary" \
			shows "$program" --dyn-syms __stack_chk_fail ;;
	*) skip "$is: returns are guarded by a canary" \
		"the compiler has no -fstack-protector-strong" ;;
	esac
	case $flags in
	*" -O0 "*) why="built with -O0" ;;
	*" -O"*) why= ;;
	*) why="built without optimisation" ;;
	esac
	# Other C libraries check elsewhere, or not at all.
	shows "$program" -d 'NEEDED.*libc\.so\.6' || why="not the GNU C library"
	if [ -z "$why" ]; then
		must "$is: copies are checked by the C library" \
			shows "$program" --dyn-syms '__(memcpy|read|snprintf|vsnprintf|printf)_chk'
	else
		skip "$is: copies are checked by the C library" "$why"
	fi
done

# Objects say it each for itself; the linker keeps it only where the C
# library's start files say so, too.
object=$(find "$top_builddir/src/base" -name '*text*.o' -o -name '*buf*.o' \
	2>/dev/null | head -n 1)
case $harden$flags in
*-fcf-protection*)
	must "jumps and returns are marked as targets" \
		shows "$object" -n 'IBT, SHSTK' ;;
*-mbranch-protection*)
	must "jumps and returns are marked as targets" \
		shows "$object" -n 'BTI, PAC' ;;
*) skip "jumps and returns are marked as targets" \
	"the compiler cannot for this processor" ;;
esac
exit $failed
