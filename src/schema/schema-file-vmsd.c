/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptions of migscope-schema(5), as they stand. */
#include "config.h"
#include "schema/schema-file.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

/* ---- small parts ---- */

bool file_read_i32(struct schema_file *f, int32_t *ret)
{
	int64_t v;

	if (!jr_int(&f->r, INT32_MIN, INT32_MAX, &v))
		return false;
	*ret = (int32_t)v;
	return true;
}

bool file_read_u32(struct schema_file *f, uint32_t *ret)
{
	int64_t v;

	if (!jr_int(&f->r, 0, UINT32_MAX, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

static int find_word(struct ms_text word, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (text_is(word, words[i]))
			return i;
	return -1;
}

bool file_read_word(struct schema_file *f, const char *const *words, int count,
		    int *ret)
{
	struct ms_text word;

	if (!jr_text(&f->r, &word))
		return false;
	*ret = find_word(word, words, count);
	return *ret >= 0 || jr_fail(&f->r, "this word means nothing here");
}

/* An array of words as bits. */
bool file_read_bits(struct schema_file *f, const char *const *words, int count,
		    uint32_t *ret)
{
	int bit;

	if (!jr_begin(&f->r, JSON_ARRAY))
		return false;
	while (jr_item(&f->r)) {
		if (!file_read_word(f, words, count, &bit))
			return false;
		*ret |= 1u << bit;
	}
	return !f->r.error;
}

/* ---- fields ---- */

static bool refer(struct schema_file *f, struct raw_vmsd *raw,
		  enum raw_reference_kind kind, uint32_t field)
{
	struct raw_reference *p = raw->references;
	uint32_t room = raw->room ? raw->room * 2 : 8;

	if (raw->count == raw->room) {
		p = mem_resize_array(p, room, sizeof(*p));
		if (!p)
			return jr_fail(&f->r, "out of memory");
		raw->references = p;
		raw->room = room;
	}
	p = &p[raw->count++];
	p->kind = kind;
	p->field = field;
	return jr_text(&f->r, &p->key);
}

static bool read_source(struct schema_file *f, struct schema_source *c)
{
	enum { OFFSET, WIDTH, SIGNED };
	static const struct ms_text keys[] = {
		TEXT("offset"), TEXT("width"), TEXT("signed"), { NULL, 0 }
	};
	int64_t width = 0;
	bool ok = jr_begin(&f->r, JSON_OBJECT);
	int key;

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		switch (key) {
		case OFFSET:
			ok = jr_u64(&f->r, &c->offset);
			break;
		case WIDTH:
			ok = jr_int(&f->r, 1, 8, &width);
			break;
		case SIGNED:
		default:
			ok = jr_bool(&f->r, &c->is_signed);
			break;
		}
	c->width = (uint8_t)width;
	return ok && !f->r.error;
}

static bool read_field(struct schema_file *f, struct raw_vmsd *raw)
{
	enum {
		NAME,
		TYPE,
		OFFSET,
		SIZE,
		WIRE_SIZE,
		NUM,
		START,
		FLAGS,
		COUNT,
		LENGTH,
		VMSD,
		KEY,
		VERSION,
		STRUCT_VERSION
	};
	static const struct ms_text keys[] = {
		TEXT("name"),    TEXT("type"),           TEXT("offset"),
		TEXT("size"),    TEXT("wire_size"),      TEXT("num"),
		TEXT("start"),   TEXT("flags"),          TEXT("count"),
		TEXT("length"),  TEXT("vmsd"),           TEXT("key"),
		TEXT("version"), TEXT("struct_version"), { NULL, 0 },
	};
	struct schema_field *field = draft_field(f->s, &raw->draft);
	const uint32_t number = raw->draft.v.field_count - 1;
	bool ok = field && jr_begin(&f->r, JSON_OBJECT);
	int key;

	while (ok && (key = jr_key(&f->r, keys)) >= 0)
		switch (key) {
		case NAME:
			ok = jr_text(&f->r, &field->name);
			break;
		case TYPE:
			ok = jr_text(&f->r, &field->type);
			break;
		case OFFSET:
			ok = jr_u64(&f->r, &field->offset);
			break;
		case SIZE:
			ok = jr_u64(&f->r, &field->size);
			break;
		case WIRE_SIZE:
			ok = jr_u64(&f->r, &field->wire_size);
			break;
		case NUM:
			ok = file_read_u32(f, &field->num);
			break;
		case START:
			ok = jr_u64(&f->r, &field->start);
			break;
		case FLAGS:
			ok = file_read_bits(f, schema_flag_names,
					    FIELD_FLAG_COUNT, &field->flags);
			break;
		case COUNT:
			ok = read_source(f, &field->count);
			break;
		case LENGTH:
			ok = read_source(f, &field->length);
			break;
		case VMSD:
			ok = refer(f, raw, REFERS_VMSD, number);
			break;
		case KEY:
			ok = refer(f, raw, REFERS_KEY, number);
			break;
		case VERSION:
			ok = file_read_i32(f, &field->version);
			break;
		case STRUCT_VERSION:
		default:
			ok = file_read_i32(f, &field->struct_version);
			break;
		}
	if (!ok || f->r.error)
		return false;
	field->shape = desc_shape_of(field->type);
	if (text_is(field->type, "struct"))
		field->flags |= FIELD_STRUCT;
	else if (text_is(field->type, "vstruct"))
		field->flags |= FIELD_VSTRUCT;
	return true;
}

static bool read_fields(struct schema_file *f, struct raw_vmsd *raw)
{
	if (!jr_begin(&f->r, JSON_ARRAY))
		return false;
	while (jr_item(&f->r))
		if (!read_field(f, raw))
			return false;
	return !f->r.error;
}

static bool read_subsections(struct schema_file *f, struct raw_vmsd *raw)
{
	if (!jr_begin(&f->r, JSON_ARRAY))
		return false;
	while (jr_item(&f->r))
		if (!refer(f, raw, REFERS_SUBSECTION, 0))
			return false;
	return !f->r.error;
}

/* ---- descriptions ---- */

static bool read_name(struct schema_file *f, struct raw_vmsd *raw)
{
	struct schema_vmsd *v = &raw->draft.v;

	if (f->r.t.kind == JSON_NULL)
		return true;
	v->has_name = jr_text(&f->r, &v->name);
	if (!raw->key.length)
		raw->key = v->name;
	return v->has_name;
}

static bool read_vmsd_key(struct schema_file *f, struct raw_vmsd *raw, int key)
{
	struct schema_vmsd *v = &raw->draft.v;
	uint32_t bits = 0;
	int word = 0;
	bool ok;

	switch (key) {
	case 0:
		return jr_text(&f->r, &raw->key);
	case 1:
		return read_name(f, raw);
	case 2:
		return file_read_i32(f, &v->version);
	case 3:
		return file_read_i32(f, &v->minimum);
	case 4:
		return file_read_i32(f, &v->minimum_old);
	case 5:
		return jr_bool(&f->r, &v->early_setup);
	case 6:
		return jr_bool(&f->r, &v->unmigratable);
	case 7:
		ok = file_read_word(f, schema_priority_names, PRIORITY_COUNT,
				    &word);
		v->priority = (enum schema_priority)word;
		return ok;
	case 8:
		ok = file_read_bits(f, schema_hook_names, HOOK_COUNT, &bits);
		v->hooks = (uint8_t)bits;
		return ok;
	case 9:
		ok = file_read_bits(f, schema_role_names, ROLE_COUNT, &bits);
		v->roles = (uint8_t)bits;
		return ok;
	case 10:
		ok = file_read_bits(f, schema_known_names, KNOWN_COUNT, &bits);
		v->known = (uint16_t)bits;
		return ok;
	case 11:
		return read_fields(f, raw);
	default:
		return read_subsections(f, raw);
	}
}

bool file_read_vmsd(struct schema_file *f)
{
	static const struct ms_text keys[] = {
		TEXT("key"),          TEXT("name"),        TEXT("version"),
		TEXT("minimum"),      TEXT("minimum_old"), TEXT("early_setup"),
		TEXT("unmigratable"), TEXT("priority"),    TEXT("hooks"),
		TEXT("roles"),        TEXT("known"),       TEXT("fields"),
		TEXT("subsections"),  { NULL, 0 },
	};
	uint32_t room = f->room ? f->room * 2 : 512;
	struct raw_vmsd *raw = f->raws;
	int key;

	if (f->count == MAX_SCHEMA_ITEMS)
		return jr_fail(&f->r,
			       "descriptions are over the limit of " LIMIT_TEXT(
				       MAX_SCHEMA_ITEMS));
	if (f->count == f->room) {
		raw = mem_resize_array(raw, room, sizeof(*raw));
		if (!raw)
			return jr_fail(&f->r, "out of memory");
		f->raws = raw;
		f->room = room;
	}
	raw = &f->raws[f->count++];
	*raw = (struct raw_vmsd){ .draft.v.known = f->known };
	if (!jr_begin(&f->r, JSON_OBJECT))
		return false;
	while ((key = jr_key(&f->r, keys)) >= 0)
		if (!read_vmsd_key(f, raw, key))
			return false;
	return !f->r.error;
}

void file_free(struct schema_file *f)
{
	for (uint32_t i = 0; i < f->count; i++) {
		draft_free(&f->raws[i].draft);
		free(f->raws[i].references);
	}
	free(f->raws);
}
