/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "diff/compare.h"

bool ranges_start(struct ranges *r, struct tree *ta, struct tree *tb,
		  const struct node *a, const struct node *b)
{
	const bool arrays = a->unit && a->unit == b->unit;
	uint64_t shorter = a->length < b->length ? a->length : b->length;

	r->a = a;
	r->b = b;
	r->tree_a = ta;
	r->tree_b = tb;
	r->at = r->piece_at = r->piece_end = 0;
	r->failed = false;
	r->unit = arrays ? a->unit : 1;
	r->count = shorter / r->unit;
	if (a->unseen || b->unseen)
		return false;
	return arrays || (a->shape == NODE_LEAF && b->shape == NODE_LEAF &&
			  a->class_ == MS_BYTES && b->class_ == MS_BYTES);
}

/* The bytes of element `at` on, as many as are taken at once. */
static bool load(struct ranges *r)
{
	const uint64_t most = RANGES_PIECE / r->unit;
	uint64_t n = r->count - r->at;

	n = n < most ? n : most;
	r->piece_at = r->at;
	r->piece_end = r->at + n;
	if (!values_read(&r->tree_a->values, r->a->at + r->at * r->unit,
			 r->bytes_a, (size_t)(n * r->unit)) ||
	    !values_read(&r->tree_b->values, r->b->at + r->at * r->unit,
			 r->bytes_b, (size_t)(n * r->unit)))
		r->failed = true;
	return !r->failed;
}

static bool same(const struct ranges *r)
{
	const size_t i = (size_t)((r->at - r->piece_at) * r->unit);

	return !memcmp(r->bytes_a + i, r->bytes_b + i, r->unit);
}

/* Moves on to the first element that is the same, or is not. */
static bool seek(struct ranges *r, bool wanted)
{
	for (; r->at < r->count; r->at++) {
		if (r->at >= r->piece_end && !load(r))
			return false;
		if (same(r) == wanted)
			return true;
	}
	return false;
}

/* What one has more of is for the caller to see: lengths differ. */
bool ranges_next(struct ranges *r)
{
	if (r->failed || !seek(r, false))
		return false;
	r->first = r->at;
	seek(r, true);
	r->last = r->at - 1;
	return !r->failed;
}
