/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What QMP's query-machines answers (qapi/machine.json: MachineInfo; 5.2 to
 * 11.1), as it is or inside of {"return": …}:
 *
 *   [ {"name": s, ["alias": s,] ["is-default": true,] "deprecated": b, …}, … ]
 *
 * A program's code sets these, so that its data does not tell. */
#include "config.h"
#include "schema/sources.h"

#include "schema/json-read.h"

#include <stdio.h>

static bool read_machine(struct json_reader *r, struct schema *s)
{
	enum { NAME, ALIAS, DEFAULT, DEPRECATED };
	static const struct ms_text keys[] = { TEXT("name"),
					       TEXT("alias"),
					       TEXT("is-default"),
					       TEXT("deprecated"),
					       { NULL, 0 } };
	struct schema_machine m = { .name = TEXT("") };
	bool ok = jr_begin(r, JSON_OBJECT);
	int key;

	while (ok && (key = jr_key(r, keys)) >= 0)
		ok = key == NAME    ? jr_text(r, &m.name) :
		     key == ALIAS   ? jr_text(r, &m.alias) :
		     key == DEFAULT ? jr_bool(r, &m.is_default) :
				      jr_bool(r, &m.deprecated);
	if (!ok || r->error)
		return false;
	if (!m.name.length)
		return jr_fail(r, "a machine type without a name");
	schema_add_machine(s, m);
	return !s->failed;
}

static bool read_all(struct json_reader *r, struct schema *s)
{
	static const struct ms_text keys[] = { TEXT("return"), { NULL, 0 } };

	if (r->t.kind == JSON_OBJECT && jr_key(r, keys) < 0)
		return jr_fail(r, "no list of machine types");
	if (!jr_begin(r, JSON_ARRAY))
		return false;
	while (jr_item(r))
		if (!read_machine(r, s))
			return false;
	return !r->error;
}

struct schema *schema_from_machines(const char *name, const char *text,
				    size_t n, char *why, size_t why_room)
{
	struct schema *s = schema_new();
	struct json_reader r;

	if (!s) {
		snprintf(why, why_room, "out of memory");
		return NULL;
	}
	if (jr_start(&r, text, n, &s->arena, schema_over) && read_all(&r, s)) {
		schema_add_origin(s,
				  (struct schema_origin){
					  .kind = SOURCE_MACHINES,
					  .name = schema_text(s,
							      text_of(name)) });
		if (schema_finish(s))
			return s;
	}
	if (s->failed)
		snprintf(why, why_room, "%s", s->failure);
	else
		snprintf(why, why_room, "%s at byte %zu",
			 r.error == json_cut ? "cut short" : r.error,
			 r.error_at);
	schema_free(s);
	return NULL;
}
