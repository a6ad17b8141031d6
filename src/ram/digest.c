/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/digest.h"

#include "base/limits.h"

#include <inttypes.h>
#ifdef HAVE_NETTLE
#include <nettle/sha2.h>
#endif

bool digest_available(void)
{
#ifdef HAVE_NETTLE
	return true;
#else
	return false;
#endif
}

static uint64_t never_sent(const struct image_block *b)
{
	uint64_t n[3];

	if (!b->page_size)
		return b->length;
	pages_count(&b->pages, n);
	return n[PAGE_NEVER] * b->page_size;
}

bool digest_allowed(struct image *im)
{
	uint64_t n = 0;

	for (size_t i = 0; i < im->count; i++)
		if (!image_absent(&im->blocks[i]))
			n += never_sent(&im->blocks[i]);
	return n <= MAX_DIGEST_NEVER_SENT ||
	       image_fail(im,
			  "no digests: %" PRIu64 " bytes of memory were never "
			  "sent, and more than %" PRIu64
			  " are not hashed as zeros",
			  n, MAX_DIGEST_NEVER_SENT);
}

#ifdef HAVE_NETTLE
/* One stretch of the file that holds data, or of a hole in it. */
static bool add_stretch(struct image *im, struct sha256_ctx *sha, uint64_t at,
			uint64_t end, bool data)
{
	static const uint8_t zeros[16384];
	uint8_t piece[sizeof(zeros)];

	while (at < end) {
		size_t n = end - at < sizeof(piece) ? (size_t)(end - at) :
						      sizeof(piece);

		if (data && !sparse_read(im->file, at, piece, n))
			return image_fail(im, "%s", im->file->why);
		sha256_update(sha, n, data ? piece : zeros);
		at += n;
	}
	return true;
}
#endif

bool digest_block(struct image *im, const struct image_block *b,
		  uint8_t ret[DIGEST_SIZE])
{
#ifdef HAVE_NETTLE
	struct sha256_ctx sha;

	sha256_init(&sha);
	for (unsigned i = 0; i < b->extent_count; i++) {
		const uint64_t end = b->extents[i].at + b->extents[i].length;
		uint64_t at = b->extents[i].at;

		while (at < end) {
			bool data;
			uint64_t next = sparse_extent(im->file, at, end, &data);

			if (!add_stretch(im, &sha, at, next, data))
				return false;
			at = next;
		}
	}
	sha256_digest(&sha, DIGEST_SIZE, ret);
	return true;
#else
	(void)b;
	(void)ret;
	return image_fail(im, "built without nettle: no digests");
#endif
}
