/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "diff/tree.h"

#include "base/globs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/names.h"

#include <stdlib.h>

void tree_init(struct tree *t)
{
	*t = (struct tree){ 0 };
	_Static_assert(MAX_DIFF_FIELDS == MIB(24) && MAX_FIELD_VIEW == MIB(64),
		       "as messages say");
	arena_init(&t->arena, MAX_DIFF_FIELDS);
}

void tree_free(struct tree *t)
{
	arena_free(&t->arena);
	values_free(&t->values);
	free(t->sections);
	*t = (struct tree){ 0 };
}

static void *missing(struct tree *t, const char *why)
{
	if (!t->why)
		t->why = why;
	return NULL;
}

/* Names and types come again and again. */
static struct ms_text intern(struct tree *t, struct ms_text text)
{
	size_t h = 5381;
	struct ms_text *slot;

	if (!text.length)
		return TEXT("");
	for (size_t i = 0; i < text.length; i++)
		h = h * 33 ^ (unsigned char)text.bytes[i];
	slot = &t->interned[h % TREE_INTERNED];
	if (!slot->length || !text_eq(*slot, text))
		*slot = arena_text(&t->arena, text);
	if (!slot->bytes) {
		*slot = TEXT("");
		missing(t, "fields of a stream are over the limit of 24 MiB");
	}
	return *slot;
}

static struct node *new_node(struct tree *t, enum node_shape shape,
			     struct ms_text name, struct ms_text type,
			     int64_t index)
{
	struct node *n = arena_alloc(&t->arena, sizeof(*n));

	if (!n)
		return missing(
			t, "fields of a stream are over the limit of 24 MiB");
	n->shape = shape;
	n->name = intern(t, name);
	n->type = intern(t, type);
	n->index = index;
	return n;
}

static struct node *append(struct node *parent, struct node *n)
{
	if (!n)
		return NULL;
	if (parent->last) {
		if (n->index < 0 && text_eq(parent->last->name, n->name) &&
		    parent->last->shape == n->shape)
			n->repeat = parent->last->repeat + 1;
		parent->last->next = n;
	} else {
		parent->first = n;
	}
	parent->last = n;
	return n;
}

/* ---- sections ---- */

static struct tree_section *add_section(struct tree *t, enum tree_part part,
					struct ms_text name)
{
	struct tree_section *s;

	if (t->count == t->room) {
		size_t room = t->room ? 2 * t->room : 64;

		s = t->count < MAX_SECTIONS ?
			    mem_resize(t->sections, room * sizeof(*s)) :
			    NULL;
		if (!s)
			return missing(t, "more sections than can be compared");
		t->sections = s;
		t->room = room;
	}
	s = &t->sections[t->count];
	*s = (struct tree_section){ .part = part, .twin = NO_TWIN };
	s->name = intern(t, name);
	s->offset = NOWHERE;
	s->root = new_node(t, NODE_STRUCT, TEXT(""), TEXT(""), -1);
	if (!s->root)
		return NULL;
	t->count++;
	return s;
}

static void open_root(struct tree *t, struct tree_section *s)
{
	t->depth = 0;
	if (s)
		t->open[t->depth++] = s->root;
}

static struct tree_section *find_id(struct tree *t, uint32_t id)
{
	size_t i = t->by_id[names_hash_id(id, TREE_ID_BITS)];

	while (i && t->sections[i - 1].id != id)
		i = t->sections[i - 1].older;
	return i ? &t->sections[i - 1] : NULL;
}

static bool selected(struct tree *t, const struct ms_record *rec)
{
	bool failed = false;
	bool match = !t->device_count ||
		     globs_match(t->devices, t->device_count, rec->name,
				 rec->u.section.instance, &failed);

	if (failed)
		missing(t, "out of memory");
	return match;
}

static void begin_section(struct tree *t, const struct ms_record *rec)
{
	const enum ms_section_type type = rec->u.section.type;
	struct tree_section *s;

	t->depth = 0;
	if (rec->channel || !selected(t, rec))
		return;
	if (type == MS_SECTION_START || type == MS_SECTION_FULL) {
		s = add_section(t, TREE_SECTION, rec->name);
		if (!s)
			return;
		s->offset = rec->offset;
		s->instance = rec->u.section.instance;
		s->version = rec->u.section.version;
		s->id = rec->u.section.id;
		s->live = type == MS_SECTION_START;
		s->older = t->by_id[names_hash_id(s->id, TREE_ID_BITS)];
		t->by_id[names_hash_id(s->id, TREE_ID_BITS)] = t->count;
	} else {
		s = find_id(t, rec->u.section.id);
	}
	/* what is in it is guest memory */
	if (s && !text_is(s->name, "ram"))
		open_root(t, s);
}

/* ---- fields ---- */

static void keep(struct tree *t, struct node *n, const void *p, uint64_t length)
{
	n->at = t->values.used;
	n->length = length;
	n->unseen = length && (!p || length > SIZE_MAX ||
			       !values_add(&t->values, p, (size_t)length));
	if (t->values.why)
		missing(t, t->values.why);
	else if (n->unseen)
		missing(t, "a field is over the limit of 64 MiB");
}

