/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes migscope-schema(5): keys in a fixed order, descriptions by name, a
 * field per line, what is zero or false left out, so that two files differ
 * where the schemas do. Read by src/schema/schema-file.c. */
#include "config.h"
#include "output/schema-json.h"

#include "output/json-writer.h"
#include "schema/sources.h"

static void put_text(struct json_writer *w, const char *key, struct ms_text t)
{
	if (!t.length)
		return;
	json_key(w, key);
	json_text(w, t);
}

static void put_number(struct json_writer *w, const char *key, uint64_t v)
{
	if (!v)
		return;
	json_key(w, key);
	json_uint(w, v);
}

static void put_int(struct json_writer *w, const char *key, int64_t v)
{
	if (!v)
		return;
	json_key(w, key);
	json_int(w, v);
}

static void put_true(struct json_writer *w, const char *key, bool v)
{
	if (!v)
		return;
	json_key(w, key);
	json_bool(w, true);
}

/* An empty list where there are none. */
static void put_words(struct json_writer *w, const char *key, uint32_t bits,
		      const char *const *words)
{
	const unsigned wrap = w->wrap;

	json_key(w, key);
	json_array(w);
	w->wrap = 0; /* all on one line */
	for (unsigned i = 0; bits >> i; i++)
		if (bits >> i & 1)
			json_string(w, words[i]);
	json_end(w);
	w->wrap = wrap;
}

static void put_bits(struct json_writer *w, const char *key, uint32_t bits,
		     const char *const *words)
{
	if (bits)
		put_words(w, key, bits, words);
}

static void put_source(struct json_writer *w, const char *key,
		       const struct schema_source *c)
{
	if (!c->width)
		return;
	json_key(w, key);
	json_object(w);
	json_key(w, "offset");
	json_uint(w, c->offset);
	json_key(w, "width");
	json_uint(w, c->width);
	put_true(w, "signed", c->is_signed);
	put_text(w, "from", c->name);
	json_end(w);
}

/* The type's name says these two. */
#define TYPE_FLAGS (FIELD_STRUCT | FIELD_VSTRUCT)

static void put_field(struct json_writer *w, const struct schema_field *f)
{
	json_object(w);
	json_key(w, "name");
	json_text(w, f->name);
	put_text(w, "type", f->type);
	put_number(w, "offset", f->offset);
	put_number(w, "size", f->size);
	put_number(w, "wire_size", f->wire_size);
	put_number(w, "num", f->num);
	put_number(w, "start", f->start);
	put_bits(w, "flags", f->flags & ~(uint32_t)TYPE_FLAGS,
		 schema_flag_names);
	put_source(w, "count", &f->count);
	put_source(w, "length", &f->length);
	if (f->vmsd)
		put_text(w, "vmsd", f->vmsd->key);
	if (f->key)
		put_text(w, "key", f->key->key);
	put_int(w, "version", f->version);
	put_int(w, "struct_version", f->struct_version);
	json_end(w);
}

static void put_name(struct json_writer *w, const struct schema_vmsd *v)
{
	if (!v->has_name || !text_eq(v->key, v->name))
		put_text(w, "key", v->key);
	json_key(w, "name");
	if (v->has_name)
		json_text(w, v->name);
	else
		json_null(w);
}

/* known: what all others of the file are known to. */
static void put_vmsd(struct json_writer *w, const struct schema_vmsd *v,
		     uint16_t known)
{
	json_object(w);
	put_name(w, v);
	json_key(w, "version");
	json_int(w, v->version);
	if (v->known & KNOWN_MINIMUM) {
		json_key(w, "minimum");
		json_int(w, v->minimum);
	}
	put_int(w, "minimum_old", v->minimum_old);
	put_true(w, "early_setup", v->early_setup);
	put_true(w, "unmigratable", v->unmigratable);
	if (v->priority != PRIORITY_DEFAULT)
		put_text(w, "priority",
			 text_of(schema_priority_names[v->priority]));
	put_bits(w, "hooks", v->hooks, schema_hook_names);
	put_bits(w, "roles", v->roles, schema_role_names);
	if (v->known != known)
		put_words(w, "known", v->known, schema_known_names);
	if (v->field_count) {
		json_key(w, "fields");
		json_array(w);
		for (uint32_t i = 0; i < v->field_count; i++)
			put_field(w, &v->fields[i]);
		json_end(w);
	}
	if (v->subsection_count) {
		json_key(w, "subsections");
		json_array(w);
		for (uint32_t i = 0; i < v->subsection_count; i++)
			json_text(w, v->subsections[i]->key);
		json_end(w);
	}
	json_end(w);
}

static void put_origins(struct json_writer *w, const struct schema *s)
{
	json_key(w, "sources");
	json_array(w);
	for (uint32_t i = 0; i < s->origin_count; i++) {
		const struct schema_origin *o = &s->origins[i];

		json_object(w);
		json_key(w, "kind");
		json_string(w, schema_source_names[o->kind]);
		put_text(w, "name", o->name);
		put_text(w, "host", o->host);
		put_text(w, "layout", o->layout);
		json_end(w);
	}
	json_end(w);
}

