/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "api/context.h"

#include "base/limits.h"

/* [*ret_from, *ret_from + result) is what to keep of a fault. */
static size_t wanted(const struct fault *f, uint64_t *ret_from)
{
	const uint64_t before =
		f->offset < CONTEXT_AROUND ? f->offset : CONTEXT_AROUND;
	const uint64_t inside =
		f->length < CONTEXT_INSIDE ? f->length : CONTEXT_INSIDE;

	*ret_from = f->offset - before;
	return (size_t)(before + inside + CONTEXT_AROUND);
}

static void keep(struct context *c, struct fault *f, uint64_t from,
		 const uint8_t *p, size_t n)
{
	uint8_t *copy = n ? arena_alloc(&c->faults->arena, n) : NULL;

	if (!copy)
		return; /* a report without it is still one */
	memcpy(copy, p, n);
	f->context = copy;
	f->context_at = from;
	f->context_length = n;
}

static void keep_viewed(struct context *c, struct fault *f)
{
	const uint64_t base = c->rd->src->base, size = rd_size(c->rd);
	uint64_t from;
	size_t n = wanted(f, &from);
	const uint8_t *p;

	if (from < base) {
		n -= (size_t)(base - from < n ? base - from : n);
		from = base;
	}
	if (from >= size)
		return;
	if (n > size - from)
		n = (size_t)(size - from);
	p = n ? rd_view(c->rd, from, n) : NULL;
	if (p)
		keep(c, f, from, p, n);
}

static void keep_passing(struct context *c, struct fault *f)
{
	uint64_t from;
	size_t n = wanted(f, &from);
	const uint8_t *p = rd_at_hand(c->rd, &from, &n);

	if (p)
		keep(c, f, from, p, n);
}

void context_start(struct context *c, struct faults *faults, struct reader *rd)
{
	c->faults = faults;
	c->rd = rd;
	c->first = c->next = faults->count;
}

/* What can be read again is left for the end: decoders hold views now. */
void context_take(struct context *c)
{
	for (; c->next < c->faults->count; c->next++)
		if (!rd_seekable(c->rd))
			keep_passing(c, &c->faults->list[c->next]);
}

void context_end(struct context *c)
{
	context_take(c);
	for (size_t i = c->first; i < c->faults->count; i++) {
		struct fault *f = &c->faults->list[i];

		if (!f->context && rd_seekable(c->rd))
			keep_viewed(c, f);
	}
	c->first = c->faults->count;
}
