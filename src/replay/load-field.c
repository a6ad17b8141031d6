/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One field, with all its elements, loaded the destination's way. */
#include "config.h"

#include "replay/priv.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

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

static bool is_marker(const struct desc_field *f)
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

/* ---- counts ---- */

/* A number of this C object that was loaded. */
static bool loaded_at(const struct load_object *o, uint64_t offset,
		      uint64_t *ret)
{
	for (size_t i = o->loaded->count; i--; o->l->r->work++)
		if (o->loaded->items[i].offset == o->base + offset) {
			*ret = o->loaded->items[i].number;
			return true;
		}
	return false;
}

static bool source_value(const struct load_object *o,
			 const struct schema_source *src, uint64_t *ret)
{
	if (src->field >= 0 && (uint32_t)src->field < o->v->field_count &&
	    o->places[src->field]) {
		*ret = (uint64_t)o->values[src->field];
		return true;
	}
	return src->width && o->v->known & KNOWN_OFFSETS &&
	       loaded_at(o, src->offset, ret);
}

static void keep_number(struct load_object *o, uint32_t i)
{
	struct loaded_list *l = o->loaded;
	struct loaded *p;

	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 32;

		p = mem_resize(l->items, room * sizeof(*p));
		if (!p) {
			o->l->sink.faults->failed = true;
			return;
		}
		l->items = p;
		l->room = room;
	}
	l->items[l->count++] =
		(struct loaded){ o->base + o->v->fields[i].offset,
				 (uint64_t)o->values[i] };
}

/* Elements of a run. Each marker has an entry, and so has the object behind
 * it, if there is one. */
static uint64_t described_count(const struct schema_field *f,
				const struct desc_field *d)
{
	uint64_t n = 0;

	if (!d || !(f->flags & FIELD_POINTER_MARKERS))
		return d ? desc_run_count(d) : 0;
	for (uint32_t i = 0; i < d->run; i++)
		n += is_marker(&d[i]) ? desc_entry_count(&d[i]) : 0;
	return n;
}

/* How many elements the destination reads. Its own count, where the stream
 * does not bring it, shows in its reference. */
static uint64_t count_of(struct load_object *o, uint32_t i,
			 const struct desc_field *ref,
			 const struct desc_field *wit)
{
	const struct schema_field *f = &o->v->fields[i];
	uint64_t n = 1;

	if (f->flags & FIELD_VARRAY) {
		if (source_value(o, &f->count, &n)) {
			if (f->flags & FIELD_MULTIPLY_ELEMENTS &&
			    __builtin_mul_overflow(n, (uint64_t)f->num, &n))
				n = UINT64_MAX;
			return n;
		}
		if (o->reference)
			return described_count(f, ref);
		if (o->witness)
			return described_count(f, wit);
		load_guess(o->l);
		return 0;
	}
	if (f->flags & FIELD_ARRAY ||
	    (f->flags & FIELD_ARRAY_OF_POINTER && f->num))
		return f->num;
	return n;
}

/* ---- leaves ---- */

/* Types whose length on the wire follows from how the device is set up, not
 * from what is sent. */
static bool sized_by_device(struct ms_text type)
{
	return text_is(type, "msix state") || text_is(type, "shpc");
}

/* Bytes of an element; 0: its type's reader knows. */
static uint64_t size_of(struct load_object *o, uint32_t i,
			const struct desc_field *ref,
			const struct desc_field *wit)
{
	const struct schema_field *f = &o->v->fields[i];
	const struct type_codec *c = type_codec_find(f->type);
	const struct desc_field *seen = wit ? wit : ref;

	if (f->flags & FIELD_VBUFFER) {
		uint64_t n;

		if (source_value(o, &f->length, &n)) {
			if (f->flags & FIELD_MULTIPLY &&
			    __builtin_mul_overflow(n, f->size, &n))
				return UINT64_MAX;
			if (text_is(f->type, "bitmap"))
				n = n / 64 * 8 + (n % 64 ? 8 : 0);
			return n;
		}
		seen = ref ? ref : wit;
		if (!seen && !o->reference && !o->witness)
			load_guess(o->l);
		return seen ? seen->size : 0;
	}
	if (c && c->size)
		return c->size;
	if (text_is(f->type, "pci config"))
		return f->size;
	if (sized_by_device(f->type) && ref)
		return ref->size;
	/* types that have no length of their own: as the source wrote it */
	if ((c && c->read) || text_is(f->type, "fpr") ||
	    !(f->flags & FIELD_BUFFER || (c && !c->size && f->size)))
		return seen ? seen->size : c && c->read ? 0 : f->size;
	return f->size;
}

