/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One field, with all its elements, as a QEMU loads it. */
#include "config.h"

#include "decode/load.h"

#include "base/limits.h"

/* include/migration/vmstate.h: VMS_NULLPTR_MARKER, all releases; 11.1 sends
 * one of both before each element of its marked arrays */
#define NULL_MARKER 0x30
#define POINTER_MARKER 0x31

/* Steps through the elements of a run of entries. */
struct element {
	const struct desc_field *f; /* of the element, or NULL */
	uint32_t entry, run;
	uint64_t left; /* elements of this entry */
};

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

static const struct desc_object *object_in(const struct desc_field *f,
					   uint64_t k)
{
	if (!f || !f->object_count)
		return NULL;
	return &f->objects[k < f->object_count ? k : f->object_count - 1];
}

/* A field while it is read. */
struct reading {
	struct load_object *o;
	uint32_t i; /* in o->v->fields */
	const struct schema_field *f;
	struct where w;
	struct element reference, witness;
	uint64_t count; /* elements */
	/* As a description counts: markers have entries of their own. */
	uint64_t entries, entry;
};

static struct load_entries entries_of(const struct reading *r)
{
	return (struct load_entries){ r->reference.f, r->witness.f };
}

static struct decoder *decoder_of(const struct reading *r)
{
	return &r->o->ld->dec;
}

/* ---- looking ahead ---- */

/* Nothing is told, and all is as it was afterwards. */
struct ahead {
	struct sink sink, *old;
	struct faults faults;
	uint64_t at;
};

static void ahead_begin(struct loader *ld, struct ahead *a)
{
	a->at = rd_tell(ld->dec.rd);
	a->old = ld->dec.sink;
	a->faults = (struct faults){ .mute = true };
	a->sink = (struct sink){ .faults = &a->faults, .claimed = a->at };
	ld->dec.sink = &a->sink;
	ld->show = false;
}

/* Bytes that were read. */
static uint64_t ahead_end(struct loader *ld, struct ahead *a)
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

uint64_t load_bytes(const struct schema_field *f, uint64_t number)
{
	if (f->flags & FIELD_MULTIPLY &&
	    __builtin_mul_overflow(number, f->size, &number))
		return UINT64_MAX;
	if (text_is(f->type, "bitmap"))
		number = number / 64 * 8 + (number % 64 ? 8 : 0);
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

/* ---- leaves ---- */

/* Bytes of an element; 0: its type's reader knows. */
static uint64_t size_of(const struct reading *r)
{
	const struct type_codec *c = type_codec_find(r->f->type);
	const struct load_oracle *oracle = r->o->ld->oracle;
	uint64_t n;

	if (r->f->flags & FIELD_VBUFFER)
		return object_source(r->o, &r->f->length, &n) ?
			       load_bytes(r->f, n) :
			       oracle->buffer(r->o, r->i, entries_of(r));
	if (c && c->size)
		return c->size;
	if (text_is(r->f->type, "pci config"))
		return r->f->size;
	return oracle->leaf(r->o, r->i, entries_of(r));
}

static bool load_leaf(struct reading *r)
{
	struct loader *ld = r->o->ld;
	struct desc_field d = { .name = r->o->names[r->i],
				.type = r->f->type,
				.size = size_of(r),
				.index = -1,
				.run = 1,
				.has_size = true };
	const struct type_codec *c = type_codec_find(d.type);
	uint64_t at = rd_tell(ld->dec.rd);

	if (ld->show && !d.size && c && c->read) {
		struct ahead a;

		ahead_begin(ld, &a);
		decode_value(&ld->dec, &r->w, &d, r->w.index);
		d.size = ahead_end(ld, &a);
	}
	return decode_value(&ld->dec, &r->w, &d, r->w.index) &&
	       (!ld->oracle->leaf_read ||
		ld->oracle->leaf_read(r->o, r->i, &r->w, at));
}

/* ---- objects in fields ---- */

/* Behind a nested object QEMU looks for a subsection. Where the input ends
 * there, that look fails the field, whatever would have come next
 * (migration/vmstate.c: vmstate_load_state: qemu_file_get_error). */
static bool input_over(const struct reading *r)
{
	struct decoder *d = decoder_of(r);

	if (rd_peek(d->rd, 1))
		return false;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_TRUNCATED,
				   .offset = rd_tell(d->rd),
				   .a = 1,
				   .name = r->w.name },
		  &r->w);
	return true;
}

/* k: which element of the field it is, n: which object in the element's
 * descriptions. */
static bool load_nested(struct reading *r, const struct schema_vmsd *v,
			int64_t version, uint64_t k, uint64_t n)
{
	const struct load_object *o = r->o;
	const struct schema_field *f = r->f;
	const bool embedded =
		!(f->flags & (FIELD_POINTER | FIELD_ARRAY_OF_POINTER)) &&
		f->shape != DESC_QUEUE && f->shape != DESC_TREE &&
		f->shape != DESC_INLINE && o->v->known & KNOWN_OFFSETS;
	struct load_object inner = { .ld = o->ld,
				     .v = v,
				     .version = version,
				     .reference = object_in(r->reference.f, n),
				     .witness = object_in(r->witness.f, n),
				     .w = &r->w,
				     .outer = o };

	if (!v) {
		o->ld->unknown = true;
		return false;
	}
	if (embedded) {
		inner.loaded = o->loaded;
		inner.base = o->base + f->offset + k * f->size;
	}
	return load_object(&inner) && !input_over(r);
}

