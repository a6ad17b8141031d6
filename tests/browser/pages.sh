#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# HTML reports of all sorts of input, read by an HTML parser that knows what
# may be in one (page.py). Whether they work in a browser is browser.sh's.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
has_feature command:python3 || skip_all "without python3"
here=$top_srcdir/tests/browser samples=$top_srcdir/samples
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
cd "$tmp" || exit 99
echo "1..16"

# page NAME STATUS [--shows TEXT]... : COMMAND...
# What migscope COMMAND prints is a page as it should be that shows TEXTs.
page()
{
	name=$1 want=$2
	shift 2
	: >shows
	while [ "$1" != : ]; do
		printf '%s\n' "$2" >>shows
		shift 2
	done
	shift
	migscope "$@" >page.html 2>stderr
	status=$?
	set --
	while IFS= read -r text; do
		set -- "$@" --shows "$text"
	done <shows
	if [ $status -ne "$want" ]; then
		not_ok "$name" "status $status: $(head -n 3 stderr)"
	elif python3 "$here/page.py" "$@" page.html >complaints; then
		ok "$name"
	else
		not_ok "$name"
		sed 's/^/# /' complaints
	fi
}

if has_feature libarchive; then
	xz -dc "$samples/pc-7.2.mig.xz" >pc.mig 2>/dev/null ||
		skip_all "without xz"
else
	skip_all "without libarchive"
fi

page "a stream that is whole" 0 --shows "Would load" \
	--shows "the release that wrote it" --shows "pc-i440fx-5.2" \
	--shows "env.eflags uint64 0x0000000000000246 (582) 0x7864d" \
	--shows "4,035 15.8 MiB" : check --format html pc.mig
page "the same by info" 0 --shows "604,861 bytes (590.7 KiB)" : \
	info --format html pc.mig
page "one that its destination refuses" 1 \
	--shows "Would be refused by qemu-10.0" \
	--shows 'QEMU says: unsupported machine type: "pc-q35-11.1"' \
	--shows "70 63 2d" : \
	check --format html --dest qemu-10.0 "$samples/q35-11.1.mig.xz"

head -c 200000 pc.mig >cut.mig
page "one that is cut short" 1 --shows "0002fdb0" \
	--shows "page needs 4104 bytes, 3979 are left" : \
	check --format html cut.mig
cp page.html file.html
page "the same through a pipe" 1 --shows "0002fdb0" : \
	check --format html - <cut.mig
sed 's,<h1 .*,,;s,<title>.*,,' file.html >a
sed 's,<h1 .*,,;s,<title>.*,,' page.html >b
if cmp -s a b; then
	ok "a pipe's page has the same bytes"
else
	not_ok "a pipe's page has the same bytes" "$(diff a b | head -n 5)"
fi

python3 "$here/streams.py" gap >gap.mig
page "bytes that nothing claims" 1 --shows "not understood" \
	--shows "6e 6f 74 68 69 6e 67" : check --format html gap.mig

page "several streams and destinations" 1 --shows "4 reports" \
	--shows "All reports" --shows "Would be refused by qemu-7.2" : \
	check --format html --dest qemu-7.2 --dest qemu-10.0 pc.mig \
	"$samples/q35-11.1.mig.xz"
: >empty.mig
page "several, some of them unreadable" 2 --shows "3 reports" \
	--shows "is empty" --shows "Could not be told" : \
	check --format html pc.mig empty.mig not-there.mig
echo "no stream" >none.mig
page "a file that is no stream" 2 --shows "Would be refused" \
	--shows "6e 6f 20 73" : check --format html none.mig
page "a stream for another target" 2 --shows "Could not be told" : \
	check --format html --dest qemu-10.0-s390x pc.mig

# Nothing that a stream or a path is called may become a part of the page.
python3 "$here/streams.py" hostile >hostile.mig
page "hostile names" 1 \
	--shows "<script>document.title='PWNED'</script>" \
	--shows "\"><img src=x onerror=\"document.title='PWNED'\">" \
	--shows 'line\x0abreak\x0d\x09tab\x1b[31m\x7f' \
	--shows 'bidi \xe2\x80\xae gnp.exe' \
	--shows 'broken \xff\xfe \xc3( \xed\xa0\x80 utf-8' \
	--shows '&lt;b&gt; &amp;quot; &#60;script&#62; \x5cx3cscript' : \
	check --format html hostile.mig
path="<img src=x onerror=document.title='PWNED'>\".mig"
cp hostile.mig "$path"
page "a hostile path" 1 --shows "$path" : check --format html "$path"
page "several hostile paths" 1 --shows "$path" --shows "2 reports" : \
	check --format html "$path" hostile.mig
page "the same by info" 0 --shows "$path" : info --format html "$path"

# The tests above prove something only if such a page is complained about.
bad=
for what in '<img src=x>' '<b onclick=x>' '<script>1</script>' '<a href=x>y</a>' \
		'<!-- -->' '<b>' '</p>' '<div id=main></div>'; do
	sed "s|</main>|$what</main>|" file.html >bad.html
	python3 "$here/page.py" bad.html >/dev/null && bad="$bad $what"
done
if [ -z "$bad" ]; then
	ok "what must not be in a page is seen"
else
	not_ok "what must not be in a page is seen" "but not:$bad"
fi
exit $failed
