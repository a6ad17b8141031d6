/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Invariants: [cur, end) is what may be given out, [cur, have_end) what is
 * there; at_end and have_at_end are the offsets of end and have_end; end is
 * have_end or where the window ends, whichever comes first. */
#include "config.h"
#include "io/reader.h"

#include "base/limits.h"
#include "base/mem.h"
#include "io/source-priv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* rd_find() maps and scans this much at a time. */
#define FIND_CHUNK MIB(4)
/* Leftovers below this are moved to the front of the buffer to make the next
 * read a large one; more only if there is no room otherwise. */
#define MOVE_FREELY KIB(4)

static const uint8_t nothing[1];

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Sets end and at_end from cur, have_end and the limit. */
static void clip(struct reader *r)
{
	uint64_t there = (uint64_t)(r->have_end - r->cur);
	uint64_t at = r->have_at_end - there;
	uint64_t n;

	/* windows are closed in the order they were opened in */
	assert(at <= r->limit);
	n = min64(there, r->limit - at);
	r->end = r->cur + n;
	r->at_end = at + n;
}

/* Stands at off with nothing at hand. */
static void stand(struct reader *r, uint64_t off)
{
	r->cur = r->have_end = r->buffer ? r->buffer : nothing;
	r->have_at_end = off;
	clip(r);
}

bool rd_init(struct reader *r, struct source *src)
{
	*r = (struct reader){ .src = src, .limit = UINT64_MAX };
	if (!src->seekable) {
		r->room = (size_t)PIPE_BUFFER;
		r->buffer = mem_alloc(r->room);
	}
	stand(r, src->base);
	return src->seekable || r->buffer;
}

void rd_free(struct reader *r)
{
	free(r->buffer);
	source_close(r->src);
	*r = (struct reader){ 0 };
}

struct source *rd_release(struct reader *r)
{
	struct source *src = r->src;

	free(r->buffer);
	*r = (struct reader){ 0 };
	return src;
}

uint64_t rd_left(const struct reader *r)
{
	uint64_t at = rd_tell(r);
	uint64_t window = r->limit - at;

	if (r->src->seekable)
		return min64(window, r->src->size - at);
	if (r->limit == UINT64_MAX || r->eof || r->failed)
		return min64(window, (uint64_t)(r->have_end - r->cur));
	return window;
}

/* ---- forward sources ---- */

/* Reads once, as much as fits behind have_end. False: no more came. */
static bool read_on(struct reader *r)
{
	uint8_t *to = r->buffer + (r->have_end - r->buffer);
	size_t room = r->room - (size_t)(r->have_end - r->buffer);
	ptrdiff_t n;

	if (r->eof || r->failed)
		return false;
	n = r->src->ops->fill(r->src, to, room);
	if (n < 0)
		r->failed = true;
	else if (!n)
		r->eof = true;
	if (n <= 0)
		return false;
	r->have_end += n;
	r->have_at_end += (uint64_t)n;
	return true;
}

/* Tries to have n bytes there, n <= room. */
static void gather(struct reader *r, size_t n)
{
	size_t left = (size_t)(r->have_end - r->cur);
	size_t front = (size_t)(r->cur - r->buffer);
	size_t keep = n <= r->room - CONTEXT_AROUND ? CONTEXT_AROUND : 0;

	if (left < n && front > keep &&
	    (left < MOVE_FREELY || n > r->room - front)) {
		memmove(r->buffer, r->cur - keep, keep + left);
		r->cur = r->buffer + keep;
		r->have_end = r->cur + left;
	}
	while ((size_t)(r->have_end - r->cur) < n && read_on(r))
		;
	clip(r);
}

static const uint8_t *fill_forward(struct reader *r, size_t n)
{
	uint64_t window = r->limit - rd_tell(r);

	/* also where the window says no: rd_left() is exact from here on */
	gather(r, (size_t)min64(min64(n, window), r->room));
	return (size_t)(r->end - r->cur) >= n ? r->cur : NULL;
}

static bool skip_forward(struct reader *r, uint64_t n)
{
	uint64_t window = r->limit - rd_tell(r);
	bool enough = n <= window;

	n = min64(n, window);
	for (;;) {
		uint64_t step = min64(n, (uint64_t)(r->have_end - r->cur));

		r->cur += step;
		n -= step;
		if (!n)
			break;
		/* all is used up: start again at the front */
		step = min64((uint64_t)(r->have_end - r->buffer),
			     CONTEXT_AROUND);
		memmove(r->buffer, r->have_end - step, (size_t)step);
		r->cur = r->have_end = r->buffer + step;
		if (!read_on(r))
			break;
	}
	clip(r);
	return enough && !n;
}

/* ---- seekable sources ---- */

