/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One element of a described field. */
#include "config.h"

#include "decode/decode-priv.h"

static bool fixed_leaf(struct decoder *d, const struct where *w,
		       const struct desc_field *f,
		       const struct type_codec *codec, int64_t index)
{
	uint64_t n = f->size, value;
	enum ms_value_class cls = codec ? codec->cls : MS_BYTES;
	bool marker = codec && codec->size == 8 && n == 1;

	/* Up to 9.x a NULL pointer shows as uint64 of one byte. */
	if (codec && codec->size && n != codec->size && !marker) {
		if (index <= 0)
			fault_add(d->sink->faults,
				  &(struct fault){ .code = F_DESC_SIZE,
						   .offset = rd_tell(d->rd),
						   .length = codec->size,
						   .a = n,
						   .b = codec->size,
						   .name = f->name,
						   .other = f->type },
				  w);
		n = codec->size;
	}
	if (!decode_leaf(d, w, f->name, f->type, index, cls, n, &value))
		return false;
	if (marker && value != NULL_MARKER) {
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_FIELD_NULL,
					   .offset = rd_tell(d->rd) - 1,
					   .length = 1,
					   .a = value,
					   .name = f->name },
			  w);
		return false;
	}
	if (cls == MS_BOOL && value > 1)
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_FIELD_BOOL,
					   .offset = rd_tell(d->rd) - n,
					   .length = n,
					   .a = value,
					   .name = f->name },
			  w);
	return true;
}

static bool mark(struct decoder *d, const struct where *w, const char *name,
		 uint64_t *ret)
{
	return decode_leaf(d, w, text_of(name), TEXT("mark"), -1, MS_UINT, 1,
			   ret);
}

bool decode_undescribed(struct decoder *d, const struct where *w,
			const struct desc_field *f)
{
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_FIELD_UNREADABLE,
				   .offset = rd_tell(d->rd),
				   .length = 1,
				   .name = f->name },
		  w);
	return false;
}

/* One object of a queue or tree, the k-th on the wire; past the described
 * ones the last stands in, as all have the same description in QEMU. */
static bool group_object(struct decoder *d, const struct where *w,
			 const struct desc_field *f, uint64_t k, int64_t index,
			 const char *name)
{
	const struct desc_object *o;

	if (!f->object_count)
		return decode_undescribed(d, w, f);
	o = &f->objects[k < f->object_count ? k : f->object_count - 1];
	decode_open(d, text_of(name), o->vmsd, index, NULL, 0);
	if (decode_object(d, o, w) != DECODE_OK)
		return false;
	decode_close(d);
	return true;
}

/* qtailq, qlist (migration/vmstate-types.c: get_qtailq, get_qlist):
 *   { u8 non-zero | object } … u8 0 */
static bool read_queue(struct decoder *d, struct where *w,
		       const struct desc_field *f)
{
	uint64_t more = 1;

	for (uint64_t k = 0;; k++) {
		if (!mark(d, w, "more", &more))
			return false;
		if (!more)
			return true;
		w->index = (int64_t)k;
		if (!group_object(d, w, f, k, (int64_t)k, "element"))
			return false;
	}
}

/* gtree (migration/vmstate-types.c: get_gtree):
 *   be32 count | { u8 non-zero | key | value } … u8 0
 * The key is an object of its own, or a u64 where keys are direct. */
static bool read_tree(struct decoder *d, struct where *w,
		      const struct desc_field *f)
{
	uint64_t count, more, k;
	bool pairs;

	if (!decode_leaf(d, w, TEXT("count"), TEXT("uint32"), -1, MS_UINT, 4,
			 &count))
		return false;
	pairs = count && f->object_count >= 2 && f->object_count / count >= 2;
	for (k = 0;; k++) {
		uint64_t at = pairs ? 2 * k : k;

		if (!mark(d, w, "more", &more))
			return false;
		if (!more)
			break;
		w->index = (int64_t)k;
		if (pairs) {
			if (at >= f->object_count)
				at = f->object_count - 2;
			if (!group_object(d, w, f, at++, (int64_t)k, "key"))
				return false;
		} else if (!decode_leaf(d, w, TEXT("key"), TEXT("uint64"),
					(int64_t)k, MS_UINT, 8, NULL)) {
			return false;
		}
		if (!group_object(d, w, f, at, (int64_t)k, "value"))
			return false;
	}
	return decode_tree_complete(d, w, f->name, k, count);
}

/* The size in the description is that of the first element. */
static void compare_size(struct decoder *d, const struct where *w,
			 const struct desc_field *f, uint64_t at)
{
	struct decode_trace *t = &d->trace;
	uint64_t n = rd_tell(d->rd) - at;

	if (t->parted || !f->has_size || n == f->size)
		return;
	t->parted = true;
	t->part_vmsd = w->vmsd;
	t->part_field = f->name;
	t->part_at = at;
	t->part_read = n;
	t->part_described = f->size;
}

bool decode_value(struct decoder *d, struct where *w,
		  const struct desc_field *f, const struct type_codec *codec,
		  int64_t index)
{
	if (codec && codec->read)
		return codec->read(d, w, f->name, index, f->size);
	return fixed_leaf(d, w, f, codec, index);
}

bool decode_element(struct decoder *d, struct where *w,
		    const struct desc_field *f, const struct type_codec *codec,
		    int64_t index)
{
	uint64_t at = rd_tell(d->rd);
	bool ok;

	w->index = index;
	switch (f->shape) {
	case DESC_LEAF:
		return decode_value(d, w, f, codec, index);
	case DESC_STRUCT:
		if (!f->object_count) /* an empty struct nobody described */
			return decode_leaf(d, w, f->name, f->type, index,
					   MS_BYTES, f->size, NULL);
		decode_open(d, f->name, f->type, index, NULL, 0);
		ok = decode_object(d, &f->objects[0], w) == DECODE_OK;
		break;
	case DESC_INLINE:
		if (!f->object_count)
			return decode_leaf(d, w, f->name, f->type, index,
					   MS_BYTES, f->size, NULL);
		decode_open(d, f->name, f->type, index, decode_raw(d, f->size),
			    f->size);
		ok = decode_object(d, &f->objects[0], w) == DECODE_OK;
		break;
	default:
		if (decode_too_deep(d, w))
			return false;
		decode_open(d, f->name, f->type, index, decode_raw(d, f->size),
			    f->size);
		ok = f->shape == DESC_QUEUE ? read_queue(d, w, f) :
					      read_tree(d, w, f);
		break;
	}
	if (ok) {
		decode_close(d);
		if (index <= 0)
			compare_size(d, w, f, at);
	}
	return ok;
}
