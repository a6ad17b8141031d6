/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* gzip through zlib: libarchive's filter does not compare the checksum and
 * the length at the end of each member, so it would pass damaged data on.
 *
 * A file is one or more members (RFC 1952); zeros may pad it. Other data may
 * follow on a volume that is larger: gzip(1) warns of them and goes on. */
#include "config.h"
#include "io/source-priv.h"

#include "base/mem.h"

#ifdef HAVE_ZLIB

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define GZIP_INPUT ((size_t)128 << 10)
/* zlib: windowBits 15 is its largest window, + 16 expects gzip's framing. */
#define GZIP_BITS (15 + 16)

enum gzip_state {
	GZIP_MEMBER,  /* inside one */
	GZIP_BETWEEN, /* behind one: another may follow */
	GZIP_PADDING, /* only zeros may follow */
	GZIP_OVER,    /* what follows is none of ours */
};

struct gzip {
	struct source s;
	struct source *inner;
	z_stream z;
	enum gzip_state state;
	bool eof;
	uint8_t input[GZIP_INPUT];
};

/* Makes input available. False at its end, or after an error. */
static bool gzip_need(struct gzip *g)
{
	ptrdiff_t n;

	if (g->z.avail_in)
		return true;
	if (g->eof)
		return false;
	n = g->inner->ops->fill(g->inner, g->input, sizeof(g->input));
	source_pass_tail(&g->s, g->inner);
	if (n < 0)
		source_fail(&g->s, "%s", g->inner->error);
	if (n <= 0) {
		g->eof = true;
		return false;
	}
	g->z.next_in = g->input;
	g->z.avail_in = (uInt)n;
	return true;
}

static void gzip_inflate(struct gzip *g)
{
	int r = inflate(&g->z, Z_NO_FLUSH);

	if (r == Z_STREAM_END)
		g->state = GZIP_BETWEEN;
	else if (r != Z_OK && r != Z_BUF_ERROR)
		source_fail(&g->s, "gzip: %s",
			    r == Z_MEM_ERROR ? "out of memory" :
			    g->z.msg         ? g->z.msg :
					       "damaged data");
}

/* Room is left, and input is there or a member is open. */
static void gzip_step(struct gzip *g)
{
	switch (g->state) {
	case GZIP_MEMBER:
		gzip_inflate(g);
		break;
	case GZIP_BETWEEN:
		g->state = *g->z.next_in == 0x1f ? GZIP_MEMBER : GZIP_PADDING;
		inflateReset(&g->z);
		break;
	case GZIP_PADDING:
		if (*g->z.next_in) {
			g->s.tail = "gzip";
			g->state = GZIP_OVER;
			break;
		}
		g->z.next_in++;
		g->z.avail_in--;
		break;
	case GZIP_OVER:
		break;
	}
}

static ptrdiff_t gzip_fill(struct source *s, uint8_t *p, size_t room)
{
	struct gzip *g = (struct gzip *)s;
	size_t done;

	room = room < UINT32_MAX / 2 ? room : UINT32_MAX / 2;
	g->z.next_out = p;
	g->z.avail_out = (uInt)room;
	while (!s->error[0] && g->z.avail_out && g->state != GZIP_OVER) {
		uInt before = g->z.avail_out;
		bool more = gzip_need(g);

		if (!more && g->state != GZIP_MEMBER)
			break;
		/* without more input, a little output may still be in store */
		gzip_step(g);
		if (!more && g->z.avail_out == before)
			source_fail(s, "gzip: the data are cut short");
	}
	/* what came out before an error is good; the error comes next time */
	done = room - g->z.avail_out;
	return done || !s->error[0] ? (ptrdiff_t)done : -1;
}

static void gzip_close(struct source *s)
{
	struct gzip *g = (struct gzip *)s;

	inflateEnd(&g->z);
	source_close(g->inner);
	free(g);
}

static const struct source_ops gzip_ops = {
	.name = "gzip",
	.fill = gzip_fill,
	.close = gzip_close,
};

struct source *source_gzip(struct source *inner, const char *name, char *why,
			   size_t why_room)
{
	struct gzip *g = mem_zero(1, sizeof(*g));

	if (!g || inflateInit2(&g->z, GZIP_BITS) != Z_OK) {
		snprintf(why, why_room, "out of memory");
		free(g);
		source_close(inner);
		return NULL;
	}
	g->s.ops = &gzip_ops;
	g->inner = inner;
	source_name_filter(&g->s, inner, name);
	return &g->s;
}

#else

/* Unchecked is better than not at all. */
struct source *source_gzip(struct source *inner, const char *name, char *why,
			   size_t why_room)
{
	return source_archive(inner, name, why, why_room);
}

#endif
