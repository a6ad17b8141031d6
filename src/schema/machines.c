/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/machines.h"

#include <stdlib.h>

/* ---- building ---- */

static int by_name(const void *a, const void *b)
{
	const struct schema_machine *x = a, *y = b;

	return schema_text_compare(x->name, y->name);
}

static void fill(struct ms_text *io, struct ms_text other)
{
	if (!io->length)
		*io = other;
}

/* A program tells the lists, query-machines what its code sets. */
static void unite(struct schema_machine *m, const struct schema_machine *other)
{
	fill(&m->parent, other->parent);
	fill(&m->alias, other->alias);
	m->is_default |= other->is_default;
	m->deprecated |= other->deprecated;
	if (!m->compat_count) {
		m->compat = other->compat;
		m->compat_count = other->compat_count;
	}
}

/* Two schemas of one program bring each list twice, and the machine types
 * keep one of them. */
static void drop_unused_lists(struct schema *s)
{
	uint32_t *number = schema_array(s, s->compat_count, sizeof(*number));
	uint32_t kept = 0;

	for (uint32_t i = 0; number && i < s->machine_count; i++)
		for (uint32_t k = 0; k < s->machines[i].compat_count; k++)
			number[s->machines[i].compat[k]] = 1;
	for (uint32_t i = 0; number && i < s->compat_count; i++)
		if (number[i]) {
			s->compats[kept] = s->compats[i];
			number[i] = kept++;
		}
	for (uint32_t i = 0; number && i < s->machine_count; i++)
		for (uint32_t k = 0; k < s->machines[i].compat_count; k++)
			s->machines[i].compat[k] =
				number[s->machines[i].compat[k]];
	s->compat_count = kept;
}

void machines_finish(struct schema *s)
{
	uint32_t kept = 0;

	if (s->machine_count > 1)
		qsort(s->machines, s->machine_count, sizeof(*s->machines),
		      by_name);
	for (uint32_t i = 0; i < s->machine_count; i++)
		if (kept && !by_name(&s->machines[kept - 1], &s->machines[i]))
			unite(&s->machines[kept - 1], &s->machines[i]);
		else
			s->machines[kept++] = s->machines[i];
	s->machine_count = kept;
	drop_unused_lists(s);
}

static void copy_compat(struct schema *s, const struct schema_compat *from)
{
	struct schema_property *p =
		schema_array(s, from->count, sizeof(*from->properties));

	for (uint32_t i = 0; p && i < from->count; i++)
		p[i] = (struct schema_property){
			schema_text(s, from->properties[i].driver),
			schema_text(s, from->properties[i].name),
			schema_text(s, from->properties[i].value),
		};
	schema_add_compat(s, (struct schema_compat){
				     .name = schema_text(s, from->name),
				     .properties = p,
				     .count = p ? from->count : 0 });
}

void machines_copy(struct schema *s, const struct schema *from)
{
	const uint32_t before = s->compat_count;

	for (uint32_t i = 0; i < from->compat_count; i++)
		copy_compat(s, &from->compats[i]);
	for (uint32_t i = 0; !s->failed && i < from->machine_count; i++) {
		const struct schema_machine *m = &from->machines[i];
		uint32_t *numbers =
			schema_array(s, m->compat_count, sizeof(*numbers));

		for (uint32_t k = 0; numbers && k < m->compat_count; k++)
			numbers[k] = before + m->compat[k];
		schema_add_machine(s, (struct schema_machine){
					      schema_text(s, m->name),
					      schema_text(s, m->parent),
					      schema_text(s, m->alias),
					      m->is_default, m->deprecated,
					      numbers, m->compat_count });
	}
}

/* ---- reading ---- */

const struct schema_machine *machine_find(const struct schema *s,
					  struct ms_text name)
{
	const struct schema_machine wanted = { .name = name };

	return s->machine_count ?
		       bsearch(&wanted, s->machines, s->machine_count,
			       sizeof(*s->machines), by_name) :
		       NULL;
}

const struct schema_machine *machine_of_alias(const struct schema *s,
					      struct ms_text alias)
{
	for (uint32_t i = 0; alias.length && i < s->machine_count; i++)
		if (text_eq(s->machines[i].alias, alias))
			return &s->machines[i];
	return NULL;
}

static const struct schema_property *last_in(const struct schema_compat *c,
					     struct ms_text driver,
					     struct ms_text name)
{
	for (uint32_t i = c->count; i-- > 0;)
		if (text_eq(c->properties[i].driver, driver) &&
		    text_eq(c->properties[i].name, name))
			return &c->properties[i];
	return NULL;
}

const struct schema_property *
machine_property(const struct schema *s, const struct schema_machine *m,
		 struct ms_text driver, struct ms_text name,
		 const struct schema_compat **ret_list)
{
	const struct schema_property *p = NULL;

	for (uint32_t i = m->compat_count; !p && i-- > 0;) {
		*ret_list = &s->compats[m->compat[i]];
		p = last_in(*ret_list, driver, name);
	}
	return p;
}

/* ---- versions ---- */

/* 0: no version. */
static unsigned version_of(struct ms_text t)
{
	unsigned part = 0, all = 0, dots = 0;

	for (size_t i = 0; i < t.length; i++) {
		if (t.bytes[i] == '.' && i && dots < 2) {
			all = all * 100 + part;
			part = 0;
			dots++;
		} else if (t.bytes[i] < '0' || t.bytes[i] > '9' || part > 99) {
			return 0;
		} else {
			part = part * 10 + (unsigned)(t.bytes[i] - '0');
		}
	}
	return dots ? (all * 100 + part) * (dots == 1 ? 100 : 1) : 0;
}

static struct ms_text behind(struct ms_text name, size_t n)
{
	return text_make(name.bytes + n, name.length - n);
}

struct ms_text machine_family(struct ms_text name)
{
	size_t n = name.length;

	while (n && name.bytes[n - 1] != '-')
		n--;
	return text_make(name.bytes, version_of(behind(name, n)) ? n : 0);
}

unsigned machine_version(struct ms_text name)
{
	return version_of(behind(name, machine_family(name).length));
}

const struct schema_machine *machine_nearest(const struct schema *s,
					     struct ms_text name,
					     enum machine_place *ret_place)
{
	const struct ms_text family = machine_family(name);
	const unsigned wanted = version_of(behind(name, family.length));
	const struct schema_machine *best = NULL;
	bool older = false, newer = false;
	unsigned least = 0;

	for (uint32_t i = 0; family.length && i < s->machine_count; i++) {
		const struct ms_text m = s->machines[i].name;
		const unsigned v =
			text_starts(m, family) ?
				version_of(behind(m, family.length)) :
				0;
		const unsigned away = v > wanted ? v - wanted : wanted - v;

		older |= v && v < wanted;
		newer |= v > wanted;
		if (!v || (best && away >= least))
			continue;
		best = &s->machines[i];
		least = away;
	}
	*ret_place = older && newer ? MACHINE_BETWEEN :
		     older          ? MACHINE_AFTER_ALL :
				      MACHINE_BEFORE_ALL;
	return best;
}
