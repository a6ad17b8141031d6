/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that read an embedded description share. The parser goes
 * from tokens straight into the model: embedded-keys.c finds the next key
 * that means something, embedded-object.c reads objects and fields, embedded.c
 * the rest. All functions that return false have said why in p->error. */
#ifndef SCHEMA_EMBEDDED_PRIV_H
#define SCHEMA_EMBEDDED_PRIV_H

#include "schema/desc.h"
#include "schema/json-pull.h"

enum key {
	KEY_NAME = 1 << 0,
	KEY_TYPE = 1 << 1,
	KEY_SIZE = 1 << 2,
	KEY_INDEX = 1 << 3,
	KEY_ARRAY_LEN = 1 << 4,
	KEY_STRUCT = 1 << 5,
	KEY_VMSD_NAME = 1 << 6,
	KEY_VERSION = 1 << 7,
	KEY_FIELDS = 1 << 8,
	KEY_SUBSECTIONS = 1 << 9,
	KEY_INSTANCE_ID = 1 << 10,
	KEY_PAGE_SIZE = 1 << 11,
	KEY_DEVICES = 1 << 12,
	KEY_CONFIGURATION = 1 << 13,
};

/* Which keys mean something where; all others are passed over. */
#define KEYS_OBJECT (KEY_VMSD_NAME | KEY_VERSION | KEY_FIELDS | KEY_SUBSECTIONS)
#define KEYS_FIELD                                                             \
	(KEY_NAME | KEY_TYPE | KEY_SIZE | KEY_INDEX | KEY_ARRAY_LEN |          \
	 KEY_STRUCT | KEYS_OBJECT)
#define KEYS_DEVICE (KEY_NAME | KEY_INSTANCE_ID | KEY_SIZE | KEYS_OBJECT)
#define KEYS_TOP (KEY_PAGE_SIZE | KEY_DEVICES | KEY_CONFIGURATION)

/* What stands in arrays that are still open. Items move to the arena when
 * their array closes, so each is copied once and no room is wasted. */
struct stack {
	char *items;
	size_t item_size, count, room;
};

/* Names seen lately. Types, descriptions and the fields of repeated
 * structs recur all the time; a hit needs no second copy. */
#define NAME_CACHE 1024

struct parse {
	struct json json;
	struct json_token t;
	struct desc *desc;
	const struct limits *limits;
	struct stack devices, objects, fields;
	unsigned depth; /* objects we are in */
	const char *error;
	size_t error_at;
	struct ms_text names[NAME_CACHE];
};

/* An object as its keys come in. */
struct object_draft {
	struct desc_object object;
	unsigned seen;
};

static const struct object_draft emb_no_object = { .object.version = -1 };

/* Always false: the model is over its limit, or there is no memory. */
bool emb_no_room(struct parse *p);
bool emb_over(struct parse *p, const char *what, enum limit limit);

/* Keeps the first error, at the current token. Always false. */
static inline bool emb_fail(struct parse *p, const char *why)
{
	if (!p->error) {
		p->error = why;
		p->error_at = p->t.at;
	}
	return false;
}

static inline bool emb_next(struct parse *p)
{
	return json_next(&p->json, &p->t) || emb_fail(p, p->t.error);
}

static inline int64_t emb_number(const struct json_token *t)
{
	return (int64_t)(t->negative ? 0 - t->number : t->number);
}

/* ---- embedded-keys.c ---- */

/* The next key of the open object that is wanted; its value is the current
 * token. 0: the object is over, or p->error is set. */
unsigned emb_next_key(struct parse *p, unsigned wanted);
/* The string of the current token, to keep. */
bool emb_take_name(struct parse *p, struct ms_text *ret);

/* ---- embedded-object.c ---- */

bool emb_push(struct parse *p, struct stack *s, const void *item);
/* All items from base up, in the arena. */
bool emb_settle(struct parse *p, struct stack *s, size_t base, void *ret,
		uint32_t *ret_count);
/* One of KEYS_OBJECT, whose value is the current token. */
bool emb_object_key(struct parse *p, unsigned key, struct object_draft *d);
bool emb_check_object(struct parse *p, const struct object_draft *d);
/* Behind the '{' of an object that has its braces for itself. */
bool emb_object(struct parse *p, struct object_draft *ret_draft);

#endif
