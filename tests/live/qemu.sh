# SPDX-License-Identifier: LGPL-2.1-or-later
# QEMUs at work, for the scripts beside: sourced behind tests/lib.sh, with
# $QEMU set and in $tmp.
#
#	at NAME FD            what follows is about this one (qemu, and 7)
#	start OPTION...       begins it, with a monitor on descriptor FD
#	say COMMAND           to the monitor
#	ask COMMAND           the same, and what it says to it is in ./NAME.out
#	answers WORDS COMMAND asks until it says one of WORDS
#	migrate_to FILE       the stream of one that is started
#	into_file FILE        what to migrate to for that, and
#	whole FILE            waits until it is written
#	save FILE OPTION...   of one that is stopped soon after its start, and then
#	                      told $before_migration
#	load FILE OPTION...   true where QEMU loads it
#	finish
#
# ./NAME.err has what QEMU complains of. Nothing waits for a time in which QEMU
# ought to be ready: on a machine with other work it is not.

# One that did not even start does not read what it is told.
trap '' PIPE

at()
{
	who=$1
	fd=$2
	eval "pid=\${${who}_pid:-}"
}
at qemu 7

start()
{
	rm -f $who.monitor
	mkfifo $who.monitor
	: >$who.out
	# what was said to an earlier question can be cut off only so
	"$QEMU" -display none -nodefaults -serial null -accel tcg \
		-monitor stdio "$@" <$who.monitor >>$who.out 2>$who.err &
	pid=$!
	eval "${who}_pid=$pid; exec $fd>$who.monitor"
}

alive()
{
	kill -0 $pid 2>/dev/null
}

say()
{
	{ printf '%s\n' "$1" >&"$fd"; } 2>/dev/null
}

# The monitor takes one command after the other: behind this one it works out
# a sum, which is not in its echo of what was typed. False where there is no
# answer in a minute.
asked=0
ask()
{
	asked=$((asked + 1))
	: >$who.out
	say "$1" && say "print /d 1000000+$asked" || return 1
	n=1200
	while [ $n -gt 0 ]; do
		# it is read once more behind the end
		alive || n=0
		grep -aq "^$((1000000 + asked))" $who.out && return 0
		[ $n -eq 0 ] || sleep 0.05
		n=$((n - 1))
	done
	return 1
}

# Asks for two minutes or more.
answers()
{
	tries=1200
	while [ $tries -gt 0 ] && ask "$2"; do
		grep -aq "$1" $who.out && return 0
		sleep 0.1
		tries=$((tries - 1))
	done
	return 1
}

# In what the monitor says to "info migrate", of any release.
completed='[Ss]tatus:[[:blank:]]*completed'

# The target of a migration into the file $1, and the end of it: QEMU is done
# before cat is.
into_file()
{
	rm -f "$1.whole"
	echo "exec:cat >$tmp/$1 && : >$tmp/$1.whole"
}

whole()
{
	n=1200
	while [ $n -gt 0 ] && [ ! -e "$1.whole" ]; do
		sleep 0.05
		n=$((n - 1))
	done
	[ -e "$1.whole" ]
}

migrate_to()
{
	ask "migrate -d \"$(into_file "$1")\"" &&
		answers "$completed" 'info migrate' && whole "$1"
}

# Ends it; one that waits for its peer does not always go.
finish()
{
	alive && say quit
	eval "exec $fd>&-"
	n=100
	while [ $n -gt 0 ] && alive; do
		sleep 0.1
		n=$((n - 1))
	done
	alive && kill -9 $pid
	wait $pid
}

save()
{
	stream=$1
	shift
	start "$@"
	sleep 0.3 # in which the guest does something
	say stop
	say "${before_migration:-}"
	migrate_to "$stream"
	saved=$?
	finish
	return $saved
}

load()
{
	stream=$1
	shift
	start "$@" -S -incoming "exec:cat $tmp/$stream"
	answers "$completed" 'info migrate'
	loaded=$?
	finish
	return $loaded
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
