/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One reader owns the input. Look, then move: peeking and advancing are
 * separate, and a short answer leaves everything as it was.
 *
 *	const uint8_t *p = rd_peek(r, 4);
 *	if (!p)
 *		… fewer than 4 bytes are left: rd_left(r) …
 *	id = load_be32(p);
 *	rd_skip(r, 4);
 *
 * A peeked pointer lives until the next rd_ call that is not rd_left or
 * rd_tell. A length on the wire opens a window (rd_window): inside it
 * nothing behind its end can be seen. */
#ifndef IO_READER_H
#define IO_READER_H

#include "io/source.h"

struct reader {
	const uint8_t *cur, *end; /* what is at hand, within the window */
	uint64_t at_end;          /* stream offset of end */
	uint64_t limit;           /* end of the window, UINT64_MAX = none */
	struct source *src;
	/* forward sources */
	uint8_t *buffer;
	size_t room;
	const uint8_t *have_end; /* end of what was read (beyond limit too) */
	uint64_t have_at_end;    /* its stream offset */
	/* Called now and then with the place that was reached; or NULL. Never
	 * while what is at hand lasts. */
	void (*tick)(void *ctx, uint64_t at);
	void *tick_ctx;
	bool eof;    /* the source has no more */
	bool failed; /* read error: see src->error */
};

/* Takes src over, also when it fails (no memory): rd_free() in any case. */
bool rd_init(struct reader *r, struct source *src);
void rd_free(struct reader *r); /* closes the source */

/* Gives the source back, wherever it was read to, and empties the reader;
 * rd_init() may follow. */
struct source *rd_release(struct reader *r);
/* What is left to read as a forward source, which owns what the reader
 * owned; the reader is emptied. NULL: no memory, and nothing has changed. */
struct source *source_rest(struct reader *r);
/* A limit of what is read. */
uint64_t rd_limit(const struct reader *r, enum limit which);

/* slow paths */
const uint8_t *rd_fill(struct reader *r, size_t n);
bool rd_skip_far(struct reader *r, uint64_t n);

/* n contiguous bytes at the current place, n <= MAX_PEEK for forward
 * sources (any length for seekable ones); NULL: fewer are left. */
static inline const uint8_t *rd_peek(struct reader *r, size_t n)
{
	if (__builtin_expect((size_t)(r->end - r->cur) >= n, 1))
		return r->cur;
	return rd_fill(r, n);
}

/* False, and nothing moves past the end, when fewer than n bytes are left
 * (on a forward source the rest has then been read away). */
static inline bool rd_skip(struct reader *r, uint64_t n)
{
	if (__builtin_expect((uint64_t)(r->end - r->cur) >= n, 1)) {
		r->cur += n;
		return true;
	}
	return rd_skip_far(r, n);
}

/* Offset of the next byte, from the start of the input. */
static inline uint64_t rd_tell(const struct reader *r)
{
	return r->at_end - (uint64_t)(r->end - r->cur);
}

static inline bool rd_seekable(const struct reader *r)
{
	return r->src->seekable;
}

/* Bytes up to the end of the window or input. Forward sources without a
 * window know only what is at hand: the answer is then a lower bound
 * unless rd_peek has just failed. With a window, they believe it until a
 * failed rd_peek or rd_skip has shown the end of the input. */
uint64_t rd_left(const struct reader *r);

/* Narrows the reader to the next n bytes (less if fewer are left, which the
 * caller has checked where it can); returns the old limit for rd_unwindow. */
uint64_t rd_window(struct reader *r, uint64_t n);
void rd_unwindow(struct reader *r, uint64_t old);

/* Seekable only, else a no-op: nothing will be read for a while, and memory
 * that what was read takes is given back. */
void rd_idle(struct reader *r);

/* Makes the rest of a forward source seekable by spooling it (SPOOL_MEMORY
 * in memory, past that an unlinked temporary file); offsets stay. A no-op
 * for seekable ones. False: read error, or the cap was hit; r->failed is set
 * then, and what was read before can still be seen. */
bool rd_hold(struct reader *r);

/* Seekable only. [off, off+n) wherever the reader is; NULL when it is not
 * wholly inside the input. Lives until the next rd_view/rd_find. */
const uint8_t *rd_view(struct reader *r, uint64_t off, size_t n);
/* Seekable only. Offset of the first occurrence of the n bytes at pat
 * wholly within [from, to), or UINT64_MAX. */
uint64_t rd_find(struct reader *r, uint64_t from, uint64_t to, const void *pat,
		 size_t n);
/* Forward only: what of [*off, *off + *n) is in the buffer, as far as it lies
 * in one piece; both then say what is returned. NULL: nothing of it. */
const uint8_t *rd_at_hand(const struct reader *r, uint64_t *off, size_t *n);
/* Seekable only: size of the input, and moving to an offset in it. */
uint64_t rd_size(const struct reader *r);
bool rd_seek(struct reader *r, uint64_t off);

#endif
