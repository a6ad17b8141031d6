/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/load.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

bool load_step(struct loader *ld, const struct where *w)
{
	if (++*ld->work <= ld->most)
		return true;
	fault_add(ld->dec.sink->faults,
		  &(struct fault){ .code = F_LIMIT,
				   .offset = rd_tell(ld->dec.rd),
				   .a = *ld->work,
				   .b = ld->most,
				   .name = TEXT("steps of a load") },
		  w);
	return false;
}

/* ---- numbers ---- */

bool object_value(const struct load_object *o, const char *field, int64_t *ret)
{
	for (uint32_t i = 0; i < o->v->field_count; i++)
		if (o->places[i] && text_is(o->v->fields[i].name, field)) {
			*ret = o->values[i];
			return true;
		}
	return false;
}

uint64_t object_place(const struct load_object *o, const char *field)
{
	for (uint32_t i = 0; i < o->v->field_count; i++)
		if (o->places[i] && text_is(o->v->fields[i].name, field))
			return o->places[i];
	return 0;
}

static const struct loaded *number_at(const struct load_object *o,
				      const struct loaded_list *l,
				      uint64_t offset)
{
	for (size_t i = l->count; i--; ++*o->ld->work)
		if (l->items[i].offset == o->base + offset)
			return &l->items[i];
	return NULL;
}

bool object_number(const struct load_object *o, uint64_t offset, uint64_t *ret)
{
	const struct loaded *n = number_at(o, &o->loaded->sent, offset);

	if (!n)
		n = number_at(o, &o->loaded->assumed, offset);
	if (n)
		*ret = n->number;
	return n;
}

static void add_number(const struct load_object *o, struct loaded_list *l,
		       uint64_t offset, uint64_t number)
{
	struct loaded *p;

	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 32;

		p = mem_resize(l->items, room * sizeof(*p));
		if (!p) {
			o->ld->dec.sink->faults->failed = true;
			return;
		}
		l->items = p;
		l->room = room;
	}
	l->items[l->count++] = (struct loaded){ o->base + offset, number };
}

bool object_keep(const struct load_object *o, uint64_t offset, uint64_t number)
{
	const struct loaded *n = number_at(o, &o->loaded->assumed, offset);

	add_number(o, &o->loaded->sent, offset, number);
	return !n || n->number == number;
}

void object_assume(const struct load_object *o, const struct schema_source *src,
		   uint64_t n)
{
	if (src->width && o->v->known & KNOWN_OFFSETS)
		add_number(o, &o->loaded->assumed, src->offset, n);
}

bool object_source(const struct load_object *o, const struct schema_source *src,
		   uint64_t *ret)
{
	if (src->field >= 0 && (uint32_t)src->field < o->v->field_count &&
	    o->places[src->field]) {
		*ret = (uint64_t)o->values[src->field];
		return true;
	}
	return src->width && o->v->known & KNOWN_OFFSETS &&
	       object_number(o, src->offset, ret);
}

/* ---- names ---- */

/* QEMU's names in a description: [k] behind one that is not unique. */
static struct ms_text wire_name(struct arena *a, const struct schema_vmsd *v,
				uint32_t i)
{
	int k = schema_field_ordinal(v, i);
	struct ms_text name = v->fields[i].name;
	char room[300];
	int n;

	if (k < 0)
		return name;
	n = snprintf(room, sizeof(room), "%.*s[%d]",
		     (int)(name.length < 256 ? name.length : 256), name.bytes,
		     k);
	return arena_text(a, text_make(room, (size_t)n));
}

static bool has_markers(const struct schema_vmsd *v)
{
	uint32_t i = 0;

	while (i < v->field_count &&
	       !(v->fields[i].flags & FIELD_POINTER_MARKERS))
		i++;
	return i < v->field_count;
}

void load_cache_init(struct load_cache *c, const struct schema *s)
{
	*c = (struct load_cache){ .count = s ? s->vmsd_count : 0 };
	arena_init(&c->arena, MAX_MODEL_BYTES);
	for (uint32_t i = 0; i < c->count && !c->markers; i++)
		c->markers = has_markers(s->vmsds[i]);
}

void load_cache_free(struct load_cache *c)
{
	arena_free(&c->arena);
}

