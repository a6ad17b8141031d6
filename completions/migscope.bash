# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of migscope(1) for bash.

_migscope()
{
	local cur prev cmd="" word opts i
	cur=${COMP_WORDS[COMP_CWORD]}
	prev=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()

	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-*) ;;
		*) cmd=$word; break ;;
		esac
	done

	case $cmd/$prev in
	check/--fail-on|compat/--fail-on)
		COMPREPLY=($(compgen -W "error warning" -- "$cur"))
		return ;;
	check/--format|compat/--format)
		COMPREPLY=($(compgen -W "text json" -- "$cur"))
		return ;;
	schema/--format)
		COMPREPLY=($(compgen -W "text json dump-vmstate" -- "$cur"))
		return ;;
	ram/--format)
		COMPREPLY=($(compgen -W "text json raw elf lime" -- "$cur"))
		return ;;
	ram/--block|ram/--max-ram-below-4g)
		return ;;
	ram/ram)
		COMPREPLY=($(compgen -W "list export" -- "$cur"))
		return ;;
	schema/--target)
		return ;;
	schema/schema)
		COMPREPLY=($(compgen -W "build list path show" -- "$cur"))
		return ;;
	dump/--format)
		COMPREPLY=($(compgen -W "tree json ndjson analyze" -- "$cur"))
		return ;;
	*/--device|*/--offset)
		return ;;
	help/*)
		COMPREPLY=($(compgen -W "check compat dump explain info ram schema" -- "$cur"))
		return ;;
	*/--channel|*/--schema|*/--module|*/--output|*/-o)
		compopt -o filenames
		COMPREPLY=($(compgen -f -- "$cur"))
		return ;;
	esac

	case $cmd in
	"")
	# options of migscope
		opts="--help --version -v"
		[[ $cur == -* ]] || opts="check compat dump explain help info ram schema" ;;
	check)
	# options of check
		opts="--channel --fail-on --format --help --offset --quiet --schema --version -q" ;;
	compat)
	# options of compat
		opts="--both --fail-on --format --help --version" ;;
	dump)
	# options of dump
		opts="--channel --device --format --help --offset --offsets --quiet --schema --version -q" ;;
	explain)
	# options of explain
		opts="--help --quiet --version -q"
		[[ $cur == -* ]] ||
			opts=$(migscope explain 2>/dev/null |
				sed -n '2,$s/ .*//p') ;;
	info)
	# options of info
		opts="--channel --help --json --offset --quiet --schema --version -q" ;;
	ram)
	# options of ram
		opts="--block --channel --digest --format --help --max-ram-below-4g --offset --output --quiet --schema --version -o -q" ;;
	schema)
	# options of schema
		opts="--format --help --module --output --quiet --target --version -o -q" ;;
	*)
		return ;;
	esac

	if [[ -z $cmd || $cmd == explain || $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$opts" -- "$cur"))
	else
		compopt -o filenames
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}

complete -F _migscope migscope
