/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "schema/desc.h"

#include <stdlib.h>

enum desc_shape desc_shape_of(struct ms_text type)
{
	static const struct {
		struct ms_text type;
		enum desc_shape shape;
	} shapes[] = {
		{ TEXT("struct"), DESC_STRUCT },
		{ TEXT("tmp"), DESC_INLINE },
		{ TEXT("vstruct"), DESC_INLINE },
		{ TEXT("qtailq"), DESC_QUEUE },
		{ TEXT("qlist"), DESC_QUEUE },
		{ TEXT("gtree"), DESC_TREE },
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (text_eq(type, shapes[i].type))
			return shapes[i].shape;
	return DESC_LEAF;
}

void desc_free(struct desc *d)
{
	if (!d)
		return;
	arena_free(&d->arena);
	free(d);
}

static int text_cmp(struct ms_text a, struct ms_text b)
{
	size_t n = a.length < b.length ? a.length : b.length;
	int c = a.bytes == b.bytes || !n ? 0 : memcmp(a.bytes, b.bytes, n);

	return c ? c : (a.length > b.length) - (a.length < b.length);
}

static int device_cmp(const struct desc_device *a, struct ms_text name,
		      uint32_t instance)
{
	int c = text_cmp(a->name, name);

	return c ? c : (a->instance > instance) - (a->instance < instance);
}

static int by_name(const void *a, const void *b)
{
	const struct desc_device *x = *(struct desc_device *const *)a;
	const struct desc_device *y = *(struct desc_device *const *)b;
	int c = device_cmp(x, y->name, y->instance);

	return c ? c : (x > y) - (x < y);
}

/* Sorted rather than hashed: a hostile text chooses its own names. */
bool desc_index(struct desc *d)
{
	struct desc_device **index;

	index = arena_array(&d->arena, d->device_count, sizeof(*index));
	if (!index)
		return false;
	for (uint32_t i = 0; i < d->device_count; i++)
		index[i] = &d->devices[i];
	qsort(index, d->device_count, sizeof(*index), by_name);
	d->index = index;
	return true;
}

struct desc_device *desc_find(struct desc *d, struct ms_text name,
			      uint32_t instance, unsigned n)
{
	uint32_t low = 0, high = d->index ? d->device_count : 0;
	struct desc_device *found;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (device_cmp(d->index[mid], name, instance) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (!d->index || n >= d->device_count - low)
		return NULL;
	found = d->index[low + n];
	return device_cmp(found, name, instance) ? NULL : found;
}

static bool is_null_entry(const struct desc_field *f)
{
	if (f->size != 1)
		return false;
	return text_is(f->type, "nullptr") || text_is(f->type, "ptr-marker") ||
	       text_is(f->type, "uint64") ||
	       (f->shape == DESC_STRUCT && !f->object_count);
}

uint64_t desc_entry_count(const struct desc_field *f)
{
	return f->array_len ? f->array_len : 1;
}

/* Elements of the first entry of a run. In 10.0 and 10.2 an array of
 * pointers whose first element is not NULL gives a first entry whose
 * array_len counts to the end of the array, over the entries that follow
 * (migration/vmstate.c: vmstate_save_state_v, max_elems). */
uint64_t desc_first_count(const struct desc_field *f)
{
	uint64_t rest = 0;
	bool nulls = false;

	for (uint32_t i = 1; i < f->run; i++) {
		rest += desc_entry_count(&f[i]);
		nulls |= is_null_entry(&f[i]);
	}
	if (nulls && !is_null_entry(f) && f->array_len > rest)
		return f->array_len - rest;
	return desc_entry_count(f);
}

uint64_t desc_run_count(const struct desc_field *f)
{
	uint64_t n = desc_first_count(f);

	for (uint32_t i = 1; i < f->run; i++)
		n += desc_entry_count(&f[i]);
	return n;
}
