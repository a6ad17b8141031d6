/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/compat-wire.h"

#include "base/limits.h"
#include "decode/decode.h"

struct flatten {
	struct arena *arena;
	const struct wire_options *opts;
	const struct schema_field *condition;
	unsigned depth;
};

static bool add_object(struct flatten *f, struct wire_list *l,
		       const struct schema_vmsd *v, int32_t version,
		       const struct wire_step *path);

static void *grow(struct flatten *f, void *items, uint32_t count,
		  uint32_t *io_room, size_t size)
{
	const uint32_t room = *io_room ? *io_room * 2 : 16;
	char *p;

	if (count < *io_room)
		return items;
	p = arena_array(f->arena, room, size);
	if (!p)
		return NULL;
	if (count)
		memcpy(p, items, count * size);
	*io_room = room;
	return p;
}

static bool add_item(struct flatten *f, struct wire_list *l,
		     const struct wire_item *item)
{
	struct wire_item *p;

	if (!*f->opts->budget)
		return false;
	--*f->opts->budget;
	p = grow(f, l->items, l->count, &l->item_room, sizeof(*p));
	if (!p)
		return false;
	l->items = p;
	p[l->count++] = *item;
	return true;
}

static bool add_mark(struct flatten *f, struct wire_list *l,
		     const struct wire_item *item)
{
	struct wire_item *p;

	if (!*f->opts->budget)
		return false;
	--*f->opts->budget;
	p = grow(f, l->marks, l->mark_count, &l->mark_room, sizeof(*p));
	if (!p)
		return false;
	l->marks = p;
	p[l->mark_count] = *item;
	p[l->mark_count++].at = l->count;
	return true;
}

/* Types whose bytes on the wire are as many as in the C object, where no
 * run-time length says otherwise. */
