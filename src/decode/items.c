/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/items.h"

#include "base/bytes.h"

#include <string.h>

/* Names are at most 255 bytes; what stands around them is 14. */
#define HEADER_MAX (14 + 255)
/* Versions are small: the next highest is 10000 (i6300esb_wdt). */
#define VERSION_PLAUSIBLE 0xffff
#define VERSION_EEPROM 20061113 /* hw/nvram/eeprom93xx.c: EEPROM_VERSION */

static const uint8_t *bytes_at(struct reader *rd, uint64_t off, uint64_t limit,
			       size_t n)
{
	uint64_t end = rd_size(rd) < limit ? rd_size(rd) : limit;

	if (off > end || n > end - off)
		return NULL;
	return rd_view(rd, off, n);
}

static bool version_plausible(uint32_t version)
{
	return version <= VERSION_PLAUSIBLE || version == VERSION_EEPROM;
}

static bool name_plausible(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x7e)
			return false;
	return true;
}

/* Header of START and FULL (migration/savevm.c: save_section_header):
 *   u8 type | be32 id | u8 L | L bytes idstr | be32 instance | be32 version
 */
bool item_header_at(struct reader *rd, uint64_t off, uint64_t limit)
{
	const uint8_t *p = bytes_at(rd, off, limit, 6);
	size_t n;

	if (!p || (p[0] != ITEM_START && p[0] != ITEM_FULL))
		return false;
	n = p[5];
	p = bytes_at(rd, off, limit, 14 + n);
	return p && n && name_plausible(p + 6, n) &&
	       version_plausible(load_be32(p + 10 + n));
}

bool item_plausible(struct reader *rd, uint64_t off, uint64_t limit,
		    bool end_ok)
{
	const uint8_t *p = bytes_at(rd, off, limit, 1);

	if (!p)
		return end_ok;
	switch (p[0]) {
	case ITEM_EOF:
		return true;
	case ITEM_PART:
	case ITEM_END:
		return bytes_at(rd, off, limit, 5) != NULL;
	case ITEM_COMMAND:
		p = bytes_at(rd, off, limit, 5);
		return p && load_be16(p + 1) <= COMMAND_MAX;
	default:
		return item_header_at(rd, off, limit);
	}
}

bool item_footer_at(struct reader *rd, uint64_t off, uint64_t limit,
		    uint32_t id)
{
	const uint8_t *p = bytes_at(rd, off, limit, FOOTER_SIZE);

	return p && p[0] == ITEM_FOOTER && load_be32(p + 1) == id &&
	       item_plausible(rd, off + FOOTER_SIZE, limit, true);
}

static bool stray_end_at(struct reader *rd, uint64_t off, uint64_t limit)
{
	const uint8_t *p = bytes_at(rd, off, limit, 2);

	return p && p[0] == ITEM_EOF && p[1] != ITEM_DESCRIPTION;
}

uint64_t item_find_footer(struct reader *rd, uint64_t from, uint64_t to,
			  uint32_t id)
{
	const uint8_t mark[FOOTER_SIZE] = {
		ITEM_FOOTER,        (uint8_t)(id >> 24), (uint8_t)(id >> 16),
		(uint8_t)(id >> 8), (uint8_t)id,
	};
	uint64_t weak = UINT64_MAX;

	/* 7e and zeros, more zeros behind: the footer of id 0 and an end
	 * marker, or plain data. The marker has the description behind it. */
	for (;;) {
		uint64_t at = rd_find(rd, from, to, mark, sizeof(mark));

		if (at == UINT64_MAX)
			return weak;
		if (item_footer_at(rd, at, to, id)) {
			if (!stray_end_at(rd, at + FOOTER_SIZE, to))
				return at;
			if (weak == UINT64_MAX)
				weak = at;
		}
		from = at + 1;
	}
}

/* The first n bytes of an item that has more. */
static bool item_cut_short(const uint8_t *p, size_t n)
{
	switch (p[0]) {
	case ITEM_PART:
	case ITEM_END:
		return n < 5;
	case ITEM_COMMAND:
		return n < 5 && (n < 3 || load_be16(p + 1) <= COMMAND_MAX);
	case ITEM_START:
	case ITEM_FULL:
		break;
	default:
		return false;
	}
	if (n < 6)
		return true;
	return n < 14u + p[5] &&
	       name_plausible(p + 6, n - 6 < p[5] ? n - 6 : p[5]);
}

uint64_t item_find_cut_footer(struct reader *rd, uint64_t from, uint64_t to,
			      uint32_t id)
{
	const uint8_t mark[FOOTER_SIZE] = {
		ITEM_FOOTER,        (uint8_t)(id >> 24), (uint8_t)(id >> 16),
		(uint8_t)(id >> 8), (uint8_t)id,
	};
	uint64_t most = FOOTER_SIZE + HEADER_MAX;
	size_t n;
	const uint8_t *p;

	if (to - from > most)
		from = to - most;
	n = (size_t)(to - from);
	p = rd_view(rd, from, n);
	for (size_t i = 0; p && i < n; i++) {
		size_t m = n - i < FOOTER_SIZE ? n - i : FOOTER_SIZE;

		if (memcmp(p + i, mark, m))
			continue;
		if (m == n - i || item_cut_short(p + i + m, n - i - m))
			return from + i;
	}
	return UINT64_MAX;
}

uint64_t item_find_header(struct reader *rd, uint64_t from, uint64_t to)
{
	uint64_t size = rd_size(rd) < to ? rd_size(rd) : to;

	while (from < size) {
		size_t n = size - from < 65536 ? (size_t)(size - from) : 65536;
		const uint8_t *p = rd_view(rd, from, n);
		size_t i;

		if (!p)
			break;
		for (i = 0; i < n; i++)
			if (p[i] == ITEM_START || p[i] == ITEM_FULL)
				break;
		if (i < n && item_header_at(rd, from + i, to))
			return from + i;
		from += i + (i < n);
	}
	return UINT64_MAX;
}
