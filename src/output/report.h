/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told of streams, of schemas or of whatever else was judged, for
 * people, programs and CI systems.
 *
 *	struct reporting to = { .format = …, .out = …, … };
 *
 *	reporting_begin(&to);
 *	for each FILE and destination:
 *		walk, each record to reporting_visit(&to, rec)
 *		reporting_add(&to, &report);
 *	reporting_end(&to, status);
 *
 * Those who cannot hold all findings of a report hand them on one by one,
 * and know at the end what they come to:
 *
 *		reporting_open(&to, &report);
 *		reporting_finding(&to, &report, &f);  // for each
 *		reporting_close(&to, &report);
 *
 * A format that wants one document writes its head and its tail in begin and
 * end, and holds nothing that grows but a line for each report. Those that
 * say no more than struct report does are in report_machine[], which every
 * subcommand with findings offers beside its own. */
#ifndef OUTPUT_REPORT_H
#define OUTPUT_REPORT_H

#include "base/names.h"
#include "check/waivers.h"
#include "output/json-writer.h"

/* What a report comes to. The exit status and every format go by it. */
enum outcome {
	OUTCOME_CLEAN,
	OUTCOME_FINDINGS, /* that count: see report_counts() */
	OUTCOME_UNKNOWN,  /* it could not be told: no clean bill */
	OUTCOME_TROUBLE,  /* unreadable, or not what it should be */
};

/* Where the offsets of findings lie. */
enum report_places {
	PLACES_NONE,   /* they have none */
	PLACES_STREAM, /* in what is read out of the file */
	PLACES_FILE,   /* in the file itself */
};

/* One place of a finding that has several, or that is in another file than
 * the report's. */
struct report_spot {
	const char *file;
	enum report_places places; /* PLACES_NONE: it is not known where */
	uint64_t offset, length;
};

#define MAX_SPOTS 2

struct report_finding {
	const struct ms_finding *f;
	const struct waiver *waiver; /* NULL: it stands */
	/* Or none: where f says. */
	const struct report_spot *spots;
	size_t spot_count;
};

/* What there is to say about one FILE. */
struct report {
	const char *file;        /* as given by the user */
	const ms_stream *stream; /* walked; NULL: there is none */
	const char *error;       /* why it could not be read, or NULL */
	/* The destination, or whatever else it was held against, as the user
	 * named it; NULL: the release that wrote the stream. */
	const char *dest;
	const char *dest_about; /* its release and target, or NULL */
	enum ms_verdict verdict;
	const char *result;    /* a word in place of a verdict, or NULL */
	const char *predicted; /* first line that QEMU prints, or NULL */
	enum outcome outcome;
	enum report_places places;
	const struct report_finding *findings; /* NULL: one by one */
	size_t count, waived; /* findings; those of them that are waived */
	uint64_t dropped;     /* findings beyond the cap */
};

/* One run of the tool. */
struct reporting {
	const struct report_format *format;
	struct out *out;
	const char *command; /* "check" */
	enum ms_severity fail_on;
	const struct waivers *waivers; /* NULL: none were given */
	bool show_waived; /* text: all that is known of waived findings */
	size_t expected;  /* how many reports will follow */
	void *state;      /* of the format */
	/* Of the finding at hand: how many before it in its report have its
	 * rule and path. With these it is told from all others, and is the
	 * same when others come or go. */
	size_t ordinal;
	/* private */
	struct names places;
	struct arena places_text;
};

/* begin(), then for each report visit() with every record of its walk, if
 * there is one, and either print(), or open(), finding() for each, close();
 * then end(). Only print() or those three have to be there. What a report
 * comes to is known from close() on. */
struct report_format {
	const char *name;
	void (*begin)(struct reporting *to); /* or NULL */
	/* each record of a walk that will be reported; or NULL */
	void (*visit)(struct reporting *to, const struct ms_record *rec);
	void (*print)(struct reporting *to, const struct report *r);
	void (*open)(struct reporting *to,
		     const struct report *r); /* or NULL */
	void (*finding)(struct reporting *to, const struct report *r,
			const struct report_finding *f);
	void (*close)(struct reporting *to, const struct report *r);
	/* status: the exit status; or NULL */
	void (*end)(struct reporting *to, int status);
};

void reporting_begin(struct reporting *to);
/* False: writing failed, nothing more is wanted. */
bool reporting_visit(struct reporting *to, const struct ms_record *rec);
void reporting_add(struct reporting *to, const struct report *r);
void reporting_open(struct reporting *to, const struct report *r);
void reporting_finding(struct reporting *to, const struct report *r,
		       const struct report_finding *f);
void reporting_close(struct reporting *to, const struct report *r);
void reporting_end(struct reporting *to, int status);

extern const struct report_format report_text, report_json, report_html,
	report_sarif, report_junit, report_codequality, report_github;

/* NULL-terminated: those of check, and those of every subcommand. */
extern const struct report_format *const report_formats[];
extern const struct report_format *const report_machine[];
/* NULL: there is none of that name. */
const struct report_format *
report_format_find(const struct report_format *const *list, const char *name);

/* Where the offsets of a walked stream lie. */
enum report_places report_places_of(const struct ms_summary *m);

/* ---- what the formats share ---- */

/* Is it one that makes for the exit status 1? */
bool report_counts(const struct reporting *to, const struct report_finding *f);
/* The first that does; NULL: none. */
const struct ms_finding *report_first(const struct reporting *to,
				      const struct report *r);
/* Of OUTCOME_UNKNOWN and OUTCOME_TROUBLE, a sentence. */
const char *report_trouble(const struct report *r);
/* Does it need to be said beside the findings that stand? */
bool report_untold(const struct reporting *to, const struct report *r);
/* The file that it is shown in. */
const char *report_file(const struct report *r, const struct report_finding *f);
/* " (…)": what it was held against, if anything. */
void report_against(struct buf *b, const struct report *r);
/* The verdict, or what stands in its place. */
const char *report_result(const struct report *r);
/* "17 more findings are not shown", or NULL; room: that of the text. */
#define REPORT_DROPPED 64
const char *report_dropped(const struct report *r, char room[REPORT_DROPPED]);
/* Text that is the same for the same finding in every run, and for no other;
 * the tabs between its parts stand in none of them. */
void report_fingerprint(struct buf *b, const struct reporting *to,
			const struct report *r, const struct ms_finding *f);

/* "severity: [rule] path @0xOFFSET: message", no newline. */
void finding_line(struct out *o, const struct ms_finding *f);
/* The line and its details below; without the offset if it has none. */
void finding_text(struct out *o, const struct ms_finding *f, bool placed);
/* "findings": […], and "findings_dropped" if some were. */
void findings_json(struct json_writer *w, const ms_stream *s);
/* An array of the waivers that expired or were not needed; how many. */
size_t report_waivers_list(struct json_writer *w, const struct waivers *all);
/* The same as a line of its own, if there are any; all: or NULL. */
void report_waivers_line(struct out *o, const struct waivers *all);
/* "key": "…" or null */
void report_string(struct json_writer *w, const char *key, const char *s);
/* "waived": {…}, if it is. */
void report_waived_json(struct json_writer *w, const struct waiver *waiver);

#endif
