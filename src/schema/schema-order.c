/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Content of descriptions: hash and order. */
#include "config.h"
#include "schema/schema.h"

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t mix_text(uint64_t h, struct ms_text t)
{
	for (size_t i = 0; i < t.length; i++)
		h = (h ^ (uint8_t)t.bytes[i]) * UINT64_C(0x100000001b3);
	return mix(h, t.length);
}

/* What is nested is interned, so its number stands for it. */
static uint64_t number_of(const struct schema_vmsd *v)
{
	return v ? (uint64_t)v->number + 1 : 0;
}

static uint64_t mix_source(uint64_t h, const struct schema_source *c)
{
	return mix(mix(h, c->offset), (unsigned)c->width << 1 | c->is_signed);
}

uint64_t schema_hash(const struct schema_vmsd *v)
{
	uint64_t h = mix_text(v->has_name, v->name);

	h = mix(h, (uint64_t)(uint32_t)v->version << 32 | (uint32_t)v->minimum);
	h = mix(h, (uint64_t)v->known << 16 | v->hooks);
	for (uint32_t i = 0; i < v->field_count; i++) {
		const struct schema_field *f = &v->fields[i];

		h = mix_text(mix_text(h, f->name), f->type);
		h = mix(h, (uint64_t)f->flags << 32 | (uint32_t)f->version);
		h = mix(mix(mix(h, f->offset), f->size), f->wire_size);
		h = mix(h, (uint64_t)f->num << 32 | (uint32_t)f->start);
		h = mix_source(mix_source(h, &f->count), &f->length);
		h = mix(h, number_of(f->vmsd) << 32 | number_of(f->key));
	}
	for (uint32_t i = 0; i < v->subsection_count; i++)
		h = mix(h, number_of(v->subsections[i]));
	return h;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int order_signed(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int schema_text_compare(struct ms_text a, struct ms_text b)
{
	const size_t n = a.length < b.length ? a.length : b.length;
	const int c = n ? memcmp(a.bytes, b.bytes, n) : 0;

	return c ? c : order(a.length, b.length);
}

static int compare_source(const struct schema_source *a,
			  const struct schema_source *b)
{
	int c = order(a->width, b->width);

	if (!c)
		c = order(a->offset, b->offset);
	return c ? c : order(a->is_signed, b->is_signed);
}

/* NULL comes first. Different ones differ in content: they are interned. */
static int compare_nested(const struct schema_vmsd *a,
			  const struct schema_vmsd *b)
{
	if (a == b)
		return 0;
	if (!a || !b)
		return a ? 1 : -1;
	return schema_compare(a, b);
}

static int compare_field(const struct schema_field *a,
			 const struct schema_field *b)
{
	int c = schema_text_compare(a->name, b->name);

#define STEP(next) c = c ? c : (next)
	STEP(schema_text_compare(a->type, b->type));
	STEP(order(a->flags, b->flags));
	STEP(order(a->size, b->size));
	STEP(order(a->offset, b->offset));
	STEP(order(a->wire_size, b->wire_size));
	STEP(order(a->num, b->num));
	STEP(order(a->start, b->start));
	STEP(order_signed(a->version, b->version));
	STEP(order_signed(a->struct_version, b->struct_version));
	STEP(compare_source(&a->count, &b->count));
	STEP(compare_source(&a->length, &b->length));
	STEP(compare_nested(a->vmsd, b->vmsd));
	STEP(compare_nested(a->key, b->key));
	return c;
}

static int compare_head(const struct schema_vmsd *a,
			const struct schema_vmsd *b)
{
	int c = order(!a->has_name, !b->has_name);

	STEP(schema_text_compare(a->name, b->name));
	STEP(order_signed(a->version, b->version));
	STEP(order_signed(a->minimum, b->minimum));
	STEP(order_signed(a->minimum_old, b->minimum_old));
	STEP(order(a->hooks, b->hooks));
	STEP(order(a->priority, b->priority));
	STEP(order(a->early_setup, b->early_setup));
	STEP(order(a->unmigratable, b->unmigratable));
	STEP(order(a->known, b->known));
	STEP(order(a->field_count, b->field_count));
	STEP(order(a->subsection_count, b->subsection_count));
	return c;
}

/* Goes down only where two differ, and stops at the first difference, so it
 * is short although descriptions share parts. */
int schema_compare(const struct schema_vmsd *a, const struct schema_vmsd *b)
{
	int c = a == b ? 0 : compare_head(a, b);

	if (a == b)
		return 0;
	for (uint32_t i = 0; !c && i < a->field_count; i++)
		c = compare_field(&a->fields[i], &b->fields[i]);
	for (uint32_t i = 0; !c && i < a->subsection_count; i++)
		c = compare_nested(a->subsections[i], b->subsections[i]);
	return c;
}
#undef STEP
