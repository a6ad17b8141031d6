/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest RAM put together from the records of a walk: what each page was sent
 * as last and, where a file was given for it, what it holds. A visitor of
 * ms_walk(), which it hands every record:
 *
 *	image_init(&im);
 *	im.place = place, im.ctx = …;     // to keep what pages hold
 *	im.channels = true;               // the stream has further channels
 *	ms_walk(s, image_visit, &im);     // opened with .page_bytes
 *	if (im.why[0]) …
 *	image_free(&im);
 */
#ifndef RAM_IMAGE_H
#define RAM_IMAGE_H

#include "base/arena.h"
#include "base/names.h"
#include "ram/pages.h"
#include "ram/sparse.h"

/* Where a part of a block goes in the file. */
struct extent {
	uint64_t from, length; /* in the block */
	uint64_t at;           /* in the file */
};

#define MAX_EXTENTS 2 /* below and above the hole */

struct image_block {
	struct ms_text name;
	uint64_t length;         /* bytes */
	uint32_t page_size;      /* of its page records; 0: none seen */
	uint64_t told_page_size; /* in the list, 0: not there */
	uint64_t address;        /* in the list, if .has_address */
	bool listed;
	bool has_address; /* listed the way of x-ignore-shared */
	bool mapped;      /* mapped-ram: its pages stand in the list */
	struct pages pages;
	struct extent extents[MAX_EXTENTS];
	unsigned extent_count; /* 0: what its pages hold is not kept */
};

/* Pages that stand as they are in the input need not be copied: */
struct image_input {
	/* Can any of a channel's bytes be seen again after the walk? */
	bool (*stays)(void *ctx, unsigned channel);
	/* n bytes, until the next call; NULL: they cannot be read. */
	const uint8_t *(*view)(void *ctx, unsigned channel, uint64_t offset,
			       size_t n);
	void *ctx;
};

/* The stream's own channels. */
struct image_input image_input_of(ms_stream *s);

struct image {
	struct image_block *blocks;
	size_t count, room;
	struct sparse *file;
	/* Called before the first page of a block, once it is listed: fills
	 * its extents. False: .why says what is wrong. Or NULL. */
	bool (*place)(void *ctx, struct image *im);
	void *ctx;
	bool channels;
	/* Or NULL. Then image_read() is not for pages: image_page() is. */
	const struct image_input *input;
	/* private */
	struct arena arena;
	struct names names; /* of blocks */
	struct ms_text machine;
	bool unplaced, flushes;
	uint32_t ends, marks; /* of sections, and MULTIFD_FLUSH, on main */
	uint32_t syncs;       /* on the channel that is read */
	bool postcopy;        /* what is read is no multifd channel */
	uint64_t total;       /* bytes of all blocks */
	uint64_t discarded;   /* work of postcopy's discards */
	uint64_t unreadable;  /* pages whose bytes could not be had */
	char why[256];        /* first failure; the walk was stopped */
};

void image_init(struct image *im);
void image_free(struct image *im);
bool image_visit(void *im, const struct ms_record *rec);
/* Sets .why, unless an earlier reason is there. Always false. */
bool image_fail(struct image *im, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct image_block *image_find(struct image *im, struct ms_text name);
/* For .place, ctx a uint64_t that is 0 at first: blocks one behind the other,
 * each from where holes of a file system can begin. */
bool image_pack(void *ctx, struct image *im);
/* n bytes of one page with data, from at on, in the input or read to room;
 * NULL: .why. */
const uint8_t *image_page(struct image *im, const struct image_block *b,
			  uint64_t at, size_t n, uint8_t *room);
/* Where in the main stream the byte `at` of a page with data stands, if it
 * stands there as it is. */
bool image_where(const struct image_block *b, uint64_t at, uint64_t *ret);
/* What no page was sent of though the block is in the list: with
 * x-ignore-shared, memory that stayed where it was. */
bool image_absent(const struct image_block *b);
/* [at, at + n) of a block that has extents, wholly inside it. */
bool image_read(struct image *im, const struct image_block *b, uint64_t at,
		void *p, size_t n);

#endif
