# SPDX-License-Identifier: LGPL-2.1-or-later
# What zsh's completion offers: complete.zsh FOLDER LINE prints the words, one
# a line. FOLDER holds _migscope. A shell on a pseudo terminal is typed LINE
# and a key that runs the completion; each word that goes to the builtin
# compadd is taken down.
emulate -R zsh
zmodload zsh/zpty || exit 77
folder=$1 line=$2
out=$(mktemp -d) || exit 99
cat >$out/rc <<-EOF
	PROMPT= PS2= RPROMPT=
	fpath=($folder \$fpath)
	autoload -U compinit
	compinit -u -D
	compadd() {
		local -a hits
		# with these, words go into an array, not to the user
		if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
			builtin compadd "\$@"
			return
		fi
		builtin compadd -O hits "\$@"
		(( ! \$#hits )) || print -rl -- \$hits >>$out/words
		builtin compadd "\$@"
	}
	capture() {
		_main_complete
		compstate[insert]= compstate[list]=
	}
	zle -C capture complete-word capture
	finished() { zle capture; : >$out/done }
	zle -N finished
	bindkey '^X' finished
	zle-line-init() { : >$out/ready }
	zle -N zle-line-init
EOF
zpty z zsh -f -i
trap 'rm -rf $out' EXIT # not before: the child would run it as well
zpty -w z "source $out/rc"
wait_for() {
	repeat 600; do
		[[ -e $1 ]] && return
		zpty -r -t z ignored
		sleep 0.05
	done
	print -u2 "zsh did not answer"
	exit 1
}
wait_for $out/ready
zpty -w -n z "$line"$'\x18'
wait_for $out/done
[[ ! -e $out/words ]] || sort -u $out/words
zpty -d z
