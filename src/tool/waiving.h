/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings of reports, weighed: with the waivers of --waivers, for the
 * baseline of --write-baseline, for the exit status.
 *
 *	struct waiving w;
 *	status = waiving_open(&w, a);          // has complained if not 0
 *	for each report, in any thread:
 *		if (waiving_judge_stream(&w, path, s, to, &j))
 *			… j.list, j.outcome …
 *		judged_free(&j);
 *	status = waiving_close(&w, status);    // warns, writes the baseline
 */
#ifndef TOOL_WAIVING_H
#define TOOL_WAIVING_H

#include "output/report.h"
#include "tool/destination.h"

struct waiving {
	const struct arguments *a;
	struct waivers waivers;
	struct baseline baseline;
	pthread_mutex_t lock; /* over the baseline */
	atomic_bool missed;   /* an input could not be read or judged */
};

/* The findings of one report. */
struct judged {
	struct report_finding *list;
	size_t count, waived;
	enum outcome outcome;
};

extern const struct option_row opt_waivers, opt_write_baseline, opt_show_waived;

enum exit_status waiving_open(struct waiving *w, const struct arguments *a);
enum exit_status waiving_close(struct waiving *w, enum exit_status status);
/* Instead of the latter, where nothing was judged. */
void waiving_free(struct waiving *w);

/* Fills *ret, with the outcome as far as findings and the verdict tell it.
 * dropped: how many more there are. False: out of memory. */
bool waiving_judge(struct waiving *w, const struct waiver_subject *subject,
		   const struct ms_finding *(*at)(const void *ctx, size_t i),
		   const void *ctx, size_t count, uint64_t dropped,
		   enum ms_verdict verdict, struct judged *ret);
/* The same for a walked stream. */
bool waiving_judge_stream(struct waiving *w, const char *path, ms_stream *s,
			  const struct destination *to, struct judged *ret);
/* Two streams compared, of which there may be more findings than can be held:
 * one by one. False: out of memory; is to be closed all the same. */
struct waiving_pair {
	/* private */
	struct waiving *w;
	struct about *x;
};

bool waiving_open_pair(struct waiving_pair *p, struct waiving *w,
		       const char *path, ms_stream *a, ms_stream *b);
/* Fills in the waiver. True: it makes for the exit status 1. */
bool waiving_weigh(struct waiving_pair *p, struct report_finding *f);
void waiving_close_pair(struct waiving_pair *p);
struct waiver_span span_of_version(struct ms_text version);
struct waiver_span span_of_destination(const struct destination *to);
void judged_free(struct judged *j);

/* What could not be judged is trouble, whatever --exit-zero and waivers say. */
enum exit_status status_of(struct waiving *w, enum outcome outcome,
			   enum ms_verdict verdict);

#endif
