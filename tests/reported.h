/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A walked stream reported in every format, for fuzz targets. */
#ifndef TESTS_REPORTED_H
#define TESTS_REPORTED_H

#include "json-check.h"
#include "output/report.h"

#include <stdlib.h>

static inline bool reported_as(const struct report *r,
			       const struct report_format *format)
{
	struct buf text = { 0 };
	struct out o;
	struct reporting to = { .format = format,
				.out = &o,
				.command = "check" };
	bool ok;

	out_to_buf(&o, &text);
	reporting_begin(&to);
	reporting_add(&to, r);
	reporting_end(&to, 1);
	ok = out_finish(&o);
	if (format == &report_json || format == &report_sarif ||
	    format == &report_codequality)
		ok = ok && json_check(text.data, text.length);
	buf_free(&text);
	return ok;
}

/* False: one could not be written, or is no JSON where it should be. */
static inline bool reported_well(const ms_stream *s)
{
	struct report r = {
		.file = "f",
		.stream = s,
		.verdict = ms_verdict_of(s),
		.predicted = ms_predicted_error(s),
		.outcome = OUTCOME_FINDINGS,
		.places = PLACES_FILE,
		.count = ms_finding_count(s),
		.dropped = ms_findings_dropped(s),
	};
	struct report_finding *list = calloc(r.count + 1, sizeof(*list));
	bool ok = list;

	for (size_t i = 0; list && i < r.count; i++)
		list[i].f = ms_finding_at(s, i);
	r.findings = list;
	for (size_t i = 0; ok && report_formats[i]; i++)
		ok = reported_as(&r, report_formats[i]);
	for (size_t i = 0; ok && report_machine[i]; i++)
		ok = reported_as(&r, report_machine[i]);
	free(list);
	return ok;
}

#endif
