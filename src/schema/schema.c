/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building and searching the schema model. */
#include "config.h"
#include "schema/schema.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "schema/counts.h"
#include "schema/machines.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define BUCKETS 4096u

_Static_assert((BUCKETS & (BUCKETS - 1)) == 0, "BUCKETS is a mask");

enum list_kind {
	LIST_ORIGINS,
	LIST_NOTES,
	LIST_VMSDS,
	LIST_DEVICES,
	LIST_COMMANDS,
	LIST_MACHINES,
	LIST_COMPATS,
	LIST_COUNT
};

_Static_assert(LIST_COUNT == SCHEMA_LISTS, "one room per list");

static const char *const list_words[] = {
	[LIST_ORIGINS] = "sources",
	[LIST_NOTES] = "notes",
	[LIST_VMSDS] = "descriptions",
	[LIST_DEVICES] = "devices",
	[LIST_COMMANDS] = "commands",
	[LIST_MACHINES] = "machine types",
	[LIST_COMPATS] = "lists of properties",
};

bool schema_fail(struct schema *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!s->failed)
		vsnprintf(s->failure, sizeof(s->failure), fmt, ap);
	va_end(ap);
	s->failed = true;
	return false;
}

const char schema_over[] =
	"what the schema takes in memory is over the limit of 128 MiB";
_Static_assert(MAX_SCHEMA_BYTES == MIB(128), "as schema_over says");

static bool no_memory(struct schema *s)
{
	return schema_fail(s, "%s",
			   s->arena.full ? schema_over : "out of memory");
}

struct schema *schema_new(void)
{
	struct schema *s = mem_zero(1, sizeof(*s));

	if (!s)
		return NULL;
	arena_init(&s->arena, MAX_SCHEMA_BYTES);
	s->buckets = mem_zero(BUCKETS, sizeof(struct schema_vmsd *));
	if (!s->buckets) {
		free(s);
		return NULL;
	}
	return s;
}

void schema_free(struct schema *s)
{
	if (!s)
		return;
	arena_free(&s->arena);
	free(s->buckets);
	free(s);
}

void *schema_array(struct schema *s, size_t n, size_t size)
{
	void *p = arena_array(&s->arena, n, size);

	if (!p)
		no_memory(s);
	return p;
}

struct ms_text schema_text(struct schema *s, struct ms_text t)
{
	struct ms_text copy = arena_text(&s->arena, t);

	if (!copy.bytes)
		no_memory(s);
	return copy;
}

/* Room for one more item of size bytes; what *io_items pointed at stays in
 * the arena, unused: at most as much again. */
static void *list_add(struct schema *s, enum list_kind kind, void *io_items,
		      uint32_t *io_count, size_t size)
{
	uint32_t *room = &s->room[kind];
	char *items, *old;

	memcpy(&old, io_items, sizeof(old));
	if (*io_count == MAX_SCHEMA_ITEMS) {
		schema_fail(s, "%s are over the limit of %d", list_words[kind],
			    MAX_SCHEMA_ITEMS);
		return NULL;
	}
	if (*io_count < *room)
		return old + (*io_count)++ * size;
	*room = *room ? *room * 2 : 64;
	items = schema_array(s, *room, size);
	if (!items) {
		*room = *io_count;
		return NULL;
	}
	if (*io_count)
		memcpy(items, old, *io_count * size);
	memcpy(io_items, &items, sizeof(items));
	return items + (*io_count)++ * size;
}

void schema_add_device(struct schema *s, struct schema_device d)
{
	struct schema_device *p = list_add(s, LIST_DEVICES, &s->devices,
					   &s->device_count, sizeof(*p));

	if (p)
		*p = d;
}

void schema_add_command(struct schema *s, struct schema_command c)
{
	struct schema_command *p = list_add(s, LIST_COMMANDS, &s->commands,
					    &s->command_count, sizeof(*p));

	if (p)
		*p = c;
}

void schema_add_machine(struct schema *s, struct schema_machine m)
{
	struct schema_machine *p = list_add(s, LIST_MACHINES, &s->machines,
					    &s->machine_count, sizeof(*p));

	if (p)
		*p = m;
}

void schema_add_compat(struct schema *s, struct schema_compat c)
{
	struct schema_compat *p = list_add(s, LIST_COMPATS, &s->compats,
					   &s->compat_count, sizeof(*p));

	if (p)
		*p = c;
}

void schema_add_origin(struct schema *s, struct schema_origin o)
{
	struct schema_origin *p = list_add(s, LIST_ORIGINS, &s->origins,
					   &s->origin_count, sizeof(*p));

	if (p)
		*p = o;
}

void schema_note_text(struct schema *s, struct ms_text t)
{
	struct ms_text *p;

	/* A damaged file can give a reason for a note at every entry. */
	if (s->note_count > MAX_SCHEMA_NOTES)
		return;
	if (s->note_count == MAX_SCHEMA_NOTES)
		t = TEXT("notes are over the limit of " LIMIT_TEXT(
			MAX_SCHEMA_NOTES) ": the rest is left out");
	p = list_add(s, LIST_NOTES, &s->notes, &s->note_count, sizeof(*p));
	if (p)
		*p = schema_text(s, t);
}

