/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How each page of one RAM block was sent last. Two bits a page, 32 more where
 * further channels have to be put in order, and 64 where it is kept in which
 * place of the input a page stands; memory is taken for pages that were seen,
 * not for those a block claims to have, and where that is much, it is that of
 * an unlinked temporary file. */
#ifndef RAM_PAGES_H
#define RAM_PAGES_H

#include <stdbool.h>
#include <stdint.h>

enum page_state {
	PAGE_NEVER, /* not sent, or discarded since */
	PAGE_ZERO,
	PAGE_DATA,
};

/* What no page of was sent is passed over at once: a list may claim more
 * pages than can be looked at one by one. */
#define PAGES_CHUNK (UINT64_C(1) << 14)

struct pages {
	uint64_t count;
	uint8_t *state;  /* four pages a byte */
	uint8_t *seen;   /* of PAGES_CHUNK pages: one of them was set */
	uint32_t *turns; /* or NULL */
	/* Or NULL: where in the input a page with data stands, 0 for one that
	 * is kept elsewhere. */
	uint64_t *places;
	/* Of those in files: a bit each; the chunk that is looked
	 * at, and how many were. */
	unsigned small; /* tables on the heap, a bit each */
	unsigned filed, moves;
	uint64_t chunk;
};

#define PAGES_TURNS 1u
#define PAGES_PLACES 2u

/* with: PAGES_… or'ed. False: no memory, or the count is over
 * MAX_RAM_PAGES. */
bool pages_open(struct pages *p, uint64_t count, unsigned with);
void pages_close(struct pages *p);

void pages_moved(struct pages *p, uint64_t chunk);

/* Page n is looked at next, and others near it: what is in files and far off
 * gives up its memory now and then. */
static inline void pages_near(struct pages *p, uint64_t n)
{
	if (p->filed && n / PAGES_CHUNK != p->chunk)
		pages_moved(p, n / PAGES_CHUNK);
}

static inline enum page_state pages_at(const struct pages *p, uint64_t n)
{
	return p->state[n >> 2] >> 2 * (n & 3) & 3;
}

static inline void pages_set(struct pages *p, uint64_t n, enum page_state s)
{
	const unsigned shift = 2 * (n & 3);

	p->seen[n / PAGES_CHUNK] = 1;
	p->state[n >> 2] =
		(uint8_t)((p->state[n >> 2] & ~(3u << shift)) | s << shift);
}

static inline uint64_t pages_place(const struct pages *p, uint64_t n)
{
	return p->places ? p->places[n] : 0;
}

static inline void pages_set_place(struct pages *p, uint64_t n, uint64_t place)
{
	/* what was never written stays unmapped */
	if (p->places && p->places[n] != place)
		p->places[n] = place;
}

/* Channels are read one after the other, but were written side by side: a
 * page counts if it is no older than what is there. Turn 0 is the oldest. */
static inline bool pages_take_turn(struct pages *p, uint64_t n, uint32_t turn)
{
	if (!p->turns)
		return true;
	if (turn < p->turns[n])
		return false;
	p->turns[n] = turn;
	return true;
}

/* The first page from n on that was sent; p->count: there is none. */
uint64_t pages_next_sent(const struct pages *p, uint64_t n);
/* The number of pages in each state, from [0, count). */
void pages_count(const struct pages *p, uint64_t ret[3]);

#endif
