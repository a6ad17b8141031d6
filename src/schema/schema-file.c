/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads migscope-schema(5); written by src/output/schema-json.c. References
 * between descriptions are by key and may lead forward, so all are read
 * first and put together then. */
#include "config.h"
#include "schema/sources.h"

#include "base/limits.h"
#include "schema/schema-file.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- putting together ---- */

static int by_key(const void *a, const void *b)
{
	const struct raw_vmsd *x = a, *y = b;

	return schema_text_compare(x->key, y->key);
}

static struct raw_vmsd *find_raw(const struct schema_file *f,
				 struct ms_text key)
{
	const struct raw_vmsd wanted = { .key = key };

	return f->count ? bsearch(&wanted, f->raws, f->count, sizeof(*f->raws),
				  by_key) :
			  NULL;
}

static struct schema_vmsd *settle(struct schema_file *f, struct raw_vmsd *raw,
				  unsigned depth);

static bool settle_reference(struct schema_file *f, struct raw_vmsd *raw,
			     const struct raw_reference *r, unsigned depth)
{
	struct raw_vmsd *other = find_raw(f, r->key);
	struct schema_vmsd *v;

	if (!other)
		return jr_fail(&f->r, "a description refers to one that is "
				      "not there");
	v = settle(f, other, depth + 1);
	if (!v)
		return false;
	switch (r->kind) {
	case REFERS_VMSD:
		raw->draft.v.fields[r->field].vmsd = v;
		return true;
	case REFERS_KEY:
		raw->draft.v.fields[r->field].key = v;
		return true;
	case REFERS_SUBSECTION:
	default:
		return draft_subsection(f->s, &raw->draft, v);
	}
}

static struct schema_vmsd *settle(struct schema_file *f, struct raw_vmsd *raw,
				  unsigned depth)
{
	if (raw->vmsd)
		return raw->vmsd;
	if (raw->busy || depth >= MAX_SCHEMA_DEPTH) {
		jr_fail(&f->r,
			raw->busy ?
				"a description contains itself" :
				"descriptions are nested over the limit of " LIMIT_TEXT(
					MAX_SCHEMA_DEPTH));
		return NULL;
	}
	raw->busy = true;
	for (uint32_t i = 0; i < raw->count; i++)
		if (!settle_reference(f, raw, &raw->references[i], depth))
			return NULL;
	raw->busy = false;
	raw->vmsd = draft_intern(f->s, &raw->draft);
	return raw->vmsd;
}

static bool read_vmsds(struct schema_file *f)
{
	if (!jr_begin(&f->r, JSON_ARRAY))
		return false;
	while (jr_item(&f->r))
		if (!file_read_vmsd(f))
			return false;
	if (f->r.error)
		return false;
	if (f->count > 1)
		qsort(f->raws, f->count, sizeof(*f->raws), by_key);
	for (uint32_t i = 0; i < f->count; i++) {
		if (i && !by_key(&f->raws[i - 1], &f->raws[i]))
			return jr_fail(&f->r, "two descriptions have one key");
		if (!settle(f, &f->raws[i], 0))
			return false;
	}
	return true;
}

/* ---- the rest of the file ---- */

static bool read_device(struct schema_file *f)
{
	enum { HOW, NAME, INSTANCE, VMSD };
	static const struct ms_text keys[] = { TEXT("how"),
					       TEXT("name"),
					       TEXT("instance"),
					       TEXT("vmsd"),
					       { NULL, 0 } };
	struct schema_device d = { .name = TEXT("") };
	struct ms_text vmsd = TEXT("");
	const struct raw_vmsd *raw;
	int key, how = 0;
	bool ok = jr_begin(&f->r, JSON_OBJECT);

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		switch (key) {
		case HOW:
			ok = file_read_word(f, schema_binding_names, BIND_COUNT,
					    &how);
			break;
		case NAME:
			ok = jr_text(&f->r, &d.name);
			break;
		case INSTANCE:
			ok = file_read_u32(f, &d.instance);
			break;
		case VMSD:
		default:
			ok = jr_text(&f->r, &vmsd);
			break;
		}
	if (!ok || f->r.error)
		return false;
	raw = find_raw(f, vmsd);
	if (!raw)
		return jr_fail(&f->r, "a device refers to a description that "
				      "is not there");
	d.how = (enum schema_binding)how;
	d.vmsd = raw->vmsd;
	schema_add_device(f->s, d);
	return true;
}

static bool read_command(struct schema_file *f)
{
	enum { NUMBER, NAME, LENGTH };
	static const struct ms_text keys[] = {
		TEXT("number"), TEXT("name"), TEXT("length"), { NULL, 0 }
	};
	struct schema_command c = { .name = TEXT("") };
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key;

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		switch (key) {
		case NUMBER:
			ok = file_read_u32(f, &c.number);
			break;
		case NAME:
			ok = jr_text(&f->r, &c.name);
			break;
		case LENGTH:
		default:
			ok = file_read_i32(f, &c.length);
			break;
		}
	if (!ok || f->r.error)
		return false;
	schema_add_command(f->s, c);
	return true;
}

