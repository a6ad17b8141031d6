#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "migscope host" with a /dev/kvm that tests/host/fake-kvm.c stands in for, and
# the profiles that are shipped: both have the form of schemas/host.schema.json.
# What has to come out stands in modern.json and old.json beside this script.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
here=$top_srcdir/tests/host

library=$top_builddir/tests/host/.libs/fake-kvm.so
[ -f "$library" ] || skip_all "no shared libraries in this build"
grep -q 'fsanitize' "$top_builddir/Makefile" &&
	skip_all "the sanitizers want to be loaded first"
grep -q '^#define HAVE_LINUX_KVM_H 1' "$top_builddir/config.h" ||
	skip_all "built without <linux/kvm.h>"
case $(uname -m) in
x86_64|i?86) ;;
*) skip_all "profiles are of x86 hosts" ;;
esac
cd "$tmp" || exit 99
valid=no
! python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null ||
	valid=yes
shipped=$(cd "$top_srcdir/schemas/hosts" && ls *.json | sed 's/\.json$//')
echo "1..$((17 + 3 * $(echo "$shipped" | wc -l)))"

# $1 = what the device does; the rest: options
record()
{
	FAKE_KVM=$1
	shift
	FAKE_KVM=$FAKE_KVM LD_PRELOAD=$library migscope host "$@"
}

# $1 = file, $2 = name of the test
validate()
{
	if [ $valid = no ]; then
		skip "$2" "without python3 and its jsonschema"
	elif python3 - "$top_srcdir/schemas/host.schema.json" "$1" <<'END' >err 2>&1
import json, jsonschema, sys
schema, found = (json.load(open(f)) for f in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(found)
END
	then
		ok "$2"
	else
		not_ok "$2" "$(tail -n 12 err)"
	fi
}

# The kernel and our version are those of today.
for mode in modern old; do
	record $mode >$mode 2>err
	status=$?
	sed 's/^\( "kernel": "\).*"/\1KERNEL"/
		s/^\( "recorded_by": "migscope \).*"/\1VERSION"/' $mode >got
	if [ $status -eq 0 ] && [ ! -s err ] && cmp -s got "$here/$mode.json"; then
		ok "a profile of a host, $mode"
	else
		not_ok "a profile of a host, $mode" "status $status $(cat err)"
		diff -u "$here/$mode.json" got | sed 's/^/# /' | head -n 40
	fi
	validate $mode "it has the form of the schema, $mode"
done

# What --host reads, it takes the same way again.
if migscope check --host ./modern --format json \
		"$top_srcdir/samples/q35-11.1.mig.xz" >out 2>err ||
		! has_feature libarchive; then
	ok "check reads it"
else
	not_ok "check reads it" "$(cat out err)"
fi

record modern -o profile >out 2>err
if [ $? -eq 0 ] && [ ! -s out ] && cmp -s modern profile; then
	ok "the same into a file"
else
	not_ok "the same into a file" "$(cat err)"
fi
rm -f profile
record modern -o absent/profile >out 2>err
if [ $? -eq 2 ] && grep -q '^migscope: absent/profile: ' err; then
	ok "a file that cannot be made"
else
	not_ok "a file that cannot be made" "$(cat out err)"
fi
FAKE_KVM_LOG=$tmp/log
export FAKE_KVM_LOG
record modern >out 2>err
unset FAKE_KVM_LOG
sort -u log >asked
cat >expected <<'END'
KVM_GET_API_VERSION
KVM_GET_DEVICE_ATTR
KVM_GET_MSRS
KVM_GET_MSR_FEATURE_INDEX_LIST
KVM_GET_MSR_INDEX_LIST
KVM_GET_SUPPORTED_CPUID
open
END
if cmp -s asked expected; then
	ok "nothing else is asked"
else
	not_ok "nothing else is asked" "$(cat asked)"
fi

# $1 = what the device does, $2 = pattern of the message
refused()
{
	record "$1" -o profile >out 2>err
	status=$?
	if [ $status -eq 2 ] && [ ! -s out ] && [ ! -e profile ] &&
			[ "$(wc -l <err)" -eq 1 ] && grep -q "$2" err; then
		ok "$1: one line, no file"
	else
		not_ok "$1: one line, no file" \
			"status $status, $(ls) $(cat out err)"
	fi
}

refused absent '^migscope: /dev/kvm: no such device: '
refused forbidden '^migscope: /dev/kvm: no right to open it: '
refused off '^migscope: /dev/kvm: the processor has no virtualization'
refused version '^migscope: /dev/kvm: interface version 13, not 12$'
refused refuses '^migscope: /dev/kvm: KVM_GET_MSR_INDEX_LIST: Input/output error$'
refused many-msrs '^migscope: /dev/kvm: KVM_GET_MSR_INDEX_LIST: 4194304 entries'
refused grows '^migscope: /dev/kvm: KVM_GET_MSR_INDEX_LIST: Argument list too long$'
refused many-cpuid '^migscope: /dev/kvm: KVM_GET_SUPPORTED_CPUID: more entries'

# ---- shipped ones ----

MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH
migscope host --list | awk '{ print $1 }' | sort -u >listed
if echo "$shipped" | sort | cmp -s - listed; then
	ok "all of them are listed"
else
	not_ok "all of them are listed" "$(cat listed)"
fi
hex2bin "$top_srcdir/tests/streams/dest/host-msr/stream.hex" >stream
for name in $shipped; do
	validate "$top_srcdir/schemas/hosts/$name.json" \
		"$name has the form of the schema"
	migscope check --host "$name" stream >out 2>err
	if [ $? -eq 0 ] && [ ! -s err ]; then
		ok "$name is found by its name"
	else
		not_ok "$name is found by its name" "$(cat out err)"
	fi
	if grep -q "^ \"name\": \"$name\"" \
			"$top_srcdir/schemas/hosts/$name.json" &&
			grep -q "schemas/hosts/$name.json" "$top_srcdir/Makefile.am" &&
			grep -q "$name" "$top_srcdir/man/migscope-host.1"; then
		ok "$name is installed and in the manual"
	else
		not_ok "$name is installed and in the manual"
	fi
done
exit $failed
