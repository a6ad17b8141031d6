/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `check`: the findings of one stream and the verdict on it. */
#ifndef OUTPUT_REPORT_H
#define OUTPUT_REPORT_H

#include "output/json-writer.h"

/* What there is to say about one FILE. */
struct report {
	const char *file;        /* as given by the user */
	const ms_stream *stream; /* walked; NULL: could not be opened */
	const char *error;       /* why it could not be read, or NULL */
	/* The destination as the user named it; NULL: the release that wrote
	 * the stream. */
	const char *dest;
	const char *dest_about; /* its release and target, or NULL */
	void *state;            /* what begin() of the format gave, or NULL */
};

/* begin(), then for each report visit() with every record of its walk, if
 * there is one, and print(), then end(). Only print() has to be there. */
struct report_format {
	const char *name;
	/* count reports will follow. NULL: no memory, see o->error. */
	void *(*begin)(struct out *o, size_t count);
	void (*visit)(void *state, const struct ms_record *rec);
	void (*print)(struct out *o, const struct report *r);
	void (*end)(void *state);
};

extern const struct report_format report_text, report_json, report_html;

/* NULL-terminated. */
extern const struct report_format *const report_formats[];
const struct report_format *report_format_find(const char *name);

/* "severity: [rule] path @0xOFFSET: message", no newline. */
void finding_line(struct out *o, const struct ms_finding *f);
/* "findings": […], and "findings_dropped" if some were. */
void findings_json(struct json_writer *w, const ms_stream *s);

#endif
