#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Prints what html-page.c includes: the style and the script as arrays of
# bytes, each with the hash that the page's Content-Security-Policy names.
#
#	embed.sh report.css report.js >html-assets.inc
set -eu
LC_ALL=C
export LC_ALL

# The SHA-256 of file $1, in base64.
hash_of()
{
	if command -v sha256sum >/dev/null 2>&1; then
		sha256sum <"$1"
	elif command -v shasum >/dev/null 2>&1; then
		shasum -a 256 <"$1"
	else
		openssl dgst -sha256 -r <"$1"
	fi | awk '
	# three hexadecimal digits are two of base64
	function value(text,    i, v) {
		for (i = 1; i <= length(text); i++)
			v = 16 * v + index("0123456789abcdef",
				substr(text, i, 1)) - 1
		return v
	}
	function digit(v) {
		return substr("ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
			"abcdefghijklmnopqrstuvwxyz0123456789+/", v + 1, 1)
	}
	{
		if (length($1) != 64)
			exit 1
		for (i = 1; i < 64; i += 3) {
			v = value(substr($1, i, 3))
			text = text digit(int(v / 64)) digit(v % 64)
		}
		print text digit(4 * value(substr($1, 64, 1))) "="
	}'
}

embed()
{
	hash=$(hash_of "$2")
	[ ${#hash} -eq 44 ] || exit 1
	echo
	echo "#define HTML_$3_HASH \"sha256-$hash\""
	echo "static const char $1[] = {"
	# as numbers: C promises no more than 4095 characters in a string
	od -An -v -tu1 "$2" | awk '{ gsub(/[0-9]+/, "&,"); print }'
	echo "};"
}

echo "/* SPDX-License-Identifier: LGPL-2.1-or-later */"
echo "/* Made by embed.sh: do not edit. */"
embed html_css "$1" CSS
embed html_js "$2" JS
