/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cheapest way to turn the source's items into the destination's. */
#include "config.h"
#include "check/compat-priv.h"

#include "base/mem.h"

#include <stdlib.h>

/* A field is rather renamed than replaced, rather inserted than all behind
 * it renamed, and one under a test comes and goes most easily. */
enum cost {
	COST_RENAMED = 2,
	COST_OTHER_TYPE = 1,
	COST_ONE_CONDITION = 1,
	COST_MISFIT = 4,
	COST_MISFIT_RENAMED = 6,
	COST_GAP = 3,
	COST_GAP_CONDITION = 2,
};

static uint32_t match_cost(const struct wire_item *s, const struct wire_item *d)
{
	const bool same = compat_same_name(s, d);
	const enum fit fit = compat_fit(s, d);
	uint32_t cost = !s->condition == !d->condition ? 0 : COST_ONE_CONDITION;

	if (fit == FIT_NOT)
		return cost + (same ? COST_MISFIT : COST_MISFIT_RENAMED);
	if (fit == FIT_TYPE)
		cost += COST_OTHER_TYPE;
	return cost + (same ? 0 : COST_RENAMED);
}

static uint32_t gap_cost(const struct wire_item *item)
{
	return item->condition ? COST_GAP_CONDITION : COST_GAP;
}

static void pass(struct alignment *a, uint32_t i, uint32_t j)
{
	if (a->low[i] > j)
		a->low[i] = j;
	if (a->high[i] < j)
		a->high[i] = j;
}

/* Follows the table from (i, j) to its end. */
static void trace(struct alignment *a, const uint32_t *cells,
		  const struct wire_list *s, const struct wire_list *d,
		  uint32_t from, uint32_t n, uint32_t m)
{
	const size_t width = (size_t)m + 1;
	uint32_t i = 0, j = 0;

	while (i < n || j < m) {
		const uint32_t *cell = &cells[i * width + j];
		const struct wire_item *x = &s->items[from + i];
		const struct wire_item *y = &d->items[from + j];

		pass(a, from + i, from + j);
		if (i < n && j < m &&
		    *cell == cell[width + 1] + match_cost(x, y)) {
			a->partner[from + i] = from + j;
			i++, j++;
		} else if (i < n && *cell == cell[width] + gap_cost(x)) {
			i++;
		} else {
			j++;
		}
	}
	pass(a, from + i, from + j);
}

static bool fill(struct alignment *a, const struct wire_list *s,
		 const struct wire_list *d, uint32_t from, uint32_t n,
		 uint32_t m)
{
	const size_t width = (size_t)m + 1;
	uint32_t *cells = mem_zero((n + (size_t)1) * width, sizeof(*cells));

	if (!cells)
		return false;
	for (uint32_t i = n + 1; i-- > 0;) {
		const struct wire_item *x = &s->items[from + i];

		for (uint32_t j = m + 1; j-- > 0;) {
			uint32_t *cell = &cells[i * width + j];
			const struct wire_item *y = &d->items[from + j];
			uint32_t best = i == n && j == m ? 0 : UINT32_MAX;

			if (i < n)
				best = cell[width] + gap_cost(x);
			if (j < m && cell[1] + gap_cost(y) < best)
				best = cell[1] + gap_cost(y);
			if (i < n && j < m &&
			    cell[width + 1] + match_cost(x, y) <= best)
				best = cell[width + 1] + match_cost(x, y);
			*cell = best;
		}
	}
	trace(a, cells, s, d, from, n, m);
	free(cells);
	return true;
}

static bool prepare(struct arena *arena, uint32_t count, struct alignment *a)
{
	a->low = arena_array(arena, count + (size_t)1, sizeof(uint32_t));
	a->high = arena_array(arena, count + (size_t)1, sizeof(uint32_t));
	a->partner = arena_array(arena, count + (size_t)1, sizeof(uint32_t));
	if (!a->low || !a->high || !a->partner)
		return false;
	for (uint32_t i = 0; i <= count; i++)
		a->low[i] = a->partner[i] = UINT32_MAX;
	return true;
}

bool compat_align(struct compat_pair *p, const struct wire_list *s,
		  const struct wire_list *d, struct alignment *ret)
{
	const uint32_t least = s->count < d->count ? s->count : d->count;
	uint32_t head = 0, tail = 0, n, m;

	if (!prepare(p->arena, s->count, ret))
		return false;
	/* Most lists are equal, or nearly. */
	while (head < least && !match_cost(&s->items[head], &d->items[head]))
		head++;
	while (tail < least - head &&
	       !match_cost(&s->items[s->count - 1 - tail],
			   &d->items[d->count - 1 - tail]))
		tail++;
	for (uint32_t i = 0; i < head; i++) {
		pass(ret, i, i);
		ret->partner[i] = i;
	}
	n = s->count - head - tail;
	m = d->count - head - tail;
	for (uint32_t i = 0; i < tail; i++) {
		pass(ret, head + n + i, head + m + i);
		ret->partner[head + n + i] = head + m + i;
	}
	pass(ret, s->count, d->count);
	if (!n && !m) {
		pass(ret, head, head);
		return true;
	}
	if (!compat_spend(p->c, head + tail))
		return false;
	if ((n + UINT64_C(1)) * (m + UINT64_C(1)) > MAX_COMPAT_CELLS) {
		for (uint32_t i = 0; i <= n; i++) {
			pass(ret, head + i, head);
			pass(ret, head + i, head + m);
		}
		return true;
	}
	return compat_spend(p->c, (n + UINT64_C(1)) * (m + UINT64_C(1))) &&
	       fill(ret, s, d, head, n, m);
}
