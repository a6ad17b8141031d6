/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest memory of two streams, page by page. What pages hold is read where
 * it stands in the inputs, or in the images' files, and never kept.
 *
 *	struct memory m = { .a = &image_a, .b = &image_b, .ranges = …, … };
 *	memory_compare(&m);
 *	if (m.why[0]) …                   // not everything was compared */
#ifndef DIFF_MEMORY_H
#define DIFF_MEMORY_H

#include "ram/image.h"

enum range_kind {
	RANGE_SAME,   /* never told */
	RANGE_DATA,   /* other bytes */
	RANGE_ZERO_A, /* zeros in A alone, data in B */
	RANGE_ZERO_B,
	RANGE_ONLY_A, /* B was never sent it */
	RANGE_ONLY_B,
	RANGE_KINDS
};

#define RANGE_SHOWN 8

struct page_range {
	enum range_kind kind;
	uint64_t from, to; /* bytes of the block */
	uint64_t pages;
	/* RANGE_DATA: bytes that differ, where the first does, and what is
	 * there in both, up to the last one that differs */
	uint64_t bytes, first;
	uint8_t shown_a[RANGE_SHOWN], shown_b[RANGE_SHOWN];
	unsigned shown;
};

struct block_pair {
	struct image_block *a, *b; /* or NULL */
	bool absent_a, absent_b;   /* x-ignore-shared */
	bool unsized;   /* of other lengths: what both have was compared */
	uint32_t unit;  /* bytes of the pages counted; 0: no page was sent */
	uint64_t same;  /* pages sent in both */
	uint64_t never; /* in neither */
	uint64_t pages[RANGE_KINDS]; /* that differ */
};

struct memory {
	struct image *a, *b;
	/* False: blocks alone, not their pages. */
	bool pages;
	void (*range)(void *ctx, const struct block_pair *p,
		      const struct page_range *r);
	/* After its ranges. */
	void (*block)(void *ctx, const struct block_pair *p);
	void *ctx;
	char why[256];
};

void memory_compare(struct memory *m);
/* Is there anything to say of it? */
bool block_pair_differs(const struct block_pair *p);
bool block_pair_lists_differ(const struct block_pair *p);

#endif
