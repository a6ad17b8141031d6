/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What differs between two trees: matched section by section, then field by
 * field, and told one difference at a time.
 *
 *	struct compare c = { .a = &a, .b = &b, .tell = tell, .ctx = … };
 *	compare_trees(&c);      // calls tell() in the order of A's stream
 *	compare_free(&c);
 *	if (c.why) …            // not everything was compared */
#ifndef DIFF_COMPARE_H
#define DIFF_COMPARE_H

#include "base/buf.h"
#include "diff/tree.h"

enum change_kind {
	CHANGE_VALUE,  /* a leaf, or elements of an array of numbers */
	CHANGE_ONLY_A, /* a field, a subsection; without a and b: all */
	CHANGE_ONLY_B,
	CHANGE_VERSION, /* of a section or subsection: number_a, number_b */
	CHANGE_LIVE,    /* sent in parts in one only: number_a, number_b */
	CHANGE_ORDER,   /* stands elsewhere: before_a, before_b */
	CHANGE_UNKNOWN, /* fields of one are not known: cannot be told */
};

struct change {
	enum change_kind kind;
	unsigned class_; /* bit, or 0 */
	/* Of A, or of B where A has none. */
	const struct tree_section *section;
	const char *path; /* below the section, escaped; "" for itself */
	const struct node *a, *b; /* or NULL */
	uint64_t number_a, number_b;
	const struct tree_section *before_a, *before_b; /* NULL: it is first */
	uint64_t differ; /* CHANGE_VALUE: bytes or elements that do */
};

struct compare {
	struct tree *a, *b;
	unsigned ignore; /* classes */
	void (*tell)(void *ctx, const struct change *ch);
	void *ctx;
	/* results */
	uint64_t told, ignored;
	size_t compared, equal; /* sections, and those the same in both */
	uint64_t by_class[32];  /* of told and ignored, by number of the bit */
	const char *why;
	/* private */
	const struct tree_section *section;
	struct buf path;
	uint64_t searched; /* members looked at for a partner */
	bool differs;      /* the section */
};

void compare_trees(struct compare *c);
void compare_free(struct compare *c);

/* Stretches that differ, of two leaves or two arrays of numbers:
 *
 *	ranges_start(&r, &c, a, b);
 *	while (ranges_next(&r)) … r.first, r.last …
 *
 * Where they can be compared so: what has other types, or sizes, is different
 * as a whole, and ranges_start() is false. */
#define RANGES_PIECE 4096

struct ranges {
	uint64_t first, last; /* bytes, or elements of .unit */
	uint32_t unit;
	/* private */
	struct tree *tree_a, *tree_b;
	const struct node *a, *b;
	uint64_t at, count, piece_at, piece_end;
	uint8_t bytes_a[RANGES_PIECE], bytes_b[RANGES_PIECE];
	bool failed;
};

bool ranges_start(struct ranges *r, struct tree *ta, struct tree *tb,
		  const struct node *a, const struct node *b);
bool ranges_next(struct ranges *r);

#endif
