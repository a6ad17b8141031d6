/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Delta-coded pages against a decoder that does write the page: both must be
 * of one mind about what can be decoded. */
#include "config.h"

#include "wire/ram.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PAGE 256

/* A number of one or two bytes, 7 bits each, low ones first; -1: none. */
static int number(const uint8_t **p, const uint8_t *end)
{
	int low, high;

	if (*p == end)
		return -1;
	low = *(*p)++;
	if (low < 0x80)
		return low;
	if (*p == end || **p >= 0x80)
		return -1;
	high = *(*p)++;
	return (low - 0x80) + 128 * high;
}

static bool decode(const uint8_t *p, size_t n, uint8_t page[PAGE])
{
	const uint8_t *start = p, *end = p + n;
	int at = 0;

	while (p < end) {
		bool first = p == start;
		int keep = number(&p, end), fresh;

		if (keep < 0 || (!first && keep == 0) || at + keep > PAGE)
			return false;
		at += keep;
		fresh = number(&p, end);
		if (fresh <= 0 || at + fresh > PAGE || fresh > end - p)
			return false;
		memcpy(page + at, p, (size_t)fresh);
		at += fresh;
		p += fresh;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t page[PAGE];

	if (decode(data, size, page) != !ram_xbzrle_fault(data, size, PAGE))
		abort();
	return 0;
}
