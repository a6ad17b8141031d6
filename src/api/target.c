/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "api/target.h"

#include "api/stream.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "schema/json-read.h"

#include <stdlib.h>
#include <unistd.h>

/* Machine types stand before the descriptions in our files, in the first
 * 7 KiB of those that are shipped. */
#define SCHEMA_HEAD KIB(32)
/* All targets have descriptions of the same names, the processor's above all,
 * with other fields in them. Of a device with at least MIN_FIELDS a schema of
 * the right target knows over six tenths, whatever the two releases are; one
 * of a wrong target a third of the processor's at most. */
#define MIN_FIELDS 8
#define IS_STRANGE(known, all) ((all) >= MIN_FIELDS && 2 * (known) < (all))

/* ---- choices: the shipped schemas that a name without target means ---- */

struct choice {
	char *name, *path;
	struct arena arena; /* of the machine types */
	struct ms_text *machines;
	size_t machine_count;
};

struct target_guide {
	const char *spec;
	struct choice *items;
	size_t count;
	bool failed;
};

/* The target of a schema's whole name; NULL: spec is not its beginning. */
static const char *target_part(const char *spec, const char *name)
{
	const size_t n = strlen(spec);

	return !strncmp(name, spec, n) && name[n] == '-' &&
			       !strchr(name + n + 1, '-') ?
		       name + n + 1 :
		       NULL;
}

static void append(struct target_guide *c, const char *name, const char *path)
{
	struct choice *items = c->failed ?
				       NULL :
				       mem_resize_array(c->items, c->count + 1,
							sizeof(*items));

	c->failed = !items;
	if (!items)
		return;
	c->items = items;
	items += c->count++;
	*items = (struct choice){ .name = mem_strdup(name),
				  .path = mem_strdup(path) };
	arena_init(&items->arena, SCHEMA_HEAD);
	c->failed = !items->name || !items->path;
}

static void add_choice(void *ctx, const char *name, const char *path)
{
	struct target_guide *c = ctx;

	if (target_part(c->spec, name))
		append(c, name, path);
}

static void free_choices(struct target_guide *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].name);
		free(c->items[i].path);
		free(c->items[i].machines);
		arena_free(&c->items[i].arena);
	}
	free(c->items);
}

/* ---- machine types ---- */

enum machine_match {
	MACHINE_OTHER,
	MACHINE_FAMILY, /* equal but for the version at the end */
	MACHINE_EXACT,
};

/* pc-i440fx of pc-i440fx-10.0 */
static struct ms_text family_of(struct ms_text name)
{
	size_t n = name.length;

	while (n && (name.bytes[n - 1] == '.' ||
		     (name.bytes[n - 1] >= '0' && name.bytes[n - 1] <= '9')))
		n--;
	if (n > 1 && n < name.length && name.bytes[n - 1] == '-')
		name.length = n - 1;
	return name;
}

static enum machine_match match_machine(struct ms_text a, struct ms_text b)
{
	if (text_eq(a, b))
		return MACHINE_EXACT;
	return text_eq(family_of(a), family_of(b)) ? MACHINE_FAMILY :
						     MACHINE_OTHER;
}

static void add_machine(struct choice *c, struct ms_text name)
{
	struct ms_text *machines =
		mem_resize_array(c->machines, c->machine_count + 1,
				 sizeof(*machines));

	if (!machines)
		return;
	c->machines = machines;
	machines[c->machine_count++] = name;
}

/* {…, "machines": [{"name": …}, …], …}: the text may end behind the list. */
static void parse_machines(struct choice *c, const char *text, size_t n)
{
	static const struct ms_text outer[] = { TEXT("machines"), { NULL, 0 } };
	static const struct ms_text inner[] = { TEXT("name"), { NULL, 0 } };
	struct json_reader r;
	struct ms_text name;

	if (!jr_start(&r, text, n, &c->arena, "") ||
	    !jr_begin(&r, JSON_OBJECT) || jr_key(&r, outer) < 0 ||
	    !jr_begin(&r, JSON_ARRAY))
		return;
	while (jr_item(&r) && jr_begin(&r, JSON_OBJECT))
		while (jr_key(&r, inner) >= 0 && jr_text(&r, &name))
			add_machine(c, name);
}

/* Reads no further than the list of machine types: a schema's whole text is
 * a hundred times as long. */
