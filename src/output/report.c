/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/report.h"

#include "output/names.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

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

void reporting_open(struct reporting *to, const struct report *r)
{
	arena_init(&to->places_text, SIZE_MAX);
	if (to->format->open && !to->out->error)
		to->format->open(to, r);
}

/* Of a rule and a path; those of one that are the same up to here are told
 * apart by the rest of the path. */
#define KEY_LENGTH 256

static bool number(struct reporting *to, const struct ms_finding *f)
{
	char key[KEY_LENGTH];
	struct ms_text t;
	size_t n = 0;

	snprintf(key, sizeof(key), "%s\t%s", f->rule, f->path ? f->path : "");
	t = text_of(key);
	if (names_find(&to->places, t, &n))
		n++;
	else
		t = arena_text(&to->places_text, t);
	to->ordinal = n;
	return t.bytes && names_add(&to->places, t, n);
}

void reporting_finding(struct reporting *to, const struct report *r,
		       const struct report_finding *f)
{
	if (to->out->error)
		return;
	if (number(to, f->f))
		to->format->finding(to, r, f);
	else
		to->out->error = ENOMEM;
}

void reporting_close(struct reporting *to, const struct report *r)
{
	names_free(&to->places);
	arena_free(&to->places_text);
	if (!to->out->error)
		to->format->close(to, r);
	/* Whole reports reach a pipe while the next file is read. */
	out_flush(to->out);
}

void reporting_add(struct reporting *to, const struct report *r)
{
	if (to->format->print) {
		to->format->print(to, r);
		out_flush(to->out);
		return;
	}
	reporting_open(to, r);
	for (size_t i = 0; i < r->count; i++)
		reporting_finding(to, r, &r->findings[i]);
	reporting_close(to, r);
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

const char *report_file(const struct report *r, const struct report_finding *f)
{
	return f && f->spot_count ? f->spots[0].file : r->file;
}

void report_against(struct buf *b, const struct report *r)
{
	if (r->dest && r->result)
		buf_printf(b, " (A: %s, B: %s)", r->file, r->dest);
	else if (r->dest)
		buf_printf(b, " (destination: %s)", r->dest);
}

const char *report_result(const struct report *r)
{
	return r->result ? r->result : verdict_name(r->verdict);
}

const char *report_dropped(const struct report *r, char room[REPORT_DROPPED])
{
	if (!r->dropped)
		return NULL;
	snprintf(room, REPORT_DROPPED, "%" PRIu64 " more finding%s not shown",
		 r->dropped, r->dropped == 1 ? " is" : "s are");
	return room;
}

void report_fingerprint(struct buf *b, const struct reporting *to,
			const struct report *r, const struct ms_finding *f)
{
	buf_printf(b, "%s\t%s\t", to->command, f->rule);
	buf_escape(b, text_of(r->file));
	buf_putc(b, '\t');
	buf_escape(b, text_of(r->dest ? r->dest : ""));
	/* Paths are escaped where they are made. */
	buf_printf(b, "\t%s\t%zu", f->path ? f->path : "", to->ordinal);
}
