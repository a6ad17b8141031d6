/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/mem.h"
#include "replay/registry.h"

#include <stdlib.h>

#define NONE UINT32_MAX

/* Devices with an alias: the I/O address that was once their instance
 * (qdev_set_legacy_instance_id, all releases but as noted), by instance. */
static const struct alias {
	const char *vmsd;
	enum release until; /* 0: all */
	uint32_t ids[4];
} aliases[] = {
	{ "i8259", 0, { 0x20, 0xa0 } },
	{ "i8254", 0, { 0x40 } },
	{ "mc146818rtc", RELEASE_10_2, { 0x70 } },
	{ "fdc", 0, { 0x3f0, 0x370 } },
	{ "serial", 0, { 0x3f8, 0x2f8, 0x3e8, 0x2e8 } },
};

static const struct alias *alias_of(enum release release, struct ms_text vmsd)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (text_is(vmsd, aliases[i].vmsd) &&
		    (!aliases[i].until || release <= aliases[i].until))
			return &aliases[i];
	return NULL;
}

/* The instance whose alias that is; NONE: no one's. */
static uint32_t aliased(const struct alias *a, uint32_t instance)
{
	for (uint32_t i = 0; i < sizeof(a->ids) / sizeof(a->ids[0]); i++)
		if (a->ids[i] && a->ids[i] == instance)
			return i;
	return NONE;
}

/* ---- making the list ---- */

static int text_order(struct ms_text a, struct ms_text b)
{
	size_t n = a.length < b.length ? a.length : b.length;
	int c = n ? memcmp(a.bytes, b.bytes, n) : 0;

	return c ? c : (a.length > b.length) - (a.length < b.length);
}

static int number_order(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_name(const void *x, const void *y, void *ctx)
{
	const struct registered *items = ctx;
	const uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
	int c = text_order(items[i].name, items[k].name);

	if (!c)
		c = number_order(items[i].instance, items[k].instance);
	return c ? c : number_order(i, k);
}

static int by_vmsd(const void *x, const void *y, void *ctx)
{
	const struct registered *items = ctx;
	const uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
	int c = text_order(items[i].vmsd, items[k].vmsd);

	return c ? c : number_order(i, k);
}

static bool has_path(const struct registered *c)
{
	return c->vmsd.length && c->vmsd.length < c->name.length &&
	       text_ends(c->name, c->vmsd);
}

static void sort(struct registry *c)
{
	for (uint32_t i = 0; i < c->count; i++) {
		c->by_name[i] = i;
		if (has_path(&c->items[i]))
			c->by_vmsd[c->with_path++] = i;
	}
	qsort_r(c->by_name, c->count, sizeof(*c->by_name), by_name, c->items);
	qsort_r(c->by_vmsd, c->with_path, sizeof(*c->by_vmsd), by_vmsd,
		c->items);
	for (uint32_t i = 1; i < c->with_path; i++) {
		struct registered *one = &c->items[c->by_vmsd[i]];
		const struct registered *last = &c->items[c->by_vmsd[i - 1]];

		if (text_eq(one->vmsd, last->vmsd))
			one->compat = last->compat + 1;
	}
}

static bool make(struct registry *c, uint32_t count)
{
	*c = (struct registry){
		.items = mem_zero((size_t)count + 1, sizeof(*c->items)),
		.by_name = mem_zero((size_t)count + 1, sizeof(*c->by_name)),
		.by_vmsd = mem_zero((size_t)count + 1, sizeof(*c->by_vmsd)),
		.count = count,
	};
	if (c->items && c->by_name && c->by_vmsd)
		return true;
	registry_free(c);
	c->failed = true;
	return false;
}

void registry_of_walk(struct registry *c, const struct walk *w)
{
	if (!make(c, (uint32_t)w->section_count))
		return;
	for (uint32_t i = 0; i < c->count; i++) {
		const struct section *s = w->opened[i];
		const struct desc_device *d =
			w->desc ? desc_find(w->desc, s->name, s->instance, 0) :
				  NULL;

		c->items[i] = (struct registered){
			.name = s->name,
			.vmsd = d ? d->object.vmsd : TEXT(""),
			.instance = s->instance,
			.live = s->kind != &kind_device,
			.described = d,
		};
	}
	sort(c);
}

void registry_of_desc(struct registry *c, const struct desc *d)
{
	if (!make(c, d->device_count))
		return;
	for (uint32_t i = 0; i < c->count; i++) {
		const struct desc_device *v = &d->devices[i];

		c->items[i] = (struct registered){
			.name = v->name,
			.vmsd = v->object.vmsd,
			.instance = v->instance,
			.live = section_kind_find(v->name) != &kind_device,
			.described = v,
		};
	}
	sort(c);
}

void registry_free(struct registry *c)
{
	free(c->items);
	free(c->by_name);
	free(c->by_vmsd);
	*c = (struct registry){ 0 };
}

/* ---- looking ---- */

/* First place in by_name not before (name, instance). */
static uint32_t name_place(const struct registry *c, struct ms_text name,
			   uint32_t instance)
{
	uint32_t low = 0, high = c->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct registered *k = &c->items[c->by_name[mid]];
		int order = text_order(k->name, name);

		if (order < 0 || (!order && k->instance < instance))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static uint32_t find_name(const struct registry *c, struct ms_text name,
			  uint32_t instance)
{
	uint32_t at = name_place(c, name, instance);
	const struct registered *k =
		at < c->count ? &c->items[c->by_name[at]] : NULL;

	return k && text_eq(k->name, name) && k->instance == instance ?
		       c->by_name[at] :
		       NONE;
}

bool registry_named(const struct registry *c, struct ms_text idstr)
{
	uint32_t at = name_place(c, idstr, 0);

	return at < c->count && text_eq(c->items[c->by_name[at]].name, idstr);
}

static uint32_t find_alias(const struct registry *c, enum release release,
			   struct ms_text name, uint32_t instance)
{
	uint32_t at = name_place(c, name, 0), own;
	const struct registered *k =
		at < c->count ? &c->items[c->by_name[at]] : NULL;
	const struct alias *a;

	if (!k || !text_eq(k->name, name))
		return NONE;
	if (k->live)
		return instance ? NONE : c->by_name[at];
	a = alias_of(release, k->vmsd);
	if (!a)
		return instance == UINT32_MAX ? c->by_name[at] : NONE;
	own = aliased(a, instance);
	return own == NONE ? NONE : find_name(c, name, own);
}

/* Place of (vmsd, compat) in by_vmsd. */
static uint32_t find_compat(const struct registry *c, enum release release,
			    struct ms_text vmsd, uint32_t instance)
{
	const struct alias *a = alias_of(release, vmsd);
	uint32_t low = 0, high = c->with_path;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (text_order(c->items[c->by_vmsd[mid]].vmsd, vmsd) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (a && aliased(a, instance) != NONE)
		instance = aliased(a, instance);
	else if (!a && instance == UINT32_MAX)
		instance = 0;
	if (instance >= c->with_path - low)
		return NONE;
	low += instance;
	return text_eq(c->items[c->by_vmsd[low]].vmsd, vmsd) ? c->by_vmsd[low] :
							       NONE;
}

uint32_t registry_find(const struct registry *c, enum release release,
		       struct ms_text idstr, uint32_t instance)
{
	uint32_t named = find_name(c, idstr, instance);
	uint32_t compat = find_compat(c, release, idstr, instance);

	if (named == NONE)
		named = find_alias(c, release, idstr, instance);
	return named < compat ? named : compat;
}
