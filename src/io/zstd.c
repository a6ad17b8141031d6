/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zstd through libzstd: libarchive's filter takes what follows the last frame
 * for a damaged one, and gives up what it had of the frame before. libvirt
 * images on volumes are padded with zeros, or followed by old content.
 *
 * A file is one or more frames (RFC 8878, section 3), each with a magic
 * number of its own. */
#include "config.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/source-priv.h"

#ifdef HAVE_ZSTD

#include "io/zstd-context.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZSTD_INPUT ((size_t)128 << 10)
#define MAGIC_BYTES 4
#define MAGIC UINT32_C(0xfd2fb528)
/* skippable frames have any of 16 */
#define MAGIC_SKIP UINT32_C(0x184d2a50)
#define MAGIC_SKIP_MASK UINT32_C(0xfffffff0)

struct zstd {
	struct source s;
	struct source *inner;
	ZSTD_DCtx *ctx;
	struct windows windows;
	ZSTD_inBuffer in;
	bool inside; /* of a frame */
	bool eof, over;
	uint8_t input[ZSTD_INPUT];
};

/* Makes at least n bytes of input available, n <= MAGIC_BYTES. False: fewer
 * are left, or an error. */
static bool zstd_need(struct zstd *z, size_t n)
{
	size_t left = z->in.size - z->in.pos;

	if (left < n && left)
		memmove(z->input, z->input + z->in.pos, left);
	if (left < n)
		z->in = (ZSTD_inBuffer){ z->input, left, 0 };
	while (z->in.size - z->in.pos < n && !z->eof) {
		ptrdiff_t got =
			z->inner->ops->fill(z->inner, z->input + z->in.size,
					    ZSTD_INPUT - z->in.size);

		source_pass_tail(&z->s, z->inner);
		if (got < 0)
			source_fail(&z->s, "%s", z->inner->error);
		z->eof = got <= 0;
		z->in.size += got > 0 ? (size_t)got : 0;
	}
	return z->in.size - z->in.pos >= n;
}

/* Between frames: does one more begin? */
static void zstd_look(struct zstd *z)
{
	uint32_t magic = 0;

	if (zstd_need(z, MAGIC_BYTES))
		magic = load_le32(z->input + z->in.pos);
	if (magic == MAGIC || (magic & MAGIC_SKIP_MASK) == MAGIC_SKIP) {
		z->inside = true;
		return;
	}
	z->over = true;
	/* zeros are padding; the rest of them need not be looked at */
	for (size_t i = z->in.pos; i < z->in.size && !z->s.tail; i++)
		if (z->input[i])
			z->s.tail = "zstd";
}

static void zstd_decompress(struct zstd *z, ZSTD_outBuffer *out)
{
	const size_t before = out->pos;
	const bool more = zstd_need(z, 1);
	const size_t r = ZSTD_decompressStream(z->ctx, out, &z->in);

	if (ZSTD_getErrorCode(r) == ZSTD_error_frameParameter_windowTooLarge)
		source_fail(&z->s,
			    "zstd: its window is over the limit of %" PRIu64
			    " bytes (--limit zstd-window=N)",
			    limit_of(&z->s.limits, LIMIT_ZSTD_WINDOW));
	else if (ZSTD_getErrorCode(r) == ZSTD_error_memory_allocation)
		source_fail(&z->s, "zstd: out of memory");
	else if (ZSTD_isError(r))
		source_fail(&z->s, "zstd: %s", ZSTD_getErrorName(r));
	else if (!r)
		z->inside = false;
	else if (!more && out->pos == before)
		source_fail(&z->s, "zstd: the data are cut short");
}

static ptrdiff_t zstd_fill(struct source *s, uint8_t *p, size_t room)
{
	struct zstd *z = (struct zstd *)s;
	ZSTD_outBuffer out = { p, room, 0 };

	while (!s->error[0] && !z->over && out.pos < out.size) {
		if (z->inside)
			zstd_decompress(z, &out);
		else
			zstd_look(z);
	}
	/* what came out before an error is good; the error comes next time */
	return out.pos || !s->error[0] ? (ptrdiff_t)out.pos : -1;
}

static void zstd_close(struct source *s)
{
	struct zstd *z = (struct zstd *)s;

	ZSTD_freeDCtx(z->ctx);
	source_close(z->inner);
	free(z);
}

static const struct source_ops zstd_ops = {
	.name = "zstd",
	.fill = zstd_fill,
	.close = zstd_close,
};

static int window_bits(const struct source *inner)
{
	const uint64_t bytes = limit_of(&inner->limits, LIMIT_ZSTD_WINDOW);

	return 63 - __builtin_clzll(bytes);
}

struct source *source_zstd(struct source *inner, const char *name, char *why,
			   size_t why_room)
{
	struct zstd *z = mem_zero(1, sizeof(*z));

	if (z)
		z->ctx = zstd_context(&z->windows);
	if (!z || !z->ctx ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(z->ctx, ZSTD_d_windowLogMax,
						window_bits(inner)))) {
		snprintf(why, why_room, "out of memory");
		if (z)
			ZSTD_freeDCtx(z->ctx);
		free(z);
		source_close(inner);
		return NULL;
	}
	z->s.ops = &zstd_ops;
	z->inner = inner;
	source_name_filter(&z->s, inner, name);
	return &z->s;
}

#else

struct source *source_zstd(struct source *inner, const char *name, char *why,
			   size_t why_room)
{
	return source_archive(inner, name, why, why_room);
}

#endif