/* NULL: no memory. */
static const struct ms_text *names_of(struct load_cache *c,
				      const struct schema_vmsd *v)
{
	struct ms_text *n;

	if (!c->names)
		c->names = arena_array(&c->arena, c->count, sizeof(*c->names));
	if (!c->names || v->number >= c->count)
		return NULL;
	if (c->names[v->number])
		return c->names[v->number];
	n = arena_array(&c->arena, v->field_count + 1, sizeof(*n));
	if (!n)
		return NULL;
	for (uint32_t i = 0; i < v->field_count; i++)
		n[i] = wire_name(&c->arena, v, i);
	return c->names[v->number] = n;
}

/* ---- fields ---- */

/* What a description is asked for field by field, in order. */
struct cursor {
	const struct desc_object *o; /* or NULL */
	uint32_t at;
};

/* The first entry of that name from the cursor on. */
static const struct desc_field *entry_find(struct loader *ld, struct cursor *c,
					   struct ms_text name)
{
	for (uint32_t i = c->at; c->o && i < c->o->field_count;
	     i += c->o->fields[i].run, ++*ld->work)
		if (text_eq(c->o->fields[i].name, name)) {
			c->at = i + c->o->fields[i].run;
			return &c->o->fields[i];
		}
	return NULL;
}

static bool must_exist(const struct load_object *o,
		       const struct schema_field *f)
{
	struct where w = { .outer = o->w,
			   .kind = WHERE_FIELD,
			   .name = f->name,
			   .index = -1,
			   .vmsd = o->v->name,
			   .type = f->type };

	fault_add(o->ld->dec.sink->faults,
		  &(struct fault){ .code = F_DEST_MUST_EXIST,
				   .offset = rd_tell(o->ld->dec.rd),
				   .a = (uint64_t)o->version,
				   .name = f->name,
				   .other = o->v->name },
		  &w);
	return false;
}

static bool present(const struct load_object *o, uint32_t i,
		    struct load_entries e)
{
	const struct schema_field *f = &o->v->fields[i];
	bool there;

	if (!(f->flags & FIELD_CONDITIONAL))
		return f->version <= o->version;
	return exists_by_value(o, i, &there) ? there :
					       o->ld->oracle->exists(o, i, e);
}

static bool load_fields(struct load_object *o)
{
	struct cursor ref = { .o = o->reference }, wit = { .o = o->witness };

	for (uint32_t i = 0; i < o->v->field_count; i++) {
		const struct schema_field *f = &o->v->fields[i];
		const struct load_oracle *oracle = o->ld->oracle;
		struct load_entries e;

		if (!load_step(o->ld, o->w))
			return false;
		if (f->flags & FIELD_CHECK) {
			if (oracle->check && !oracle->check(o, i))
				return false;
			continue;
		}
		e.reference = entry_find(o->ld, &ref, o->names[i]);
		e.witness = entry_find(o->ld, &wit, o->names[i]);
		if (present(o, i, e) ?
			    !load_field(o, i, e) :
			    f->flags & FIELD_MUST_EXIST && !must_exist(o, f))
			return false;
	}
	return true;
}

/* ---- subsections ---- */

static const struct desc_object *described(const struct desc_object *o,
					   struct ms_text name)
{
	for (uint32_t i = 0; o && i < o->subsection_count; i++)
		if (text_eq(o->subsections[i].vmsd, name))
			return &o->subsections[i];
	return NULL;
}

static const struct schema_vmsd *subsection_of(const struct schema_vmsd *v,
					       struct ms_text name,
					       uint32_t *ret_index)
{
	const char *nul = memchr(name.bytes, '\0', name.length);

	if (nul) /* QEMU compares C strings */
		name.length = (size_t)(nul - name.bytes);
	for (uint32_t i = 0; i < v->subsection_count; i++)
		if (text_eq(v->subsections[i]->name, name)) {
			*ret_index = i;
			return v->subsections[i];
		}
	return NULL;
}

/* QEMU reads it once more; no QEMU writes it twice. */
static void tell_repeated(struct load_object *o, uint64_t at,
			  const struct where *w)
{
	fault_add(o->ld->dec.sink->faults,
		  &(struct fault){ .code = F_SUBSECTION_REPEATED,
				   .offset = at,
				   .length = rd_tell(o->ld->dec.rd) - at,
				   .name = w->name,
				   .other = o->v->name },
		  w);
}

