/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON at the end of a stream, straight from tokens into the model.
 *
 *   top    = { ["configuration": {object},] "page_size": n,
 *              "devices": [ {device}… ] }
 *   device = { "name": s, "instance_id": n, object }
 *          | { "name": s, "instance_id": n, "size": n, "fields": […] }
 *   object = "vmsd_name": s, "version": n, "fields": [ {field}… ]
 *            [, "subsections": [ {object}… ] ]
 *   field  = { "name": s [, "array_len": n | "index": n], "type": s
 *              [, "struct": {object} | object…], "size": n }
 *
 * Objects that stand in a field itself repeat their keys, once per element
 * of a queue, so a tree that keeps one value per key would lose all but the
 * last: each "vmsd_name" starts the next object.
 *
 * Checked against QEMU migration/vmstate.c (vmsd_desc_field_start and
 * vmstate_save_vmsd_v) and migration/savevm.c (vmstate_save), 5.2 to 11.1. */
#include "config.h"
#include "schema/embedded-priv.h"

#include "base/mem.h"
#include <stdlib.h>

/* Rounding that the arena may do when the devices move in. */
#define INDEX_SLACK 64

/* ---- devices ---- */

static bool close_device(struct parse *p, struct desc_device *dev,
			 const struct object_draft *d)
{
	if (!(d->seen & KEY_NAME) || !(d->seen & KEY_INSTANCE_ID))
		return emb_fail(p,
				"a device has no \"name\" or \"instance_id\"");
	dev->object = d->object;
	dev->legacy = !(d->seen & KEY_VMSD_NAME);
	if (dev->legacy && !(d->seen & KEY_SIZE))
		return emb_fail(p, "a device has no \"vmsd_name\"");
	if (!dev->legacy && !emb_check_object(p, d))
		return false;
	return emb_push(p, &p->devices, dev);
}

static bool read_device_key(struct parse *p, unsigned key,
			    struct desc_device *dev, struct object_draft *d)
{
	if (d->seen & key)
		return emb_fail(p, "a device repeats a key");
	d->seen |= key;
	switch (key) {
	case KEY_NAME:
		return emb_take_name(p, &dev->name);
	case KEY_INSTANCE_ID:
		dev->instance = (uint32_t)emb_number(&p->t);
		return true;
	case KEY_SIZE:
		dev->size = p->t.number;
		return true;
	default:
		return emb_object_key(p, key, d);
	}
}

static bool read_device(struct parse *p)
{
	struct desc_device dev = { 0 };
	struct object_draft d = emb_no_object;
	unsigned key;

	while ((key = emb_next_key(p, KEYS_DEVICE)))
		if (!read_device_key(p, key, &dev, &d))
			return false;
	return !p->error && close_device(p, &dev, &d);
}

static bool read_devices(struct parse *p)
{
	while (emb_next(p) && p->t.kind != JSON_ARRAY_END) {
		if (p->t.kind != JSON_OBJECT)
			return emb_fail(p, "a device is not an object");
		if (!read_device(p))
			return false;
	}
	return !p->error;
}

static bool read_configuration(struct parse *p)
{
	struct desc_object *o = arena_alloc(&p->desc->arena, sizeof(*o));
	struct object_draft d;

	if (!o)
		return emb_no_room(p);
	p->desc->style.configuration = true;
	if (!emb_object(p, &d) || !emb_check_object(p, &d))
		return false;
	*o = d.object;
	p->desc->configuration = o;
	return true;
}

static bool read_top_key(struct parse *p, unsigned key)
{
	switch (key) {
	case KEY_CONFIGURATION:
		return read_configuration(p);
	case KEY_PAGE_SIZE:
		p->desc->page_size = p->t.number;
		return true;
	default:
		return read_devices(p);
	}
}

