/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "diff/memory.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

struct pairing {
	struct memory *m;
	struct block_pair pair;
	struct page_range range; /* that may still grow; .pages 0: none */
	uint8_t *room_a, *room_b;
};

static bool all_zero(const uint8_t *p, size_t n)
{
	return !n || (!p[0] && !memcmp(p, p + 1, n - 1));
}

/* ---- ranges ---- */

static void flush(struct pairing *g)
{
	if (g->range.pages)
		g->m->range(g->m->ctx, &g->pair, &g->range);
	g->range.pages = 0;
}

static void count_bytes(struct page_range *r, uint64_t at, const uint8_t *a,
			const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t k;

		if (a[i] == b[i])
			continue;
		if (!r->bytes++) {
			r->first = at + i;
			r->shown = 0;
		}
		k = at + i - r->first;
		if (k >= RANGE_SHOWN)
			continue;
		while (r->shown <= k) {
			r->shown_a[r->shown] = a[i - (k - r->shown)];
			r->shown_b[r->shown] = b[i - (k - r->shown)];
			r->shown++;
		}
	}
}

static void add_page(struct pairing *g, enum range_kind kind, uint64_t at,
		     size_t n)
{
	struct page_range *r = &g->range;

	g->pair.pages[kind]++;
	if (r->pages && (r->kind != kind || r->to != at))
		flush(g);
	if (!r->pages)
		*r = (struct page_range){ .kind = kind, .from = at };
	r->pages++;
	r->to = at + n;
}

/* ---- pages ---- */

static enum page_state state_at(const struct image_block *b, uint64_t at)
{
	return b->page_size ? pages_at(&b->pages, at / b->page_size) :
			      PAGE_NEVER;
}

static const uint8_t *bytes_of(struct pairing *g, struct image *im,
			       const struct image_block *b, uint64_t at,
			       size_t n, uint8_t *room)
{
	const uint8_t *p = image_page(im, b, at, n, room);

	if (!p && !g->m->why[0])
		snprintf(g->m->why, sizeof(g->m->why), "%s", im->why);
	return p;
}

/* Bytes within one page of both. */
static void compare_data(struct pairing *g, uint64_t at, size_t n)
{
	const uint8_t *a, *b;

	a = bytes_of(g, g->m->a, g->pair.a, at, n, g->room_a);
	b = a ? bytes_of(g, g->m->b, g->pair.b, at, n, g->room_b) : NULL;
	if (!b)
		return;
	if (!memcmp(a, b, n)) {
		g->pair.same++;
		return;
	}
	add_page(g, RANGE_DATA, at, n);
	count_bytes(&g->range, at, a, b, n);
}

/* A page may be sent as data and yet be zeros. */
static void compare_with_zeros(struct pairing *g, struct image *im,
			       const struct image_block *with_data,
			       enum range_kind kind, uint64_t at, size_t n)
{
	const uint8_t *p = bytes_of(g, im, with_data, at, n, g->room_a);

	if (!p)
		return;
	if (all_zero(p, n))
		g->pair.same++;
	else
		add_page(g, kind, at, n);
}

static void come_near(struct image_block *b, uint64_t at)
{
	if (b->page_size)
		pages_near(&b->pages, at / b->page_size);
}

static void compare_page(struct pairing *g, uint64_t at, size_t n)
{
	const enum page_state a = state_at(g->pair.a, at);
	const enum page_state b = state_at(g->pair.b, at);

	if (a == PAGE_DATA && b == PAGE_DATA)
		compare_data(g, at, n);
	else if (a == b && a == PAGE_NEVER)
		g->pair.never++;
	else if (a == b)
		g->pair.same++;
	else if (a == PAGE_NEVER)
		add_page(g, RANGE_ONLY_B, at, n);
	else if (b == PAGE_NEVER)
		add_page(g, RANGE_ONLY_A, at, n);
	else if (a == PAGE_ZERO)
		compare_with_zeros(g, g->m->b, g->pair.b, RANGE_ZERO_A, at, n);
	else
		compare_with_zeros(g, g->m->a, g->pair.a, RANGE_ZERO_B, at, n);
}