static bool read_origin(struct schema_file *f)
{
	enum { KIND, NAME, HOST, LAYOUT };
	static const struct ms_text keys[] = { TEXT("kind"),
					       TEXT("name"),
					       TEXT("host"),
					       TEXT("layout"),
					       { NULL, 0 } };
	struct schema_origin o = { .name = TEXT("") };
	struct ms_text *const texts[] = {
		[NAME] = &o.name, [HOST] = &o.host, [LAYOUT] = &o.layout
	};
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key, kind = 0;

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		ok = key == KIND ? file_read_word(f, schema_source_names,
						  SOURCE_KIND_COUNT, &kind) :
				   jr_text(&f->r, texts[key]);
	if (!ok || f->r.error)
		return false;
	o.kind = (enum schema_source_kind)kind;
	schema_add_origin(f->s, o);
	return true;
}

static bool read_note(struct schema_file *f)
{
	struct ms_text t;

	if (!jr_text(&f->r, &t))
		return false;
	schema_note_text(f->s, t);
	return true;
}

bool file_read_list(struct schema_file *f, bool (*read)(struct schema_file *f))
{
	if (!jr_begin(&f->r, JSON_ARRAY))
		return false;
	while (jr_item(&f->r))
		if (!read(f))
			return false;
	return !f->r.error;
}

static bool read_format(struct schema_file *f)
{
	int64_t version;

	if (!jr_int(&f->r, 0, INT64_MAX, &version))
		return false;
	f->right_format = version == SCHEMA_FORMAT_VERSION;
	return f->right_format ||
	       jr_fail(&f->r, "written in a format that is not known");
}

static bool read_known(struct schema_file *f)
{
	uint32_t bits = 0;
	const bool ok =
		file_read_bits(f, schema_known_names, KNOWN_COUNT, &bits);

	f->known = (uint16_t)bits;
	return ok;
}

/* Keys in the order in which they are written: "known" before the
 * descriptions it is the default of, these before the devices. */
static bool read_top_key(struct schema_file *f, int key)
{
	switch (key) {
	case 0:
		return read_format(f);
	case 1:
		return jr_text(&f->r, &f->s->qemu_version);
	case 2:
		return jr_text(&f->r, &f->s->package);
	case 3:
		return jr_text(&f->r, &f->s->target);
	case 4:
		return file_read_list(f, read_origin);
	case 5:
		return file_read_list(f, read_note);
	case 6:
		return file_read_list(f, read_command);
	case 7:
		return file_read_list(f, file_read_machine);
	case 8:
		return file_read_list(f, file_read_compat);
	case 9:
		return read_known(f);
	case 10:
		return !f->count ? read_vmsds(f) :
				   jr_fail(&f->r, "two lists of descriptions");
	default:
		return file_read_list(f, read_device);
	}
}

static bool read_top(struct schema_file *f)
{
	static const struct ms_text keys[] = {
		TEXT(SCHEMA_FORMAT_KEY),
		TEXT("qemu"),
		TEXT("package"),
		TEXT("target"),
		TEXT("sources"),
		TEXT("notes"),
		TEXT("commands"),
		TEXT("machines"),
		TEXT("compat"),
		TEXT("known"),
		TEXT("vmsds"),
		TEXT("devices"),
		{ NULL, 0 },
	};
	int key;

	if (!jr_begin(&f->r, JSON_OBJECT))
		return false;
	while ((key = jr_key(&f->r, keys)) >= 0)
		if (!read_top_key(f, key) || f->s->failed)
			return false;
	return !f->r.error && file_check_machines(f) &&
	       (f->right_format ||
		jr_fail(&f->r, "it does not say its format"));
}

struct schema *schema_from_file(const char *text, size_t n, char *why,
				size_t why_room)
{
	struct schema_file f = { .s = schema_new() };
	bool ok;

	if (!f.s) {
		snprintf(why, why_room, "out of memory");
		return NULL;
	}
	ok = jr_start(&f.r, text, n, &f.s->arena, schema_over) &&
	     read_top(&f) && schema_finish(f.s);
	file_free(&f);
	if (ok)
		return f.s;
	if (f.s->failed)
		snprintf(why, why_room, "%s", f.s->failure);
	else
		snprintf(why, why_room, "%s at byte %zu",
			 f.r.error == json_cut ? "cut short" : f.r.error,
			 f.r.error_at);
	schema_free(f.s);
	return NULL;
}

enum schema_text_kind schema_text_kind(const char *text, size_t n)
{
	static const char *const embedded[] = { "configuration", "page_size",
						"devices" };
	struct json_token key, value;
	struct json j;

	json_init(&j, text, n);
	if (!json_next(&j, &key))
		return SCHEMA_TEXT_FOREIGN;
	if (key.kind == JSON_ARRAY)
		return SCHEMA_TEXT_MACHINES;
	if (key.kind != JSON_OBJECT || !json_next(&j, &key) ||
	    key.kind != JSON_KEY || !json_next(&j, &value))
		return SCHEMA_TEXT_FOREIGN;
	if (text_is(key.text, "return") && value.kind == JSON_ARRAY)
		return SCHEMA_TEXT_MACHINES;
	if (text_is(key.text, SCHEMA_FORMAT_KEY))
		return SCHEMA_TEXT_OURS;
	for (size_t i = 0; i < sizeof(embedded) / sizeof(embedded[0]); i++)
		if (text_is(key.text, embedded[i]))
			return SCHEMA_TEXT_EMBEDDED;
	return value.kind == JSON_OBJECT ? SCHEMA_TEXT_DUMP :
					   SCHEMA_TEXT_FOREIGN;
}
