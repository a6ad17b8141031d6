/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptions while their source is being read. */
#include "config.h"
#include "schema/schema.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

/* Room for item n of an array of at most `most`. */
static bool grow(struct schema *s, void *io_items, uint32_t n,
		 uint32_t *io_room, uint32_t most, size_t size)
{
	uint32_t room = *io_room ? *io_room * 2 : 16;
	void *items;

	if (n < *io_room)
		return true;
	memcpy(&items, io_items, sizeof(items));
	items = n < most ? mem_resize_array(items, room, size) : NULL;
	if (!items)
		return schema_fail(s, n < most ? "out of memory" :
						 "a description is too long");
	memcpy(io_items, &items, sizeof(items));
	*io_room = room;
	return true;
}

struct schema_field *draft_field(struct schema *s, struct schema_draft *d)
{
	struct schema_field *f;

	if (!grow(s, &d->v.fields, d->v.field_count, &d->field_room,
		  MAX_SCHEMA_FIELDS, sizeof(*f)))
		return NULL;
	f = &d->v.fields[d->v.field_count++];
	*f = (struct schema_field){ .count.field = -1, .length.field = -1 };
	return f;
}

bool draft_subsection(struct schema *s, struct schema_draft *d,
		      struct schema_vmsd *sub)
{
	if (!grow(s, &d->v.subsections, d->v.subsection_count,
		  &d->subsection_room, MAX_SCHEMA_SUBSECTIONS,
		  sizeof(struct schema_vmsd *)))
		return false;
	d->v.subsections[d->v.subsection_count++] = sub;
	return true;
}

struct schema_vmsd *draft_intern(struct schema *s, struct schema_draft *d)
{
	struct schema_vmsd *v = s->failed ? NULL : schema_intern(s, &d->v);

	draft_free(d);
	return v;
}

void draft_free(struct schema_draft *d)
{
	free(d->v.fields);
	free(d->v.subsections);
	*d = (struct schema_draft){ .field_room = 0 };
}
