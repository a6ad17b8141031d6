/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

#include "base/bytes.h"
#include "base/limits.h"

/* The target page size decides where a record's address starts and how long
 * a page is, and the section does not carry it. The configuration tells only
 * sizes above the target's smallest (of ARM that is 1 KiB), the description
 * stands at the other end of the stream and not in all of them. The records
 * themselves show it: the first round goes through each block in order, so
 * in one block an address is one page above the last, and a page is followed
 * by another record. */
#define SMALLEST 256
#define LARGEST KIB(64)
/* Consecutive pages that settle it; fewer are taken if the blocks end. */
#define ENOUGH 8

/* Pages that follow each other if ps is the size; 0: it is not, or there is
 * nothing to go by. */
static unsigned confirmed(const struct ram *r, const uint8_t *p, size_t n,
			  uint64_t ps)
{
	const struct ram_block *b = r->last;
	uint64_t due = UINT64_MAX;
	unsigned count = 0;

	while (n > RAM_WORD && count < ENOUGH) {
		uint64_t word = load_be64(p);
		uint64_t flags = word & (ps - 1), address = word - flags;
		size_t used = RAM_WORD;

		if (!(flags & RAM_CONTINUE)) {
			if (!(flags & (RAM_ZERO | RAM_PAGE)))
				break;
			used += 1u + p[RAM_WORD];
			if (n < used)
				break;
			b = ram_find(r,
				     text_make(p + RAM_WORD + 1, p[RAM_WORD]));
			due = UINT64_MAX;
		}
		flags &= ~(uint64_t)RAM_CONTINUE;
		used += flags == RAM_ZERO ? 1 : (size_t)ps;
		if ((flags != RAM_ZERO && flags != RAM_PAGE) || !b ||
		    address >= b->used_length)
			return 0;
		if (due != UINT64_MAX && address != due)
			return 0;
		count += due != UINT64_MAX;
		due = address + ps;
		if (n < used)
			break;
		p += used;
		n -= used;
	}
	return count;
}

void ram_page_size(struct walk *w)
{
	size_t n = (size_t)MAX_PEEK;
	const uint8_t *p = rd_peek(w->rd, n);
	unsigned most;

	w->ram->sized = true;
	if (!p) {
		n = rd_left(w->rd) < n ? (size_t)rd_left(w->rd) : 0;
		p = n ? rd_peek(w->rd, n) : NULL;
	}
	if (!p)
		return;
	most = confirmed(w->ram, p, n, w->page_size);
	for (uint64_t ps = SMALLEST; ps <= LARGEST; ps *= 2) {
		unsigned k = confirmed(w->ram, p, n, ps);

		if (k <= most)
			continue;
		most = k;
		w->page_size = (uint32_t)ps;
	}
}
