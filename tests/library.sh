#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What "make install" puts somewhere is enough to build and run a program:
# header, pkg-config file, library, and all pages and completions are there;
# the example programs of doc/examples work with it; the library shows the
# functions of the header and nothing else, under versioned names; the header
# is clean C99 and C++. And "make uninstall" leaves nothing.
set -u
top_srcdir=$(cd "$(dirname "$0")/.." && pwd)
. "$top_srcdir/tests/lib.sh"
cc=${CC:-cc}
cd "$tmp" || exit 99
root=$tmp/root
ln -s "$top_srcdir/samples" samples

# $1 = name, then a command: ok when it succeeds; what it prints is shown.
try()
{
	name=$1
	shift
	if "$@" >out 2>&1; then
		ok "$name"
	else
		not_ok "$name" "status $?"
		tail -n 20 out | sed 's/^/# /'
	fi
}

echo "1..14"
if ! MAKEFLAGS= ${MAKE:-make} -s -C "$top_builddir" install \
		DESTDIR="$root" >install.log 2>&1; then
	echo "Bail out! make install failed: $(tail -n 3 install.log)"
	exit 99
fi
header=$(find "$root" -name migscope.h)
library=$(find "$root" -name 'libmigscope.so.0')
pc=$(find "$root" -name libmigscope.pc)
sed "s,^prefix=,&$root," "$pc" >libmigscope.pc
# as a prefix of its own: what is below DESTDIR does not know of it
PKG_CONFIG_PATH=$tmp
LD_LIBRARY_PATH=${library%/*}
MIGSCOPE_SCHEMA_PATH=$(dirname "$(find "$root" -name 'qemu-7.2-x86_64.json.gz')")
export PKG_CONFIG_PATH LD_LIBRARY_PATH MIGSCOPE_SCHEMA_PATH

installed()
{
	for page in "$top_srcdir"/man/*.[1-9]; do
		find "$root" -name "${page##*/}" | grep -q . || echo "${page##*/}"
	done
	for file in bash-completion/completions/migscope \
			zsh/site-functions/_migscope \
			fish/vendor_completions.d/migscope.fish; do
		find "$root" -path "*/share/$file" | grep -q . || echo "$file"
	done
	for file in "$top_srcdir"/schemas/*.json.gz; do
		[ -f "$MIGSCOPE_SCHEMA_PATH/${file##*/}" ] || echo "$file"
	done
}
installed >missing
try "pages, completions and schemas are installed" test ! -s missing

# ---- the header ----

grep -oE '\bms_[a-z_]+\(' "$header" | tr -d '(' | sort -u >functions
if has_feature command:nm; then
	nm -D --defined-only "$library" | awk '{ print $3 }' |
		grep -v '^LIBMIGSCOPE_' >symbols
	# instrumented code has symbols of its own
	grep -vE '^(__|_?asan|_?ubsan|_?tsan)' symbols | sed 's/@.*//' |
		sort -u >names
	try "the library shows the functions of the header" \
		diff functions names
	grep '^ms_' symbols | grep -v '@@LIBMIGSCOPE_0$' >unversioned
	try "its symbols are versioned" test ! -s unversioned
else
	skip "the library shows the functions of the header" "without nm"
	skip "its symbols are versioned" "without nm"
fi
sed -n 's/^\.Fn \(ms_[a-z_]*\).*/\1/p' "$top_srcdir/man/libmigscope.3" |
	sort -u >documented
try "libmigscope(3) describes the functions of the header" \
	diff functions documented
sed -n 's/^ *\(ms_[a-z_]*\)@.*/\1/p' \
	"$top_srcdir/packaging/debian/libmigscope0.symbols" | sort -u >packaged
try "the Debian package knows the functions of the header" \
	diff functions packaged

echo '#include <migscope.h>' >use.c
try "the header is C99" "$cc" -std=c99 -Wall -Wextra -Wpedantic -Wshadow \
	-Werror -fsyntax-only -I"${header%/*}" use.c
if has_feature command:c++; then
	try "the header is C++" c++ -std=c++11 -Wall -Wextra -Wpedantic \
		-Wshadow -Werror -fsyntax-only -I"${header%/*}" -x c++ use.c
else
	skip "the header is C++" "without c++"
fi

# ---- programs that use it ----

if ! has_feature command:pkg-config || ! has_feature command:jq ||
		! has_feature command:xz || ! has_feature libarchive ||
		ldd "$library" | grep -qE 'lib(asan|ubsan|tsan)'; then
	for i in 8 9 10 11 12 13; do
		skip "examples" "without pkg-config, jq, xz or libarchive, or instrumented"
	done
else
	for name in list-sections check-stream; do
		try "$name.c is compiled with what is installed" \
			"$cc" -std=c99 -Wall -Wextra -Wpedantic -Werror \
			"$top_srcdir/doc/examples/$name.c" -o "$name" \
			$(pkg-config --define-variable=prefix="$root$(
			sed -n 's/^prefix=//p' "$pc")" --cflags --libs \
			libmigscope)
	done
	xz -dc samples/pc-7.2.mig.xz >pc.mig
	./list-sections pc.mig >sections
	try "list-sections claims every byte" \
		grep -q "^ *$(wc -c <pc.mig)  in all" sections
	try "list-sections counts as the tool does" sh -c '
		migscope info --json pc.mig |
			jq -r ".sections[] | \"\(.bytes) \(.name) \(.instance)\"" >tool
		sed "\$d" sections | sed "s/^ *//;s/  */ /" | diff tool -'
	./check-stream qemu-10.0-x86_64 samples/pc-7.2.mig.xz >said 2>&1
	try "check-stream: loaded, status 0" test "$? $(tail -n 1 said)" = \
		"0 samples/pc-7.2.mig.xz: loads it"
	./check-stream qemu-10.0-x86_64 samples/q35-11.1.mig.xz >said 2>&1
	status=$?
	try "check-stream: refused, status 1" sh -c "
		test $status -eq 1 && grep -q 'QEMU says: unsupported machine' said"
fi

MAKEFLAGS= ${MAKE:-make} -s -C "$top_builddir" uninstall DESTDIR="$root" \
	>install.log 2>&1
find "$root" ! -type d >left
try "make uninstall leaves nothing" test ! -s left
exit $failed
