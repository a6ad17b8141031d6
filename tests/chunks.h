/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source that can only be read forward, in pieces of chosen sizes: what a
 * pipe is, without one.
 *
 *	src = source_chunks(data, n, 1);     one byte at a time
 *	src = source_chunks(data, n, 1013);  pieces of 1 to 1013 bytes */
#ifndef TESTS_CHUNKS_H
#define TESTS_CHUNKS_H

#include "io/source.h"

#include <stdlib.h>
#include <string.h>

struct chunks {
	struct source s;
	const uint8_t *data;
	size_t left, most;
	uint32_t state;
};

static inline ptrdiff_t chunks_fill(struct source *s, uint8_t *p, size_t room)
{
	struct chunks *c = (struct chunks *)s;
	size_t n;

	/* Numerical Recipes' generator: the same pieces in every run. */
	c->state = c->state * 1664525 + 1013904223;
	n = 1 + (c->state >> 8) % c->most;
	if (n > room)
		n = room;
	if (n > c->left)
		n = c->left;
	if (n)
		memcpy(p, c->data, n);
	c->data += n;
	c->left -= n;
	return (ptrdiff_t)n;
}

static inline void chunks_close(struct source *s)
{
	free(s);
}

static const struct source_ops chunks_ops = {
	.name = "chunks",
	.fill = chunks_fill,
	.close = chunks_close,
};

/* data is borrowed. NULL: no memory. */
static inline struct source *source_chunks(const void *data, size_t n,
					   size_t most)
{
	struct chunks *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->s.ops = &chunks_ops;
	c->data = data;
	c->left = n;
	c->most = most;
	return &c->s;
}

#endif
