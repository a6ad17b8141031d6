/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys of an embedded description: which there are, and what their values
 * must be. Names that recur are kept once. */
#include "config.h"
#include "schema/embedded-priv.h"

/* ---- the table ---- */

/* What a key's value must be; least and most bound a number. QEMU keeps
 * version, array_len and index in an int. Releases differ in printing an
 * instance id as signed or not. */
struct key_rule {
	struct ms_text name;
	enum key key;
	enum json_kind want;
	int64_t least, most;
	const char *wrong;
};

/* No two keys share a slot; the compiler warns when one more does. */
#define KEY_SLOTS 32
#define KEY_SLOT(length, first)                                                \
	(((length)*9 + (unsigned char)(first)*2u) % KEY_SLOTS)
#define RULE(first, word, ...)                                                 \
	[KEY_SLOT(sizeof(word) - 1, first)] = { TEXT(word), __VA_ARGS__ }

static const struct key_rule key_rules[KEY_SLOTS] = {
	RULE('n', "name", KEY_NAME, JSON_STRING, 0, 0,
	     "\"name\" is not a string"),
	RULE('t', "type", KEY_TYPE, JSON_STRING, 0, 0,
	     "\"type\" is not a string"),
	RULE('s', "size", KEY_SIZE, JSON_NUMBER, 0, INT64_MAX,
	     "\"size\" is not a number of bytes"),
	RULE('i', "instance_id", KEY_INSTANCE_ID, JSON_NUMBER, INT32_MIN,
	     UINT32_MAX, "\"instance_id\" is not an instance id"),
	RULE('v', "vmsd_name", KEY_VMSD_NAME, JSON_STRING, 0, 0,
	     "\"vmsd_name\" is not a string"),
	RULE('v', "version", KEY_VERSION, JSON_NUMBER, INT32_MIN, UINT32_MAX,
	     "\"version\" is not a version"),
	RULE('f', "fields", KEY_FIELDS, JSON_ARRAY, 0, 0,
	     "\"fields\" is not an array"),
	RULE('s', "subsections", KEY_SUBSECTIONS, JSON_ARRAY, 0, 0,
	     "\"subsections\" is not an array"),
	RULE('i', "index", KEY_INDEX, JSON_NUMBER, 0, INT32_MAX,
	     "\"index\" is not the number of an element"),
	RULE('a', "array_len", KEY_ARRAY_LEN, JSON_NUMBER, 1, INT32_MAX,
	     "\"array_len\" is not a number of elements"),
	RULE('s', "struct", KEY_STRUCT, JSON_OBJECT, 0, 0,
	     "\"struct\" is not an object"),
	RULE('c', "configuration", KEY_CONFIGURATION, JSON_OBJECT, 0, 0,
	     "\"configuration\" is not an object"),
	RULE('p', "page_size", KEY_PAGE_SIZE, JSON_NUMBER, 0, UINT32_MAX,
	     "\"page_size\" is not a number of bytes"),
	RULE('d', "devices", KEY_DEVICES, JSON_ARRAY, 0, 0,
	     "\"devices\" is not an array"),
};

/* ---- names ---- */

static unsigned name_hash(struct ms_text t)
{
	uint32_t head = 0, tail = 0;
	size_t n = t.length;

	/* Names of one device tend to begin alike. */
	if (n >= 4) {
		memcpy(&head, t.bytes + n / 2 - 2, 4);
		memcpy(&tail, t.bytes + n - 4, 4);
	} else {
		for (size_t i = 0; i < n; i++)
			tail = tail << 8 | (uint8_t)t.bytes[i];
	}
	head = (head * 0x9e3779b1u) ^ (tail * 0x85ebca6bu) ^ (uint32_t)n;
	return (head ^ head >> 15) * 0xc2b2ae35u >> 22;
}

_Static_assert(NAME_CACHE == 1u << (32 - 22), "name_hash() fills the cache");

bool emb_take_name(struct parse *p, struct ms_text *ret)
{
	struct ms_text *known;

	if (p->t.escaped) {
		*ret = json_unescape(&p->desc->arena, &p->t);
		return ret->bytes || emb_no_room(p);
	}
	known = &p->names[name_hash(p->t.text)];
	if (!known->bytes || !text_eq(*known, p->t.text)) {
		*ret = arena_text(&p->desc->arena, p->t.text);
		if (!ret->bytes)
			return emb_no_room(p);
		*known = *ret;
	}
	*ret = *known;
	return true;
}

/* ---- keys and values ---- */

static const struct key_rule *find_key(struct ms_text name, unsigned wanted)
{
	const struct key_rule *k;

	if (!name.length)
		return NULL;
	k = &key_rules[KEY_SLOT(name.length, *name.bytes)];
	return (k->key & wanted) && text_eq(k->name, name) ? k : NULL;
}

static bool number_fits(const struct json_token *t, const struct key_rule *k)
{
	int64_t value = emb_number(t);

	return t->whole && (t->negative || t->number <= INT64_MAX) &&
	       value >= k->least && value <= k->most;
}

static bool take_value(struct parse *p, const struct key_rule *k)
{
	if (!emb_next(p))
		return false;
	if (p->t.kind != k->want)
		return emb_fail(p, k->wrong);
	if (k->want == JSON_NUMBER && !number_fits(&p->t, k))
		return emb_fail(p, k->wrong);
	return true;
}

static bool skip_value(struct parse *p)
{
	return emb_next(p) &&
	       (json_skip(&p->json, &p->t) || emb_fail(p, p->t.error));
}

unsigned emb_next_key(struct parse *p, unsigned wanted)
{
	while (emb_next(p) && p->t.kind != JSON_OBJECT_END) {
		struct ms_text name = p->t.text;
		const struct key_rule *k;

		if (p->t.escaped && !emb_take_name(p, &name))
			return 0;
		k = find_key(name, wanted);
		if (k)
			return take_value(p, k) ? k->key : 0;
		if (!skip_value(p))
			return 0;
	}
	return 0;
}
