/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/waivers.h"

#include <stdlib.h>
#include <time.h>

void waivers_free(struct waivers *w)
{
	free(w->list);
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

/* Only the last '*' is ever tried again: what an earlier one could take more
 * of, the last can as well. */
bool waiver_glob(struct ms_text pattern, struct ms_text text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

	while (t < text.length) {
		if (p < pattern.length && pattern.bytes[p] == '*') {
			star = p++;
			from = t;
		} else if (p < pattern.length && pattern.bytes[p] == '?') {
			p++;
			t = next_character(text, t);
		} else if (p < pattern.length &&
			   pattern.bytes[p] == text.bytes[t]) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
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

const struct waiver *waivers_match(struct waivers *w,
				   const struct waiver_subject *s,
				   const struct ms_finding *f)
{
	const struct ms_text path = waiver_path(f);

	for (size_t i = 0; i < w->count; i++) {
		struct waiver *x = &w->list[i];

		if (x->expired || strcmp(x->rule->id, f->rule) ||
		    !waiver_glob(x->path, path) || !in_scope(x, s))
			continue;
		x->used = true;
		return x;
	}
	return NULL;
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
