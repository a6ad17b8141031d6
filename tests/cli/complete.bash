# SPDX-License-Identifier: LGPL-2.1-or-later
# What bash's completion offers: complete.bash FILE WORD... prints the words
# for the last one, which may be empty, one a line. FILE is the completion.
source "$1" || exit 1
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMPREPLY=()
# only while completing for real
compopt() { :; }
_migscope
[[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\n' "${COMPREPLY[@]}" | sort -u
