/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/arena.h"
#include "base/mem.h"

#include <stdalign.h>
#include <stdlib.h>

/* Small enough that an arena of ten names is cheap, large enough that a
 * model of some MiB takes few calls. */
#define CHUNK_BYTES ((size_t)64 << 10)
/* The first one of an arena, as many stay small. */
#define FIRST_BYTES ((size_t)4 << 10)

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, room;
	alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *a, size_t cap)
{
	*a = (struct arena){ .cap = cap };
}

void arena_free(struct arena *a)
{
	struct arena_chunk *c = a->chunks;

	while (c) {
		struct arena_chunk *next = c->next;

		free(c);
		c = next;
	}
	a->chunks = NULL;
	a->used = 0;
}

static struct arena_chunk *chunk_new(size_t room)
{
	struct arena_chunk *c;

	if (room > SIZE_MAX - sizeof(*c))
		return NULL;
	c = mem_alloc(sizeof(*c) + room);
	if (c) {
		c->room = room;
		c->used = 0;
	}
	return c;
}

/* Another chunk, to take n bytes from. */
static struct arena_chunk *chunk_for(struct arena *a, size_t n)
{
	struct arena_chunk *c;
	size_t usual = a->used > FIRST_BYTES ? a->used : FIRST_BYTES;

	usual = usual < CHUNK_BYTES ? usual : CHUNK_BYTES;
	c = chunk_new(n > usual / 4 ? n : usual);
	if (!c)
		return NULL;
	if (a->chunks && c->room == n) {
		/* full at once: keep filling the one in front */
		c->next = a->chunks->next;
		a->chunks->next = c;
	} else {
		c->next = a->chunks;
		a->chunks = c;
	}
	return c;
}

/* As arena_alloc(), but whatever stands there. */
static void *take(struct arena *a, size_t n)
{
	const size_t unit = alignof(max_align_t);
	struct arena_chunk *c = a->chunks;
	void *p;

	if (n <= SIZE_MAX - unit)
		n = n ? (n + unit - 1) / unit * unit : unit;
	if (n > a->cap - a->used) {
		a->full = true;
		return NULL;
	}
	if (!c || n > c->room - c->used)
		c = chunk_for(a, n);
	if (!c)
		return NULL;
	p = c->bytes + c->used;
	c->used += n;
	a->used += n;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p = take(a, n);

	/* a piece at a time, when it is about to be used anyway */
	return p ? memset(p, 0, n) : NULL;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return NULL;
	return arena_alloc(a, n * size);
}

struct ms_text arena_text(struct arena *a, struct ms_text t)
{
	char *p;

	if (t.length == SIZE_MAX)
		return (struct ms_text){ NULL, 0 };
	p = take(a, t.length + 1);
	if (!p)
		return (struct ms_text){ NULL, 0 };
	if (t.length)
		memcpy(p, t.bytes, t.length);
	p[t.length] = '\0';
	return (struct ms_text){ p, t.length };
}
