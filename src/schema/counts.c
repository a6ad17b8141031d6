/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/counts.h"

#include "base/buf.h"
#include "base/limits.h"

/* Flags of fields whose bytes do not lie in the object itself, or are more
 * than one number. */
#define NOT_PLAIN                                                              \
	(FIELD_POINTER | FIELD_ARRAY | FIELD_VARRAY | FIELD_BUFFER |           \
	 FIELD_VBUFFER | FIELD_ARRAY_OF_POINTER | FIELD_VSTRUCT | FIELD_CHECK)

/* The field of v that holds the number at offset, or in a struct that is
 * part of the object; -1 none. *path receives the names down to it. */
static int find(const struct schema_vmsd *v, uint64_t offset, unsigned width,
		unsigned depth, struct buf *path)
{
	if (!(v->known & KNOWN_OFFSETS))
		return -1;
	for (uint32_t i = 0; i < v->field_count; i++) {
		const struct schema_field *f = &v->fields[i];
		const size_t before = path->length;

		if ((f->flags & NOT_PLAIN) || offset < f->offset)
			continue;
		buf_printf(path, "%s%.*s", before ? "." : "",
			   (int)f->name.length, f->name.bytes);
		if (!(f->flags & FIELD_STRUCT) && offset == f->offset &&
		    f->size == width && !f->vmsd)
			return (int)i;
		if ((f->flags & FIELD_STRUCT) && f->vmsd &&
		    offset - f->offset < f->size &&
		    depth < MAX_SCHEMA_COUNT_DEPTH &&
		    find(f->vmsd, offset - f->offset, width, depth + 1, path) >=
			    0)
			return (int)i;
		buf_cut(path, before);
	}
	return -1;
}

static bool is_nested(const struct schema_vmsd *v, int field)
{
	return v->fields[field].flags & FIELD_STRUCT;
}

/* outer: the description that v is a subsection of (they share the object),
 * or NULL. */
static void resolve(struct schema *s, struct schema_vmsd *v,
		    struct schema_source *c, const struct schema_vmsd *outer)
{
	struct buf path = { 0 };
	int field;

	if (!c->width || c->name.length)
		return;
	c->field = -1;
	field = find(outer ? outer : v, c->offset, c->width, 0, &path);
	if (field >= 0 && !path.failed) {
		c->name = schema_text(s, text_make(path.data, path.length));
		if (!outer && !is_nested(v, field))
			c->field = field;
	}
	buf_free(&path);
}

static void resolve_all(struct schema *s, struct schema_vmsd *v,
			const struct schema_vmsd *outer)
{
	if (!(v->known & KNOWN_OFFSETS))
		return;
	for (uint32_t i = 0; i < v->field_count; i++) {
		resolve(s, v, &v->fields[i].count, outer);
		resolve(s, v, &v->fields[i].length, outer);
	}
}

bool counts_resolve(struct schema *s)
{
	for (uint32_t i = 0; i < s->vmsd_count; i++)
		resolve_all(s, s->vmsds[i], NULL);
	for (uint32_t i = 0; i < s->vmsd_count; i++)
		for (uint32_t k = 0; k < s->vmsds[i]->subsection_count; k++)
			resolve_all(s, s->vmsds[i]->subsections[k],
				    s->vmsds[i]);
	return !s->failed;
}