static bool sized_by_object(struct ms_text type)
{
	static const char *const types[] = { "buffer", "unused_buffer",
					     "pci config" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (text_is(type, types[i]))
			return true;
	return false;
}

static enum wire_class class_of(struct ms_text type)
{
	const struct type_codec *c = type_codec_find(type);

	if (text_is(type, "unused_buffer"))
		return CLASS_UNUSED;
	if (sized_by_object(type))
		return CLASS_BYTES;
	if (!c || !c->size)
		return CLASS_OPAQUE;
	return c->cls == MS_BYTES ? CLASS_BYTES : CLASS_NUMBER;
}

static void measure_leaf(struct wire_item *item)
{
	const struct schema_field *d = item->field;
	const struct type_codec *c;

	if (wire_has(item->owner, KNOWN_HOST_SIZES))
		item->host_size = d->size;
	if (wire_has(item->owner, KNOWN_WIRE_SIZES))
		item->size = d->flags & FIELD_VARIABLE ? 0 : d->wire_size;
	if (!wire_has(item->owner, KNOWN_TYPES))
		return;
	item->class_ = class_of(d->type);
	c = type_codec_find(d->type);
	if (c && c->size)
		item->size = c->size;
	else if (sized_by_object(d->type) && !item->size)
		item->size = d->flags & FIELD_VBUFFER ? 0 : d->size;
	if (d->flags & FIELD_VBUFFER)
		item->at_run_time = true;
}

/* How many elements; false: only the device at run time knows. */
static bool length_of(const struct flatten *f, const struct schema_vmsd *owner,
		      const struct schema_field *d, uint64_t *ret)
{
	const unsigned arrays = FIELD_ARRAY | FIELD_ARRAY_OF_POINTER;

	*ret = 0;
	if (d->flags & FIELD_VARRAY)
		return false;
	if (!f->opts->lengths)
		return true;
	if (d->flags & arrays)
		*ret = d->num;
	else if (wire_has(owner, KNOWN_TYPES))
		*ret = 1;
	/* A stream shows an array of one as a single field. */
	if (f->opts->rows == ROWS_SINGLE && *ret == 1)
		*ret = 0;
	return true;
}

/* With which version the fields of a nested object are chosen. Saving takes
 * the nested description's own (migration/vmstate.c: vmstate_save_state_v),
 * loading too, but for VMS_VSTRUCT and for what vmstate-types.c loads itself
 * with the field's version: tmp, qtailq, qlist, gtree. */
static int32_t nested_version(const struct flatten *f,
			      const struct schema_vmsd *owner,
			      const struct schema_field *d)
{
	if (d->flags & FIELD_VSTRUCT)
		return d->struct_version;
	if (f->opts->loading && d->shape != DESC_STRUCT &&
	    d->shape != DESC_LEAF &&
	    wire_has(owner, KNOWN_FIELD_VERSIONS | KNOWN_TYPES))
		return d->version;
	return d->vmsd->version;
}

static enum wire_kind kind_of(const struct schema_field *d, uint64_t length,
			      bool fixed)
{
	if (d->shape == DESC_QUEUE)
		return WIRE_QUEUE;
	if (d->shape == DESC_TREE)
		return WIRE_TREE;
	if (d->flags & FIELD_ARRAY_OF_POINTER)
		return WIRE_POINTERS;
	if (!fixed)
		return WIRE_COUNTED;
	return length == 1 ? WIRE_LEAF : WIRE_REPEAT;
}

static struct wire_list *body_of(struct flatten *f, const struct schema_vmsd *v,
				 int32_t version, const struct wire_step *path)
{
	struct wire_list *l = arena_alloc(f->arena, sizeof(*l));
	const struct schema_field *condition = f->condition;
	bool ok;

	if (!l)
		return NULL;
	/* The whole array is there or not; that is said by its own item. */
	f->condition = NULL;
	ok = add_object(f, l, v, version, path);
	f->condition = condition;
	return ok ? l : NULL;
}

static bool add_elements(struct flatten *f, struct wire_list *l,
			 struct wire_item *item, bool fixed)
{
	const struct schema_field *d = item->field;
	const int32_t version = nested_version(f, item->owner, d);

	item->kind = kind_of(d, item->count, fixed);
	if (f->opts->bare || item->kind == WIRE_LEAF)
		return add_object(f, l, d->vmsd, version, item->path);
	if (f->opts->rows == ROWS_SINGLE && item->kind != WIRE_QUEUE &&
	    item->kind != WIRE_TREE)
		return add_object(f, l, d->vmsd, version, item->path);
	if (item->kind == WIRE_REPEAT && !f->opts->lengths)
		return add_object(f, l, d->vmsd, version, item->path);
	if (item->kind == WIRE_REPEAT && f->opts->rows == ROWS_UNROLL &&
	    l->count < MAX_COMPAT_UNROLLED &&
	    item->count <
		    (MAX_COMPAT_UNROLLED - l->count) / (d->vmsd->nodes + 1)) {
		for (uint64_t i = 0; i < item->count; i++)
			if (!add_object(f, l, d->vmsd, version, item->path))
				return false;
		return true;
	}
	item->at_run_time = !fixed;
	item->body = body_of(f, d->vmsd, version, item->path);
	if (item->kind == WIRE_TREE && d->key)
		item->key = body_of(f, d->key, d->key->version, item->path);
	return item->body &&
	       (!d->key || item->key || item->kind != WIRE_TREE) &&
	       add_item(f, l, item);
}

static bool add_field(struct flatten *f, struct wire_list *l,
		      const struct schema_vmsd *v, const struct schema_field *d,
		      const struct wire_step *path)
{
	struct wire_item item = { .kind = WIRE_LEAF,
				  .owner = v,
				  .field = d,
				  .path = path,
				  .condition = f->condition };
	const bool fixed = length_of(f, v, d, &item.count);

	if (d->vmsd)
		return add_elements(f, l, &item, fixed);
	measure_leaf(&item);
	item.at_run_time |= !fixed;
	if (d->flags & FIELD_ARRAY_OF_POINTER)
		item.kind = f->opts->bare ? WIRE_LEAF : WIRE_POINTERS;
	return add_item(f, l, &item);
}

/* vmstate_load_state(): field_exists decides alone where it is set. */
static bool excluded(const struct schema_vmsd *v, const struct schema_field *d,
		     int32_t version)
{
	return !(d->flags & FIELD_CONDITIONAL) &&
	       wire_has(v, KNOWN_FIELD_VERSIONS) && d->version > version;
}

static bool add_object(struct flatten *f, struct wire_list *l,
		       const struct schema_vmsd *v, int32_t version,
		       const struct wire_step *path)
{
	const struct schema_field *condition = f->condition;
	bool ok = true;

	if (++f->depth > MAX_SCHEMA_DEPTH)
		return false;
	for (uint32_t i = 0; ok && i < v->field_count; i++) {
		const struct schema_field *d = &v->fields[i];
		struct wire_item mark = { .owner = v, .field = d };
		struct wire_step *step = arena_alloc(f->arena, sizeof(*step));

		if (!step)
			return false;
		*step = (struct wire_step){ .outer = path, .name = d->name };
		mark.path = step;
		mark.condition = condition;
		if (d->flags & FIELD_CHECK) {
			mark.kind = WIRE_CHECK;
			ok = add_mark(f, l, &mark);
			continue;
		}
		if (excluded(v, d, version)) {
			mark.kind = WIRE_REFUSAL;
			ok = !(d->flags & FIELD_MUST_EXIST) ||
			     add_mark(f, l, &mark);
			continue;
		}
		if (!condition && (d->flags & FIELD_CONDITIONAL))
			f->condition = d;
		ok = add_field(f, l, v, d, step);
		f->condition = condition;
	}
	f->depth--;
	return ok && add_mark(f, l,
			      &(struct wire_item){ .kind = WIRE_POINT,
						   .owner = v,
						   .path = path,
						   .condition = condition });
}

struct wire_list *wire_flatten(struct arena *arena, const struct schema_vmsd *v,
			       int32_t version, const struct wire_step *path,
			       const struct wire_options *opts)
{
	struct flatten f = { .arena = arena, .opts = opts };

	return body_of(&f, v, version, path);
}