static void read_top(struct parse *p)
{
	unsigned key, seen = 0;

	while ((key = emb_next_key(p, KEYS_TOP))) {
		if (seen & key) {
			emb_fail(p, "the description repeats a key");
			return;
		}
		seen |= key;
		if (!read_top_key(p, key))
			return;
	}
	if (!p->error && !(seen & KEY_DEVICES))
		emb_fail(p, "the description has no \"devices\"");
}

/* ---- the whole ---- */

/* 5.2 and older put a space in front of the colon. The first key tells. */
static bool looks_spaced(const char *text, size_t n)
{
	const char *open = memchr(text, '"', n);
	const char *end = text + n;
	const char *close;

	if (!open)
		return false;
	close = memchr(open + 1, '"', (size_t)(end - open - 1));
	return close && end - close > 2 && close[1] == ' ' && close[2] == ':';
}

static void parse_start(struct parse *p, const char *text, size_t n)
{
	p->devices.item_size = sizeof(struct desc_device);
	p->objects.item_size = sizeof(struct desc_object);
	p->fields.item_size = sizeof(struct desc_field);
	json_init(&p->json, text, n);
}

/* What waits on a stack when the text breaks is lost. */
static void drop(struct parse *p, struct stack *s)
{
	p->desc->arena.cap += s->count * s->item_size;
	s->count = 0;
}

/* Only complete devices count, whatever came behind them. The index is no
 * part of the cap: it must not fail a model that just fits. */
static void parse_finish(struct parse *p)
{
	struct desc *d = p->desc;

	drop(p, &p->fields);
	drop(p, &p->objects);
	d->arena.cap += p->devices.count * sizeof(*d->index) + INDEX_SLACK;
	if (!emb_settle(p, &p->devices, 0, &d->devices, &d->device_count) ||
	    !desc_index(d))
		emb_no_room(p);
	d->error = p->error;
	d->error_at = p->error_at;
}

/* A damaged description may still be good JSON, whose end is known. */
static size_t find_end(struct parse *p, size_t n)
{
	while (json_next(&p->json, &p->t))
		if (p->t.kind == JSON_END)
			return p->t.at;
	return n;
}

static void parse_free(struct parse *p)
{
	free(p->devices.items);
	free(p->objects.items);
	free(p->fields.items);
	free(p);
}

static bool parse_text(struct parse *p, size_t n, size_t *ret_used)
{
	if (!emb_next(p) || p->t.kind != JSON_OBJECT)
		return false;
	p->desc->style.spaced = looks_spaced(p->json.text, p->json.length);
	read_top(p);
	if (p->error == json_cut && p->json.length < n) {
		p->error = NULL;
		p->desc->cut = true;
		emb_over(p, "the description", LIMIT_DESCRIPTION);
	}
	*ret_used = find_end(p, n);
	parse_finish(p);
	return true;
}

static struct parse *parse_new(const char *text, size_t n,
			       const struct limits *limits)
{
	struct parse *p = mem_zero(1, sizeof(*p));

	if (!p)
		return NULL;
	p->desc = mem_zero(1, sizeof(*p->desc));
	if (!p->desc) {
		free(p);
		return NULL;
	}
	p->limits = limits;
	arena_init(&p->desc->arena, (size_t)limit_of(limits, LIMIT_MODEL));
	parse_start(p, text, n);
	return p;
}

struct desc *desc_parse_embedded(const char *text, size_t n,
				 const struct limits *limits, size_t *ret_used,
				 const char **ret_why)
{
	const uint64_t most = limit_of(limits, LIMIT_DESCRIPTION);
	struct parse *p = parse_new(text, n < most ? n : (size_t)most, limits);
	struct desc *d;

	if (!p) {
		*ret_why = "out of memory";
		return NULL;
	}
	d = p->desc;
	if (parse_text(p, n, ret_used)) {
		d->length = *ret_used;
	} else {
		*ret_why = p->error ? p->error : "not a JSON object";
		desc_free(d);
		d = NULL;
	}
	parse_free(p);
	return d;
}
