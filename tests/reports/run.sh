#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Reports against the published schemas of their formats, and ours against our
# own (see README.md): every form of check, compat, matrix and diff, for streams
# that are fine, that are not, that cannot be read, several of them and several
# destinations, waived, and with names that no format may take as they are.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
schemas=$top_srcdir/tests/reports
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH

python=
for p in python3 /usr/bin/python3; do
	if "$p" -c 'import jsonschema' 2>/dev/null; then
		python=$p
		break
	fi
done
cd "$tmp" || exit 99
hostile=$(printf 'a<&">\047\n\033[31m\377,:%%::error::x]]>\342\200\256.mig')
streams=$top_srcdir/tests/streams
hex2bin "$streams/bad/footer-missing/stream.hex" >bad.mig
hex2bin "$streams/good/names-that-need-escapes/stream.hex" >"$hostile"
hex2bin "$top_srcdir/tests/cli/report-hostile-names/device.hex" >"x$hostile"
hex2bin "$streams/unsupported/no-footers-no-description/stream.hex" >unknown.mig
hex2bin "$streams/good/globalstate/stream.hex" >good.mig
hex2bin "$streams/dest/host-msr/stream.hex" >host.mig
cp bad.mig bad-too.mig
echo '"QEVM" be32:3 07 len32("[x](http://y){0}") 00' | hex2bin >link.mig
cp bad.mig "y$hostile"
hex2bin "$top_srcdir/tests/cli/diff-equal/a.hex" >fields-a
sed '/@ctrl/s/be32:1 /be32:258 /;/@regs/s/be16:2 be16:3/be16:9 be16:8/;/@sub/d
	/@regs/s/be16:6/be16:7/;/@buf/s/04 05/44 55/;/@expiry/s/500/700/
	/@page0/s/fill:aa/fill:ab/;/@page3/d' \
	"$top_srcdir/tests/cli/diff-equal/a.hex" | hex2bin >fields-b
cat >waivers <<'EOF'
migscope-waivers = 1
[waiver]
rule = footer-missing
path = *
reason = <&">' and "quotes"
expires = 9999-12-31
EOF
(cat waivers && cat <<'EOF'
[waiver]
rule = diff-array
path = nic/*
reason = "]]>" -- <&">
[waiver]
rule = footer-missing
path = <&">*
reason = nothing is there
[waiver]
rule = footer-missing
path = *
reason = too late
expires = 2020-02-29
EOF
) >"waivers$hostile"

# $1 = kind, $2 = document; prints what is wrong
validate()
{
	case $1 in
	junit)
		xmllint --noout --schema "$schemas/jenkins-junit.xsd" "$2" 2>&1 |
			grep -v ' validates$' ;;
	github)
		grep -avE '^::(error|warning|notice) file=[^:,]*,title=[^:,]*::' \
			"$2"
		LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]' "$2" ;;
	sarif)
		"$python" "$schemas/validate.py" "$1" "$2" \
			"$schemas/sarif-2.1.0-rtm.5.json" 2>&1 ;;
	codequality)
		"$python" "$schemas/validate.py" "$1" "$2" \
			"$schemas/codequality.schema.json" 2>&1 ;;
	diff)
		# an input that cannot be read
		[ $status -lt 2 ] || [ -s "$2" ] || return
		"$python" "$schemas/validate.py" "$1" "$2" \
			"$top_srcdir/schemas/diff.schema.json" 2>&1 ;;
	*)
		"$python" "$schemas/validate.py" "$1" "$2" \
			"$top_srcdir/schemas/report.schema.json" 2>&1 ;;
	esac
}

# $1 = name, the rest: a command and its operands
one()
{
	title=$1 command=$2
	shift 2
	for format in json sarif junit codequality github; do
		kind=$format
		[ $format != json ] || kind=$command
		name="$command, $title: $format"
		case $format in
		github) lacks= ;;
		junit) lacks=$(has_feature command:xmllint || echo xmllint) ;;
		*) lacks=${python:+x}
			[ -n "$lacks" ] && lacks= || lacks="Python's jsonschema" ;;
		esac
		if [ -n "$lacks" ]; then
			skip "$name" "without $lacks"
			continue
		fi
		migscope "$command" --format $format "$@" >out 2>err
		status=$?
		validate "$kind" out >wrong
		if [ $status -gt 2 ]; then
			not_ok "$name" "exit status $status"
		elif [ -s wrong ]; then
			not_ok "$name"
			head -n 20 wrong | cat -v | sed 's/^/# /'
		else
			ok "$name"
		fi
	done
}

echo "1..135"
one clean check good.mig
one findings check bad.mig
one unreadable check nothing-there
one "not a stream" check err
one unknown check unknown.mig
one "several files" check bad.mig good.mig nothing-there bad-too.mig
one "hostile names" check "$hostile" "x$hostile" "no$hostile"
one waived check --waivers waivers bad.mig good.mig
one "waivers not needed" check --waivers "waivers$hostile" bad.mig good.mig
one "a host" check --host linux-6.1-intel host.mig
one "what looks like a link" check --dest qemu-10.0-x86_64 link.mig
one samples check --dest qemu-5.2 --dest qemu-10.0 \
	"$top_srcdir/samples/q35-11.1.mig.xz" nothing-there
one findings compat qemu-7.2-x86_64 qemu-5.2-x86_64
one "both ways" compat --both qemu-10.0-x86_64 qemu-11.1-x86_64
one "hostile names" compat "$hostile" "y$hostile"
one "waivers not needed" compat --waivers "waivers$hostile" \
	qemu-10.0-x86_64 qemu-11.1-x86_64
one grid matrix --dest qemu-5.2 --dest qemu-10.0-x86_64 \
	"$top_srcdir/samples/q35-11.1.mig.xz" nothing-there bad.mig
one waived matrix --dest qemu-10.0-x86_64 --waivers waivers bad.mig "$hostile"
one "waivers not needed" matrix --dest qemu-10.0-x86_64 \
	--waivers "waivers$hostile" bad.mig "$hostile"
one same diff good.mig good.mig
one "a footer" diff bad.mig good.mig
one "hostile names" diff "$hostile" "x$hostile"
one "hostile names, turned round" diff "x$hostile" "$hostile"
one unreadable diff "no$hostile" "$hostile"
one "a description in one only" diff "$hostile" unknown.mig
one waived diff --waivers "waivers$hostile" fields-a fields-b
one "of two releases" diff "$top_srcdir/samples/pc-7.2.mig.xz" \
	"$top_srcdir/samples/q35-11.1.mig.xz"
exit $failed