static uint64_t next_sent(const struct image_block *b, uint64_t at)
{
	uint64_t n;

	if (!b->page_size)
		return UINT64_MAX;
	n = pages_next_sent(&b->pages, at / b->page_size);
	if (n >= b->pages.count)
		return UINT64_MAX;
	n *= b->page_size;
	return n > at ? n : at;
}

/* From at on, the first byte of a page that one of them was sent. */
static uint64_t pass_over(const struct block_pair *p, uint64_t at, uint64_t end)
{
	const uint64_t a = next_sent(p->a, at), b = next_sent(p->b, at);
	const uint64_t next = a < b ? a : b;

	return next < end ? next : end;
}

static uint32_t unit_of(const struct block_pair *p)
{
	const uint32_t a = p->a->page_size, b = p->b->page_size;

	return !a ? b : !b ? a : a < b ? a : b;
}

/* Large pages are read in pieces. */
#define PIECE ((size_t)MAX_TARGET_PAGE)

static void compare_pages(struct pairing *g)
{
	struct block_pair *p = &g->pair;
	uint64_t end =
		p->a->length < p->b->length ? p->a->length : p->b->length;
	uint64_t at = 0;

	p->unit = unit_of(p);
	if (!p->unit)
		return;
	if (p->unit > PIECE)
		p->unit = PIECE;
	while (at < end && !g->m->why[0]) {
		uint64_t n = end - at < p->unit ? end - at : p->unit;

		come_near(p->a, at);
		come_near(p->b, at);

		if (state_at(p->a, at) == PAGE_NEVER &&
		    state_at(p->b, at) == PAGE_NEVER) {
			const uint64_t next = pass_over(p, at, end);

			n = next - at;
			p->never += n / p->unit + (n % p->unit != 0);
		} else {
			compare_page(g, at, (size_t)n);
		}
		at += n;
	}
	flush(g);
}

/* ---- blocks ---- */

static struct image_block *twin(struct image *im, const struct image_block *b)
{
	struct image_block *t = image_find(im, b->name);

	return t && t->listed ? t : NULL;
}

static void compare_block(struct pairing *g, struct image_block *a,
			  struct image_block *b)
{
	g->pair = (struct block_pair){ .a = a, .b = b };
	g->range.pages = 0;
	g->pair.absent_a = a && image_absent(a);
	g->pair.absent_b = b && image_absent(b);
	if (a && b && a->length != b->length)
		g->pair.unsized = true;
	if (a && b && g->m->pages && !g->pair.absent_a && !g->pair.absent_b)
		compare_pages(g);
	g->m->block(g->m->ctx, &g->pair);
}

void memory_compare(struct memory *m)
{
	struct pairing g = { .m = m };

	g.room_a = mem_alloc(PIECE);
	g.room_b = mem_alloc(PIECE);
	if (!g.room_a || !g.room_b)
		snprintf(m->why, sizeof(m->why), "out of memory");
	for (size_t i = 0; i < m->a->count && !m->why[0]; i++)
		if (m->a->blocks[i].listed)
			compare_block(&g, &m->a->blocks[i],
				      twin(m->b, &m->a->blocks[i]));
	for (size_t i = 0; i < m->b->count && !m->why[0]; i++)
		if (m->b->blocks[i].listed && !twin(m->a, &m->b->blocks[i]))
			compare_block(&g, NULL, &m->b->blocks[i]);
	free(g.room_a);
	free(g.room_b);
}

bool block_pair_lists_differ(const struct block_pair *p)
{
	if (!p->a || !p->b)
		return true;
	return p->a->length != p->b->length || p->absent_a != p->absent_b ||
	       (p->a->told_page_size && p->b->told_page_size &&
		p->a->told_page_size != p->b->told_page_size && !p->a->mapped &&
		!p->b->mapped) ||
	       (p->a->has_address && p->b->has_address &&
		p->a->address != p->b->address);
}

bool block_pair_differs(const struct block_pair *p)
{
	for (unsigned i = RANGE_SAME + 1; i < RANGE_KINDS; i++)
		if (p->pages[i])
			return true;
	return block_pair_lists_differ(p);
}
