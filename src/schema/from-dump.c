/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* -dump-vmstate, as written by migration/savevm.c (5.2 to 11.1):
 *
 *   file  = { "vmschkmachine": { "Name": s }, "TYPE": entry, … }
 *   entry = { "Name": s, "version_id": n, "minimum_version_id": n,
 *             "Description": vmsd }
 *   vmsd  = { "name": s, "version_id": n, "minimum_version_id": n,
 *             ["Fields": [ field… ]] ["Subsections": [ vmsd… ]] }
 *   field = { "field": s, "version_id": n, "field_exists": b, ["num": n,]
 *             "size": n, ["Description": vmsd] }
 *
 * Types, flags, hooks, offsets and VMSTATE_VALIDATE entries are not in it,
 * nor any description that is not a qdev's. "num" (of fixed arrays) came
 * with 10.0. */
#include "config.h"
#include "schema/sources.h"

#include "base/limits.h"
#include "schema/json-read.h"

#include <stdio.h>

struct dump {
	struct json_reader r;
	struct schema *s;
	uint16_t known;
	uint32_t entries;
	struct ms_text at; /* entry being read */
};

static struct schema_vmsd *read_vmsd(struct dump *d, unsigned depth);

static bool read_version(struct dump *d, int32_t *ret)
{
	int64_t v;

	if (!jr_int(&d->r, INT32_MIN, INT32_MAX, &v))
		return false;
	*ret = (int32_t)v;
	return true;
}

static bool read_num(struct dump *d, struct schema_field *f)
{
	int64_t num;

	if (!jr_int(&d->r, 0, INT32_MAX, &num))
		return false;
	f->num = (uint32_t)num;
	f->flags |= FIELD_ARRAY;
	return true;
}

static bool read_exists(struct dump *d, struct schema_field *f)
{
	bool exists;

	if (!jr_bool(&d->r, &exists))
		return false;
	f->flags |= exists ? FIELD_CONDITIONAL : 0;
	return true;
}

static bool read_field(struct dump *d, struct schema_draft *draft,
		       unsigned depth)
{
	enum { NAME, VERSION, EXISTS, NUM, SIZE, DESCRIPTION };
	static const struct ms_text keys[] = {
		TEXT("field"), TEXT("version_id"), TEXT("field_exists"),
		TEXT("num"),   TEXT("size"),       TEXT("Description"),
		{ NULL, 0 },
	};
	struct schema_field f = { .count.field = -1, .length.field = -1 };
	struct schema_field *slot;
	bool ok = true;
	int key;

	if (!jr_begin(&d->r, JSON_OBJECT))
		return false;
	while (ok && (key = jr_key(&d->r, keys)) >= 0)
		switch (key) {
		case NAME:
			ok = jr_text(&d->r, &f.name);
			break;
		case VERSION:
			ok = read_version(d, &f.version);
			break;
		case EXISTS:
			ok = read_exists(d, &f);
			break;
		case NUM:
			ok = read_num(d, &f);
			break;
		case SIZE:
			ok = jr_u64(&d->r, &f.size);
			break;
		case DESCRIPTION:
		default:
			f.vmsd = read_vmsd(d, depth + 1);
			ok = f.vmsd;
			break;
		}
	if (!ok || d->r.error)
		return false;
	slot = draft_field(d->s, draft);
	if (slot)
		*slot = f;
	return slot;
}

static bool read_fields(struct dump *d, struct schema_draft *draft,
			unsigned depth)
{
	if (!jr_begin(&d->r, JSON_ARRAY))
		return false;
	while (jr_item(&d->r))
		if (!read_field(d, draft, depth))
			return false;
	return !d->r.error;
}

static bool read_subsections(struct dump *d, struct schema_draft *draft,
			     unsigned depth)
{
	struct schema_vmsd *sub;

	if (!jr_begin(&d->r, JSON_ARRAY))
		return false;
	while (jr_item(&d->r)) {
		sub = read_vmsd(d, depth + 1);
		if (!sub || !draft_subsection(d->s, draft, sub))
			return false;
	}
	return !d->r.error;
}

static bool read_keys(struct dump *d, struct schema_draft *draft,
		      unsigned depth)
{
	enum { NAME, VERSION, MINIMUM, FIELDS, SUBSECTIONS };
	static const struct ms_text keys[] = {
		TEXT("name"),   TEXT("version_id"),  TEXT("minimum_version_id"),
		TEXT("Fields"), TEXT("Subsections"), { NULL, 0 },
	};
	struct schema_vmsd *v = &draft->v;
	bool ok = true;
	int key;

	while (ok && (key = jr_key(&d->r, keys)) >= 0)
		switch (key) {
		case NAME:
			v->has_name = ok = jr_text(&d->r, &v->name);
			break;
		case VERSION:
			ok = read_version(d, &v->version);
			break;
		case MINIMUM:
			ok = read_version(d, &v->minimum);
			break;
		case FIELDS:
			ok = read_fields(d, draft, depth);
			break;
		case SUBSECTIONS:
		default:
			ok = read_subsections(d, draft, depth);
			break;
		}
	return ok && !d->r.error;
}

