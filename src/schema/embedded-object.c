/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects and fields of an embedded description. */
#include "config.h"
#include "schema/embedded-priv.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>

bool emb_over(struct parse *p, const char *what, enum limit limit)
{
	snprintf(p->desc->over, sizeof(p->desc->over),
		 "%s is over the limit of %" PRIu64 " bytes (--limit %s=N)",
		 what, limit_of(p->limits, limit), limit_name(limit));
	return emb_fail(p, p->desc->over);
}

bool emb_no_room(struct parse *p)
{
	return emb_over(p, "what is made of the description", LIMIT_MODEL);
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
bool emb_push(struct parse *p, struct stack *s, const void *item)
{
	struct arena *a = &p->desc->arena;

	if (a->used > a->cap || a->cap - a->used < s->item_size)
		return emb_no_room(p);
	if (s->count == s->room && !stack_grow(s))
		return emb_no_room(p);
	a->cap -= s->item_size;
	memcpy(s->items + s->count++ * s->item_size, item, s->item_size);
	return true;
}

bool emb_settle(struct parse *p, struct stack *s, size_t base, void *ret,
		uint32_t *ret_count)
{
	size_t count = s->count - base;
	void *items = NULL;

	s->count = base;
	p->desc->arena.cap += count * s->item_size;
	if (count) {
		items = arena_array(&p->desc->arena, count, s->item_size);
		if (!items)
			return emb_no_room(p);
		memcpy(items, s->items + base * s->item_size,
		       count * s->item_size);
	}
	memcpy(ret, &items, sizeof(items));
	*ret_count = (uint32_t)count;
	return true;
}

/* Most candidates differ in length or first byte: spares the call. b is one
 * of our own words, so never empty. */
static inline bool is_word(struct ms_text t, struct ms_text b)
{
	return t.length == b.length && *t.bytes == *b.bytes &&
	       !memcmp(t.bytes, b.bytes, b.length);
}

/* ---- objects and fields ---- */

static bool read_fields(struct parse *p, struct desc_object *o);
static bool read_subsections(struct parse *p, struct desc_object *o);

bool emb_object_key(struct parse *p, unsigned key, struct object_draft *d)
{
	d->seen |= key;
	switch (key) {
	case KEY_VMSD_NAME:
		return emb_take_name(p, &d->object.vmsd);
	case KEY_VERSION:
		d->object.version = emb_number(&p->t);
		return true;
	case KEY_FIELDS:
		return read_fields(p, &d->object);
	default:
		return read_subsections(p, &d->object);
	}
}

/* QEMU writes both for every object, so a text without them is damaged, and
 * reading a device by it would only put the blame on the wrong bytes. */
bool emb_check_object(struct parse *p, const struct object_draft *d)
{
	if (!(d->seen & KEY_VMSD_NAME))
		return emb_fail(p, "an object has no \"vmsd_name\"");
	if (!(d->seen & KEY_FIELDS))
		return emb_fail(p, "an object has no \"fields\"");
	return true;
}

bool emb_object(struct parse *p, struct object_draft *ret_draft)
{
	struct object_draft d = emb_no_object;
	unsigned key;

	while ((key = emb_next_key(p, KEYS_OBJECT))) {
		if (d.seen & key)
			return emb_fail(p, "an object repeats a key");
		if (!emb_object_key(p, key, &d))
			return false;
	}
	*ret_draft = d;
	return !p->error;
}

static bool enter_object(struct parse *p)
{
	if (p->depth == MAX_DECODE_DEPTH)
		return emb_fail(
			p, "objects are nested over the limit of " LIMIT_TEXT(
				   MAX_DECODE_DEPTH));
	p->depth++;
	return true;
}

static bool read_subsections(struct parse *p, struct desc_object *o)
{
	size_t base = p->objects.count;
	struct object_draft d;

	if (!enter_object(p))
		return false;
	while (emb_next(p) && p->t.kind != JSON_ARRAY_END) {
		if (p->t.kind != JSON_OBJECT)
			return emb_fail(p, "a subsection is not an object");
		/* each in the stream is looked for among them */
		if (p->objects.count - base == MAX_SCHEMA_SUBSECTIONS)
			return emb_fail(p,
					"subsections of an object are over the "
					"limit of " LIMIT_TEXT(
						MAX_SCHEMA_SUBSECTIONS));
		if (!emb_object(p, &d) || !emb_check_object(p, &d) ||
		    !emb_push(p, &p->objects, &d.object))
			return false;
	}
	p->depth--;
	return !p->error && emb_settle(p, &p->objects, base, &o->subsections,
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
	if (!emb_check_object(p, &d->inlined) ||
	    !emb_push(p, &p->objects, &d->inlined.object))
		return false;
	d->inlined = emb_no_object;
	return true;
}

static bool read_inlined_key(struct parse *p, unsigned key,
			     struct field_draft *d)
{
	if (key == KEY_VMSD_NAME && (d->inlined.seen & KEY_VMSD_NAME) &&
	    !close_inlined(p, d))
		return false;
	if (d->inlined.seen & key)
		return emb_fail(p, "an object repeats a key");
	return emb_object_key(p, key, &d->inlined);
}

/* An empty one stands for a NULL pointer and leaves no object. */
static bool read_struct(struct parse *p)
{
	struct object_draft d;

	if (!emb_object(p, &d))
		return false;
	return !d.seen ||
	       (emb_check_object(p, &d) && emb_push(p, &p->objects, &d.object));
}

static bool read_field_key(struct parse *p, unsigned key, struct field_draft *d)
{
	struct desc_field *f = &d->field;

	if (key & KEYS_OBJECT)
		return read_inlined_key(p, key, d);
	if (d->seen & key)
		return emb_fail(p, "a field repeats a key");
	d->seen |= key;
	switch (key) {
	case KEY_NAME:
		return emb_take_name(p, &f->name);
	case KEY_TYPE:
		return emb_take_name(p, &f->type);
	case KEY_SIZE:
		f->size = p->t.number;
		f->has_size = true;
		return true;
	case KEY_INDEX:
		f->index = emb_number(&p->t);
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
		return emb_fail(p, "a field has no \"name\" or no \"type\"");
	if (d->inlined.seen && !close_inlined(p, d))
		return false;
	f->shape = desc_shape_of(f->type);
	if ((d->seen & KEY_STRUCT) && f->shape == DESC_LEAF)
		f->shape = DESC_STRUCT;
	if (is_word(f->type, TEXT("ptr-marker")))
		p->desc->style.ptr_marker = true;
	if (!emb_settle(p, &p->objects, d->base, &f->objects, &f->object_count))
		return false;
	if (f->object_count > 1 && f->shape != DESC_QUEUE &&
	    f->shape != DESC_TREE)
		return emb_fail(p, "a field holds more than one object");
	return emb_push(p, &p->fields, f);
}

static bool read_field(struct parse *p)
{
	struct field_draft d = {
		.field.index = -1,
		.inlined = emb_no_object,
		.base = p->objects.count,
	};
	unsigned key;

	while ((key = emb_next_key(p, KEYS_FIELD)))
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
	while (emb_next(p) && p->t.kind != JSON_ARRAY_END) {
		if (p->t.kind != JSON_OBJECT)
			return emb_fail(p, "a field is not an object");
		if (!read_field(p))
			return false;
	}
	p->depth--;
	if (p->error ||
	    !emb_settle(p, &p->fields, base, &o->fields, &o->field_count))
		return false;
	mark_runs(o->fields, o->field_count, &p->desc->style);
	return true;
}
