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
/* [at, end) of a block: of one page with data, or nothing but zeros. */
static bool add_stretch(struct image *im, const struct image_block *b,
			struct sha256_ctx *sha, uint64_t at, uint64_t end,
			bool data)
{
	static const uint8_t zeros[16384];
	uint8_t room[sizeof(zeros)];

	while (at < end) {
		size_t n = end - at < sizeof(room) ? (size_t)(end - at) :
						     sizeof(room);
		const uint8_t *p =
			data ? image_page(im, b, at, n, room) : zeros;

		if (!p)
			return false;
		sha256_update(sha, n, p);
		at += n;
	}
	return true;
}

static bool add_pages(struct image *im, struct image_block *b,
		      struct sha256_ctx *sha)
{
	struct pages *pages = &b->pages;
	uint64_t n = 0, next, end;

	for (uint64_t at = 0; at < b->length; at = end, n = next) {
		bool data = false;

		next = n + 1;
		end = b->length;
		/* without a page size there are no pages */
		if (n < pages->count) {
			pages_near(pages, n);
			data = pages_at(pages, n) == PAGE_DATA;
			if (pages_next_sent(pages, n) > n)
				next = pages_next_sent(pages, n);
		}
		if (next < pages->count)
			end = next * b->page_size;
		if (!add_stretch(im, b, sha, at, end, data))
			return false;
	}
	return true;
}
#endif

bool digest_block(struct image *im, struct image_block *b,
		  uint8_t ret[DIGEST_SIZE])
{
#ifdef HAVE_NETTLE
	struct sha256_ctx sha;

	sha256_init(&sha);
	if (!add_pages(im, b, &sha))
		return false;
	sha256_digest(&sha, DIGEST_SIZE, ret);
	return true;
#else
	(void)b;
	(void)ret;
	return image_fail(im, "built without nettle: no digests");
#endif
}
