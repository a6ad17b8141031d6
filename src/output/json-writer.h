/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON as it is known, straight to a struct out; nothing is kept.
 *
 *	struct json_writer w;
 *	json_start(&w, out);            // compact; see the members for more
 *	json_object(&w);
 *	json_key(&w, "name"), json_text(&w, name);
 *	json_end(&w);
 *
 * Commas, line breaks and brackets are the writer's business; that every
 * member has a key and every bracket an end is the caller's. The output is
 * valid UTF-8 whatever the strings hold: a byte that is not part of valid
 * UTF-8 becomes the four characters \xNN; control, C1, bidi and line
 * separator characters become \uNNNN. */
#ifndef OUTPUT_JSON_WRITER_H
#define OUTPUT_JSON_WRITER_H

#include "output/out.h"

#define JSON_MAX_DEPTH 1024

struct json_writer {
	struct out *out;
	unsigned indent; /* columns per level; 0 = everything on one line */
	unsigned wrap;   /* brackets nested deeper than this stay on a line */
	bool ascii;      /* all of Unicode beyond ASCII as \uNNNN */
	/* private */
	unsigned depth;
	bool keyed; /* the next value belongs to the key just written */
	uint8_t level[JSON_MAX_DEPTH];
};

void json_start(struct json_writer *w, struct out *out);

void json_object(struct json_writer *w);
void json_array(struct json_writer *w);
void json_end(struct json_writer *w); /* of the innermost */
void json_key(struct json_writer *w, const char *literal); /* plain ASCII */
void json_key_text(struct json_writer *w, struct ms_text t);

void json_text(struct json_writer *w, struct ms_text t);
void json_string(struct json_writer *w, const char *s); /* NULL: null */
void json_uint(struct json_writer *w, uint64_t v);
void json_int(struct json_writer *w, int64_t v);
/* A string "0x…" of at least that many digits. */
void json_hex(struct json_writer *w, uint64_t v, unsigned digits);
/* A string of hex digits; sep between bytes, 0 = nothing. */
void json_bytes(struct json_writer *w, const uint8_t *p, size_t n, char sep);
void json_bool(struct json_writer *w, bool v);
void json_null(struct json_writer *w);
/* A value that is JSON already. */
void json_raw(struct json_writer *w, const char *p, size_t n);

#endif
