/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `info`: what a stream holds, on one screen or as one JSON object. Both
 * want the walk to be done. */
#ifndef OUTPUT_INFO_H
#define OUTPUT_INFO_H

#include "output/json-writer.h"

struct finding_counts {
	size_t by_severity[MS_ERROR + 1];
	const struct ms_finding *first_error; /* or NULL */
};

void finding_counts_of(struct finding_counts *c, const ms_stream *s);

/* Is there something to show: a stream, or at least a container? */
bool info_has_text(const ms_stream *s);
/* container-text.c, container-json.c: what is around the stream; nothing
 * where nothing is. The second is a value, null then. */
void container_text(struct out *o, const struct ms_summary *m);
void container_json(struct json_writer *w, const struct ms_summary *m);
/* Domain XML and, behind an empty line, the cookie. False: there is none.
 * No walk is needed. */
bool info_xml(struct out *o, const ms_stream *s);

/* postcopy-text.c, postcopy-json.c: what happened in a postcopy migration, and
 * what was said on the return path; nothing, or empty and null, where there is
 * none. */
void postcopy_text(struct out *o, const struct ms_summary *m);
void postcopy_json(struct json_writer *w, const struct ms_summary *m);

void info_text(struct out *o, const char *file, const ms_stream *s);
void info_json(struct out *o, const char *file, const ms_stream *s);
/* Members of an object that is already open. */
void summary_json(struct json_writer *w, const ms_stream *s);

#endif
