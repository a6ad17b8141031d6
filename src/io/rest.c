/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reader turned back into a source: how a container hands what stands
 * behind its header to a decompressor. */
#include "config.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/reader.h"
#include "io/source-priv.h"

#include <stdlib.h>
#include <string.h>

/* Taken at a time from seekable input. */
#define REST_PIECE KIB(64)

struct rest {
	struct source s;
	struct reader rd;
};

static ptrdiff_t rest_fill(struct source *s, uint8_t *p, size_t room)
{
	struct reader *rd = &((struct rest *)s)->rd;
	const uint8_t *from = rd_peek(rd, 1);
	size_t n;

	source_pass_tail(s, rd->src);
	if (!from) {
		if (!rd->failed)
			return 0;
		source_fail(s, "%s", rd->src->error);
		return -1;
	}
	n = (size_t)(rd->end - rd->cur);
	n = n < room ? n : room;
	n = n < REST_PIECE ? n : (size_t)REST_PIECE;
	memcpy(p, from, n);
	rd_skip(rd, n);
	return (ptrdiff_t)n;
}

static void rest_close(struct source *s)
{
	rd_free(&((struct rest *)s)->rd);
	free(s);
}

static const struct source_ops rest_ops = {
	.name = "rest",
	.fill = rest_fill,
	.close = rest_close,
};

struct source *source_rest(struct reader *r)
{
	struct rest *t = mem_zero(1, sizeof(*t));

	if (!t)
		return NULL;
	t->s.ops = &rest_ops;
	t->rd = *r;
	source_name_filter(&t->s, r->src, NULL);
	*r = (struct reader){ 0 };
	return &t->s;
}
