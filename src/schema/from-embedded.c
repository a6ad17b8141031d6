/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream's own description as a schema: what its source sent, with wire
 * sizes and types, but without minimum versions, and without the fields,
 * subsections and elements that this one machine happened not to send. */
#include "config.h"
#include "schema/sources.h"

#include "base/limits.h"

#include <stdio.h>

static struct schema_vmsd *convert(struct schema *s,
				   const struct desc_object *o, unsigned depth);

/* An element that is there, and says most; NULL pointers of an array have
 * an entry of their own, whose type is that of a marker. */
static const struct desc_field *typical(const struct desc_field *f)
{
	const struct desc_field *best = f;

	for (uint32_t i = 1; i < f->run; i++)
		if (f[i].object_count > best->object_count ||
		    (f[i].shape != DESC_LEAF && best->shape == DESC_LEAF))
			best = &f[i];
	return best;
}

static bool same_size(const struct desc_field *f)
{
	for (uint32_t i = 1; i < f->run; i++)
		if (f[i].size != f->size)
			return false;
	return true;
}

static uint64_t count_elements(const struct desc_field *f)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < f->run; i++)
		n += f[i].array_len ? f[i].array_len : 1;
	return n;
}

/* One object per element; of a tree key and value, or values alone. */
static bool read_objects(struct schema *s, struct schema_field *out,
			 const struct desc_field *f, unsigned depth)
{
	const struct desc_object *value = f->objects;

	if (!f->object_count)
		return true;
	if (f->shape == DESC_TREE && f->object_count > 1 &&
	    !text_eq(f->objects[0].vmsd, f->objects[1].vmsd)) {
		out->key = convert(s, &f->objects[0], depth + 1);
		value = &f->objects[1];
		if (!out->key)
			return false;
	}
	out->vmsd = convert(s, value, depth + 1);
	return out->vmsd;
}

static bool read_field(struct schema *s, struct schema_draft *d,
		       const struct desc_field *f, unsigned depth)
{
	const struct desc_field *t = typical(f);
	const uint64_t elements = count_elements(f);
	struct schema_field out = { .count.field = -1, .length.field = -1 };
	struct schema_field *slot;

	out.name = schema_text(s, f->name);
	out.type = schema_text(s, t->type);
	out.shape = t->shape;
	if (out.shape == DESC_STRUCT)
		out.flags |= FIELD_STRUCT;
	else if (text_is(t->type, "vstruct"))
		out.flags |= FIELD_VSTRUCT;
	if (elements > 1) {
		out.flags |= FIELD_ARRAY;
		out.num =
			elements < UINT32_MAX ? (uint32_t)elements : UINT32_MAX;
	}
	if (same_size(f))
		out.wire_size = f->size;
	else
		out.flags |= FIELD_VARIABLE;
	if (!read_objects(s, &out, t, depth))
		return false;
	slot = draft_field(s, d);
	if (slot)
		*slot = out;
	return slot;
}

static bool read_parts(struct schema *s, struct schema_draft *d,
		       const struct desc_object *o, unsigned depth)
{
	for (uint32_t i = 0; i < o->field_count; i++)
		if (o->fields[i].run && !read_field(s, d, &o->fields[i], depth))
			return false;
	for (uint32_t i = 0; i < o->subsection_count; i++) {
		struct schema_vmsd *sub =
			convert(s, &o->subsections[i], depth + 1);

		if (!sub || !draft_subsection(s, d, sub))
			return false;
	}
	return true;
}

static struct schema_vmsd *convert(struct schema *s,
				   const struct desc_object *o, unsigned depth)
{
	struct schema_draft d = {
		.v.known = KNOWN_TYPES | KNOWN_WIRE_SIZES,
		.v.has_name = true,
		.v.name = schema_text(s, o->vmsd),
		.v.version = (int32_t)(o->version < 0 ? 0 : o->version),
	};

	if (depth >= MAX_SCHEMA_DEPTH) {
		schema_fail(s, "descriptions are nested over the limit of %d",
			    MAX_SCHEMA_DEPTH);
		return NULL;
	}
	if (!s->failed && read_parts(s, &d, o, depth))
		return draft_intern(s, &d);
	draft_free(&d);
	return NULL;
}

static void add_device(struct schema *s, struct ms_text name, uint32_t instance,
		       const struct desc_object *o)
{
	struct schema_vmsd *v = convert(s, o, 0);

	if (!v)
		return;
	v->roles |= ROLE_TOP;
	schema_add_device(s,
			  (struct schema_device){ .how = BIND_SECTION,
						  .name = schema_text(s, name),
						  .instance = instance,
						  .vmsd = v });
}

struct schema *schema_from_embedded(const char *name, const struct desc *d,
				    char *why, size_t why_room)
{
	struct schema *s = schema_new();

	if (!s) {
		snprintf(why, why_room, "out of memory");
		return NULL;
	}
	if (d->configuration)
		add_device(s, TEXT("configuration"), 0, d->configuration);
	for (uint32_t i = 0; i < d->device_count && !s->failed; i++)
		if (!d->devices[i].legacy)
			add_device(s, d->devices[i].name,
				   d->devices[i].instance,
				   &d->devices[i].object);
	if (d->error)
		schema_note(s,
			    "%s at byte %ju of the description: what "
			    "follows is lost",
			    d->error, (uintmax_t)d->error_at);
	schema_add_origin(s, (struct schema_origin){
				     .kind = SOURCE_EMBEDDED,
				     .name = schema_text(s, text_of(name)) });
	if (schema_finish(s))
		return s;
	snprintf(why, why_room, "%s", s->failure);
	schema_free(s);
	return NULL;
}