static bool load_leaf(struct load_object *o, uint32_t i, struct where *w,
		      int64_t index, const struct desc_field *ref,
		      const struct desc_field *wit)
{
	const struct schema_field *f = &o->v->fields[i];
	struct desc_field d = { .name = o->names[i],
				.type = f->type,
				.size = size_of(o, i, ref, wit),
				.index = -1,
				.run = 1,
				.has_size = true };
	uint64_t at = rd_tell(o->l->dec.rd);

	if (!decode_value(&o->l->dec, w, &d, index))
		return false;
	if (text_is(f->type, "virtio") && !o->l->r->learn && !o->l->quiet)
		return virtio_check(o->l, w, at, rd_tell(o->l->dec.rd));
	return true;
}

/* ---- objects in fields ---- */

/* Behind a nested object QEMU looks for a subsection. Where the input ends
 * there, that look fails the field, whatever would have come next
 * (migration/vmstate.c: vmstate_load_state: qemu_file_get_error). */
static bool input_over(const struct load_object *o, const struct where *w)
{
	if (rd_peek(o->l->dec.rd, 1))
		return false;
	load_fault(o->l,
		   &(struct fault){ .code = F_FIELD_TRUNCATED,
				    .offset = rd_tell(o->l->dec.rd),
				    .a = 1,
				    .name = w->name },
		   w);
	return true;
}

static bool load_nested(struct load_object *o, const struct schema_field *f,
			const struct schema_vmsd *v, int64_t version,
			const struct where *w, uint64_t k,
			const struct desc_object *ref,
			const struct desc_object *wit)
{
	const bool embedded =
		!(f->flags & (FIELD_POINTER | FIELD_ARRAY_OF_POINTER)) &&
		f->shape != DESC_QUEUE && f->shape != DESC_TREE &&
		f->shape != DESC_INLINE && o->v->known & KNOWN_OFFSETS;
	struct load_object inner = { .l = o->l,
				     .v = v,
				     .version = version,
				     .reference = ref,
				     .witness = wit,
				     .w = w,
				     .outer = o };

	if (embedded) {
		inner.loaded = o->loaded;
		inner.base = o->base + f->offset + k * f->size;
	}
	return load_object(&inner) && !input_over(o, w);
}

static bool read_byte(struct load_object *o, const struct where *w,
		      const char *name, uint8_t *ret)
{
	if (!decode_leaf(&o->l->dec, w, text_of(name), TEXT("mark"), -1,
			 MS_UINT, 1, NULL))
		return false;
	*ret = (uint8_t)o->l->number;
	return true;
}

static bool tree_complete(struct load_object *o, const struct schema_field *f,
			  const struct where *w, uint64_t k, uint64_t count)
{
	if (k == count)
		return true;
	load_fault(o->l,
		   &(struct fault){ .code = F_FIELD_TREE,
				    .offset = rd_tell(o->l->dec.rd) - 1,
				    .length = 1,
				    .a = k,
				    .b = count,
				    .name = f->name },
		   w);
	return false;
}

/* qtailq, qlist: { u8 non-zero | object } … u8 0
 * gtree: be32 count | { u8 non-zero | key | value } … u8 0
 * (migration/vmstate-types.c: get_qtailq, get_qlist, get_gtree) */
static bool load_group(struct load_object *o, const struct schema_field *f,
		       struct where *w, const struct desc_field *ref,
		       const struct desc_field *wit)
{
	const bool tree = f->shape == DESC_TREE;
	uint64_t count = 0, k = 0, per = tree && f->key ? 2 : 1;
	uint8_t more;

	if (tree && !decode_leaf(&o->l->dec, w, TEXT("count"), TEXT("uint32"),
				 -1, MS_UINT, 4, &count))
		return false;
	for (;; k++) {
		w->index = (int64_t)k;
		if (load_too_much(o->l, w) || !read_byte(o, w, "more", &more))
			return false;
		if (!more)
			return !tree || tree_complete(o, f, w, k, count);
		if (tree && !f->key &&
		    !decode_leaf(&o->l->dec, w, TEXT("key"), TEXT("uint64"),
				 (int64_t)k, MS_UINT, 8, NULL))
			return false;
		/* the loader uses the field's own version for the key */
		if (tree && f->key &&
		    !load_nested(o, f, f->key, f->key->version, w, k,
				 object_in(ref, per * k),
				 object_in(wit, per * k)))
			return false;
		if (!f->vmsd ||
		    !load_nested(o, f, f->vmsd, f->vmsd->version, w, k,
				 object_in(ref, per * k + per - 1),
				 object_in(wit, per * k + per - 1)))
			return false;
	}
}

