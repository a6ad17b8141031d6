/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One of the two streams: walked, and what of it is kept for comparing.
 *
 *	side_init(&a, "a.mig", stream);        // opened with .page_bytes
 *	if (!side_walk(&a, true)) … a.why …    // nothing to compare
 *	side_free(&a);                         // the stream stays the caller's
 *
 * A side must not move once it was walked. */
#ifndef DIFF_SIDE_H
#define DIFF_SIDE_H

#include "diff/tree.h"
#include "ram/image.h"

struct side {
	const char *file; /* as the user gave it */
	ms_stream *stream;
	struct tree tree;
	struct image image;
	char why[256]; /* it cannot be compared at all */
	/* private */
	struct image_input input;
	struct sparse scratch;
	uint64_t scratch_end;
	bool blocks;
};

void side_init(struct side *s, const char *file, ms_stream *stream);
void side_free(struct side *s);
/* memory: pages are wanted, too, and further channels are there if so. */
bool side_walk(struct side *s, bool memory, bool channels);
/* After the walk. Neither damaged nor with anything left out: what is not
 * told of it is not there. */
bool side_whole(const struct side *s);
/* The first finding of an error, or NULL; *ret_count: how many. */
const struct ms_finding *side_damage(const struct side *s, size_t *ret_count);

#endif
