/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/mem.h"
#include "wire/unpack.h"

#include <stdlib.h>
#define ZLIB_CONST /* zlib does not write to its input */
#include <zlib.h>
#ifdef HAVE_ZSTD
#include "io/zstd-context.h"
#endif

struct unpack {
	enum unpack_kind kind;
	const uint8_t *in;
	size_t in_left;
	size_t filled; /* of the page that is being read */
	z_stream z;
#ifdef HAVE_ZSTD
	ZSTD_DCtx *zstd;
	struct windows windows;
#endif
};

struct unpack *unpack_new(enum unpack_kind kind)
{
	struct unpack *u = mem_zero(1, sizeof(*u));
	bool ready = false;

	if (!u)
		return NULL;
	u->kind = kind;
	u->z.zalloc = mem_zlib_alloc;
	u->z.zfree = mem_zlib_free;
	if (kind == UNPACK_ZLIB)
		ready = inflateInit(&u->z) == Z_OK;
#ifdef HAVE_ZSTD
	if (kind == UNPACK_ZSTD)
		ready = (u->zstd = zstd_context(&u->windows)) &&
			!ZSTD_isError(ZSTD_initDStream(u->zstd));
#endif
	if (ready)
		return u;
	unpack_free(u);
	return NULL;
}

void unpack_free(struct unpack *u)
{
	if (!u)
		return;
	if (u->kind == UNPACK_ZLIB)
		inflateEnd(&u->z);
#ifdef HAVE_ZSTD
	ZSTD_freeDCtx(u->zstd);
#endif
	free(u);
}

void unpack_input(struct unpack *u, const uint8_t *p, size_t n)
{
	u->in = p;
	u->in_left = n;
}

/* Both decoders: what they took of the input and put into [p, p + n). */
static bool run_zlib(struct unpack *u, uint8_t *p, size_t n, size_t *ret)
{
	int status;

	u->z.next_in = u->in;
	u->z.avail_in = (uInt)u->in_left;
	u->z.next_out = p;
	u->z.avail_out = (uInt)n;
	status = inflate(&u->z, Z_SYNC_FLUSH);
	u->in = u->z.next_in;
	u->in_left = u->z.avail_in;
	*ret = n - u->z.avail_out;
	return status == Z_OK || status == Z_BUF_ERROR;
}

#ifdef HAVE_ZSTD
static bool run_zstd(struct unpack *u, uint8_t *p, size_t n, size_t *ret)
{
	ZSTD_inBuffer in = { .src = u->in, .size = u->in_left };
	ZSTD_outBuffer out = { .dst = p, .size = n };
	size_t status = ZSTD_decompressStream(u->zstd, &out, &in);

	u->in += in.pos;
	u->in_left -= in.pos;
	*ret = out.pos;
	return !ZSTD_isError(status);
}
#endif

static bool run(struct unpack *u, uint8_t *p, size_t n, size_t *ret)
{
#ifdef HAVE_ZSTD
	if (u->kind == UNPACK_ZSTD)
		return run_zstd(u, p, n, ret);
#endif
	return run_zlib(u, p, n, ret);
}

enum unpack_result unpack_page(struct unpack *u, uint8_t *page, size_t size)
{
	while (u->filled < size) {
		size_t before = u->in_left, n = 0;

		/* Output may still wait inside with no input left. */
		if (!run(u, page + u->filled, size - u->filled, &n))
			return UNPACK_WRONG;
		u->filled += n;
		if (!n && before == u->in_left)
			return before ? UNPACK_WRONG : UNPACK_MORE;
	}
	u->filled = 0;
	return UNPACK_DONE;
}

enum unpack_result unpack_rest(struct unpack *u)
{
	uint8_t beyond;

	for (;;) {
		size_t before = u->in_left, n = 0;

		if (!run(u, &beyond, 1, &n) || n)
			return UNPACK_WRONG;
		if (!u->in_left)
			return UNPACK_DONE;
		if (before == u->in_left)
			return UNPACK_WRONG;
	}
}

bool inflate_page(const uint8_t *p, size_t n, uint8_t *page, size_t size)
{
	z_stream z = { .next_in = p,
		       .avail_in = (uInt)n,
		       .next_out = page,
		       .avail_out = (uInt)size,
		       .zalloc = mem_zlib_alloc,
		       .zfree = mem_zlib_free };
	int r;

	if (inflateInit(&z) != Z_OK)
		return false;
	r = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return r == Z_STREAM_END && !z.avail_out;
}