static bool read_byte(struct reading *r, const char *name, uint64_t *ret)
{
	return decode_leaf(decoder_of(r), &r->w, text_of(name), TEXT("mark"),
			   -1, MS_UINT, 1, ret);
}

static bool tree_complete(struct reading *r, uint64_t k, uint64_t count)
{
	struct decoder *d = decoder_of(r);

	if (k == count)
		return true;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_TREE,
				   .offset = rd_tell(d->rd) - 1,
				   .length = 1,
				   .a = k,
				   .b = count,
				   .name = r->f->name },
		  &r->w);
	return false;
}

static bool group_object(struct reading *r, const struct schema_vmsd *v,
			 const char *name, uint64_t k, uint64_t n)
{
	struct decoder *d = decoder_of(r);
	const bool show = r->o->ld->show;

	if (show && v)
		decode_open(d, text_of(name), v->name, (int64_t)k, NULL, 0);
	if (!load_nested(r, v, v ? v->version : 0, k, n))
		return false;
	if (show)
		decode_close(d);
	return true;
}

/* qtailq, qlist: { u8 non-zero | object } … u8 0
 * gtree: be32 count | { u8 non-zero | key | value } … u8 0
 * (migration/vmstate-types.c: get_qtailq, get_qlist, get_gtree) */
static bool load_group(struct reading *r)
{
	const struct schema_field *f = r->f;
	const bool tree = f->shape == DESC_TREE;
	struct decoder *d = decoder_of(r);
	uint64_t count = 0, k = 0, per = tree && f->key ? 2 : 1, more;

	if (tree && !decode_leaf(d, &r->w, TEXT("count"), TEXT("uint32"), -1,
				 MS_UINT, 4, &count))
		return false;
	for (;; k++) {
		r->w.index = (int64_t)k;
		if (!load_step(r->o->ld, &r->w) || !read_byte(r, "more", &more))
			return false;
		if (!more)
			return !tree || tree_complete(r, k, count);
		if (tree && !f->key &&
		    !decode_leaf(d, &r->w, TEXT("key"), TEXT("uint64"),
				 (int64_t)k, MS_UINT, 8, NULL))
			return false;
		/* the loader uses the field's own version for the key */
		if (tree && f->key &&
		    !group_object(r, f->key, "key", k, per * k))
			return false;
		if (!group_object(r, f->vmsd, tree ? "value" : "element", k,
				  per * k + per - 1))
			return false;
	}
}

static bool is_leaf(const struct schema_field *f)
{
	return f->shape == DESC_LEAF &&
	       !(f->flags & (FIELD_STRUCT | FIELD_VSTRUCT));
}

/* What a field holds that is no leaf. */
static bool load_composite(struct reading *r, uint64_t k)
{
	const struct schema_field *f = r->f;

	if (f->shape == DESC_QUEUE || f->shape == DESC_TREE)
		return load_group(r);
	return load_nested(r, f->vmsd,
			   f->flags & FIELD_VSTRUCT ? f->struct_version :
			   f->vmsd                  ? f->vmsd->version :
						      0,
			   k, 0);
}

static void open_composite(struct reading *r, uint64_t k)
{
	const struct schema_field *f = r->f;
	struct decoder *d = decoder_of(r);
	const uint8_t *raw = NULL;
	uint64_t n = 0;

	if (f->shape != DESC_LEAF && f->shape != DESC_STRUCT) {
		struct reading again = *r;
		struct ahead a;

		ahead_begin(r->o->ld, &a);
		load_composite(&again, k);
		n = ahead_end(r->o->ld, &a);
		raw = decode_raw(d, n);
	}
	decode_open(d, r->w.name, f->type, r->w.index, raw, n);
}

static bool load_element(struct reading *r, uint64_t k)
{
	if (is_leaf(r->f))
		return load_leaf(r);
	if (!r->o->ld->show)
		return load_composite(r, k);
	open_composite(r, k);
	if (!load_composite(r, k))
		return false;
	decode_close(decoder_of(r));
	return true;
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
	struct decoder *d = decoder_of(r);

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
	struct decoder *d = decoder_of(r);
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
			 marked ? TEXT("ptr-marker") : TEXT("nullptr"),
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
	struct decoder *d = decoder_of(r);

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
	return r->count == 1 && is_leaf(r->f) &&
	       !(r->f->flags & (FIELD_BUFFER | FIELD_VBUFFER));
}

bool load_field(struct load_object *o, uint32_t i, struct load_entries e)
{
	const struct schema_field *f = &o->v->fields[i];
	struct loader *ld = o->ld;
	struct reading r = { .o = o,
			     .i = i,
			     .f = f,
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

	if (ld->hurried && r.count > 1 && r.count > rd_left(ld->dec.rd))
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
