#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# HTML reports in a real browser: make check-browser. The pages are made
# here, what is done with them stands in browser.py. With SCREENSHOTS=FOLDER
# pictures of them are left there, to be looked at.
set -u
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
. "$top_srcdir/tests/lib.sh"
has_feature command:python3 || skip_all "without python3"
has_feature libarchive || skip_all "without libarchive"
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
here=$top_srcdir/tests/browser samples=$top_srcdir/samples
python3 -c "import sys; sys.path.insert(0, '$here')
import chromium; sys.exit(not chromium.find())" || skip_all "without chromium"
MIGSCOPE_SCHEMA_PATH=$top_srcdir/schemas
export MIGSCOPE_SCHEMA_PATH
cd "$tmp" || exit 99

report()
{
	out=$1
	shift
	migscope check --format html "$@" >"$out.html" 2>stderr
	[ $? -le 1 ] || {
		echo "Bail out! check $*: $(head -n 3 stderr)"
		exit 99
	}
}

xz -dc "$samples/pc-7.2.mig.xz" >pc.mig || skip_all "without xz"
head -c 494600 pc.mig >cut.mig
for name in hostile large gap; do
	python3 "$here/streams.py" $name >$name.mig
	report $name $name.mig
done
report whole pc.mig
report damaged cut.mig
report fields "$samples/q35-11.1.mig.xz"
report refused --dest qemu-10.0 "$samples/q35-11.1.mig.xz"
report several --dest qemu-7.2 --dest qemu-10.0 pc.mig cut.mig \
	"$samples/q35-11.1.mig.xz"
[ -z "${SCREENSHOTS:-}" ] || mkdir -p "$SCREENSHOTS"
python3 "$here/browser.py"
