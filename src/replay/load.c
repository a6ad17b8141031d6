/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device's state, loaded the destination's way (migration/vmstate.c:
 * vmstate_load_state, vmstate_subsection_load; 5.2 to 11.1).
 *
 * The destination's schema says which fields there can be. What it leaves
 * open (conditional fields, counts that are not sent) depends on how the
 * destination's device is set up, which its reference stream shows; where it
 * does not, what the source wrote is taken for what the destination expects. */
#include "config.h"

#include "replay/priv.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "decode/items.h"

#include <stdio.h>
#include <stdlib.h>

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

bool object_local(const struct load_object *o, const char *field, int64_t *ret)
{
	struct where w = { .outer = o->w,
			   .kind = WHERE_FIELD,
			   .name = text_of(field),
			   .index = -1 };
	const struct local *v = load_local(o->l, &w, w.name, -1);

	if (v)
		*ret = (int64_t)v->number;
	return v;
}

const struct local *load_local(const struct load *l, const struct where *w,
			       struct ms_text name, int64_t index)
{
	return locals_find(&l->r->dest->locals,
			   local_key(l->root, w, name, index));
}

void load_fault(struct load *l, const struct fault *f, const struct where *w)
{
	fault_add(l->sink.faults, f, w);
}

void load_guess(struct load *l)
{
	l->guesses++;
	l->sink.faults->doubtful = true;
}

bool load_too_much(struct load *l, const struct where *w)
{
	if (++l->r->work <= MAX_LOAD_WORK)
		return false;
	load_fault(l,
		   &(struct fault){ .code = F_LIMIT,
				    .offset = rd_tell(l->dec.rd),
				    .a = l->r->work,
				    .b = MAX_LOAD_WORK,
				    .name = TEXT("steps of a load") },
		   w);
	return true;
}

/* ---- names ---- */

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

/* Kept for the next object of its kind. NULL: no memory. */
static const struct ms_text *names_of(struct replay *r,
				      const struct schema_vmsd *v)
{
	struct wire_names *n = &r->names[v->number % WIRE_NAMES];

	if (n->v == v)
		return n->names;
	n->v = NULL;
	n->names =
		arena_array(&r->arena, v->field_count + 1, sizeof(*n->names));
	if (!n->names)
		return NULL;
	for (uint32_t i = 0; i < v->field_count; i++)
		n->names[i] = wire_name(&r->arena, v, i);
	n->v = v;
	return n->names;
}

/* ---- fields ---- */

/* The first entry of that name from the cursor on. */
static const struct desc_field *
entry_find(struct load *l, struct load_cursor *c, struct ms_text name)
{
	for (uint32_t i = c->at; c->o && i < c->o->field_count;
	     i += c->o->fields[i].run, l->r->work++)
		if (text_eq(c->o->fields[i].name, name)) {
			c->at = i + c->o->fields[i].run;
			return &c->o->fields[i];
		}
	return NULL;
}

/* Whether the destination reads a field that its own code decides on: as it
 * did when it wrote that version itself, else as the source did. */
static bool conditional(struct load_object *o, uint32_t i,
			const struct desc_field *ref,
			const struct desc_field *wit)
{
	bool there;

	if (exists_by_value(o, i, &there))
		return there;
	if (o->reference && (o->reference->version == o->version ||
			     !o->witness || o->witness->version != o->version))
		return ref;
	if (o->witness)
		return wit;
	load_guess(o->l);
	return true;
}

static bool must_exist(struct load_object *o, const struct schema_field *f)
{
	struct where w = { .outer = o->w,
			   .kind = WHERE_FIELD,
			   .name = f->name,
			   .index = -1,
			   .vmsd = o->v->name,
			   .type = f->type };

	load_fault(o->l,
		   &(struct fault){ .code = F_DEST_MUST_EXIST,
				    .offset = rd_tell(o->l->dec.rd),
				    .a = (uint64_t)o->version,
				    .name = f->name,
				    .other = o->v->name },
		   &w);
	return false;
}

