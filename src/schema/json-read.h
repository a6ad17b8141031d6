/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects and arrays out of json-pull.h's tokens. The first error sticks:
 * after it every call says no.
 *
 *	static const struct ms_text keys[] = { TEXT("name"), …, { NULL, 0 } };
 *
 *	if (!jr_begin(&r, JSON_OBJECT)) …          // the value's first token
 *	while ((k = jr_key(&r, keys)) >= 0)        // unknown keys are passed over
 *		switch (k) {
 *		case 0: jr_text(&r, &name); …
 *
 *	while (jr_item(&r))                        // in an array
 *		…
 */
#ifndef SCHEMA_JSON_READ_H
#define SCHEMA_JSON_READ_H

#include "schema/json-pull.h"

struct json_reader {
	struct json json;
	struct json_token t; /* first token of the value at hand */
	struct arena *arena; /* of the texts */
	const char *over;    /* static: what to say when it is full */
	const char *error;   /* static */
	size_t error_at;
	unsigned long lost; /* mem_failures() at the start */
};

/* At the first token of the text. over: static, what to say when a is full. */
bool jr_start(struct json_reader *r, const char *text, size_t n,
	      struct arena *a, const char *over);
/* False: r->arena had no room. */
bool jr_no_room(struct json_reader *r);
/* Always false. What is wrong for want of memory is said to be that. */
bool jr_fail(struct json_reader *r, const char *why);
/* The value at hand must be an OBJECT or ARRAY. */
bool jr_begin(struct json_reader *r, enum json_kind kind);
/* The next key of the object that is known: its number, with its value at
 * hand; -1: the object has ended, or r->error. keys end with a NULL. */
int jr_key(struct json_reader *r, const struct ms_text *keys);
/* The same for any key. *ret_name is copied. */
bool jr_any_key(struct json_reader *r, struct ms_text *ret_name);
/* The next value of the array is at hand; false: ended, or r->error. */
bool jr_item(struct json_reader *r);
/* Passes over the value at hand. */
bool jr_skip(struct json_reader *r);

bool jr_text(struct json_reader *r, struct ms_text *ret);
bool jr_int(struct json_reader *r, int64_t least, int64_t most, int64_t *ret);
bool jr_u64(struct json_reader *r, uint64_t *ret);
bool jr_bool(struct json_reader *r, bool *ret);

#endif