/* Another number behind those the array has. */
static bool pack(struct tree *t, struct node *array,
		 const struct ms_record *rec)
{
	const bool number = rec->u.value.class_ == MS_INT ||
			    rec->u.value.class_ == MS_UINT ||
			    rec->u.value.class_ == MS_BOOL;
	const uint32_t size = (uint32_t)rec->data_length;

	if (array->shape != NODE_ARRAY || array->first || !number || !size ||
	    !rec->data || size > 8)
		return false;
	if (!array->unit) {
		array->unit = size;
		array->offset = rec->offset;
		array->at = t->values.used;
		array->class_ = rec->u.value.class_;
		array->type = intern(t, rec->type);
	} else if (array->unit != size ||
		   array->class_ != rec->u.value.class_ ||
		   array->at + array->length != t->values.used) {
		return false;
	}
	if (rec->u.value.index < 0 ||
	    (uint64_t)rec->u.value.index != array->length / size)
		return false;
	/* markers of pointers stand between */
	if (rec->offset != array->offset + array->length)
		array->offset = NOWHERE;
	if (values_add(&t->values, rec->data, size))
		array->length += size;
	else
		missing(t, t->values.why);
	return true;
}

static void leaf(struct tree *t, const struct ms_record *rec)
{
	const bool field = rec->kind == MS_FIELD;
	struct node *parent = t->open[t->depth - 1], *n;

	if (field && pack(t, parent, rec))
		return;
	n = append(parent,
		   new_node(t, NODE_LEAF,
			    rec->name.length || field ? rec->name :
							TEXT("contents"),
			    rec->type, field ? rec->u.value.index : -1));
	if (!n)
		return;
	n->opaque = !field;
	n->class_ = field ? rec->u.value.class_ : MS_BYTES;
	n->number = field ? rec->u.value.number : 0;
	n->offset = rec->offset;
	keep(t, n, rec->data, field ? rec->data_length : rec->length);
}

static void open_group(struct tree *t, const struct ms_record *rec)
{
	const bool sub = rec->kind == MS_SUBSECTION_BEGIN;
	const bool array = rec->kind == MS_ARRAY_BEGIN;
	struct node *n;

	if (t->depth == MAX_OPEN) {
		missing(t, "fields nest deeper than can be compared");
		return;
	}
	n = append(t->open[t->depth - 1],
		   new_node(t,
			    sub   ? NODE_SUBSECTION :
			    array ? NODE_ARRAY :
				    NODE_STRUCT,
			    rec->name, rec->type,
			    sub || array ? -1 : rec->u.group.index));
	if (n)
		n->offset = rec->offset;
	if (n && sub)
		n->version = rec->u.subsection.version;
	if (n && array)
		n->count = rec->u.group.count;
	/* where there is no room, its fields go nowhere that is looked at */
	if (n)
		t->open[t->depth++] = n;
	else
		t->depth = 0;
}

static void command(struct tree *t, const struct ms_record *rec)
{
	struct tree_section *s = NULL;
	struct node *n;

	if (rec->channel || t->device_count)
		return;
	if (t->commands) {
		s = &t->sections[t->commands - 1];
	} else {
		s = add_section(t, TREE_COMMANDS, TEXT("commands"));
		t->commands = s ? t->count : 0;
	}
	n = s ? new_node(t, NODE_LEAF, rec->name, TEXT(""), -1) : NULL;
	if (!n)
		return;
	append(s->root, n);
	n->class_ = MS_BYTES;
	n->offset = rec->offset;
	keep(t, n, rec->data, rec->data ? rec->data_length : 0);
}

static void configuration(struct tree *t, const struct ms_record *rec)
{
	struct ms_record machine = { .kind = MS_FIELD,
				     /* behind the type, and its length */
				     .offset = rec->offset + 1 + 4,
				     .name = TEXT("machine"),
				     .data = (const uint8_t *)rec->name.bytes,
				     .data_length = rec->name.length };
	struct tree_section *s;

	if (t->device_count)
		return;
	s = add_section(t, TREE_CONFIGURATION, TEXT("configuration"));
	open_root(t, s);
	machine.u.value.class_ = MS_STRING;
	machine.u.value.index = -1;
	if (s)
		leaf(t, &machine);
}

void tree_describe(struct tree *t, bool present, uint64_t page_size)
{
	struct ms_record rec = { .kind = MS_FIELD,
				 .offset = NOWHERE,
				 .name = TEXT("page_size") };
	uint8_t bytes[4];
	struct tree_section *s;

	if (!present || t->device_count)
		return;
	s = add_section(t, TREE_DESCRIPTION, TEXT("description"));
	open_root(t, s);
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(page_size >> (24 - 8 * i));
	rec.data = bytes;
	rec.data_length = sizeof(bytes);
	rec.u.value.class_ = MS_UINT;
	rec.u.value.number = page_size;
	rec.u.value.index = -1;
	if (s && page_size)
		leaf(t, &rec);
	t->depth = 0;
}

bool tree_visit(void *ctx, const struct ms_record *rec)
{
	struct tree *t = ctx;

	switch (rec->kind) {
	case MS_CONFIG_BEGIN:
		configuration(t, rec);
		break;
	case MS_SECTION_BEGIN:
		begin_section(t, rec);
		break;
	case MS_CONFIG_END:
	case MS_SECTION_END:
		t->depth = 0;
		break;
	case MS_COMMAND:
		command(t, rec);
		break;
	case MS_SUBSECTION_BEGIN:
	case MS_STRUCT_BEGIN:
	case MS_ARRAY_BEGIN:
		if (t->depth)
			open_group(t, rec);
		break;
	case MS_SUBSECTION_END:
	case MS_STRUCT_END:
	case MS_ARRAY_END:
		if (t->depth > 1)
			t->depth--;
		break;
	case MS_FIELD:
	case MS_OPAQUE:
		if (t->depth)
			leaf(t, rec);
		break;
	default:
		break;
	}
	return true;
}

uint64_t tree_leaves(const struct node *n)
{
	uint64_t sum = 0;

	if (n->shape == NODE_LEAF)
		return 1;
	if (n->unit)
		return n->length / n->unit;
	for (const struct node *c = n->first; c; c = c->next)
		sum += tree_leaves(c);
	return sum;
}
