/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "io/source-priv.h"

#include "base/mem.h"

#include <stdlib.h>

struct memory {
	struct source s;
	const uint8_t *bytes;
	void *owned;
};

static const uint8_t *memory_view(struct source *s, unsigned slot, uint64_t off,
				  size_t n, size_t *ret_n)
{
	struct memory *m = (struct memory *)s;

	(void)slot;
	(void)n;
	*ret_n = (size_t)(s->size - off);
	return m->bytes + (off - s->base);
}

static void memory_close(struct source *s)
{
	struct memory *m = (struct memory *)s;

	free(m->owned);
	free(m);
}

static const struct source_ops memory_ops = {
	.name = "memory",
	.view = memory_view,
	.close = memory_close,
};

static struct source *memory_new(const void *p, size_t n, uint64_t base)
{
	struct memory *m = mem_zero(1, sizeof(*m));

	if (!m)
		return NULL;
	m->s.ops = &memory_ops;
	m->s.seekable = true;
	m->s.base = base;
	m->s.size = base + n;
	m->bytes = p;
	return &m->s;
}

struct source *source_memory(const void *p, size_t n)
{
	return memory_new(p, n, 0);
}

struct source *source_memory_owned(void *p, size_t n, uint64_t base)
{
	struct source *s = memory_new(p, n, base);

	if (s)
		((struct memory *)s)->owned = p;
	return s;
}
