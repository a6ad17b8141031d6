/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON at the end of a stream, straight from tokens into the model.
 *
 *   top    = { ["configuration": {object},] "page_size": n,
 *              "devices": [ {device}… ] }
 *   device = { "name": s, "instance_id": n, object }
 *          | { "name": s, "instance_id": n, "size": n, "fields": […] }
 *   object = "vmsd_name": s, "version": n, "fields": [ {field}… ]
 *            [, "subsections": [ {object}… ] ]
 *   field  = { "name": s [, "array_len": n | "index": n], "type": s
 *              [, "struct": {object} | object…], "size": n }
 *
 * Objects that stand in a field itself repeat their keys, once per element
 * of a queue, so a tree that keeps one value per key would lose all but the
 * last: each "vmsd_name" starts the next object.
 *
 * Checked against QEMU migration/vmstate.c (vmsd_desc_field_start and
 * vmstate_save_vmsd_v) and migration/savevm.c (vmstate_save), 5.2 to 11.1. */
#include "config.h"
#include "schema/desc.h"
#include "schema/json-pull.h"

#include "base/mem.h"
#include <stdlib.h>

/* ---- keys ---- */

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

/* Most candidates differ in length or first byte: spares the call. b is one
 * of our own words, so never empty. */
static inline bool is_word(struct ms_text t, struct ms_text b)
{
	return t.length == b.length && *t.bytes == *b.bytes &&
	       !memcmp(t.bytes, b.bytes, b.length);
}

/* ---- the parser's own state ---- */

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
	struct stack devices, objects, fields;
	unsigned depth; /* objects we are in */
	const char *error;
	size_t error_at;
	struct ms_text names[NAME_CACHE];
};

/* Rounding that the arena may do when the devices move in. */
#define INDEX_SLACK 64

static const char no_memory[] =
	"the description needs more memory than it may have";

static bool fail(struct parse *p, const char *why)
{
	if (!p->error) {
		p->error = why;
		p->error_at = p->t.at;
	}
	return false;
}

static bool next(struct parse *p)
{
	return json_next(&p->json, &p->t) || fail(p, p->t.error);
}

/* ---- stacks ---- */

static bool stack_grow(struct stack *s)
{
	size_t room = s->room ? s->room + s->room / 2 : 64;
	char *items = mem_resize_array(s->items, room, s->item_size);

	if (!items)
		return false;
	s->items = items;
	s->room = room;
	return true;
}

/* The arena's room for the item is set aside now: what may be on a stack is
 * what the arena can still take, and closing an array cannot fail late. */
static bool push(struct parse *p, struct stack *s, const void *item)
{
	struct arena *a = &p->desc->arena;

	if (a->used > a->cap || a->cap - a->used < s->item_size)
		return fail(p, no_memory);
	if (s->count == s->room && !stack_grow(s))
		return fail(p, no_memory);
	a->cap -= s->item_size;
	memcpy(s->items + s->count++ * s->item_size, item, s->item_size);
	return true;
}

/* All items from base up, in the arena. */
static bool settle(struct parse *p, struct stack *s, size_t base, void *ret,
		   uint32_t *ret_count)
{
	size_t count = s->count - base;
	void *items = NULL;

	s->count = base;
	p->desc->arena.cap += count * s->item_size;
	if (count) {
		items = arena_array(&p->desc->arena, count, s->item_size);
		if (!items)
			return fail(p, no_memory);
		memcpy(items, s->items + base * s->item_size,
		       count * s->item_size);
	}
	memcpy(ret, &items, sizeof(items));
	*ret_count = (uint32_t)count;
	return true;
}

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