static const uint8_t *view(struct reader *r, unsigned slot, uint64_t off,
			   size_t n, size_t *ret_n)
{
	const uint8_t *p = r->src->ops->view(r->src, slot, off, n, ret_n);

	if (!p)
		r->failed = true;
	return p;
}

static const uint8_t *fill_seekable(struct reader *r, size_t n)
{
	uint64_t at = rd_tell(r);
	const uint8_t *p;
	size_t got = 0;

	if (n > rd_left(r))
		return NULL;
	p = view(r, 0, at, n, &got);
	if (!p) {
		/* the old view is gone */
		stand(r, at);
		return NULL;
	}
	r->cur = p;
	r->have_end = p + got;
	r->have_at_end = at + got;
	clip(r);
	return p;
}

/* ---- both ---- */

const uint8_t *rd_fill(struct reader *r, size_t n)
{
	if (r->tick)
		r->tick(r->tick_ctx, rd_tell(r));
	return r->src->seekable ? fill_seekable(r, n) : fill_forward(r, n);
}

bool rd_skip_far(struct reader *r, uint64_t n)
{
	if (r->tick)
		r->tick(r->tick_ctx, rd_tell(r));
	if (!r->src->seekable)
		return skip_forward(r, n);
	if (n > rd_left(r))
		return false;
	stand(r, rd_tell(r) + n);
	return true;
}

uint64_t rd_window(struct reader *r, uint64_t n)
{
	uint64_t old = r->limit;
	uint64_t at = rd_tell(r);
	uint64_t most = r->limit - at;

	if (r->src->seekable)
		most = rd_left(r);
	r->limit = at + min64(n, most);
	clip(r);
	return old;
}

void rd_unwindow(struct reader *r, uint64_t old)
{
	r->limit = old;
	clip(r);
}

bool rd_hold(struct reader *r)
{
	uint64_t at = rd_tell(r);
	struct source *s;

	/* what went wrong is told by the source that is there */
	if (r->src->seekable || r->failed)
		return !r->failed;
	/* the bounce space is free once the spool has copied the leftovers */
	s = source_spool(r->src, at, r->cur, (size_t)(r->have_end - r->cur),
			 r->buffer, r->room);
	if (!s) {
		r->failed = true;
		return false;
	}
	r->failed = r->failed || s->error[0];
	source_close(r->src);
	free(r->buffer);
	r->src = s;
	r->buffer = NULL;
	r->room = 0;
	r->eof = false;
	stand(r, at);
	return !r->failed;
}

void rd_idle(struct reader *r)
{
	if (!r->src->seekable || !r->src->ops->idle)
		return;
	stand(r, rd_tell(r));
	r->src->ops->idle(r->src);
}

const uint8_t *rd_view(struct reader *r, uint64_t off, size_t n)
{
	const struct source *s = r->src;
	size_t got;

	if (!s->seekable || off < s->base || off > s->size || n > s->size - off)
		return NULL;
	return n ? view(r, 1, off, n, &got) : nothing;
}

const uint8_t *rd_at_hand(const struct reader *r, uint64_t *off, size_t *n)
{
	uint64_t first, end;

	if (r->src->seekable || !r->buffer)
		return NULL;
	first = r->have_at_end - (uint64_t)(r->have_end - r->buffer);
	end = *n < UINT64_MAX - *off ? *off + *n : UINT64_MAX;
	end = min64(end, r->have_at_end);
	*off = *off > first ? *off : first;
	if (*off >= end)
		return NULL;
	*n = (size_t)(end - *off);
	return r->buffer + (*off - first);
}

uint64_t rd_find(struct reader *r, uint64_t from, uint64_t to, const void *pat,
		 size_t n)
{
	const struct source *s = r->src;
	uint64_t step = n > FIND_CHUNK / 2 ? (uint64_t)n * 2 : FIND_CHUNK;

	if (!s->seekable || !n)
		return UINT64_MAX;
	from = from > s->base ? from : s->base;
	to = min64(to, s->size);
	while (from < to && to - from >= n) {
		size_t want = (size_t)min64(to - from, step);
		const uint8_t *p = rd_view(r, from, want);
		const uint8_t *hit;

		if (!p)
			break;
		hit = memmem(p, want, pat, n);
		if (hit)
			return from + (uint64_t)(hit - p);
		/* a hit may begin in the last n - 1 bytes */
		from += want - n + 1;
	}
	return UINT64_MAX;
}

uint64_t rd_limit(const struct reader *r, enum limit which)
{
	return limit_of(&r->src->limits, which);
}

uint64_t rd_size(const struct reader *r)
{
	return r->src->size;
}

bool rd_seek(struct reader *r, uint64_t off)
{
	const struct source *s = r->src;

	if (!s->seekable || off < s->base || off > s->size || off > r->limit)
		return false;
	stand(r, off);
	return true;
}