/* ---- elements ---- */

static bool load_element(struct load_object *o, uint32_t i, struct where *w,
			 uint64_t k, const struct desc_field *ref,
			 const struct desc_field *wit)
{
	const struct schema_field *f = &o->v->fields[i];

	switch (f->shape) {
	case DESC_QUEUE:
	case DESC_TREE:
		return load_group(o, f, w, ref, wit);
	case DESC_LEAF:
		if (!(f->flags & (FIELD_STRUCT | FIELD_VSTRUCT)))
			return load_leaf(o, i, w, w->index, ref, wit);
		/* fallthrough */
	default:
		if (!f->vmsd) {
			load_guess(o->l);
			return false;
		}
		return load_nested(o, f, f->vmsd,
				   f->flags & FIELD_VSTRUCT ?
					   f->struct_version :
					   f->vmsd->version,
				   w, k, object_in(ref, 0), object_in(wit, 0));
	}
}

/* A pointer in an array may be NULL: one marker byte stands for it. Which are
 * NULL the destination knows by itself, before it reads; newer releases read
 * a marker first, then the object, if there is one.
 * *ret_null: the element is done. */
static bool load_marker(struct load_object *o, uint32_t i, struct where *w,
			struct element *ref, struct element *wit,
			bool *ret_null)
{
	const struct schema_field *f = &o->v->fields[i];
	const bool marked = f->flags & FIELD_POINTER_MARKERS;
	const uint8_t *p;
	uint8_t mark;

	*ret_null = false;
	if (!(f->flags & (FIELD_ARRAY_OF_POINTER | FIELD_POINTER_MARKERS)))
		return true;
	p = rd_peek(o->l->dec.rd, 1);
	if (!marked && (!p || *p != NULL_MARKER) &&
	    !(ref->f && is_marker(ref->f)))
		return true;
	if (!read_byte(o, w, "marker", &mark))
		return false;
	*ret_null = mark == NULL_MARKER;
	if (mark != NULL_MARKER && (!marked || mark != POINTER_MARKER)) {
		load_fault(o->l,
			   &(struct fault){ .code = F_FIELD_NULL,
					    .offset = rd_tell(o->l->dec.rd) - 1,
					    .length = 1,
					    .a = mark,
					    .name = f->name },
			   w);
		return false;
	}
	if (!marked || *ret_null)
		return true;
	/* the descriptions have an entry for the marker, and one behind it */
	if (ref->f && is_marker(ref->f))
		element_next(ref);
	if (wit->f && is_marker(wit->f))
		element_next(wit);
	return true;
}

static bool is_number(const struct schema_field *f, uint64_t n)
{
	return n == 1 && f->shape == DESC_LEAF &&
	       !(f->flags &
		 (FIELD_STRUCT | FIELD_VSTRUCT | FIELD_BUFFER | FIELD_VBUFFER));
}

bool load_field(struct load_object *o, uint32_t i,
		const struct desc_field *reference,
		const struct desc_field *witness)
{
	const struct schema_field *f = &o->v->fields[i];
	struct element ref = element_first(reference),
		       wit = element_first(witness);
	struct where w = { .outer = o->w,
			   .kind = WHERE_FIELD,
			   .name = o->names[i],
			   .index = -1,
			   .vmsd = o->v->name,
			   .type = f->type,
			   .member = f->name };
	uint64_t n = count_of(o, i, reference, witness);
	uint64_t at = rd_tell(o->l->dec.rd);

	for (uint64_t k = 0; k < n; k++) {
		bool null;

		w.index = n > 1 ? (int64_t)k : -1;
		if (load_too_much(o->l, &w) ||
		    !load_marker(o, i, &w, &ref, &wit, &null))
			return false;
		if (!null && !load_element(o, i, &w, k, ref.f, wit.f))
			return false;
		element_next(&ref);
		element_next(&wit);
	}
	o->places[i] = at;
	if (is_number(f, n) && rd_tell(o->l->dec.rd) - at <= 8) {
		o->values[i] = (int64_t)o->l->number;
		if (o->v->known & KNOWN_OFFSETS && !(f->flags & FIELD_POINTER))
			keep_number(o, i);
	}
	return true;
}
