/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where lzop data end. libarchive decompresses them, mostly by running the
 * program, and takes whatever follows for damage; so it is given no more
 * than belongs to them.
 *
 * A file, of which only the first part counts here (lzop takes further ones
 * for further files), is (lzop 1.04: lzop.c, write_header, and what
 * libarchive's archive_read_support_filter_lzop.c reads):
 *   magic[9] | be16 version | be16 library | be16 needed (version >= 0x940) |
 *   u8 method | u8 level (>= 0x940) | be32 flags | be32 filter (if flagged) |
 *   be32 mode | be32 time | be32 time high (>= 0x940) | u8 length, name |
 *   be32 checksum | be32 length, extra field, be32 checksum (if flagged)
 * then blocks, and a be32 0 at their end:
 *   be32 size | be32 size compressed | be32 checksum for each kind that is
 *   flagged, of what is compressed only where it is smaller | data */
#include "config.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "io/source-priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBARCHIVE

#define LZOP_INPUT ((size_t)64 << 10)
#define MAGIC_BYTES 9
#define FIRST_WITH_LEVEL 0x940
#define FLAG_ADLER_PLAIN 0x1
#define FLAG_ADLER_PACKED 0x2
#define FLAG_EXTRA 0x40
#define FLAG_CRC_PLAIN 0x100
#define FLAG_CRC_PACKED 0x200
#define FLAG_FILTER 0x800

enum lzop_state {
	LZOP_HEADER, /* behind the magic, up to the name */
	LZOP_NAME,   /* its checksum, and the extra field's length */
	LZOP_BLOCK,  /* the head of a block */
	LZOP_END,    /* what follows is none of ours */
	LZOP_OVER,   /* and was looked at */
	LZOP_LOST,   /* nor can it be told where it ends */
};

struct lzop {
	struct source s;
	struct source *inner;
	enum lzop_state state;
	uint64_t pass; /* bytes that need not be looked at, then the state */
	uint32_t flags;
	bool eof;
	size_t at, end;
	uint8_t input[LZOP_INPUT];
};

/* n bytes at hand to look at, or NULL: fewer are left, or an error. */
static const uint8_t *lzop_need(struct lzop *l, size_t n)
{
	if (l->end - l->at < n) {
		memmove(l->input, l->input + l->at, l->end - l->at);
		l->end -= l->at;
		l->at = 0;
	}
	while (l->end - l->at < n && !l->eof) {
		ptrdiff_t got = l->inner->ops->fill(l->inner, l->input + l->end,
						    LZOP_INPUT - l->end);

		source_pass_tail(&l->s, l->inner);
		if (got < 0)
			source_fail(&l->s, "%s", l->inner->error);
		l->eof = got <= 0;
		l->end += got > 0 ? (size_t)got : 0;
	}
	return l->end - l->at >= n ? l->input + l->at : NULL;
}

static void look_behind(struct lzop *l)
{
	const uint8_t *p;

	while ((p = lzop_need(l, 1)) && !*p)
		l->at++;
	if (p)
		l->s.tail = "lzop";
	l->state = LZOP_OVER;
}

/* Each reads what it needs and says how far to pass on; where the data end
 * early, all of them goes on, and the decompressor complains. */
static void read_header(struct lzop *l)
{
	const uint8_t *p = lzop_need(l, 2);
	const bool level = p && load_be16(p) >= FIRST_WITH_LEVEL;
	const size_t flags_at = level ? 8 : 5;
	size_t n = flags_at + 4;

	l->state = LZOP_LOST;
	p = lzop_need(l, n);
	if (!p)
		return;
	l->flags = load_be32(p + flags_at);
	n += l->flags & FLAG_FILTER ? 4 : 0;
	n += level ? 12 : 8; /* mode and time */
	p = lzop_need(l, n + 1);
	if (!p)
		return;
	l->pass = n + 1 + p[n];
	l->state = LZOP_NAME;
}

static void read_extra(struct lzop *l)
{
	const uint8_t *p = lzop_need(l, l->flags & FLAG_EXTRA ? 8 : 4);

	l->state = p ? LZOP_BLOCK : LZOP_LOST;
	if (!p)
		return;
	l->pass = 4;
	if (l->flags & FLAG_EXTRA)
		l->pass += 4 + (uint64_t)load_be32(p + 4) + 4;
}

static void read_block(struct lzop *l)
{
	const uint8_t *p = lzop_need(l, 4);
	uint32_t size, packed;

	if (p && !load_be32(p)) {
		l->pass = 4;
		l->state = LZOP_END;
		return;
	}
	p = lzop_need(l, 8);
	if (!p) {
		l->state = LZOP_LOST;
		return;
	}
	size = load_be32(p);
	packed = load_be32(p + 4);
	l->pass = 8 + (uint64_t)packed;
	l->pass += l->flags & FLAG_ADLER_PLAIN ? 4 : 0;
	l->pass += l->flags & FLAG_CRC_PLAIN ? 4 : 0;
	if (packed >= size)
		return;
	l->pass += l->flags & FLAG_ADLER_PACKED ? 4 : 0;
	l->pass += l->flags & FLAG_CRC_PACKED ? 4 : 0;
}

static void lzop_step(struct lzop *l)
{
	switch (l->state) {
	case LZOP_HEADER:
		read_header(l);
		break;
	case LZOP_NAME:
		read_extra(l);
		break;
	case LZOP_BLOCK:
		read_block(l);
		break;
	case LZOP_END:
		look_behind(l);
		break;
	case LZOP_LOST:
		l->pass = UINT64_MAX;
		break;
	case LZOP_OVER:
		break;
	}
}

static ptrdiff_t lzop_fill(struct source *s, uint8_t *p, size_t room)
{
	struct lzop *l = (struct lzop *)s;
	size_t done = 0;

	while (!s->error[0] && done < room) {
		size_t n;

		if (!l->pass && l->state == LZOP_OVER)
			break;
		if (!l->pass) {
			lzop_step(l);
			continue;
		}
		if (!lzop_need(l, 1))
			break;
		n = l->end - l->at;
		n = n < l->pass ? n : (size_t)l->pass;
		n = n < room - done ? n : room - done;
		memcpy(p + done, l->input + l->at, n);
		l->at += n;
		l->pass -= n;
		done += n;
	}
	return done || !s->error[0] ? (ptrdiff_t)done : -1;
}

static void lzop_close(struct source *s)
{
	source_close(((struct lzop *)s)->inner);
	free(s);
}

static const struct source_ops lzop_ops = {
	.name = "lzop",
	.fill = lzop_fill,
	.close = lzop_close,
};

struct source *source_lzop(struct source *inner, const char *name, char *why,
			   size_t why_room)
{
	struct lzop *l = mem_zero(1, sizeof(*l));

	if (!l) {
		snprintf(why, why_room, "out of memory");
		source_close(inner);
		return NULL;
	}
	l->s.ops = &lzop_ops;
	l->inner = inner;
	l->pass = MAGIC_BYTES;
	source_name_filter(&l->s, inner, NULL);
	return source_archive(&l->s, name, why, why_room);
}

#else

struct source *source_lzop(struct source *inner, const char *name, char *why,
			   size_t why_room)
{
	return source_archive(inner, name, why, why_room);
}

#endif
