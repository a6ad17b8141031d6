/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/utf8.h"

/* Code points that change how the text around them looks, that nobody sees,
 * that end a line, or that no XML document may hold. */
static const struct {
	uint32_t first, last;
} unprintable[] = {
	{ 0x00, 0x1f },     { '\\', '\\' },     /* ours, starts an escape */
	{ 0x7f, 0x9f },     { 0x061c, 0x061c }, /* Arabic letter mark */
	{ 0x200b, 0x200f }, /* of no width; marks of direction */
	{ 0x2028, 0x202e }, /* separators, embeddings, overrides */
	{ 0x2060, 0x206f }, /* invisible operators, isolates */
	{ 0xfeff, 0xfeff }, /* of no width */
	{ 0xfffe, 0xffff },
};

bool utf8_printable(uint32_t c)
{
	for (size_t i = 0; i < sizeof(unprintable) / sizeof(*unprintable); i++)
		if (c >= unprintable[i].first && c <= unprintable[i].last)
			return false;
	return true;
}

size_t utf8_length(const unsigned char *p, size_t left, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = p[0];
	size_t n;

	if (c < 0x80) {
		*ret = c;
		return 1;
	}
	if (c >= 0xc2 && c <= 0xdf)
		n = 2;
	else if (c >= 0xe0 && c <= 0xef)
		n = 3;
	else if (c >= 0xf0 && c <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > left)
		return 0;
	c &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return n;
}
