/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/waivers.h"

#include "base/mem.h"

#include <stdlib.h>
#include <time.h>

void waivers_free(struct waivers *w)
{
	free(w->list);
	free(w->sorted);
	arena_free(&w->arena);
	*w = (struct waivers){ 0 };
}

unsigned waiver_today(void)
{
	const time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm))
		return 0;
	return (unsigned)((tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 +
			  tm.tm_mday);
}

/* Behind the character at text[i]. */
static size_t next_character(struct ms_text text, size_t i)
{
	i++;
	while (i < text.length && ((unsigned char)text.bytes[i] & 0xc0) == 0x80)
		i++;
	return i;
}

/* Bytes of the pattern from p on that stand for themselves. */
static size_t plain_run(struct ms_text pattern, size_t p)
{
	size_t n = 0;

	while (p + n < pattern.length && pattern.bytes[p + n] != '*' &&
	       pattern.bytes[p + n] != '?')
		n++;
	return n;
}

/* Where in the text, from t on, what follows a '*' can stand. SIZE_MAX:
 * nowhere, nor can it for a '*' before. */
static size_t next_place(struct ms_text pattern, size_t p, struct ms_text text,
			 size_t t)
{
	const size_t n = plain_run(pattern, p);
	const char *hit;

	if (n > text.length - t)
		return SIZE_MAX;
	if (p + n == pattern.length)
		return text.length - n;
	hit = memmem(text.bytes + t, text.length - t, pattern.bytes + p, n);
	return hit ? (size_t)(hit - text.bytes) : SIZE_MAX;
}

/* Only the last '*' is ever tried again: what an earlier one could take more
 * of, the last can as well. Each byte is then looked at once, but for those
 * that a '?' follows on in the pattern. */
bool waiver_glob(struct ms_text pattern, struct ms_text text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

	while (t < text.length) {
		if (p < pattern.length && pattern.bytes[p] == '*') {
			star = ++p;
			from = next_place(pattern, p, text, t);
		} else if (p < pattern.length && pattern.bytes[p] == '?') {
			p++;
			t = next_character(text, t);
			continue;
		} else if (p < pattern.length &&
			   pattern.bytes[p] == text.bytes[t]) {
			p++;
			t++;
			continue;
		} else if (star != SIZE_MAX) {
			p = star;
			from = next_place(pattern, p, text, from + 1);
		} else {
			return false;
		}
		if (from == SIZE_MAX)
			return false;
		t = from;
	}
	while (p < pattern.length && pattern.bytes[p] == '*')
		p++;
	return p == pattern.length;
}

struct ms_text waiver_path(const struct ms_finding *f)
{
	return f->path && *f->path ? text_of(f->path) : TEXT("stream");
}

/* What is not known is not what was asked for. */
static bool glob_holds(struct ms_text pattern, struct ms_text text)
{
	return !pattern.length || (text.bytes && waiver_glob(pattern, text));
}

/* A stream tells a span of releases, any of which may have written it. */
static bool span_holds(const struct waiver_span *wanted,
		       const struct waiver_span *known)
{
	return !wanted->set || (known->set && known->first <= wanted->last &&
				wanted->first <= known->last);
}

static bool in_scope(const struct waiver *w, const struct waiver_subject *s)
{
	return glob_holds(w->file, s->file) &&
	       glob_holds(w->machine, s->machine) &&
	       span_holds(&w->source, &s->source) &&
	       span_holds(&w->destination, &s->destination);
}

void waivers_enter(struct waivers *w, const struct waiver_subject *s)
{
	for (size_t i = 0; i < w->count; i++)
		if (in_scope(&w->list[i], s))
			w->list[i].in_scope = true;
}

/* ---- looking up ---- */

/* Where a waiver stands in the order. */
struct place {
	bool glob;
	const struct rule *rule;
	/* What a path begins with for the waiver to hold: all of it, without
	 * anything that stands for something else. */
	struct ms_text start;
};

static struct place place_of(const struct waiver *w)
{
	const size_t n = plain_run(w->path, 0);

	return (struct place){ n < w->path.length, w->rule,
			       text_make(w->path.bytes, n) };
}

static int compare_places(struct place a, struct place b)
{
	const size_t n = a.start.length < b.start.length ? a.start.length :
							   b.start.length;
	int d = a.glob - b.glob;

	if (!d && a.rule != b.rule)
		return a.rule < b.rule ? -1 : 1;
	if (!d && n)
		d = memcmp(a.start.bytes, b.start.bytes, n);
	if (!d)
		d = (a.start.length > b.start.length) -
		    (a.start.length < b.start.length);
	return d;
}

/* By place, then as they stand in the file. */
static int in_order(const void *left, const void *right)
{
	const struct waiver *a = *(struct waiver *const *)left;
	const struct waiver *b = *(struct waiver *const *)right;
	const int d = compare_places(place_of(a), place_of(b));

	return d ? d : (a > b) - (a < b);
}

bool waivers_sort(struct waivers *w)
{
	w->sorted = mem_zero(w->count + 1, sizeof(*w->sorted));
	if (!w->sorted)
		return false;
	for (size_t i = 0; i < w->count; i++) {
		const struct place p = place_of(&w->list[i]);

		w->sorted[i] = &w->list[i];
		w->starts[p.start.length] |= p.glob;
	}
	qsort(w->sorted, w->count, sizeof(*w->sorted), in_order);
	return true;
}

/* The first in the file that holds, of those at a place and best. */
static struct waiver *first_of(const struct waivers *w, struct place place,
			       const struct waiver_subject *s,
			       struct ms_text path, struct waiver *best)
{
	size_t low = 0, high = w->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_places(place_of(w->sorted[middle]), place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < w->count; low++) {
		struct waiver *x = w->sorted[low];

		if ((best && x > best) || compare_places(place_of(x), place))
			break;
		if (!x->expired && waiver_glob(x->path, path) && in_scope(x, s))
			return x;
	}
	return best;
}

const struct waiver *waivers_match(struct waivers *w,
				   const struct waiver_subject *s,
				   const struct ms_finding *f)
{
	struct place place = { .start = waiver_path(f) };
	const struct ms_text path = place.start;
	struct waiver *found;

	if (!w->count)
		return NULL;
	place.rule = rule_find(f->rule);
	found = first_of(w, place, s, path, NULL);
	place.glob = true;
	for (size_t n = 0; n <= path.length && n <= MAX_WAIVER_GLOB; n++) {
		place.start.length = n;
		if (w->starts[n])
			found = first_of(w, place, s, path, found);
	}
	if (found)
		found->used = true;
	return found;
}

bool waiver_complaint(const struct waiver *w, struct buf *b)
{
	if (!w->expired && (!w->in_scope || w->used))
		return false;
	buf_printf(b, "this waiver of %s at %s ", w->rule->id, w->path.bytes);
	if (w->expired)
		buf_printf(b, "expired on %04u-%02u-%02u", w->expires / 10000,
			   w->expires / 100 % 100, w->expires % 100);
	else
		buf_puts(b, "was not needed");
	return true;
}
