#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Golden tests of the command line: each folder beside this script is one.
#
#	cmd       shell commands, run by sh in a scratch directory
#	stdout    what they print          (no file: nothing)
#	stderr    what they complain       (no file: nothing)
#	status    their exit status        (no file: 0)
#	requires  on each line a feature (see "migscope --version -v"), or
#	          command:NAME or terminal, without which the case is skipped
#
# The scratch directory holds `samples` and `case` (the folder itself);
# migscope, hex2bin and json-valid are in PATH.
#
#	tests/cli/run.sh [--update] [CASE...]
#
# Prints TAP. --update rewrites the expected files with what came out: read
# the difference before committing it. From a build elsewhere, say where it
# is: top_builddir=/some/build tests/cli/run.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
top_srcdir=$(cd "$here/../.." && pwd)
. "$top_srcdir/tests/lib.sh"

update=no
if [ "${1:-}" = --update ]; then
	update=yes
	shift
fi
if [ $# -eq 0 ]; then
	set -- $(cd "$here" && ls -d */ 2>/dev/null | sed 's,/$,,')
fi
[ $# -gt 0 ] || skip_all "no cases"
echo "1..$#"

one()
{
	name=$1 case=$here/$1
	if [ ! -f "$case/cmd" ]; then
		not_ok "$name" "no such case: $case/cmd"
		return
	fi
	if [ -f "$case/requires" ]; then
		while read -r what; do
			if ! has_feature "$what"; then
				skip "$name" "without $what"
				return
			fi
		done <"$case/requires"
	fi
	dir=$tmp/$name
	got=$tmp/$name.got
	mkdir "$dir" "$got"
	ln -s "$top_srcdir/samples" "$dir/samples"
	ln -s "$case" "$dir/case"
	(cd "$dir" && exec sh ./case/cmd) \
		>"$got/stdout" 2>"$got/stderr" </dev/null
	echo $? >"$got/status"
	bad=
	for file in status stderr stdout; do
		want=$case/$file
		case $file in
		status) echo 0 >"$got/$file.default" ;;
		*) : >"$got/$file.default" ;;
		esac
		[ -f "$want" ] || want=$got/$file.default
		cmp -s "$want" "$got/$file" && continue
		if [ $update = yes ]; then
			if cmp -s "$got/$file" "$got/$file.default"; then
				rm -f "$case/$file"
			else
				cp "$got/$file" "$case/$file"
			fi
			continue
		fi
		bad="$bad $file"
		diff -u "$want" "$got/$file" | sed "1,2d;s/^/# $file: /" |
			head -n 60
	done
	if [ -z "$bad" ]; then
		ok "$name"
	else
		not_ok "$name" "differs:$bad"
	fi
}

for name; do
	one "$name"
done
exit $failed
