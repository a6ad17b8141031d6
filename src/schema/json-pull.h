/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON from a contiguous buffer, one token at a time. The text is hostile:
 * nesting is capped, nothing recurses, nothing is allocated.
 *
 *	struct json j;
 *	struct json_token t;
 *
 *	json_init(&j, text, n);
 *	while (json_next(&j, &t) && t.kind != JSON_END)
 *		use(&t);
 *	if (t.kind == JSON_ERROR)
 *		complain(t.error, t.at);
 *
 * Strict JSON (RFC 8259), with one exception: strings hold bytes, so broken
 * UTF-8 in them passes, because device names are bytes. Repeated keys come
 * out as they stand, in order. Errors stick. */
#ifndef SCHEMA_JSON_PULL_H
#define SCHEMA_JSON_PULL_H

#include "base/arena.h"
#include "base/limits.h"

enum json_kind {
	JSON_END,   /* one value is complete; j->pos is behind it */
	JSON_ERROR, /* .error says why */
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_KEY, /* its value is the next token */
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

struct json_token {
	enum json_kind kind;
	/* KEY, STRING: the bytes between the quotes as they stand in the
	 * text, to go through json_unescape() if escaped. NUMBER: digits. */
	bool escaped;
	/* NUMBER: whole is false for fractions, exponents and integers past
	 * 64 bits; else the value is number, or -number. */
	bool whole, negative;
	uint64_t number;
	struct ms_text text;
	size_t at;         /* offset of the token's first byte */
	const char *error; /* static */
};

struct json {
	const char *text;
	size_t length, pos;
	const char *error;
	size_t error_at;
	unsigned depth;  /* containers that are open */
	unsigned expect; /* enum expect of json-pull.c */
	bool in_object[MAX_JSON_DEPTH];
};

/* JSON_ERROR with this reason: the text is right as far as it goes. */
extern const char json_cut[];

void json_init(struct json *j, const char *text, size_t n);
/* False: t->kind is JSON_ERROR. */
bool json_next(struct json *j, struct json_token *t);
/* Passes over the rest of the value that began with t. */
bool json_skip(struct json *j, struct json_token *t);
/* What an escaped KEY or STRING means; .bytes is NULL past the cap of a. */
struct ms_text json_unescape(struct arena *a, const struct json_token *t);

#endif