static void read_machines(struct choice *c)
{
	char why[160];
	struct source *src = source_open(c->path, NULL, why, sizeof(why));
	struct reader rd;
	const uint8_t *p;
	size_t n = SCHEMA_HEAD;

	if (!src)
		return;
	if (rd_init(&rd, src)) {
		p = rd_peek(&rd, n);
		if (!p) {
			n = (size_t)rd_left(&rd);
			p = rd_peek(&rd, n);
		}
		if (p)
			parse_machines(c, (const char *)p, n);
	}
	rd_free(&rd);
}

static void read_all_machines(struct target_guide *g)
{
	for (size_t i = 0; i < g->count; i++)
		read_machines(&g->items[i]);
}

static enum machine_match best_match(const struct choice *c,
				     struct ms_text machine)
{
	enum machine_match best = MACHINE_OTHER;

	for (size_t i = 0; i < c->machine_count; i++) {
		const enum machine_match m =
			match_machine(c->machines[i], machine);

		best = m > best ? m : best;
	}
	return best;
}

/* The only choice that has the machine type, or, when none has and `least`
 * allows, the only one that has it in another version; NULL: that does not
 * tell. */
static const struct choice *by_machine(const struct target_guide *c,
				       struct ms_text machine,
				       enum machine_match least)
{
	const struct choice *found[MACHINE_EXACT + 1] = { NULL };
	unsigned count[MACHINE_EXACT + 1] = { 0 };

	if (!machine.length)
		return NULL;
	for (size_t i = 0; i < c->count; i++) {
		const enum machine_match m = best_match(&c->items[i], machine);

		count[m]++;
		found[m] = &c->items[i];
	}
	for (int m = MACHINE_EXACT; m >= (int)least; m--)
		if (count[m])
			return count[m] == 1 ? found[m] : NULL;
	return NULL;
}

/* ---- fields ---- */

/* Fields of equal names have "[n]" behind theirs in a stream. */
static struct ms_text plain_name(struct ms_text name)
{
	const char *bracket =
		name.length && name.bytes[name.length - 1] == ']' ?
			memrchr(name.bytes, '[', name.length) :
			NULL;

	if (bracket)
		name.length = (size_t)(bracket - name.bytes);
	return name;
}

static bool has_field(const struct schema_vmsd *v, struct ms_text name)
{
	for (uint32_t i = 0; i < v->field_count; i++)
		if (text_eq(v->fields[i].name, name))
			return true;
	return false;
}

static unsigned known_fields(const struct schema_vmsd *v,
			     const struct desc_object *o)
{
	unsigned known = 0;

	for (uint32_t i = 0; i < o->field_count && i < MAX_FIT_FIELDS; i++)
		known += o->fields[i].run &&
			 has_field(v, plain_name(o->fields[i].name));
	return known;
}

/* The description that knows most of the object; several have one name. */
static unsigned best_known(const struct schema *s, const struct desc_object *o)
{
	const struct schema_vmsd *v;
	unsigned best = 0;

	for (unsigned n = 0; (v = schema_find(s, o->vmsd, n)); n++) {
		const unsigned known = known_fields(v, o);

		best = known > best ? known : best;
	}
	return best;
}

static unsigned count_fields(const struct desc_object *o)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < o->field_count && i < MAX_FIT_FIELDS; i++)
		n += o->fields[i].run != 0;
	return n;
}

struct target_fit target_fit(const struct schema *s, const struct desc *d)
{
	struct target_fit fit = { 0, false };

	for (uint32_t i = 0; i < d->device_count && i < MAX_FIT_DEVICES; i++) {
		const struct desc_object *o = &d->devices[i].object;
		unsigned known;

		if (!o->vmsd.length || !schema_find(s, o->vmsd, 0))
			continue;
		known = best_known(s, o);
		fit.known += known;
		fit.strange |= IS_STRANGE(known, count_fields(o));
	}
	return fit;
}

bool target_fits(const struct schema *s, const ms_stream *walked)
{
	const struct desc *d = stream_walk(walked)->desc;

	return !d || !target_fit(s, d).strange;
}

/* ---- a stream that was read whole ---- */

/* Only a file can be read once more. */
static ms_stream *walk_again(const char *path, const struct schema *schema)
{
	const struct ms_options o = { .schema = schema };
	char *why = NULL;
	ms_stream *s = strcmp(path, "-") ? ms_open(path, &o, &why) : NULL;

	free(why);
	if (s && ms_walk(s, NULL, NULL))
		return s;
	ms_close(s);
	return NULL;
}