/* The string of the current token, to keep. */
static bool take_name(struct parse *p, struct ms_text *ret)
{
	struct ms_text *known;

	if (p->t.escaped) {
		*ret = json_unescape(&p->desc->arena, &p->t);
		return ret->bytes || fail(p, no_memory);
	}
	known = &p->names[name_hash(p->t.text)];
	if (!known->bytes || !text_eq(*known, p->t.text)) {
		*ret = arena_text(&p->desc->arena, p->t.text);
		if (!ret->bytes)
			return fail(p, no_memory);
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

static int64_t number_of(const struct json_token *t)
{
	return (int64_t)(t->negative ? 0 - t->number : t->number);
}

static bool number_fits(const struct json_token *t, const struct key_rule *k)
{
	int64_t value = number_of(t);

	return t->whole && (t->negative || t->number <= INT64_MAX) &&
	       value >= k->least && value <= k->most;
}

static bool take_value(struct parse *p, const struct key_rule *k)
{
	if (!next(p))
		return false;
	if (p->t.kind != k->want)
		return fail(p, k->wrong);
	if (k->want == JSON_NUMBER && !number_fits(&p->t, k))
		return fail(p, k->wrong);
	return true;
}

static bool skip_value(struct parse *p)
{
	return next(p) && (json_skip(&p->json, &p->t) || fail(p, p->t.error));
}

/* The next key of the open object that is wanted; its value is the current
 * token. 0: the object is over, or p->error is set. */
static unsigned next_key(struct parse *p, unsigned wanted)
{
	while (next(p) && p->t.kind != JSON_OBJECT_END) {
		struct ms_text name = p->t.text;
		const struct key_rule *k;

		if (p->t.escaped && !take_name(p, &name))
			return 0;
		k = find_key(name, wanted);
		if (k)
			return take_value(p, k) ? k->key : 0;
		if (!skip_value(p))
			return 0;
	}
	return 0;
}

/* ---- objects and fields ---- */

/* An object as its keys come in. */
struct object_draft {
	struct desc_object object;
	unsigned seen;
};

static const struct object_draft no_object = { .object.version = -1 };

static bool read_fields(struct parse *p, struct desc_object *o);
static bool read_subsections(struct parse *p, struct desc_object *o);

static bool read_object_key(struct parse *p, unsigned key,
			    struct object_draft *d)
{
	d->seen |= key;
	switch (key) {
	case KEY_VMSD_NAME:
		return take_name(p, &d->object.vmsd);
	case KEY_VERSION:
		d->object.version = number_of(&p->t);
		return true;
	case KEY_FIELDS:
		return read_fields(p, &d->object);
	default:
		return read_subsections(p, &d->object);
	}
}

/* QEMU writes both for every object, so a text without them is damaged, and
 * reading a device by it would only put the blame on the wrong bytes. */
static bool check_object(struct parse *p, const struct object_draft *d)
{
	if (!(d->seen & KEY_VMSD_NAME))
		return fail(p, "an object has no \"vmsd_name\"");
	if (!(d->seen & KEY_FIELDS))
		return fail(p, "an object has no \"fields\"");
	return true;
}

/* Behind the '{' of an object that has its braces for itself. */
static bool read_object(struct parse *p, struct object_draft *ret_draft)
{
	struct object_draft d = no_object;
	unsigned key;

	while ((key = next_key(p, KEYS_OBJECT))) {
		if (d.seen & key)
			return fail(p, "an object repeats a key");
		if (!read_object_key(p, key, &d))
			return false;
	}
	*ret_draft = d;
	return !p->error;
}

static bool enter_object(struct parse *p)
{
	if (p->depth == MAX_DECODE_DEPTH)
		return fail(p, "objects are nested too deep");
	p->depth++;
	return true;
}

static bool read_subsections(struct parse *p, struct desc_object *o)
{
	size_t base = p->objects.count;
	struct object_draft d;

	if (!enter_object(p))
		return false;
	while (next(p) && p->t.kind != JSON_ARRAY_END) {
		if (p->t.kind != JSON_OBJECT)
			return fail(p, "a subsection is not an object");
		if (!read_object(p, &d) || !check_object(p, &d) ||
		    !push(p, &p->objects, &d.object))
			return false;
	}
	p->depth--;
	return !p->error && settle(p, &p->objects, base, &o->subsections,
				   &o->subsection_count);
}

/* A field as its keys come in. Objects of its own that are complete wait
 * on the object stack. */
struct field_draft {
	struct desc_field field;
	struct object_draft inlined;
	unsigned seen;
	size_t base;
};

static bool close_inlined(struct parse *p, struct field_draft *d)
{
	if (!check_object(p, &d->inlined) ||
	    !push(p, &p->objects, &d->inlined.object))
		return false;
	d->inlined = no_object;
	return true;
}

static bool read_inlined_key(struct parse *p, unsigned key,
			     struct field_draft *d)
{
	if (key == KEY_VMSD_NAME && (d->inlined.seen & KEY_VMSD_NAME) &&
	    !close_inlined(p, d))
		return false;
	if (d->inlined.seen & key)
		return fail(p, "an object repeats a key");
	return read_object_key(p, key, &d->inlined);
}

/* An empty one stands for a NULL pointer and leaves no object. */
static bool read_struct(struct parse *p)
{
	struct object_draft d;

	if (!read_object(p, &d))
		return false;
	return !d.seen ||
	       (check_object(p, &d) && push(p, &p->objects, &d.object));
}

static bool read_field_key(struct parse *p, unsigned key, struct field_draft *d)
{
	struct desc_field *f = &d->field;

	if (key & KEYS_OBJECT)
		return read_inlined_key(p, key, d);
	if (d->seen & key)
		return fail(p, "a field repeats a key");
	d->seen |= key;
	switch (key) {
	case KEY_NAME:
		return take_name(p, &f->name);
	case KEY_TYPE:
		return take_name(p, &f->type);
	case KEY_SIZE:
		f->size = p->t.number;
		f->has_size = true;
		return true;
	case KEY_INDEX:
		f->index = number_of(&p->t);
		p->desc->style.indexed = true;
		return true;
	case KEY_ARRAY_LEN:
		f->array_len = (uint32_t)p->t.number;
		return true;
	default:
		return read_struct(p);
	}
}

/* The shape that the keys tell goes before the type's name: up to 9.x an
 * empty struct may carry any type. */
static bool close_field(struct parse *p, struct field_draft *d)
{
	struct desc_field *f = &d->field;

	if (!(d->seen & KEY_NAME) || !(d->seen & KEY_TYPE))
		return fail(p, "a field has no \"name\" or no \"type\"");
	if (d->inlined.seen && !close_inlined(p, d))
		return false;
	f->shape = desc_shape_of(f->type);
	if ((d->seen & KEY_STRUCT) && f->shape == DESC_LEAF)
		f->shape = DESC_STRUCT;
	if (is_word(f->type, TEXT("ptr-marker")))
		p->desc->style.ptr_marker = true;
	if (!settle(p, &p->objects, d->base, &f->objects, &f->object_count))
		return false;
	if (f->object_count > 1 && f->shape != DESC_QUEUE &&
	    f->shape != DESC_TREE)
		return fail(p, "a field holds more than one object");
	return push(p, &p->fields, f);
}

static bool read_field(struct parse *p)
{
	struct field_draft d = {
		.field.index = -1,
		.inlined = no_object,
		.base = p->objects.count,
	};
	unsigned key;

	while ((key = next_key(p, KEYS_FIELD)))
		if (!read_field_key(p, key, &d))
			return false;
	return !p->error && close_field(p, &d);
}

/* Elements that only their order tells apart. Runs of releases before 11.0
 * hold at most one such entry of a type, the last. */
static bool looks_repeated(const struct desc_field *a,
			   const struct desc_field *b)
{
	return a->index < 0 && b->index < 0 && !a->array_len && !b->array_len &&
	       text_eq(a->type, b->type);
}

static void mark_runs(struct desc_field *f, uint32_t count,
		      struct desc_style *style)
{
	for (uint32_t i = 0, j; i < count; i = j) {
		for (j = i + 1; j < count && text_eq(f[i].name, f[j].name);
		     j++) {
			f[j].run = 0;
			if (looks_repeated(&f[j - 1], &f[j]))
				style->repeated = true;
		}
		f[i].run = j - i;
	}
}

static bool read_fields(struct parse *p, struct desc_object *o)
{
	size_t base = p->fields.count;

	if (!enter_object(p))
		return false;
	while (next(p) && p->t.kind != JSON_ARRAY_END) {
		if (p->t.kind != JSON_OBJECT)
			return fail(p, "a field is not an object");
		if (!read_field(p))
			return false;
	}
	p->depth--;
	if (p->error ||
	    !settle(p, &p->fields, base, &o->fields, &o->field_count))
		return false;
	mark_runs(o->fields, o->field_count, &p->desc->style);
	return true;
}

/* ---- devices ---- */

static bool close_device(struct parse *p, struct desc_device *dev,
			 const struct object_draft *d)
{
	if (!(d->seen & KEY_NAME) || !(d->seen & KEY_INSTANCE_ID))
		return fail(p, "a device has no \"name\" or \"instance_id\"");
	dev->object = d->object;
	dev->legacy = !(d->seen & KEY_VMSD_NAME);
	if (dev->legacy && !(d->seen & KEY_SIZE))
		return fail(p, "a device has no \"vmsd_name\"");
	if (!dev->legacy && !check_object(p, d))
		return false;
	return push(p, &p->devices, dev);
}

static bool read_device_key(struct parse *p, unsigned key,
			    struct desc_device *dev, struct object_draft *d)
{
	if (d->seen & key)
		return fail(p, "a device repeats a key");
	d->seen |= key;
	switch (key) {
	case KEY_NAME:
		return take_name(p, &dev->name);
	case KEY_INSTANCE_ID:
		dev->instance = (uint32_t)number_of(&p->t);
		return true;
	case KEY_SIZE:
		dev->size = p->t.number;
		return true;
	default:
		return read_object_key(p, key, d);
	}
}

static bool read_device(struct parse *p)
{
	struct desc_device dev = { 0 };
	struct object_draft d = no_object;
	unsigned key;

	while ((key = next_key(p, KEYS_DEVICE)))
		if (!read_device_key(p, key, &dev, &d))
			return false;
	return !p->error && close_device(p, &dev, &d);
}

static bool read_devices(struct parse *p)
{
	while (next(p) && p->t.kind != JSON_ARRAY_END) {
		if (p->t.kind != JSON_OBJECT)
			return fail(p, "a device is not an object");
		if (!read_device(p))
			return false;
	}
	return !p->error;
}

static bool read_configuration(struct parse *p)
{
	struct desc_object *o = arena_alloc(&p->desc->arena, sizeof(*o));
	struct object_draft d;

	if (!o)
		return fail(p, no_memory);
	p->desc->style.configuration = true;
	if (!read_object(p, &d) || !check_object(p, &d))
		return false;
	*o = d.object;
	p->desc->configuration = o;
	return true;
}

static bool read_top_key(struct parse *p, unsigned key)
{
	switch (key) {
	case KEY_CONFIGURATION:
		return read_configuration(p);
	case KEY_PAGE_SIZE:
		p->desc->page_size = p->t.number;
		return true;
	default:
		return read_devices(p);
	}
}

static void read_top(struct parse *p)
{
	unsigned key, seen = 0;

	while ((key = next_key(p, KEYS_TOP))) {
		if (seen & key) {
			fail(p, "the description repeats a key");
			return;
		}
		seen |= key;
		if (!read_top_key(p, key))
			return;
	}
	if (!p->error && !(seen & KEY_DEVICES))
		fail(p, "the description has no \"devices\"");
}

/* ---- the whole ---- */

/* 5.2 and older put a space in front of the colon. The first key tells. */
static bool looks_spaced(const char *text, size_t n)
{
	const char *open = memchr(text, '"', n);
	const char *end = text + n;
	const char *close;

	if (!open)
		return false;
	close = memchr(open + 1, '"', (size_t)(end - open - 1));
	return close && end - close > 2 && close[1] == ' ' && close[2] == ':';
}

static void parse_start(struct parse *p, const char *text, size_t n)
{
	p->devices.item_size = sizeof(struct desc_device);
	p->objects.item_size = sizeof(struct desc_object);
	p->fields.item_size = sizeof(struct desc_field);
	json_init(&p->json, text, n);
}

/* What waits on a stack when the text breaks is lost. */
static void drop(struct parse *p, struct stack *s)
{
	p->desc->arena.cap += s->count * s->item_size;
	s->count = 0;
}

/* Only complete devices count, whatever came behind them. The index is no
 * part of the cap: it must not fail a model that just fits. */
static void parse_finish(struct parse *p)
{
	struct desc *d = p->desc;

	drop(p, &p->fields);
	drop(p, &p->objects);
	d->arena.cap += p->devices.count * sizeof(*d->index) + INDEX_SLACK;
	if (!settle(p, &p->devices, 0, &d->devices, &d->device_count) ||
	    !desc_index(d))
		fail(p, no_memory);
	d->error = p->error;
	d->error_at = p->error_at;
}

/* A damaged description may still be good JSON, whose end is known. */
static size_t find_end(struct parse *p, size_t n)
{
	while (json_next(&p->json, &p->t))
		if (p->t.kind == JSON_END)
			return p->t.at;
	return n;
}

static void parse_free(struct parse *p)
{
	free(p->devices.items);
	free(p->objects.items);
	free(p->fields.items);
	free(p);
}

static bool parse_text(struct parse *p, size_t n, size_t *ret_used)
{
	if (!next(p) || p->t.kind != JSON_OBJECT)
		return false;
	p->desc->style.spaced = looks_spaced(p->json.text, p->json.length);
	read_top(p);
	if (p->error == json_cut && p->json.length < n)
		p->error = "the description is larger than we read";
	*ret_used = find_end(p, n);
	parse_finish(p);
	return true;
}

static struct parse *parse_new(const char *text, size_t n)
{
	struct parse *p = mem_zero(1, sizeof(*p));

	if (!p)
		return NULL;
	p->desc = mem_zero(1, sizeof(*p->desc));
	if (!p->desc) {
		free(p);
		return NULL;
	}
	arena_init(&p->desc->arena, MAX_MODEL_BYTES);
	parse_start(p, text, n);
	return p;
}

struct desc *desc_parse_embedded(const char *text, size_t n, size_t *ret_used,
				 const char **ret_why)
{
	size_t length = n < MAX_DESCRIPTION_BYTES ? n : MAX_DESCRIPTION_BYTES;
	struct parse *p = parse_new(text, length);
	struct desc *d;

	if (!p) {
		*ret_why = "out of memory";
		return NULL;
	}
	d = p->desc;
	if (parse_text(p, n, ret_used)) {
		d->length = *ret_used;
	} else {
		*ret_why = p->error ? p->error : "not a JSON object";
		desc_free(d);
		d = NULL;
	}
	parse_free(p);
	return d;
}
