/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "diff/match.h"

#include "base/mem.h"

#include <stdlib.h>

static int by_name(const void *x, const void *y)
{
	const struct tree_section *a = *(struct tree_section *const *)x;
	const struct tree_section *b = *(struct tree_section *const *)y;
	const size_t n = a->name.length < b->name.length ? a->name.length :
							   b->name.length;
	int d = n ? memcmp(a->name.bytes, b->name.bytes, n) : 0;

	if (!d)
		d = (a->name.length > b->name.length) -
		    (a->name.length < b->name.length);
	if (!d)
		d = (a->part > b->part) - (a->part < b->part);
	if (!d)
		d = (a->instance > b->instance) - (a->instance < b->instance);
	return d;
}

/* The same again in stream order: qsort() need not keep it. */
static int by_name_and_place(const void *x, const void *y)
{
	const struct tree_section *a = *(struct tree_section *const *)x;
	const struct tree_section *b = *(struct tree_section *const *)y;
	const int d = by_name(x, y);

	return d ? d : (a > b) - (a < b);
}

static struct tree_section **sorted(struct tree *t)
{
	struct tree_section **s = mem_zero(t->count + 1, sizeof(*s));

	for (size_t i = 0; s && i < t->count; i++)
		s[i] = &t->sections[i];
	if (s)
		qsort(s, t->count, sizeof(struct tree_section *),
		      by_name_and_place);
	return s;
}

bool match_sections(struct tree *a, struct tree *b)
{
	struct tree_section **x = sorted(a), **y = sorted(b);
	size_t i = 0, k = 0;

	while (x && y && i < a->count && k < b->count) {
		const int d = by_name(&x[i], &y[k]);

		if (!d) {
			x[i]->twin = (size_t)(y[k] - b->sections);
			y[k]->twin = (size_t)(x[i] - a->sections);
		}
		i += d <= 0;
		k += d >= 0;
	}
	free(x);
	free(y);
	return x && y;
}

/* The longest rising subsequence of the twins stays; ends[n] is the section
 * that one of n + 1 ends with, the twin of which is the least. */
bool *match_moved(const struct tree *a)
{
	const struct tree_section *s = a->sections;
	bool *moved = mem_zero(a->count + 1, sizeof(*moved));
	size_t *ends = mem_zero(a->count + 1, sizeof(*ends));
	size_t *before = mem_zero(a->count + 1, sizeof(*before));
	size_t length = 0, at;

	if (!moved || !ends || !before) {
		free(moved);
		moved = NULL;
		goto out;
	}
	for (size_t i = 0; i < a->count; i++) {
		size_t low = 0, high = length;

		if (s[i].twin == NO_TWIN)
			continue;
		moved[i] = true;
		while (low < high) {
			const size_t mid = low + (high - low) / 2;

			if (s[ends[mid]].twin < s[i].twin)
				low = mid + 1;
			else
				high = mid;
		}
		before[i] = low ? ends[low - 1] : SIZE_MAX;
		ends[low] = i;
		length = low == length ? length + 1 : length;
	}
	for (at = length ? ends[length - 1] : SIZE_MAX; at != SIZE_MAX;
	     at = before[at])
		moved[at] = false;
out:
	free(ends);
	free(before);
	return moved;
}

void match_free(bool *moved)
{
	free(moved);
}