static void put_notes(struct json_writer *w, const struct schema *s)
{
	if (!s->note_count)
		return;
	json_key(w, "notes");
	json_array(w);
	for (uint32_t i = 0; i < s->note_count; i++)
		json_text(w, s->notes[i]);
	json_end(w);
}

static void put_commands(struct json_writer *w, const struct schema *s)
{
	if (!s->command_count)
		return;
	json_key(w, "commands");
	json_array(w);
	for (uint32_t i = 0; i < s->command_count; i++) {
		json_object(w);
		json_key(w, "number");
		json_uint(w, s->commands[i].number);
		put_text(w, "name", s->commands[i].name);
		json_key(w, "length");
		json_int(w, s->commands[i].length);
		json_end(w);
	}
	json_end(w);
}

static void put_numbers(struct json_writer *w, const char *key,
			const uint32_t *numbers, uint32_t count)
{
	if (!count)
		return;
	json_key(w, key);
	json_array(w);
	for (uint32_t i = 0; i < count; i++)
		json_uint(w, numbers[i]);
	json_end(w);
}

static void put_machines(struct json_writer *w, const struct schema *s)
{
	if (!s->machine_count)
		return;
	json_key(w, "machines");
	json_array(w);
	for (uint32_t i = 0; i < s->machine_count; i++) {
		const struct schema_machine *m = &s->machines[i];

		json_object(w);
		json_key(w, "name");
		json_text(w, m->name);
		put_text(w, "parent", m->parent);
		put_text(w, "alias", m->alias);
		put_true(w, "default", m->is_default);
		put_true(w, "deprecated", m->deprecated);
		put_numbers(w, "compat", m->compat, m->compat_count);
		json_end(w);
	}
	json_end(w);
}

static void put_property(struct json_writer *w, const struct schema_property *p)
{
	json_array(w);
	json_text(w, p->driver);
	json_text(w, p->name);
	json_text(w, p->value);
	json_end(w);
}

static void put_compats(struct json_writer *w, const struct schema *s)
{
	const unsigned wrap = w->wrap;

	if (!s->compat_count)
		return;
	json_key(w, "compat");
	json_array(w);
	for (uint32_t i = 0; i < s->compat_count; i++) {
		const struct schema_compat *c = &s->compats[i];

		json_object(w);
		put_text(w, "name", c->name);
		w->wrap = 4; /* a property per line */
		json_key(w, "properties");
		json_array(w);
		for (uint32_t k = 0; k < c->count; k++)
			put_property(w, &c->properties[k]);
		json_end(w);
		w->wrap = wrap;
		json_end(w);
	}
	json_end(w);
}

static void put_devices(struct json_writer *w, const struct schema *s)
{
	if (!s->device_count)
		return;
	json_key(w, "devices");
	json_array(w);
	for (uint32_t i = 0; i < s->device_count; i++) {
		const struct schema_device *d = &s->devices[i];

		json_object(w);
		json_key(w, "how");
		json_string(w, schema_binding_names[d->how]);
		json_key(w, "name");
		json_text(w, d->name);
		put_number(w, "instance", d->instance);
		json_key(w, "vmsd");
		json_text(w, d->vmsd->key);
		json_end(w);
	}
	json_end(w);
}

static uint16_t common_knowledge(const struct schema *s)
{
	return s->vmsd_count ? s->vmsds[0]->known : 0;
}

void schema_write(struct out *o, const struct schema *s)
{
	const uint16_t known = common_knowledge(s);
	struct json_writer w;

	json_start(&w, o);
	w.indent = 1;
	w.wrap = 2; /* a device, a command per line */
	json_object(&w);
	json_key(&w, SCHEMA_FORMAT_KEY);
	json_uint(&w, SCHEMA_FORMAT_VERSION);
	put_text(&w, "qemu", s->qemu_version);
	put_text(&w, "package", s->package);
	put_text(&w, "target", s->target);
	put_origins(&w, s);
	put_notes(&w, s);
	put_commands(&w, s);
	put_machines(&w, s);
	put_compats(&w, s);
	put_bits(&w, "known", known, schema_known_names);
	json_key(&w, "vmsds");
	json_array(&w);
	w.wrap = 4; /* a field per line */
	for (uint32_t i = 0; i < s->vmsd_count; i++)
		put_vmsd(&w, s->vmsds[i], known);
	w.wrap = 2;
	json_end(&w);
	put_devices(&w, s);
	json_end(&w);
	out_putc(o, '\n');
}

void schema_write_vmsd(struct out *o, const struct schema *s,
		       const struct schema_vmsd *v)
{
	struct json_writer w;

	(void)s;
	json_start(&w, o);
	w.indent = 1;
	w.wrap = 2;
	put_vmsd(&w, v, 0);
	out_putc(o, '\n');
}

void schema_write_machines(struct out *o, const struct schema *s)
{
	struct json_writer w;

	json_start(&w, o);
	w.indent = 1;
	w.wrap = 2;
	json_object(&w);
	put_machines(&w, s);
	put_compats(&w, s);
	json_end(&w);
	out_putc(o, '\n');
}
