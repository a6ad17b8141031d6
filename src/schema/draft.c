/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptions while their source is being read. */
#include "config.h"
#include "schema/schema.h"

#include "base/limits.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

static bool no_room(struct schema *s, const struct schema_draft *d,
		    const char *what, uint32_t most)
{
	return schema_fail(s, "%s of '%.*s' are over the limit of %" PRIu32,
			   what, (int)d->v.name.length, d->v.name.bytes, most);
}

/* Room for one more of n items. */
static bool grow(struct schema *s, void *io_items, uint32_t n,
		 uint32_t *io_room, size_t size)
{
	uint32_t room = *io_room ? *io_room * 2 : 16;
	void *items;

	if (n < *io_room)
		return true;
	memcpy(&items, io_items, sizeof(items));
	items = mem_resize_array(items, room, size);
	if (!items)
		return schema_fail(s, "out of memory");
	memcpy(io_items, &items, sizeof(items));
	*io_room = room;
	return true;
}

struct schema_field *draft_field(struct schema *s, struct schema_draft *d)
{
	struct schema_field *f;

	if (d->v.field_count == MAX_SCHEMA_FIELDS) {
		no_room(s, d, "fields", MAX_SCHEMA_FIELDS);
		return NULL;
	}
	if (!grow(s, &d->v.fields, d->v.field_count, &d->field_room,
		  sizeof(*f)))
		return NULL;
	f = &d->v.fields[d->v.field_count++];
	*f = (struct schema_field){ .count.field = -1, .length.field = -1 };
	return f;
}

bool draft_subsection(struct schema *s, struct schema_draft *d,
		      struct schema_vmsd *sub)
{
	if (d->v.subsection_count == MAX_SCHEMA_SUBSECTIONS)
		return no_room(s, d, "subsections", MAX_SCHEMA_SUBSECTIONS);
	if (!grow(s, &d->v.subsections, d->v.subsection_count,
		  &d->subsection_room, sizeof(struct schema_vmsd *)))
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