/* *seen: bits of the first 64, enough to tell of repeated ones. */
static bool load_subsection(struct load_object *o, struct ms_text here,
			    uint64_t *seen)
{
	struct decoder *d = &o->ld->dec;
	uint32_t version, index = 0;
	const struct schema_vmsd *sub = subsection_of(o->v, here, &index);
	uint64_t at = rd_tell(d->rd);
	char name[256];

	if (!sub) {
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_DEST_SUBSECTION_UNKNOWN,
					   .offset = at,
					   .length = 2 + here.length,
					   .name = here,
					   .other = o->v->name },
			  o->w);
		return false;
	}

	struct where w = { .outer = o->w,
			   .kind = WHERE_SUBSECTION,
			   .name = sub->name,
			   .index = -1,
			   .vmsd = o->v->name };
	struct load_object s = { .ld = o->ld,
				 .v = sub,
				 .reference =
					 described(o->reference, sub->name),
				 .witness = described(o->witness, sub->name),
				 .w = &w,
				 .outer = o,
				 .loaded = o->loaded,
				 .base = o->base };

	if (!decode_subsection_open(d, o->v->name, name, &version)) {
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_FIELD_TRUNCATED,
					   .offset = at,
					   .length = rd_left(d->rd),
					   .a = 4,
					   .b = rd_left(d->rd),
					   .name = sub->name },
			  &w);
		return false;
	}
	if (o->ld->show && index < 64 && *seen >> index & 1)
		tell_repeated(o, at, &w);
	if (index < 64)
		*seen |= UINT64_C(1) << index;
	/* kept in 8 bits (migration/vmstate.c: vmstate_subsection_load) */
	s.version = (uint8_t)version;
	if (!load_object(&s))
		return false;
	decode_subsection_close(d);
	return true;
}

static bool load_subsections(struct load_object *o)
{
	uint64_t seen = 0;

	for (;;) {
		struct ms_text here = decode_subsection_peek(&o->ld->dec);

		if (here.length < o->v->name.length + 1 ||
		    !text_starts(here, o->v->name))
			return true;
		if (!load_step(o->ld, o->w) || !load_subsection(o, here, &seen))
			return false;
	}
}

/* ---- objects ---- */

static bool version_ok(const struct load_object *o)
{
	bool too_new = o->version > o->v->version;
	bool too_old = o->v->known & KNOWN_MINIMUM &&
		       o->version < o->v->minimum &&
		       !(o->v->hooks & HOOK_LOAD_STATE_OLD);
	bool sub = o->w->kind == WHERE_SUBSECTION;

	if (!too_new && !too_old)
		return true;
	fault_add(o->ld->dec.sink->faults,
		  &(struct fault){
			  .code = sub ? (too_new ? F_DEST_SUBSECTION_TOO_NEW :
						   F_DEST_SUBSECTION_TOO_OLD) :
					(too_new ? F_DEST_OBJECT_TOO_NEW :
						   F_DEST_SECTION_TOO_OLD),
			  .offset = rd_tell(o->ld->dec.rd) - 4,
			  .length = 4,
			  .a = (uint64_t)o->version,
			  .b = (uint64_t)(too_new ? o->v->version :
						    o->v->minimum),
			  .name = o->v->name,
			  .other = sub ? o->w->vmsd : TEXT("") },
		  o->w);
	return false;
}

static bool too_deep(const struct load_object *o)
{
	if (o->ld->depth < MAX_DECODE_DEPTH)
		return false;
	fault_add(o->ld->dec.sink->faults,
		  &(struct fault){ .code = F_DEPTH,
				   .offset = rd_tell(o->ld->dec.rd),
				   .a = o->ld->depth,
				   .b = MAX_DECODE_DEPTH },
		  o->w);
	return true;
}

bool load_object(const struct load_object *what)
{
	struct load_object o = *what;
	struct loaded_numbers own = { 0 };
	const struct load_oracle *oracle = o.ld->oracle;
	bool ok;

	if (too_deep(&o) || !version_ok(&o))
		return false;
	o.names = names_of(o.ld->cache, o.v);
	o.values =
		mem_zero(2 * (size_t)o.v->field_count + 1, sizeof(*o.values));
	if (!o.names || !o.values) {
		free(o.values);
		o.ld->dec.sink->faults->failed = true;
		return false;
	}
	o.places = (uint64_t *)(o.values + o.v->field_count);
	if (!o.loaded)
		o.loaded = &own;
	o.ld->depth++;
	ok = load_fields(&o) && load_subsections(&o) &&
	     (!oracle->loaded || oracle->loaded(&o));
	o.ld->depth--;
	free(own.sent.items);
	free(own.assumed.items);
	free(o.values);
	return ok;
}
