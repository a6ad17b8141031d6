/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machine types and the lists of properties they change, out of
 * migscope-schema(5). A machine type has the numbers of its lists. */
#include "config.h"
#include "schema/schema-file.h"

#include "base/limits.h"

/* Texts of one property, read in this order. */
static bool read_property(struct schema_file *f)
{
	struct schema_property *p = &f->properties[f->property_count];
	struct ms_text *const texts[] = { &p->driver, &p->name, &p->value };
	size_t n = 0;

	if (f->property_count == MAX_COMPAT_PROPERTIES)
		return jr_fail(
			&f->r,
			"properties of a list are over the limit of " LIMIT_TEXT(
				MAX_COMPAT_PROPERTIES));
	if (!jr_begin(&f->r, JSON_ARRAY))
		return false;
	while (jr_item(&f->r))
		if (n == 3 || !jr_text(&f->r, texts[n++]))
			return jr_fail(&f->r, "a property has three texts");
	if (f->r.error || n < 3)
		return jr_fail(&f->r, "a property has three texts");
	f->property_count++;
	return true;
}

/* What was read, in memory of its size. */
static void *keep(struct schema_file *f, const void *items, uint32_t count,
		  size_t size)
{
	void *p = schema_array(f->s, count, size);

	if (p && count)
		memcpy(p, items, count * size);
	return p;
}

bool file_read_compat(struct schema_file *f)
{
	enum { NAME, PROPERTIES };
	static const struct ms_text keys[] = { TEXT("name"),
					       TEXT("properties"),
					       { NULL, 0 } };
	struct schema_property room[MAX_COMPAT_PROPERTIES];
	struct schema_compat c = { .name = TEXT("") };
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key;

	f->properties = room;
	f->property_count = 0;
	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		ok = key == NAME ? jr_text(&f->r, &c.name) :
				   file_read_list(f, read_property);
	f->properties = NULL;
	if (!ok || f->r.error)
		return false;
	c.count = f->property_count;
	c.properties = keep(f, room, c.count, sizeof(*room));
	if (c.properties)
		schema_add_compat(f->s, c);
	return c.properties;
}

static bool read_number(struct schema_file *f)
{
	if (f->number_count == MAX_MACHINE_COMPATS)
		return jr_fail(
			&f->r,
			"lists of a machine type are over the limit of " LIMIT_TEXT(
				MAX_MACHINE_COMPATS));
	return file_read_u32(f, &f->numbers[f->number_count++]);
}

bool file_read_machine(struct schema_file *f)
{
	enum { NAME, PARENT, ALIAS, DEFAULT, DEPRECATED, COMPAT };
	static const struct ms_text keys[] = {
		TEXT("name"),    TEXT("parent"),     TEXT("alias"),
		TEXT("default"), TEXT("deprecated"), TEXT("compat"),
		{ NULL, 0 },
	};
	struct schema_machine m = { .name = TEXT("") };
	struct ms_text *const texts[] = {
		[NAME] = &m.name, [PARENT] = &m.parent, [ALIAS] = &m.alias
	};
	bool *const flags[] = {
		[DEFAULT] = &m.is_default, [DEPRECATED] = &m.deprecated
	};
	uint32_t room[MAX_MACHINE_COMPATS];
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key;

	f->numbers = room;
	f->number_count = 0;
	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		ok = key == COMPAT  ? file_read_list(f, read_number) :
		     key >= DEFAULT ? jr_bool(&f->r, flags[key]) :
				      jr_text(&f->r, texts[key]);
	f->numbers = NULL;
	if (!ok || f->r.error)
		return false;
	m.compat_count = f->number_count;
	m.compat = keep(f, room, m.compat_count, sizeof(*room));
	if (m.compat)
		schema_add_machine(f->s, m);
	return m.compat;
}

bool file_check_machines(struct schema_file *f)
{
	const struct schema *s = f->s;

	for (uint32_t i = 0; i < s->machine_count; i++)
		for (uint32_t k = 0; k < s->machines[i].compat_count; k++)
			if (s->machines[i].compat[k] >= s->compat_count)
				return jr_fail(&f->r, "a machine type refers "
						      "to a list that is not "
						      "there");
	return true;
}
