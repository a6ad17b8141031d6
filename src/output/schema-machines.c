/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machine types of a schema, and the properties that one of them changes. */
#include "config.h"
#include "output/schema-text.h"

#include "output/table.h"

static uint32_t count_properties(const struct schema *s,
				 const struct schema_machine *m)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->compat_count; i++)
		n += s->compats[m->compat[i]].count;
	return n;
}

static const char *state_of(const struct schema_machine *m)
{
	return m->is_default ? "default" : m->deprecated ? "deprecated" : "";
}

void schema_print_machines(struct out *o, const struct schema *s)
{
	static const struct table_column columns[] = {
		{ "machine type", false },
		{ "alias", false },
		{ "properties", true },
		{ "", false },
	};
	struct table t;

	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (uint32_t i = 0; i < s->machine_count; i++) {
		const struct schema_machine *m = &s->machines[i];

		table_text(&t, m->name);
		table_text(&t, m->alias);
		table_cell(&t, "%u", count_properties(s, m));
		table_cell(&t, "%s", state_of(m));
	}
	table_print(&t, o);
}

static void put_head(struct out *o, const struct schema *s,
		     const struct schema_machine *m)
{
	const uint32_t n = count_properties(s, m);

	out_escape(o, m->name);
	if (m->alias.length) {
		out_puts(o, ", alias ");
		out_escape(o, m->alias);
	}
	if (*state_of(m))
		out_printf(o, ", %s", state_of(m));
	out_printf(o, ": changes %u propert%s\n", n, n == 1 ? "y" : "ies");
}

void schema_print_machine(struct out *o, const struct schema *s,
			  const struct schema_machine *m)
{
	static const struct table_column columns[] = {
		{ "driver", false },
		{ "property", false },
		{ "value", false },
		{ "list", false },
	};
	struct table t;

	put_head(o, s, m);
	if (!count_properties(s, m))
		return;
	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (uint32_t i = 0; i < m->compat_count; i++) {
		const struct schema_compat *c = &s->compats[m->compat[i]];

		for (uint32_t k = 0; k < c->count; k++) {
			const struct schema_property *p = &c->properties[k];

			table_text(&t, p->driver);
			table_text(&t, p->name);
			table_text(&t,
				   p->value.length ? p->value : TEXT("\"\""));
			table_text(&t, c->name);
		}
	}
	table_print(&t, o);
}
