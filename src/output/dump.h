/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `dump`: every record of a stream in one of several forms.
 *
 *	const struct dump_format *f = dump_format_find("json");
 *	struct dump d;
 *	if (dump_open(&d, f, &out, &request)) {
 *		complete = ms_walk(s, dump_visit, &d);
 *		dump_close(&d, s, complete);
 *	}
 *	… out.error …
 *
 * A format is one const struct dump_format in a file of its own. */
#ifndef OUTPUT_DUMP_H
#define OUTPUT_DUMP_H

#include "output/out.h"

struct dump_request {
	const char *file; /* as given by the user */
	bool offsets;     /* byte ranges also in the tree */
	/* Only sections one of these matches: fnmatch on "idstr" or
	 * "idstr/instance". None: everything. */
	const char *const *devices;
	size_t device_count;
};

struct dump_format {
	const char *name, *summary;
	/* NULL: no memory. */
	void *(*open)(struct out *o, const struct dump_request *req);
	void (*visit)(void *state, const struct ms_record *rec);
	/* Prints what is left and frees. s is NULL in unit tests; complete
	 * is false when the walk did not reach the end of the input. */
	void (*close)(void *state, const ms_stream *s, bool complete);
};

extern const struct dump_format dump_tree, dump_json, dump_ndjson, dump_analyze;

/* NULL-terminated. */
extern const struct dump_format *const dump_formats[];
const struct dump_format *dump_format_find(const char *name);

/* Does this section have a format of its own ("ram", "slirp" …)? The
 * description in the stream then has nothing of it, or one buffer "data". */
bool dump_own_format(const struct ms_record *section);

struct dump {
	const struct dump_format *format;
	const struct dump_request *request;
	struct out *out;
	void *state;
	bool matched;  /* some section was asked for */
	bool selected; /* inside a section that was asked for */
};

bool dump_open(struct dump *d, const struct dump_format *f, struct out *o,
	       const struct dump_request *req);
/* An ms_visit; ends the walk when the output failed. */
bool dump_visit(void *d, const struct ms_record *rec);
void dump_close(struct dump *d, const ms_stream *s, bool complete);

#endif
