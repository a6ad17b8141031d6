/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parser of embedded descriptions against arbitrary bytes.
 *
 * Built with clang -fsanitize=fuzzer, or with replay.c to run it on given
 * files. */
#include "config.h"
#include "base/limits.h"
#include "schema/desc.h"
#include "mutate.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const unsigned mutate_parts = 0;

static void check(bool right)
{
	if (!right)
		abort();
}

/* Touches every byte of a name, so that a slice past its memory shows. */
static void touch(struct ms_text t)
{
	volatile char sum = 0;

	check(t.bytes || !t.length);
	for (size_t i = 0; i < t.length; i++)
		sum = (char)(sum ^ t.bytes[i]);
}

static void walk_object(const struct desc_object *o, unsigned depth);

static void walk_field(const struct desc_field *f, unsigned depth)
{
	touch(f->name);
	touch(f->type);
	check(f->index >= -1 && (f->has_size || !f->size));
	check(f->object_count <= 1 || f->shape == DESC_QUEUE ||
	      f->shape == DESC_TREE);
	for (uint32_t i = 0; i < f->object_count; i++)
		walk_object(&f->objects[i], depth);
}

static void walk_object(const struct desc_object *o, unsigned depth)
{
	uint32_t in_runs = 0;

	check(depth++ < MAX_DECODE_DEPTH);
	touch(o->vmsd);
	for (uint32_t i = 0; i < o->field_count; i++) {
		in_runs += o->fields[i].run;
		walk_field(&o->fields[i], depth);
	}
	check(in_runs == o->field_count);
	for (uint32_t i = 0; i < o->subsection_count; i++)
		walk_object(&o->subsections[i], depth);
}

static void find_again(struct desc *d, struct desc_device *dev)
{
	struct desc_device *found;
	unsigned n = 0;

	do
		found = desc_find(d, dev->name, dev->instance, n++);
	while (found && found != dev);
	check(found);
}

static void walk(struct desc *d)
{
	if (d->configuration)
		walk_object(d->configuration, 0);
	for (uint32_t i = 0; i < d->device_count; i++) {
		touch(d->devices[i].name);
		walk_object(&d->devices[i].object, 0);
		/* Finding all of very many duplicates is quadratic. */
		if (i < 64)
			find_again(d, &d->devices[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why = NULL;
	size_t used = 0;
	struct desc *d;

	d = desc_parse_embedded((const char *)data, size, NULL, &used, &why);
	check(d || why);
	if (!d)
		return 0;
	check(used <= size && d->length == used);
	check(!d->error || d->error_at <= size);
	walk(d);
	desc_free(d);
	return 0;
}
