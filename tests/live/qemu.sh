# SPDX-License-Identifier: LGPL-2.1-or-later
# A QEMU at work, for the scripts beside: sourced behind tests/lib.sh, with
# $QEMU set and in $tmp. Descriptor 7 is its monitor, ./monitor.out what that
# says, ./qemu.err what QEMU complains.

# One that did not even start does not read what it is told.
trap '' PIPE

# Starts QEMU in the background with a monitor on descriptor 7.
start()
{
	rm -f monitor
	mkfifo monitor
	"$QEMU" -display none -nodefaults -serial null -accel tcg \
		-monitor stdio "$@" <monitor >monitor.out 2>qemu.err &
	qemu=$!
	exec 7>monitor
}

alive()
{
	kill -0 $qemu 2>/dev/null
}

# In what the monitor says to "info migrate", of any release.
completed='[Ss]tatus:[[:blank:]]*completed'

# Waits up to $1 tenths of a second for the monitor to say $2.
migrated()
{
	n=$1
	while [ "$n" -gt 0 ] && alive; do
		echo "info migrate" >&7 2>/dev/null || return 1
		sleep 0.1
		grep -q "$2" monitor.out && return 0
		n=$((n - 1))
	done
	grep -q "$2" monitor.out
}

finish()
{
	alive && echo quit >&7 2>/dev/null
	exec 7>&-
	n=50
	while [ $n -gt 0 ] && alive; do
		sleep 0.1
		n=$((n - 1))
	done
	alive && kill -9 $qemu
	wait $qemu
}

# First line of QEMU's own, without its name and without warnings.
first_line()
{
	sed 's/^[^ ]*qemu-system-[^ ]*: //' qemu.err |
		grep -v -e '^warning: ' -e '^info: ' -e 'is deprecated' \
			-e 'has no peer' | head -n 1
}

member()
{
	sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1
}

predicted()
{
	sed -n 's/.*"predicted_error": *"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$1" |
		head -n 1 | sed 's/\\\(["\\]\)/\1/g'
}

# Sets $at and $length to the place of the first record of kind $1 in ./records
# (dump --format ndjson) whose line has $2 in it, or to 0.
place_of()
{
	set -- $(sed -n "/\"kind\":\"$1\"/{
		/$2/{
			s/.*\"offset\":\([0-9]*\),\"length\":\([0-9]*\).*/\1 \2/p
			q
		}
	}" records) 0 0
	at=$1
	length=$2
}

# The first $1 bytes of the stream, what printf makes of $2, and the rest but
# for $3 bytes.
replace()
{
	head -c "$1" stream
	printf "$2"
	tail -c +$(($1 + $3 + 1)) stream
}
