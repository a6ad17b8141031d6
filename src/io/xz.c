/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xz and lzip through liblzma: libarchive's filter takes what follows the last
 * stream for damage, and padding that is no multiple of four too; nor can it be
 * told where its memory is to come from.
 *
 * A file is one or more streams (The .xz File Format, section 2) or members
 * (the lzip manual, "File format"), each with a magic number of its own; zeros
 * may pad it, and on a volume that is larger other data may follow. */
#include "config.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/source-priv.h"
#include "io/window.h"

#ifdef HAVE_LZMA

#include <inttypes.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XZ_INPUT ((size_t)128 << 10)

/* lzma_lzip_decoder() */
#if LZMA_VERSION >= UINT32_C(50040002)
#define XZ_READS_LZIP 1
#else
#define XZ_READS_LZIP 0
#endif

#define MAX_MAGIC 6

static const struct format {
	const char *name;
	size_t length;
	uint8_t magic[MAX_MAGIC];
} formats[] = {
	{ "xz", 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
	{ "lzip", 4, { 'L', 'Z', 'I', 'P' } },
};

struct xz {
	struct source s;
	struct source *inner;
	const struct format *format;
	lzma_stream z;
	lzma_allocator allocator;
	struct windows windows;
	bool inside; /* of a stream */
	bool eof, over;
	uint8_t input[XZ_INPUT];
};

/* Makes at least n bytes of input available, n <= MAX_MAGIC. False: fewer
 * are left, or an error. */
static bool xz_need(struct xz *x, size_t n)
{
	if (x->z.avail_in >= n)
		return true;
	if (x->z.avail_in)
		memmove(x->input, x->z.next_in, x->z.avail_in);
	x->z.next_in = x->input;
	while (x->z.avail_in < n && !x->eof) {
		ptrdiff_t got =
			x->inner->ops->fill(x->inner, x->input + x->z.avail_in,
					    XZ_INPUT - x->z.avail_in);

		source_pass_tail(&x->s, x->inner);
		if (got < 0)
			source_fail(&x->s, "%s", x->inner->error);
		x->eof = got <= 0;
		x->z.avail_in += got > 0 ? (size_t)got : 0;
	}
	return x->z.avail_in >= n;
}

static void xz_start(struct xz *x)
{
	const uint64_t memory = limit_of(&x->s.limits, LIMIT_XZ_MEMORY);
	lzma_ret r;

#if XZ_READS_LZIP
	if (x->format != &formats[0])
		r = lzma_lzip_decoder(&x->z, memory, 0);
	else
#endif
		r = lzma_stream_decoder(&x->z, memory, 0);
	x->inside = true;
	if (r != LZMA_OK)
		source_fail(&x->s, "out of memory");
}

/* Between streams: does one more begin? */
static void xz_look(struct xz *x)
{
	while (xz_need(x, 1) && !*x->z.next_in) {
		x->z.next_in++;
		x->z.avail_in--;
	}
	if (xz_need(x, x->format->length) &&
	    !memcmp(x->z.next_in, x->format->magic, x->format->length)) {
		xz_start(x);
		return;
	}
	x->over = true;
	if (x->z.avail_in)
		x->s.tail = x->format->name;
}

static const char *xz_reason(lzma_ret r)
{
	switch (r) {
	case LZMA_MEM_ERROR:
		return "out of memory";
	case LZMA_OPTIONS_ERROR:
		return "options that are not supported";
	default:
		return "damaged data";
	}
}

static void xz_decompress(struct xz *x)
{
	const bool more = xz_need(x, 1);
	const size_t before = x->z.avail_out;
	const lzma_ret r = lzma_code(&x->z, LZMA_RUN);

	if (r == LZMA_STREAM_END)
		x->inside = false;
	else if (r == LZMA_MEMLIMIT_ERROR)
		source_fail(&x->s,
			    "%s: %" PRIu64 " bytes of memory to unpack it are "
			    "over the limit of %" PRIu64
			    " (--limit xz-memory=N)",
			    x->format->name, lzma_memusage(&x->z),
			    limit_of(&x->s.limits, LIMIT_XZ_MEMORY));
	else if (r != LZMA_OK && r != LZMA_BUF_ERROR)
		source_fail(&x->s, "%s: %s", x->format->name, xz_reason(r));
	else if (!more && x->z.avail_out == before)
		source_fail(&x->s, "%s: the data are cut short",
			    x->format->name);
}

static ptrdiff_t xz_fill(struct source *s, uint8_t *p, size_t room)
{
	struct xz *x = (struct xz *)s;
	size_t done;

	x->z.next_out = p;
	x->z.avail_out = room;
	while (!s->error[0] && !x->over && x->z.avail_out) {
		if (x->inside)
			xz_decompress(x);
		else
			xz_look(x);
	}
	/* what came out before an error is good; the error comes next time */
	done = room - x->z.avail_out;
	return done || !s->error[0] ? (ptrdiff_t)done : -1;
}

static void xz_close(struct source *s)
{
	struct xz *x = (struct xz *)s;

	lzma_end(&x->z);
	source_close(x->inner);
	free(x);
}

static const struct source_ops xz_ops = {
	.name = "xz",
	.fill = xz_fill,
	.close = xz_close,
};

struct source *source_xz(struct source *inner, const char *name, char *why,
			 size_t why_room)
{
	const struct format *f = &formats[strcmp(name, "xz") ? 1 : 0];
	struct xz *x;

	if (!XZ_READS_LZIP && f != &formats[0])
		return source_archive(inner, name, why, why_room);
	x = mem_zero(1, sizeof(*x));
	if (!x) {
		snprintf(why, why_room, "out of memory");
		source_close(inner);
		return NULL;
	}
	x->s.ops = &xz_ops;
	x->inner = inner;
	x->format = f;
	x->allocator = (lzma_allocator){ .alloc = windows_alloc_array,
					 .free = windows_free,
					 .opaque = &x->windows };
	x->z.allocator = &x->allocator;
	source_name_filter(&x->s, inner, name);
	return &x->s;
}

#else

struct source *source_xz(struct source *inner, const char *name, char *why,
			 size_t why_room)
{
	return source_archive(inner, name, why, why_room);
}

#endif
