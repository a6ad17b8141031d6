/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

/* XBZRLE (migration/xbzrle.c: xbzrle_decode_buffer): pairs of
 *   uleb128 bytes to keep | uleb128 n >= 1 | n new bytes
 * Numbers take one or two bytes. Only the first count may be 0; the sum
 * stays within the page; what is left over at the end is kept, and not
 * written: the loader wants each pair whole. */

/* Moves *i behind the number; UINT32_MAX: cut off or longer than 2 bytes. */
static uint32_t uleb(const uint8_t *p, size_t n, size_t *i)
{
	uint32_t v;

	if (*i >= n)
		return UINT32_MAX;
	v = p[(*i)++];
	if (!(v & 0x80))
		return v;
	if (*i >= n || p[*i] & 0x80)
		return UINT32_MAX;
	return (v & 0x7f) | (uint32_t)p[(*i)++] << 7;
}

const char *ram_xbzrle_fault(const uint8_t *p, size_t n, uint32_t page_size)
{
	uint32_t done = 0;

	for (size_t i = 0; i < n;) {
		bool first = i == 0;
		uint32_t keep = uleb(p, n, &i), fresh;

		if (keep == UINT32_MAX || (!first && !keep) ||
		    keep > page_size - done)
			return "decode error";
		done += keep;
		fresh = uleb(p, n, &i);
		if (fresh == UINT32_MAX || !fresh || fresh > page_size - done ||
		    fresh > n - i)
			return "decode error";
		done += fresh;
		i += fresh;
	}
	return NULL;
}

void ram_xbzrle_apply(const uint8_t *p, size_t n, uint8_t *page)
{
	for (size_t i = 0; i < n;) {
		uint32_t fresh;

		page += uleb(p, n, &i);
		fresh = uleb(p, n, &i);
		memcpy(page, p + i, fresh);
		page += fresh;
		i += fresh;
	}
}
