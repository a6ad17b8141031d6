/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A walked stream reported in every format, for fuzz targets. */
#ifndef TESTS_REPORTED_H
#define TESTS_REPORTED_H

#include "json-check.h"
#include "output/report.h"

#include <stdlib.h>

/* Which forms of output are made: a replay takes all, the fuzzer one of each
 * kind at a time, which the bytes decide, to be that much faster. */
#define ALL_FORMS SIZE_MAX

static inline size_t forms_of(const uint8_t *data, size_t size)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
	uint32_t sum = 0;

	for (size_t at = 0; at < size; at++)
		sum = sum * 31 + data[at];
	return sum;
#else
	(void)data, (void)size;
	return ALL_FORMS;
#endif
}

/* Is the i-th of n one of them? */
static inline bool takes_form(size_t forms, size_t i, size_t n)
{
	return forms == ALL_FORMS || forms % n == i;
}

static inline size_t formats_in(const struct report_format *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

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
static inline bool reported_well(const ms_stream *s, size_t forms)
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
	const size_t people = formats_in(report_formats);
	const size_t all = people + formats_in(report_machine);
	struct report_finding *list = calloc(r.count + 1, sizeof(*list));
	bool ok = list;

	for (size_t i = 0; list && i < r.count; i++)
		list[i].f = ms_finding_at(s, i);
	r.findings = list;
	for (size_t i = 0; ok && i < all; i++)
		if (takes_form(forms, i, all))
			ok = reported_as(&r,
					 i < people ?
						 report_formats[i] :
						 report_machine[i - people]);
	free(list);
	return ok;
}

#endif