static struct schema_vmsd *read_vmsd(struct dump *d, unsigned depth)
{
	struct schema_draft draft = { .v.known = d->known };
	bool ok;

	if (depth >= MAX_SCHEMA_DEPTH) {
		jr_fail(&d->r,
			"descriptions are nested over the limit of " LIMIT_TEXT(
				MAX_SCHEMA_DEPTH));
		return NULL;
	}
	ok = jr_begin(&d->r, JSON_OBJECT) && read_keys(d, &draft, depth);
	if (!ok) {
		draft_free(&draft);
		return NULL;
	}
	return draft_intern(d->s, &draft);
}

static bool read_entry(struct dump *d, struct ms_text type)
{
	static const struct ms_text keys[] = { TEXT("Description"),
					       TEXT("version_id"),
					       { NULL, 0 } };
	struct schema_vmsd *v = NULL;
	int64_t version = INT64_MAX;
	int key;

	d->at = type;
	if (!jr_begin(&d->r, JSON_OBJECT))
		return false;
	while ((key = jr_key(&d->r, keys)) >= 0) {
		if (key == 1) {
			if (!jr_int(&d->r, INT32_MIN, INT32_MAX, &version))
				return false;
			continue;
		}
		v = read_vmsd(d, 0);
		if (!v)
			return false;
	}
	if (d->r.error)
		return false;
	/* QEMU takes both from the same place. */
	if (v && version != INT64_MAX && version != v->version)
		schema_note(d->s,
			    "'%.*s' has version %d, but its description %d",
			    (int)type.length, type.bytes, (int)version,
			    (int)v->version);
	d->entries++;
	if (!v)
		return true;
	v->roles |= ROLE_TOP;
	schema_add_device(d->s, (struct schema_device){ .how = BIND_TYPE,
							.name = type,
							.vmsd = v });
	return true;
}

/* "vmschkmachine" names the default machine: all there is about the QEMU. */
static bool read_machine(struct dump *d)
{
	static const struct ms_text keys[] = { TEXT("Name"), { NULL, 0 } };
	struct schema_machine m = { .parent = TEXT("") };

	if (!jr_begin(&d->r, JSON_OBJECT))
		return false;
	while (jr_key(&d->r, keys) >= 0)
		if (!jr_text(&d->r, &m.name))
			return false;
	if (!d->r.error && m.name.length)
		schema_add_machine(d->s, m);
	return !d->r.error;
}

static void read_all(struct dump *d)
{
	struct ms_text key;

	if (!jr_begin(&d->r, JSON_OBJECT))
		return;
	while (!d->s->failed && jr_any_key(&d->r, &key))
		if (text_is(key, "vmschkmachine") ? !read_machine(d) :
						    !read_entry(d, key))
			return;
}

static void tell_loss(struct dump *d)
{
	if (!d->r.error)
		return;
	schema_note(d->s,
		    "%s at byte %zu: '%.*s' and all device types behind it "
		    "are lost",
		    d->r.error == json_cut ? "cut short" : d->r.error,
		    d->r.error_at, (int)d->at.length, d->at.bytes);
}

struct schema *schema_from_dump(const char *name, const char *text, size_t n,
				char *why, size_t why_room)
{
	struct dump d = { .s = schema_new(), .at = TEXT("") };

	if (!d.s) {
		snprintf(why, why_room, "out of memory");
		return NULL;
	}
	d.known = KNOWN_MINIMUM | KNOWN_HOST_SIZES | KNOWN_CONDITIONS |
		  KNOWN_FIELD_VERSIONS | KNOWN_ALL_FIELDS |
		  KNOWN_ALL_SUBSECTIONS;
	if (memmem(text, n, "\"num\":", 6))
		d.known |= KNOWN_NUM;
	if (jr_start(&d.r, text, n, &d.s->arena, schema_over))
		read_all(&d);
	if (d.r.error && !d.entries) {
		snprintf(why, why_room, "%s at byte %zu", d.r.error,
			 d.r.error_at);
		schema_free(d.s);
		return NULL;
	}
	tell_loss(&d);
	schema_add_origin(d.s,
			  (struct schema_origin){
				  .kind = SOURCE_DUMP,
				  .name = schema_text(d.s, text_of(name)) });
	if (schema_finish(d.s))
		return d.s;
	snprintf(why, why_room, "%s", d.s->failure);
	schema_free(d.s);
	return NULL;
}
