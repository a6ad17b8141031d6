#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs a cmocka program. Up to cmocka 1.1.5 a skipped test says "not ok 3 #
# SKIP name", which automake counts as a failure. Under "make check-valgrind"
# it runs under memcheck.
memcheck=
if [ -n "${MIGSCOPE_VALGRIND:-}" ]; then
	memcheck=$(dirname "$0")/../valgrind/memcheck
	if [ "${1##*/}" = test-sandbox ]; then
		echo "1..0 # SKIP valgrind does not get past the filter"
		exit 0
	fi
fi
{
	${memcheck:+"$memcheck"} "$@"
	echo "status $?"
} | {
	status=99
	while IFS= read -r line; do
		case $line in
		"not ok "*" # SKIP "*) printf '%s\n' "${line#not }" ;;
		"status "*) status=${line#status } ;;
		*) printf '%s\n' "$line" ;;
		esac
	done
	exit "$status"
}