void schema_note(struct schema *s, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	if (!b.failed)
		schema_note_text(s, text_make(b.data, b.length));
	buf_free(&b);
}

void schema_note_over(struct schema *s, const char *what, unsigned most)
{
	schema_note(s, "%s are over the limit of %u: the rest is left out",
		    what, most);
}

/* ---- descriptions ---- */

/* Depth and unfolded size from what v points at; both capped, so that
 * whoever walks or prints a schema need not care. */
static bool measure(struct schema *s, struct schema_vmsd *v)
{
	uint32_t deepest = 0;
	uint64_t nodes = 1 + v->field_count;

	for (uint32_t i = 0; i < v->field_count + v->subsection_count; i++) {
		const struct schema_vmsd *inner[2] = { NULL, NULL };

		if (i < v->field_count) {
			inner[0] = v->fields[i].vmsd;
			inner[1] = v->fields[i].key;
		} else {
			inner[0] = v->subsections[i - v->field_count];
		}
		for (int k = 0; k < 2; k++) {
			if (!inner[k])
				continue;
			nodes += inner[k]->nodes;
			if (inner[k]->depth > deepest)
				deepest = inner[k]->depth;
		}
		if (nodes > MAX_SCHEMA_NODES)
			return schema_fail(
				s,
				"entries of '%.*s' with all that it contains "
				"are over the limit of %d",
				(int)v->name.length, v->name.bytes,
				MAX_SCHEMA_NODES);
	}
	v->depth = deepest + 1;
	v->nodes = nodes;
	return v->depth <= MAX_SCHEMA_DEPTH ||
	       schema_fail(s, "descriptions are nested over the limit of %d",
			   MAX_SCHEMA_DEPTH);
}

static void unite_roles(struct schema_vmsd *v)
{
	for (uint32_t i = 0; i < v->field_count; i++) {
		struct schema_field *f = &v->fields[i];

		if (f->vmsd)
			f->vmsd->roles |= ROLE_NESTED;
		if (f->key)
			f->key->roles |= ROLE_NESTED;
	}
	for (uint32_t i = 0; i < v->subsection_count; i++)
		v->subsections[i]->roles |= ROLE_SUBSECTION;
}

static void *copy(struct schema *s, const void *items, size_t n, size_t size)
{
	void *p = n ? schema_array(s, n, size) : NULL;

	return p ? memcpy(p, items, n * size) : NULL;
}

struct schema_vmsd *schema_intern(struct schema *s, const struct schema_vmsd *v)
{
	struct schema_vmsd **bucket, *same, **slot;
	struct schema_vmsd draft = *v;

	/* How -dump-vmstate shows a name that is not there. */
	if (!draft.has_name || text_is(draft.name, "(null)")) {
		draft.has_name = false;
		draft.name = TEXT("");
	}
	draft.hash = (uint32_t)(schema_hash(&draft) >> 16);
	bucket = &s->buckets[draft.hash & (BUCKETS - 1)];
	for (same = *bucket; same; same = same->next_same_hash)
		if (same->hash == draft.hash && !schema_compare(same, &draft))
			break;
	if (same) {
		same->roles |= draft.roles;
		return same;
	}
	if (!measure(s, &draft))
		return NULL;
	same = schema_array(s, 1, sizeof(*same));
	slot = same ? list_add(s, LIST_VMSDS, &s->vmsds, &s->vmsd_count,
			       sizeof(*slot)) :
		      NULL;
	if (!slot)
		return NULL;
	*same = draft;
	same->fields = copy(s, v->fields, v->field_count, sizeof(*v->fields));
	same->subsections = copy(s, v->subsections, v->subsection_count,
				 sizeof(struct schema_vmsd *));
	if (s->failed)
		return NULL;
	same->number = s->vmsd_count - 1;
	same->next_same_hash = *bucket;
	*bucket = *slot = same;
	unite_roles(same);
	return same;
}

/* ---- finishing ---- */

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_content(const void *a, const void *b)
{
	const struct schema_vmsd *const *x = a, *const *y = b;

	return schema_compare(*x, *y);
}

static int by_device(const void *a, const void *b)
{
	const struct schema_device *x = a, *y = b;
	int c = schema_text_compare(x->name, y->name);

	if (!c)
		c = order(x->instance, y->instance);
	if (!c)
		c = order(x->how, y->how);
	return c ? c : schema_compare(x->vmsd, y->vmsd);
}

static int by_number(const void *a, const void *b)
{
	const struct schema_command *x = a, *y = b;

	return order(x->number, y->number);
}

static void sort(void *items, uint32_t count, size_t size,
		 int (*compare)(const void *, const void *))
{
	if (count > 1)
		qsort(items, count, size, compare);
}

