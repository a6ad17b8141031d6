#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Makes the shipped schemas anew from QEMU programs; for maintainers.
#
#	schemas/update.sh DIR [MIGSCOPE]
#
# DIR/RELEASE/usr/bin/qemu-system-TARGET are the programs, as `dpkg -x` lays
# out a distribution's packages (Debian: qemu-system-x86, -arm, -ppc, -misc,
# from 10.0 on also -s390x and -riscv, with -common and the -modules-* beside
# them for the loadable modules). Nothing of them is run. Every RELEASE there
# and every TARGET below becomes schemas/qemu-RELEASE-TARGET.json.gz; look at
# the difference of `migscope schema show` before committing one.
#
# What no program tells, aliases and which machine types are deprecated, is
# taken from DIR/RELEASE/query-machines-TARGET.json where that is there: what
# the QMP command query-machines answers. For each program:
#
#	printf '%s\n' '{"execute": "qmp_capabilities"}' \
#		'{"execute": "query-machines"}' '{"execute": "quit"}' |
#	qemu-system-TARGET -M none -S -nodefaults -display none -qmp stdio |
#	grep '"name"'
set -eu
targets="x86_64 aarch64 ppc64 s390x riscv64"
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '4,25s/^# \{0,1\}//p' "$0"; exit 2; }
dir=$1 migscope=${2:-$here/../migscope}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for program in "$dir"/*/usr/bin/qemu-system-*; do
	release=${program#"$dir"/} release=${release%%/*}
	target=${program##*/qemu-system-}
	case " $targets " in *" $target "*) ;; *) continue ;; esac
	name=qemu-$release-$target
	machines=$dir/$release/query-machines-$target.json
	[ -e "$machines" ] || machines=
	"$migscope" schema build "$program" ${machines:+"$machines"} \
		-o "$tmp/$name.json"
	# no time stamp and no name inside: the same schema, the same bytes
	gzip -9n <"$tmp/$name.json" >"$here/$name.json.gz"
	echo "$name: $(wc -c <"$here/$name.json.gz") bytes"
done
