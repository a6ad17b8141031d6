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
	check/--fail-on|compat/--fail-on|matrix/--fail-on)
		COMPREPLY=($(compgen -W "error warning" -- "$cur"))
		return ;;
	check/--format|info/--format)
		COMPREPLY=($(compgen -W "text json html" -- "$cur"))
		return ;;
	compat/--format)
		COMPREPLY=($(compgen -W "text json" -- "$cur"))
		return ;;
	matrix/--format)
		COMPREPLY=($(compgen -W "text csv json" -- "$cur"))
		return ;;
	matrix/--jobs|matrix/-j)
		return ;;
	*/--dest)
	# a shipped schema's name, or a file
		compopt -o filenames
		COMPREPLY=($(compgen -W "$(migscope schema list 2>/dev/null |
			sed 's/ .*//')" -- "$cur")
			$(compgen -f -- "$cur"))
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
	*/--device|*/--offset|*/--snapshot)
		return ;;
	help/*)
		COMPREPLY=($(compgen -W "check compat dump explain info matrix ram schema" -- "$cur"))
		return ;;
	*/--channel|*/--dest-stream|*/--schema|*/--module|*/--output|*/-o)
		compopt -o filenames
		COMPREPLY=($(compgen -f -- "$cur"))
		return ;;
	esac

	case $cmd in
	"")
	# options of migscope
		opts="--help --version -v"
		[[ $cur == -* ]] || opts="check compat dump explain help info matrix ram schema" ;;
	check)
	# options of check
		opts="--channel --dest --dest-stream --fail-on --format --help --offset --quiet --schema --snapshot --version -q" ;;
	compat)
	# options of compat
		opts="--both --fail-on --format --help --snapshot --version" ;;
	dump)
	# options of dump
		opts="--channel --device --format --help --offset --offsets --quiet --schema --snapshot --version -q" ;;
	explain)
	# options of explain
		opts="--help --quiet --version -q"
		[[ $cur == -* ]] ||
			opts=$(migscope explain 2>/dev/null |
				sed -n '2,$s/ .*//p') ;;
	info)
	# options of info
		opts="--channel --format --help --json --offset --quiet --schema --snapshot --version --xml -q" ;;
	matrix)
	# options of matrix
		opts="--channel --dest --dest-stream --fail-on --format --help --jobs --offset --schema --snapshot --version -j" ;;
	ram)
	# options of ram
		opts="--block --channel --digest --format --help --max-ram-below-4g --offset --output --quiet --schema --snapshot --version -o -q" ;;
	schema)
	# options of schema
		opts="--format --help --module --output --quiet --snapshot --target --version -o -q" ;;
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
