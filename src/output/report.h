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
};

struct report_format {
	const char *name;
	void (*print)(struct out *o, const struct report *r);
};

extern const struct report_format report_text, report_json;

/* NULL-terminated. */
extern const struct report_format *const report_formats[];
const struct report_format *report_format_find(const char *name);

/* "severity: [rule] path @0xOFFSET: message", no newline. */
void finding_line(struct out *o, const struct ms_finding *f);
/* "findings": […], and "findings_dropped" if some were. */
void findings_json(struct json_writer *w, const ms_stream *s);

#endif