static bool load_fields(struct load_object *o)
{
	struct load_cursor ref = { .o = o->reference },
			   wit = { .o = o->witness };

	for (uint32_t i = 0; i < o->v->field_count; i++) {
		const struct schema_field *f = &o->v->fields[i];
		const struct desc_field *r, *s;
		bool present;

		if (load_too_much(o->l, o->w))
			return false;
		if (f->flags & FIELD_CHECK) {
			if (!o->l->quiet && !o->l->r->learn &&
			    !validate_check(o, i))
				return false;
			continue;
		}
		r = entry_find(o->l, &ref, o->names[i]);
		s = entry_find(o->l, &wit, o->names[i]);
		present = f->flags & FIELD_CONDITIONAL ?
				  conditional(o, i, r, s) :
				  f->version <= o->version;
		if (present ? !load_field(o, i, r, s) :
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
					       struct ms_text name)
{
	const char *nul = memchr(name.bytes, '\0', name.length);

	if (nul) /* QEMU compares C strings */
		name.length = (size_t)(nul - name.bytes);
	for (uint32_t i = 0; i < v->subsection_count; i++)
		if (text_eq(v->subsections[i]->name, name))
			return v->subsections[i];
	return NULL;
}

static bool load_subsection(struct load_object *o, struct ms_text here)
{
	struct decoder *d = &o->l->dec;
	const struct schema_vmsd *sub = subsection_of(o->v, here);
	uint64_t at = rd_tell(d->rd);
	uint32_t version;
	char name[256];

	if (!sub) {
		load_fault(o->l,
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
	struct load_object s = { .l = o->l,
				 .v = sub,
				 .reference =
					 described(o->reference, sub->name),
				 .witness = described(o->witness, sub->name),
				 .w = &w,
				 .outer = o,
				 .loaded = o->loaded,
				 .base = o->base };

	if (!decode_subsection_open(d, o->v->name, name, &version)) {
		load_fault(o->l,
			   &(struct fault){ .code = F_FIELD_TRUNCATED,
					    .offset = at,
					    .length = rd_left(d->rd),
					    .a = 4,
					    .b = rd_left(d->rd),
					    .name = sub->name },
			   &w);
		return false;
	}
	/* kept in 8 bits (migration/vmstate.c: vmstate_subsection_load) */
	s.version = (uint8_t)version;
	if (!load_object(&s))
		return false;
	decode_subsection_close(d);
	return true;
}

static bool load_subsections(struct load_object *o)
{
	for (;;) {
		struct ms_text here = decode_subsection_peek(&o->l->dec);

		if (here.length < o->v->name.length + 1 ||
		    !text_starts(here, o->v->name))
			return true;
		if (load_too_much(o->l, o->w) || !load_subsection(o, here))
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
	load_fault(o->l,
		   &(struct fault){
			   .code = sub ? (too_new ? F_DEST_SUBSECTION_TOO_NEW :
						    F_DEST_SUBSECTION_TOO_OLD) :
					 (too_new ? F_DEST_OBJECT_TOO_NEW :
						    F_DEST_SECTION_TOO_OLD),
			   .offset = rd_tell(o->l->dec.rd) - 4,
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
	if (o->l->depth < MAX_DECODE_DEPTH)
		return false;
	load_fault(o->l,
		   &(struct fault){ .code = F_DEPTH,
				    .offset = rd_tell(o->l->dec.rd),
				    .a = o->l->depth,
				    .b = MAX_DECODE_DEPTH },
		   o->w);
	return true;
}

bool load_object(const struct load_object *what)
{
	struct load_object o = *what;
	struct loaded_list own = { 0 };
	bool ok;

	if (too_deep(&o) || !version_ok(&o))
		return false;
	o.names = names_of(o.l->r, o.v);
	o.values =
		mem_zero(2 * (size_t)o.v->field_count + 1, sizeof(*o.values));
	if (!o.names || !o.values) {
		free(o.values);
		o.l->sink.faults->failed = true;
		return false;
	}
	o.places = (uint64_t *)(o.values + o.v->field_count);
	if (!o.loaded)
		o.loaded = &own;
	o.l->depth++;
	ok = load_fields(&o) && load_subsections(&o) &&
	     (o.l->quiet || o.l->r->learn || post_load_check(&o));
	o.l->depth--;
	free(own.items);
	free(o.values);
	return ok;
}

/* ---- a section ---- */

static bool keep_local(struct load *l, const struct where *w,
		       const struct ms_record *rec)
{
	const bool number = rec->length <= 8;
	struct local v = {
		.key = local_key(l->root, w, rec->name, leaf_index(l, rec)),
		.number = rec->u.value.number,
		.length = rec->length,
		.data = number || rec->length > MAX_LOCAL_VALUE ? NULL :
								  rec->data,
	};

	locals_add(l->r->learn, &v);
	return true;
}

static bool look(void *ctx, const struct where *w, const struct ms_record *rec)
{
	struct load *l = ctx;

	l->number = rec->u.value.number;
	if (l->r->learn)
		return keep_local(l, w, rec);
	return leaf_check(l, w, rec);
}

/* False: refused. */
static bool load_by(struct load *l, const struct handler *h,
		    const struct section *s, const struct where *w)
{
	struct load_object o = {
		.l = l,
		.v = h->vmsd,
		.version = s->version,
		.reference = h->reference ? &h->reference->object : NULL,
		.witness = h->witness ? &h->witness->object : NULL,
		.w = w,
	};
	struct faults *faults = l->sink.faults;
	bool ok;

	arena_init(&l->arena, MAX_MODEL_BYTES);
	l->dec.sink = &l->sink;
	faults->by_dest = true;
	if (h->vmsd)
		ok = load_object(&o);
	else
		ok = decode_object(&l->dec,
				   o.reference ? o.reference : o.witness,
				   w) == DECODE_OK;
	faults->by_dest = false;
	faults->doubtful = false;
	arena_free(&l->arena);
	return ok;
}

static struct load load_make(struct replay *r, const struct handler *h,
			     const struct section *s, struct faults *faults)
{
	return (struct load){
		.r = r,
		.handler = h,
		.dec = walk_decoder(r->w, s),
		.sink = { .faults = faults, .claimed = rd_tell(r->w->rd) },
		.root = local_root(h->name, h->instance),
	};
}

enum load_end load_section(struct replay *r, const struct handler *h,
			   const struct section *s, const struct where *w)
{
	struct load l =
		load_make(r, h, s, r->learn ? &r->scratch : r->w->faults);

	l.dec.check = look;
	l.dec.check_ctx = &l;
	if (load_by(&l, h, s, w))
		return LOAD_OK;
	return l.guesses ? LOAD_UNKNOWN : LOAD_REFUSED;
}

static bool note_number(void *ctx, const struct where *w,
			const struct ms_record *rec)
{
	struct load *l = ctx;

	(void)w;
	l->number = rec->u.value.number;
	return true;
}

void load_look(struct replay *r, const struct handler *h,
	       const struct section *s, const struct where *w, ms_visit visit,
	       void *ctx)
{
	struct load l = load_make(r, h, s, &r->scratch);

	l.dec.check = note_number;
	l.dec.check_ctx = &l;
	l.sink.visit = visit;
	l.sink.ctx = ctx;
	l.quiet = true;
	load_by(&l, h, s, w);
}
