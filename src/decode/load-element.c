/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One element of a field, as a QEMU loads it. */
#include "config.h"

#include "decode/load-priv.h"

static const struct desc_object *object_in(const struct desc_field *f,
					   uint64_t k)
{
	if (!f || !f->object_count)
		return NULL;
	return &f->objects[k < f->object_count ? k : f->object_count - 1];
}

static struct load_entries entries_of(const struct reading *r)
{
	return (struct load_entries){ r->reference.f, r->witness.f };
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

/* ---- leaves ---- */

/* Bytes of an element; 0: its type's reader knows. */
static uint64_t size_of(const struct reading *r)
{
	const struct type_codec *c = r->codec;
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
	const struct type_codec *c = r->codec;
	uint64_t at = rd_tell(ld->dec.rd);

	if (ld->show && !d.size && c && c->read) {
		struct ahead a;

		ahead_begin(ld, &a);
		decode_value(&ld->dec, &r->w, &d, c, r->w.index);
		d.size = ahead_end(ld, &a);
	}
	return decode_value(&ld->dec, &r->w, &d, c, r->w.index) &&
	       (!ld->oracle->leaf_read ||
		ld->oracle->leaf_read(r->o, r->i, &r->w, at));
}

/* ---- objects in fields ---- */

/* Behind a nested object QEMU looks for a subsection. Where the input ends
 * there, that look fails the field, whatever would have come next
 * (migration/vmstate.c: vmstate_load_state: qemu_file_get_error). */
static bool input_over(const struct reading *r)
{
	struct decoder *d = reading_decoder(r);

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
	return decode_leaf(reading_decoder(r), &r->w, text_of(name),
			   TEXT("mark"), -1, MS_UINT, 1, ret);
}

static bool group_object(struct reading *r, const struct schema_vmsd *v,
			 const char *name, uint64_t k, uint64_t n)
{
	struct decoder *d = reading_decoder(r);
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
	struct decoder *d = reading_decoder(r);
	uint64_t count = 0, k = 0, per = tree && f->key ? 2 : 1, more;

	if (tree && !decode_leaf(d, &r->w, TEXT("count"), TEXT("uint32"), -1,
				 MS_UINT, 4, &count))
		return false;
	for (;; k++) {
		r->w.index = (int64_t)k;
		if (!load_step(r->o->ld, &r->w) || !read_byte(r, "more", &more))
			return false;
		if (!more)
			return !tree ||
			       decode_tree_complete(reading_decoder(r), &r->w,
						    r->f->name, k, count);
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
	struct decoder *d = reading_decoder(r);
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

bool load_element(struct reading *r, uint64_t k)
{
	if (reading_leaf(r->f))
		return load_leaf(r);
	if (!r->o->ld->show)
		return load_composite(r, k);
	open_composite(r, k);
	if (!load_composite(r, k))
		return false;
	decode_close(reading_decoder(r));
	return true;
}