/* Drops what follows an equal one in a sorted list. */
static void unique(void *items, uint32_t *io_count, size_t size,
		   int (*compare)(const void *, const void *))
{
	char *p = items;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < *io_count; i++)
		if (!kept || compare(p + (kept - 1) * size, p + i * size)) {
			if (kept != i)
				memcpy(p + kept * size, p + i * size, size);
			kept++;
		}
	*io_count = kept;
}

/* "name", "name#2", …; a name with a '#' of its own always gets a number,
 * so that keys are unique whatever the names are. */
static bool give_key(struct schema *s, struct schema_vmsd *v, unsigned n)
{
	const struct ms_text base = v->has_name ? v->name : TEXT("(null)");
	char number[16];
	int digits;
	char *p;

	v->key = base;
	if (n == 1 && !memchr(base.bytes, '#', base.length))
		return true;
	digits = snprintf(number, sizeof(number), "#%u", n);
	p = schema_array(s, base.length + (size_t)digits + 1, 1);
	if (!p)
		return false;
	memcpy(p, base.bytes, base.length);
	memcpy(p + base.length, number, (size_t)digits);
	v->key = text_make(p, base.length + (size_t)digits);
	return true;
}

static bool same_name(const struct schema_vmsd *a, const struct schema_vmsd *b)
{
	return a->has_name == b->has_name && text_eq(a->name, b->name);
}

bool schema_finish(struct schema *s)
{
	unsigned n = 0;

	/* Half a description cannot be put in order. */
	if (s->failed)
		return false;
	sort(s->vmsds, s->vmsd_count, sizeof(*s->vmsds), by_content);
	for (uint32_t i = 0; i < s->vmsd_count; i++) {
		n = i && same_name(s->vmsds[i], s->vmsds[i - 1]) ? n + 1 : 1;
		if (!give_key(s, s->vmsds[i], n))
			return false;
	}
	for (uint32_t i = 0; i < s->vmsd_count; i++)
		s->vmsds[i]->number = i;
	sort(s->devices, s->device_count, sizeof(*s->devices), by_device);
	unique(s->devices, &s->device_count, sizeof(*s->devices), by_device);
	sort(s->commands, s->command_count, sizeof(*s->commands), by_number);
	unique(s->commands, &s->command_count, sizeof(*s->commands), by_number);
	machines_finish(s);
	return counts_resolve(s) && !s->failed;
}

/* ---- searching ---- */

/* The first description that is not before the name. */
static uint32_t lower_bound(const struct schema *s, struct ms_text name)
{
	uint32_t low = 0, high = s->vmsd_count;

	while (low < high) {
		const uint32_t mid = low + (high - low) / 2;
		const struct schema_vmsd *v = s->vmsds[mid];

		if (v->has_name && schema_text_compare(v->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_top(const struct schema_vmsd *v)
{
	return !v->roles || (v->roles & ROLE_TOP);
}

const struct schema_vmsd *schema_find(const struct schema *s,
				      struct ms_text name, unsigned n)
{
	const uint32_t first = lower_bound(s, name);

	for (int top = 1; top >= 0; top--)
		for (uint32_t i = first; i < s->vmsd_count; i++) {
			const struct schema_vmsd *v = s->vmsds[i];

			if (!v->has_name || !text_eq(v->name, name))
				break;
			if (is_top(v) == top && !n--)
				return v;
		}
	return NULL;
}

const struct schema_vmsd *schema_find_key(const struct schema *s,
					  struct ms_text key)
{
	const char *hash = NULL;
	struct ms_text name = key;

	for (size_t i = key.length; i-- && !hash;)
		if (key.bytes[i] == '#')
			hash = key.bytes + i;
	if (hash)
		name.length = (size_t)(hash - key.bytes);
	for (uint32_t i = lower_bound(s, name); i < s->vmsd_count; i++) {
		const struct schema_vmsd *v = s->vmsds[i];

		if (text_eq(v->key, key))
			return v;
		if (v->has_name && !text_eq(v->name, name))
			break;
	}
	/* those without a name are at the end */
	for (uint32_t i = s->vmsd_count; i-- && !s->vmsds[i]->has_name;)
		if (text_eq(s->vmsds[i]->key, key))
			return s->vmsds[i];
	return NULL;
}

const struct schema_device *schema_device_find(const struct schema *s,
					       struct ms_text name)
{
	uint32_t low = 0, high = s->device_count;

	while (low < high) {
		const uint32_t mid = low + (high - low) / 2;

		if (schema_text_compare(s->devices[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->device_count && text_eq(s->devices[low].name, name) ?
		       &s->devices[low] :
		       NULL;
}

int schema_field_ordinal(const struct schema_vmsd *v, uint32_t field)
{
	int before = 0, all = 0;

	for (uint32_t i = 0; i < v->field_count; i++)
		if (text_eq(v->fields[i].name, v->fields[field].name)) {
			before += i < field;
			all++;
		}
	return all > 1 ? before : -1;
}
