/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compressed clusters (QEMU block/qcow2-threads.c): raw deflate with a 4 KiB
 * window, or a zstd frame. What follows the data up to the end of its last
 * sector belongs to something else. */
#include "config.h"
#include "base/limits.h"
#include "container/qcow2.h"

#include <zlib.h>

/* Negative: without zlib's framing. */
#define DEFLATE_BITS (-12)

static const char *inflate_deflate(const uint8_t *p, size_t n, uint8_t *out,
				   size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p,
		       .avail_in = (uInt)n,
		       .next_out = out,
		       .avail_out = (uInt)room };
	int r;

	if (inflateInit2(&z, DEFLATE_BITS) != Z_OK)
		return "out of memory";
	r = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	/* as QEMU does: full is enough, the end mark need not have come */
	if ((r == Z_STREAM_END || r == Z_BUF_ERROR) && !z.avail_out)
		return NULL;
	return r == Z_MEM_ERROR ? "out of memory" : "damaged data";
}

#ifdef HAVE_ZSTD

#include "io/zstd-context.h"

static const char *inflate_zstd(const uint8_t *p, size_t n, uint8_t *out,
				size_t room)
{
	struct windows windows = { 0 };
	ZSTD_DCtx *ctx = zstd_context(&windows);
	ZSTD_inBuffer in = { p, n, 0 };
	ZSTD_outBuffer to = { out, room, 0 };
	size_t r = 0;
	bool ok = ctx &&
		  !ZSTD_isError(
			  ZSTD_DCtx_setParameter(ctx, ZSTD_d_windowLogMax,
						 MAX_QCOW2_ZSTD_WINDOW_BITS));

	while (ok && to.pos < to.size) {
		const size_t before = in.pos + to.pos;

		r = ZSTD_decompressStream(ctx, &to, &in);
		ok = !ZSTD_isError(r) && in.pos + to.pos > before;
	}
	ZSTD_freeDCtx(ctx);
	if (!ctx || ZSTD_getErrorCode(r) == ZSTD_error_memory_allocation)
		return "out of memory";
	if (ZSTD_getErrorCode(r) == ZSTD_error_frameParameter_windowTooLarge)
		return "its zstd window is over the limit of "
		       "2^" LIMIT_TEXT(MAX_QCOW2_ZSTD_WINDOW_BITS) " bytes";
	return ok ? NULL : "damaged data";
}

#else

static const char *inflate_zstd(const uint8_t *p, size_t n, uint8_t *out,
				size_t room)
{
	(void)p;
	(void)n;
	(void)out;
	(void)room;
	return "this build has no libzstd to read it";
}

#endif

const char *qcow2_inflate(bool zstd, const uint8_t *p, size_t n, uint8_t *out,
			  size_t room)
{
	return (zstd ? inflate_zstd : inflate_deflate)(p, n, out, room);
}
