#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The completions that are checked in are those that generate.sh makes of
# --help today, and each shell that is installed offers by them what the
# program takes: commands, actions, every option of every command, every word
# that an option's value may be, schemas, rules, files. And the program takes
# each of those words.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
files=$top_srcdir/completions
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH
"$files/generate.sh" table >"$tmp/table" || exit 99
mkdir "$tmp/here" && cd "$tmp/here" && : >one.mig && : >'two words.mig' || exit 99

shells='bash fish zsh'
echo "1..$((3 + 2 + 7 * 3))"

for shell in $shells; do
	case $shell in
	bash) file=bash/migscope ;;
	fish) file=fish/migscope.fish ;;
	zsh) file=zsh/_migscope ;;
	esac
	if "$files/generate.sh" $shell | cmp -s - "$files/$file"; then
		ok "$file is current"
	else
		not_ok "$file is current" "run: make completions"
	fi
done

# What stands in --help as an argument must be a kind that the completions
# know, or words.
awk -F '\t' '$1 == "option" && $5 !~ /^(-|FILE|OUTPUT|SPEC|RULE|N|NAME|GLOB|VERSION|[a-z0-9-]+(\|[a-z0-9-]+)+)$/ { print $4, $5 }
	$1 == "operand" && $3 !~ /^(FILE|SPEC|RULE)$/ { print $2, $3 }
	$1 == "action" && $4 !~ /^(-|FILE|SPEC)$/ { print $2, $3, $4 }' \
	"$tmp/table" >"$tmp/strange"
if grep -q . "$tmp/table" && ! [ -s "$tmp/strange" ]; then
	ok "each argument is of a known kind"
else
	not_ok "each argument is of a known kind" "$(cat "$tmp/strange")"
fi

# Each word is taken by the program: what it complains of is no value.
tab=$(printf '\t')
awk -F '\t' '$5 ~ /\|/ { n = split($5, w, "|"); for (i = 1; i <= n; i++)
	print ($2 == "*" ? "info" : $2) "\t" $4 "\t" w[i] }' "$tmp/table" |
while IFS=$tab read -r command option word; do
	migscope "$command" "$option" "$word" </dev/null 2>&1 |
		grep -F -e "$option '" | sed "s/^/$command $option $word: /"
done >"$tmp/refused"
if [ -s "$tmp/refused" ]; then
	not_ok "each word of a value is taken" "$(cat "$tmp/refused")"
else
	ok "each word of a value is taken"
fi

# $1 = shell, $2 = what was typed; the words that are offered, sorted.
offered()
{
	case $1 in
	bash)
		set -- "$2"
		case $1 in
		*' ') last= ;;
		*) last=${1##* } ;;
		esac
		line=${1%"$last"}
		# "--format=te" comes to bash as three words
		case $last in
		--*=*) line="$line${last%%=*} =" last=${last#*=} ;;
		esac
		bash "$top_srcdir/tests/cli/complete.bash" \
			"$files/bash/migscope" $line "$last" ;;
	fish)
		HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_DATA_HOME=$tmp fish --no-config -c \
			"source $files/fish/migscope.fish; complete -C '$2'" |
			sed "s/$tab.*//;s/^--[a-z-]*=//" ;;
	zsh) zsh -f "$top_srcdir/tests/cli/complete.zsh" "$files/zsh" "$2" ;;
	esac | sort -u
}

# $1 = shell, $2 = what was typed, $tmp/want = what is to come.
expect()
{
	offered "$1" "$2" >"$tmp/got" 2>&1
	sort -u "$tmp/want" | cmp -s - "$tmp/got" && return
	bad="$bad '$2'"
	sort -u "$tmp/want" | diff - "$tmp/got" | sed -n "s/^[<>]/# $2: &/p"
}

verdict()
{
	if [ -z "$bad" ]; then
		ok "$1: $2"
	else
		not_ok "$1: $2" "typed:$bad"
	fi
	bad=
}

# names of commands, or of the actions of $1
names()
{
	awk -F '\t' -v of="${1:-}" '$1 == "command" && of == "" { print $2 }
		$1 == "action" && $2 == of { print $3 }' "$tmp/table"
}

bad=
for shell in $shells; do
	if ! has_feature command:$shell; then
		for i in 1 2 3 4 5 6 7; do
			skip "$shell $i" "without $shell"
		done
		continue
	fi

	(names; echo help) >"$tmp/want"
	expect $shell 'migscope '
	names >"$tmp/want"
	expect $shell 'migscope help '
	verdict $shell "commands"

	for command in $(names); do
		names "$command" >"$tmp/want"
		[ -s "$tmp/want" ] || continue
		expect $shell "migscope $command "
	done
	verdict $shell "actions"

	for command in $(names); do
		awk -F '\t' -v of="$command" '$1 == "option" &&
			($2 == "*" || $2 == of) { print $4 }' "$tmp/table" >"$tmp/want"
		expect $shell "migscope $command --"
	done
	verdict $shell "options"

	# an option of each list of words, in both ways of writing it
	awk -F '\t' '$5 ~ /\|/ && !seen[$5]++' "$tmp/table" >"$tmp/worded"
	while IFS=$tab read -r _ command _ option words _; do
		echo "$words" | tr '|' '\n' >"$tmp/want"
		[ "$command" != '*' ] || command=check
		expect $shell "migscope $command $option "
		expect $shell "migscope $command $option="
	done <"$tmp/worded"
	verdict $shell "words of a value"

	migscope schema list | sed 's/ .*//' | grep '^qemu-10' >"$tmp/want"
	expect $shell "migscope check --dest qemu-10"
	expect $shell "migscope schema show qemu-10"
	expect $shell "migscope compat qemu-5.2-x86_64 qemu-10"
	verdict $shell "schemas"

	echo footer-id >"$tmp/want"
	expect $shell "migscope explain footer-i"
	verdict $shell "rules"

	# a value is not taken for the command
	echo one.mig >"$tmp/want"
	expect $shell "migscope check --format json o"
	expect $shell "migscope check --dest-stream o"
	verdict $shell "files"
done
exit $failed
