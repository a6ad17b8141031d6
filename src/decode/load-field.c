/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One field, with all its elements, as a QEMU loads it. */
#include "config.h"

#include "decode/decode-priv.h"
#include "decode/load-priv.h"

#include "base/limits.h"

static struct element element_first(const struct desc_field *f)
{
	struct element e = { .f = f };

	if (f) {
		e.run = f->run;
		e.left = desc_first_count(f);
	}
	return e;
}

bool load_is_marker(const struct desc_field *f)
{
	return f->size == 1 &&
	       (text_is(f->type, "ptr-marker") || text_is(f->type, "nullptr"));
}

static void element_next(struct element *e)
{
	if (!e->f || (e->left && --e->left))
		return;
	if (++e->entry >= e->run) {
		e->f = NULL;
		return;
	}
	e->f++;
	e->left = desc_entry_count(e->f);
}

/* ---- looking ahead ---- */

void ahead_begin(struct loader *ld, struct ahead *a)
{
	a->at = rd_tell(ld->dec.rd);
	a->old = ld->dec.sink;
	a->faults = (struct faults){ .mute = true };
	a->sink = (struct sink){ .faults = &a->faults, .claimed = a->at };
	ld->dec.sink = &a->sink;
	ld->show = false;
}

uint64_t ahead_end(struct loader *ld, struct ahead *a)
{
	uint64_t n = rd_tell(ld->dec.rd) - a->at;

	rd_seek(ld->dec.rd, a->at);
	a->old->faults->failed |= a->faults.failed;
	ld->dec.sink = a->old;
	ld->show = true;
	return n;
}

/* ---- counts ---- */

uint64_t load_elements(const struct schema_field *f, uint64_t number)
{
	if (f->flags & FIELD_MULTIPLY_ELEMENTS &&
	    __builtin_mul_overflow(number, (uint64_t)f->num, &number))
		return UINT64_MAX;
	return number;
}

static uint64_t count_of(const struct load_object *o, uint32_t i,
			 struct load_entries e)
{
	const struct schema_field *f = &o->v->fields[i];
	uint64_t n;

	if (f->flags & FIELD_VARRAY)
		return object_source(o, &f->count, &n) ?
			       load_elements(f, n) :
			       o->ld->oracle->elements(o, i, e);
	if (f->flags & FIELD_ARRAY ||
	    (f->flags & FIELD_ARRAY_OF_POINTER && f->num))
		return f->num;
	return 1;
}

/* ---- elements ---- */

static void entry_done(struct reading *r)
{
	element_next(&r->reference);
	element_next(&r->witness);
	r->entry++;
}

static bool bad_marker(struct reading *r, uint64_t mark)
{
	struct decoder *d = reading_decoder(r);

	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_NULL,
				   .offset = rd_tell(d->rd) - 1,
				   .length = 1,
				   .a = mark,
				   .name = r->f->name },
		  &r->w);
	return false;
}

/* A pointer in an array may be NULL: one marker byte stands for it. Which are
 * NULL the destination knows by itself, before it reads; newer releases read
 * a marker first, then the object, if there is one.
 * *ret_null: the element is done. */
static bool load_marker(struct reading *r, bool *ret_null)
{
	const bool marked = r->f->flags & FIELD_POINTER_MARKERS;
	struct decoder *d = reading_decoder(r);
	const uint8_t *p;
	uint64_t mark;

	*ret_null = false;
	if (!(r->f->flags & (FIELD_ARRAY_OF_POINTER | FIELD_POINTER_MARKERS)))
		return true;
	p = rd_peek(d->rd, 1);
	if (!marked && (!p || *p != NULL_MARKER) &&
	    !(r->reference.f && load_is_marker(r->reference.f)))
		return true;
	if (!decode_leaf(d, &r->w, r->w.name,
			 r->o->ld->cache->markers ? TEXT("ptr-marker") :
						    TEXT("nullptr"),
			 r->w.index, MS_NULLPTR, 1, &mark))
		return false;
	*ret_null = mark == NULL_MARKER;
	if (!*ret_null && (!marked || mark != POINTER_MARKER))
		return bad_marker(r, mark);
	if (!marked || *ret_null)
		return true;
	/* the descriptions have an entry for the marker, and one behind it */
	if (r->reference.f && load_is_marker(r->reference.f))
		element_next(&r->reference);
	if (r->witness.f && load_is_marker(r->witness.f))
		element_next(&r->witness);
	r->entry++;
	return true;
}

static int64_t index_of(const struct reading *r, uint64_t k)
{
	if (r->o->ld->show)
		return r->entries > 1 ? (int64_t)r->entry : -1;
	return r->count > 1 ? (int64_t)k : -1;
}

static bool load_all(struct reading *r)
{
	for (uint64_t k = 0; k < r->count; k++) {
		bool null;

		r->w.index = index_of(r, k);
		if (!load_step(r->o->ld, &r->w) || !load_marker(r, &null))
			return false;
		r->w.index = index_of(r, k);
		if (!null && !load_element(r, k))
			return false;
		entry_done(r);
	}
	return true;
}

/* All elements, in the brackets of an array. */
static bool show_all(struct reading *r)
{
	struct decoder *d = reading_decoder(r);

	r->entries = r->count;
	if (r->f->flags & FIELD_POINTER_MARKERS) {
		struct reading again = *r;
		struct ahead a;

		ahead_begin(r->o->ld, &a);
		load_all(&again);
		ahead_end(r->o->ld, &a);
		r->entries = again.entry;
	}
	if (r->entries > 1)
		decode_array_open(d, r->w.name, r->f->type, r->entries);
	if (!load_all(r))
		return false;
	if (r->entries > 1)
		decode_array_close(d);
	return true;
}

static bool is_number(const struct reading *r)
{
	return r->count == 1 && reading_leaf(r->f) &&
	       !(r->f->flags & (FIELD_BUFFER | FIELD_VBUFFER));
}

bool load_field(struct load_object *o, uint32_t i, struct load_entries e)
{
	const struct schema_field *f = &o->v->fields[i];
	struct loader *ld = o->ld;
	struct reading r = { .o = o,
			     .i = i,
			     .f = f,
			     .codec = type_codec_find(f->type),
			     .w = { .outer = o->w,
				    .kind = WHERE_FIELD,
				    .name = o->names[i],
				    .index = -1,
				    .vmsd = o->v->name,
				    .type = f->type,
				    .member = f->name },
			     .reference = element_first(e.reference),
			     .witness = element_first(e.witness),
			     .count = count_of(o, i, e) };
	uint64_t at = rd_tell(ld->dec.rd);

	if (ld->end && r.count > 1 && (at > ld->end || r.count > ld->end - at))
		return false;
	if (!(ld->show ? show_all(&r) : load_all(&r)))
		return false;
	o->places[i] = at;
	if (!is_number(&r) || rd_tell(ld->dec.rd) - at > 8)
		return true;
	o->values[i] = (int64_t)ld->dec.number;
	return !(o->v->known & KNOWN_OFFSETS) || f->flags & FIELD_POINTER ||
	       object_keep(o, f->offset, ld->dec.number);
}