/* Bytes of sections that were read by a schema. */
static uint64_t described_bytes(const ms_stream *s)
{
	const struct ms_summary *m = ms_summary_of(s);
	uint64_t n = 0;

	for (size_t i = 0; i < m->section_count; i++)
		if (m->sections[i].how == MS_HOW_DESCRIBED)
			n += m->sections[i].bytes;
	return n;
}

/* How much of the stream the schema explains: fields of its devices; without
 * a description, bytes. */
static uint64_t explained(const struct schema *schema, const char *path,
			  const struct desc *d)
{
	struct target_fit fit = { 0, false };
	ms_stream *s = d ? NULL : walk_again(path, schema);
	uint64_t n = 0;

	if (d)
		fit = target_fit(schema, d);
	else if (s)
		n = described_bytes(s);
	ms_close(s);
	return fit.strange ? 0 : n + fit.known;
}

static const struct choice *by_devices(const struct target_guide *c,
				       const char *path)
{
	ms_stream *stream = walk_again(path, NULL);
	const struct choice *best = NULL;
	uint64_t most = 0;

	for (size_t i = 0; stream && i < c->count; i++) {
		char *why = NULL;
		struct schema *s = schema_open(c->items[i].path, NULL, &why);
		const uint64_t n =
			s ? explained(s, path, stream_walk(stream)->desc) : 0;

		free(why);
		schema_free(s);
		if (n < most)
			continue;
		best = n > most ? &c->items[i] : NULL;
		most = n;
	}
	ms_close(stream);
	return best;
}

static char *names_of(const struct target_guide *c)
{
	struct buf b = { 0 };

	buf_puts(&b, "the stream does not tell its target: name it, as in ");
	for (size_t i = 0; i < c->count; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", c->items[i].name);
	return buf_take(&b);
}

bool target_guide_open(const char *spec, struct target_guide **ret)
{
	struct target_guide *g;
	char *exact = NULL;
	bool ok;

	*ret = NULL;
	if (strchr(spec, '/') || !access(spec, F_OK))
		return true;
	ok = schema_find_shipped(spec, NULL, &exact);
	free(exact);
	if (!ok || exact)
		return ok;
	g = mem_zero(1, sizeof(*g));
	if (!g)
		return false;
	g->spec = spec;
	ok = schema_each_shipped(add_choice, g) && !g->failed;
	if (ok && g->count) {
		read_all_machines(g);
		*ret = g;
	} else {
		target_guide_free(g);
	}
	return ok;
}

void target_guide_free(struct target_guide *g)
{
	if (!g)
		return;
	free_choices(g);
	free(g);
}

char *target_resolve(const struct target_guide *g, const char *path,
		     ms_stream *s, char **ret_why)
{
	char machine[MAX_MACHINE_NAME + 1] = "";
	const struct choice *found = g->items;

	*ret_why = NULL;
	/* a container that gives no stream, and no reader either */
	if (ms_read_error(s)) {
		*ret_why = buf_text("%s", ms_read_error(s));
		return NULL;
	}
	if (g->count > 1) {
		stream_peek_machine(s, machine, sizeof(machine));
		found = by_machine(g, text_of(machine), MACHINE_FAMILY);
	}
	if (!found)
		found = by_devices(g, path);
	if (found)
		return mem_strdup(found->name);
	*ret_why = names_of(g);
	return NULL;
}

/* ---- the schema of a reference stream ---- */

struct shipped {
	enum release release;
	struct target_guide found;
};

/* qemu-VERSION-TARGET of that release */
static void add_of_release(void *ctx, const char *name, const char *path)
{
	static const char prefix[] = "qemu-";
	struct shipped *s = ctx;
	const char *version = name + sizeof(prefix) - 1;

	if (strncmp(name, prefix, sizeof(prefix) - 1) ||
	    release_of_version(text_of(version)) != s->release)
		return;
	append(&s->found, name, path);
}

char *target_schema_of(const char *path)
{
	ms_stream *s = walk_again(path, NULL);
	struct shipped shipped = { .release = RELEASE_UNKNOWN };
	const struct choice *found = NULL;
	char *name = NULL;

	if (s)
		shipped.release = release_of(stream_walk(s));
	if (shipped.release != RELEASE_UNKNOWN)
		schema_each_shipped(add_of_release, &shipped);
	read_all_machines(&shipped.found);
	if (shipped.found.count && !shipped.found.failed)
		found = by_machine(&shipped.found, stream_walk(s)->machine,
				   MACHINE_EXACT);
	if (found)
		name = mem_strdup(found->name);
	free_choices(&shipped.found);
	ms_close(s);
	return name;
}
