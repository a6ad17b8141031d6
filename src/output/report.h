/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told of streams, of schemas or of whatever else was judged, for
 * people, programs and CI systems.
 *
 *	struct reporting to = { .format = …, .out = …, … };
 *
 *	reporting_begin(&to);
 *	for each FILE and destination:
 *		reporting_add(&to, &report);
 *	reporting_end(&to, status);
 *
 * A format that wants one document writes its head and its tail in begin and
 * end, and holds nothing that grows but a line for each report. Those that
 * say no more than struct report does are in report_machine[], which every
 * subcommand with findings offers beside its own. */
#ifndef OUTPUT_REPORT_H
#define OUTPUT_REPORT_H

#include "check/waivers.h"
#include "output/json-writer.h"

/* What a report comes to. The exit status and every format go by it. */
enum outcome {
	OUTCOME_CLEAN,
	OUTCOME_FINDINGS, /* that count: see report_counts() */
	OUTCOME_UNKNOWN,  /* it could not be told: no clean bill */
	OUTCOME_TROUBLE,  /* unreadable, or not what it should be */
};

struct report_finding {
	const struct ms_finding *f;
	const struct waiver *waiver; /* NULL: it stands */
};

/* Where the offsets of findings lie. */
enum report_places {
	PLACES_NONE,   /* they have none */
	PLACES_STREAM, /* in what is read out of the file */
	PLACES_FILE,   /* in the file itself */
};

/* What there is to say about one FILE. */
struct report {
	const char *file;        /* as given by the user */
	const ms_stream *stream; /* walked; NULL: there is none */
	const char *error;       /* why it could not be read, or NULL */
	/* The destination as the user named it; NULL: the release that wrote
	 * the stream. */
	const char *dest;
	const char *dest_about; /* its release and target, or NULL */
	enum ms_verdict verdict;
	const char *predicted; /* first line that QEMU prints, or NULL */
	enum outcome outcome;
	enum report_places places;
	const struct report_finding *findings;
	size_t count, waived; /* findings; those of them that are waived */
	uint64_t dropped;     /* findings beyond the cap */
};

/* One run of the tool. */
struct reporting {
	const struct report_format *format;
	struct out *out;
	const char *command; /* "check" */
	enum ms_severity fail_on;
	bool waiving;     /* waivers were given */
	bool show_waived; /* text: all that is known of waived findings */
	void *state;      /* of the format */
};

struct report_format {
	const char *name;
	void (*begin)(struct reporting *to); /* or NULL */
	void (*print)(struct reporting *to, const struct report *r);
	/* status: the exit status; or NULL */
	void (*end)(struct reporting *to, int status);
};

void reporting_begin(struct reporting *to);
void reporting_add(struct reporting *to, const struct report *r);
void reporting_end(struct reporting *to, int status);

extern const struct report_format report_text, report_json, report_sarif,
	report_junit, report_codequality, report_github;

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
/* Of each finding, how many before it have its rule and path: with these it
 * is told from all others, and is the same when others come or go. Room for
 * r->count. False: out of memory. */
bool report_ordinals(const struct report *r, size_t *ret);
/* Text that is the same for the same finding in every run, and for no other;
 * the tabs between its parts stand in none of them. */
void report_fingerprint(struct buf *b, const struct reporting *to,
			const struct report *r, const struct ms_finding *f,
			size_t ordinal);

/* "severity: [rule] path @0xOFFSET: message", no newline. */
void finding_line(struct out *o, const struct ms_finding *f);
/* The line and its details below; without the offset if it has none. */
void finding_text(struct out *o, const struct ms_finding *f, bool placed);
/* "findings": […], and "findings_dropped" if some were. */
void findings_json(struct json_writer *w, const ms_stream *s);
/* "key": "…" or null */
void report_string(struct json_writer *w, const char *key, const char *s);
/* "waived": {…}, if it is. */
void report_waived_json(struct json_writer *w, const struct waiver *waiver);

#endif
