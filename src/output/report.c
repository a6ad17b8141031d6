/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/report.h"

#include "base/mem.h"
#include "output/names.h"

#include <stdlib.h>

const struct report_format *const report_formats[] = { &report_text,
						       &report_json,
						       &report_html, NULL };

const struct report_format *const report_machine[] = {
	&report_sarif, &report_junit, &report_codequality, &report_github, NULL
};

const struct report_format *
report_format_find(const struct report_format *const *list, const char *name)
{
	for (size_t i = 0; list[i]; i++)
		if (!strcmp(list[i]->name, name))
			return list[i];
	return NULL;
}

void reporting_begin(struct reporting *to)
{
	if (to->format->begin)
		to->format->begin(to);
}

bool reporting_visit(struct reporting *to, const struct ms_record *rec)
{
	if (to->format->visit && !to->out->error)
		to->format->visit(to, rec);
	return !to->out->error;
}

void reporting_add(struct reporting *to, const struct report *r)
{
	to->format->print(to, r);
	/* Whole reports reach a pipe while the next file is read. */
	out_flush(to->out);
}

void reporting_end(struct reporting *to, int status)
{
	if (to->format->end)
		to->format->end(to, status);
}

enum report_places report_places_of(const struct ms_summary *m)
{
	const char *name = m->container ? m->container : "";

	if (!strcmp(name, "stream"))
		return PLACES_FILE;
	return m->libvirt && !m->libvirt->found &&
			       !strncmp(name, "libvirt", 7) ?
		       PLACES_FILE :
		       PLACES_STREAM;
}

bool report_counts(const struct reporting *to, const struct report_finding *f)
{
	return !f->waiver && f->f->severity >= to->fail_on;
}

/* The error that the verdict rests on, before others. */
const struct ms_finding *report_first(const struct reporting *to,
				      const struct report *r)
{
	const struct ms_finding *first = NULL;

	for (size_t i = 0; i < r->count; i++) {
		const struct ms_finding *f = r->findings[i].f;

		if (!report_counts(to, &r->findings[i]))
			continue;
		if (f->severity == MS_ERROR && f->certainty >= MS_LIKELY)
			return f;
		first = first ? first : f;
	}
	return first;
}

const char *report_trouble(const struct report *r)
{
	if (r->error)
		return r->error;
	if (r->outcome == OUTCOME_UNKNOWN)
		return "too little could be understood to tell";
	return r->count ? r->findings[0].f->message : "could not be judged";
}

bool report_untold(const struct reporting *to, const struct report *r)
{
	return r->outcome == OUTCOME_UNKNOWN ||
	       (r->outcome == OUTCOME_TROUBLE &&
		(r->error || !report_first(to, r)));
}

/* ---- which finding is which ---- */

struct place {
	const struct ms_finding *f;
	size_t index;
};

static int same_place(const struct ms_finding *a, const struct ms_finding *b)
{
	const int rules = strcmp(a->rule, b->rule);

	return rules ? rules :
		       strcmp(a->path ? a->path : "", b->path ? b->path : "");
}

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	const int c = same_place(x->f, y->f);

	return c ? c : x->index < y->index ? -1 : 1;
}

bool report_ordinals(const struct report *r, size_t *ret)
{
	struct place *places = mem_zero(r->count + 1, sizeof(*places));
	size_t n = 0;

	if (!places)
		return false;
	for (size_t i = 0; i < r->count; i++)
		places[i] = (struct place){ r->findings[i].f, i };
	qsort(places, r->count, sizeof(*places), by_place);
	for (size_t i = 0; i < r->count; i++) {
		n = i && !same_place(places[i - 1].f, places[i].f) ? n + 1 : 0;
		ret[places[i].index] = n;
	}
	free(places);
	return true;
}

void report_fingerprint(struct buf *b, const struct reporting *to,
			const struct report *r, const struct ms_finding *f,
			size_t ordinal)
{
	const char *path = f && f->path ? f->path : "";

	buf_printf(b, "%s\t%s\t", to->command, f ? f->rule : "not-judged");
	buf_escape(b, text_of(r->file));
	buf_putc(b, '\t');
	buf_escape(b, text_of(r->dest ? r->dest : ""));
	/* Paths are escaped where they are made. */
	buf_printf(b, "\t%s\t%zu", path, ordinal);
}
