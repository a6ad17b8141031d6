/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The form of -dump-vmstate (migration/savevm.c: dump_vmstate_vmsd,
 * dump_vmstate_vmsf, dump_vmstate_vmss). */
#include "config.h"
#include "output/schema-json.h"

#include "output/json-writer.h"

#include <stdlib.h>

struct dump {
	struct json_writer w;
	bool nums; /* "num" came with 10.0 */
};

/* Depth and size of what is printed are capped by schema_intern(). */
static void put_vmsd(struct dump *d, const struct schema_vmsd *v);

static void put_head(struct dump *d, const char *key, struct ms_text name,
		     const struct schema_vmsd *v)
{
	json_key(&d->w, key);
	json_text(&d->w, name);
	json_key(&d->w, "version_id");
	json_int(&d->w, v->version);
	json_key(&d->w, "minimum_version_id");
	json_int(&d->w, v->minimum);
}

static void put_field(struct dump *d, const struct schema_field *f)
{
	json_object(&d->w);
	json_key(&d->w, "field");
	json_text(&d->w, f->name);
	json_key(&d->w, "version_id");
	json_int(&d->w, f->version);
	json_key(&d->w, "field_exists");
	json_bool(&d->w, f->flags & FIELD_CONDITIONAL);
	if (d->nums && (f->flags & FIELD_ARRAY)) {
		json_key(&d->w, "num");
		json_uint(&d->w, f->num);
	}
	json_key(&d->w, "size");
	json_uint(&d->w, f->size);
	if (f->vmsd) {
		json_key(&d->w, "Description");
		put_vmsd(d, f->vmsd);
	}
	json_end(&d->w);
}

/* QEMU leaves out whatever must exist: VMSTATE_VALIDATE. */
static bool is_shown(const struct schema_field *f)
{
	return !(f->flags & FIELD_MUST_EXIST);
}

static void put_vmsd(struct dump *d, const struct schema_vmsd *v)
{
	json_object(&d->w);
	put_head(d, "name", v->has_name ? v->name : TEXT("(null)"), v);
	if (v->field_count) {
		json_key(&d->w, "Fields");
		json_array(&d->w);
		for (uint32_t i = 0; i < v->field_count; i++)
			if (is_shown(&v->fields[i]))
				put_field(d, &v->fields[i]);
		json_end(&d->w);
	}
	if (v->subsection_count) {
		json_key(&d->w, "Subsections");
		json_array(&d->w);
		for (uint32_t i = 0; i < v->subsection_count; i++)
			put_vmsd(d, v->subsections[i]);
		json_end(&d->w);
	}
	json_end(&d->w);
}

static void put_entry(struct dump *d, const struct schema_vmsd *v)
{
	json_key_text(&d->w, v->key);
	json_object(&d->w);
	put_head(d, "Name", v->key, v);
	json_key(&d->w, "Description");
	put_vmsd(d, v);
	json_end(&d->w);
}

/* Programs up to 7.2 do not print "num". */
static bool prints_nums(const struct schema *s)
{
	return !s->qemu_version.length ||
	       strtoul(s->qemu_version.bytes, NULL, 10) >= 10;
}

void schema_write_dump(struct out *o, const struct schema *s,
		       const struct schema_vmsd *only)
{
	struct dump d = { .nums = prints_nums(s) };

	json_start(&d.w, o);
	d.w.indent = 2;
	d.w.wrap = JSON_MAX_DEPTH;
	json_object(&d.w);
	for (uint32_t i = 0; i < s->vmsd_count; i++)
		if (!only || only == s->vmsds[i])
			put_entry(&d, s->vmsds[i]);
	json_end(&d.w);
	out_putc(o, '\n');
}
