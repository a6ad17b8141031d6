/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/json-read.h"

#include "base/mem.h"
#include "base/text.h"

bool jr_fail(struct json_reader *r, const char *why)
{
	if (!r->error) {
		r->error = mem_failures() == r->lost ? why : "out of memory";
		r->error_at = r->t.at;
	}
	return false;
}

bool jr_no_room(struct json_reader *r)
{
	return jr_fail(r, r->arena->full ? r->over : "out of memory");
}

static bool next(struct json_reader *r)
{
	return !r->error &&
	       (json_next(&r->json, &r->t) || jr_fail(r, r->t.error));
}

bool jr_start(struct json_reader *r, const char *text, size_t n,
	      struct arena *a, const char *over)
{
	*r = (struct json_reader){ .arena = a,
				   .over = over,
				   .lost = mem_failures() };
	json_init(&r->json, text, n);
	return next(r);
}

bool jr_begin(struct json_reader *r, enum json_kind kind)
{
	if (r->error)
		return false;
	return r->t.kind == kind ||
	       jr_fail(r, kind == JSON_OBJECT ? "an object is expected here" :
						"an array is expected here");
}

static bool take_text(struct json_reader *r, struct ms_text *ret)
{
	*ret = r->t.escaped ? json_unescape(r->arena, &r->t) :
			      arena_text(r->arena, r->t.text);
	return ret->bytes || jr_no_room(r);
}

bool jr_any_key(struct json_reader *r, struct ms_text *ret_name)
{
	return next(r) && r->t.kind == JSON_KEY && take_text(r, ret_name) &&
	       next(r);
}

/* Our own keys need no escapes. */
static int find_key(const struct json_reader *r, const struct ms_text *keys)
{
	if (r->t.escaped)
		return -1;
	for (int i = 0; keys[i].bytes; i++)
		if (text_eq(keys[i], r->t.text))
			return i;
	return -1;
}

int jr_key(struct json_reader *r, const struct ms_text *keys)
{
	while (next(r) && r->t.kind == JSON_KEY) {
		const int k = find_key(r, keys);

		if (!next(r))
			return -1;
		if (k >= 0)
			return k;
		if (!jr_skip(r))
			return -1;
	}
	return -1;
}

bool jr_item(struct json_reader *r)
{
	return next(r) && r->t.kind != JSON_ARRAY_END;
}

bool jr_skip(struct json_reader *r)
{
	return !r->error &&
	       (json_skip(&r->json, &r->t) || jr_fail(r, r->t.error));
}

bool jr_text(struct json_reader *r, struct ms_text *ret)
{
	if (r->error)
		return false;
	if (r->t.kind != JSON_STRING)
		return jr_fail(r, "a string is expected here");
	return take_text(r, ret);
}

bool jr_int(struct json_reader *r, int64_t least, int64_t most, int64_t *ret)
{
	int64_t v;

	if (r->error)
		return false;
	if (r->t.kind != JSON_NUMBER || !r->t.whole ||
	    (!r->t.negative && r->t.number > INT64_MAX))
		return jr_fail(r, "a whole number is expected here");
	v = (int64_t)(r->t.negative ? 0 - r->t.number : r->t.number);
	if (v < least || v > most)
		return jr_fail(r, "the number is out of range");
	*ret = v;
	return true;
}

bool jr_u64(struct json_reader *r, uint64_t *ret)
{
	int64_t v;

	if (!jr_int(r, 0, INT64_MAX, &v))
		return false;
	*ret = (uint64_t)v;
	return true;
}

bool jr_bool(struct json_reader *r, bool *ret)
{
	if (r->error)
		return false;
	if (r->t.kind != JSON_TRUE && r->t.kind != JSON_FALSE)
		return jr_fail(r, "true or false is expected here");
	*ret = r->t.kind == JSON_TRUE;
	return true;
}
