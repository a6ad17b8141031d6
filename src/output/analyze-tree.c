/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/analyze-tree.h"

#include "base/limits.h"
#include "base/text.h"

/* Members of an object that are looked up one by one. */
#define FEW_MEMBERS 16u

static size_t hash(struct ms_text name)
{
	size_t h = 5381;

	for (size_t i = 0; i < name.length; i++)
		h = h * 33 + (unsigned char)name.bytes[i];
	return h ^ h >> 15;
}

static struct node **slot(struct node *object, struct ms_text name)
{
	const size_t mask = object->u.group.table_size - 1;

	for (size_t i = hash(name);; i++) {
		struct node **s = &object->u.group.table[i & mask];

		if (!*s || text_eq((*s)->name, name))
			return s;
	}
}

static bool grow_table(struct analyze_tree *t, struct node *object)
{
	const uint32_t old = object->u.group.table_size;
	const uint32_t size = old ? 2 * old : 4 * FEW_MEMBERS;
	struct node **table = arena_array(&t->arena, size, sizeof(*table));

	if (!table) {
		t->failed = true;
		return false;
	}
	object->u.group.table = table;
	object->u.group.table_size = size;
	for (struct node *n = object->u.group.first; n; n = n->next)
		*slot(object, n->name) = n;
	return true;
}

static struct node *find(struct node *object, struct ms_text name)
{
	struct node *last = object->u.group.last;

	if (last && text_eq(last->name, name))
		return last;
	if (object->u.group.table)
		return *slot(object, name);
	for (struct node *n = object->u.group.first; n; n = n->next)
		if (text_eq(n->name, name))
			return n;
	return NULL;
}

static void append(struct node *parent, struct node *n)
{
	if (parent->u.group.last)
		parent->u.group.last->next = n;
	else
		parent->u.group.first = n;
	parent->u.group.last = n;
	parent->u.group.count++;
}

static struct node *new_node(struct analyze_tree *t, enum node_type type)
{
	struct node *n = arena_alloc(&t->arena, sizeof(*n));

	if (!n)
		t->failed = true;
	else
		n->type = type;
	return n;
}

/* A new member of object, or the existing one of that name. */
static struct node *member(struct analyze_tree *t, struct node *object,
			   struct ms_text name, bool *ret_new)
{
	struct node *n = find(object, name);

	*ret_new = !n;
	if (n)
		return n;
	n = new_node(t, NODE_VALUE);
	if (!n)
		return NULL;
	n->name = arena_text(&t->arena, name);
	if (name.length && !n->name.bytes) {
		t->failed = true;
		return NULL;
	}
	append(object, n);
	if (object->u.group.count > FEW_MEMBERS) {
		if (2 * object->u.group.count > object->u.group.table_size) {
			if (!grow_table(t, object))
				return NULL;
		} else {
			*slot(object, n->name) = n;
		}
	}
	return n;
}

static void clear(struct node *n, enum node_type type)
{
	struct node fresh = { .next = n->next, .name = n->name, .type = type };

	*n = fresh;
}

struct node *analyze_add(struct analyze_tree *t, struct node *object,
			 struct ms_text name, enum node_type type)
{
	bool is_new;
	struct node *n = member(t, object, name, &is_new), *item;

	if (!n)
		return NULL;
	if (is_new) {
		n->type = type;
		return n;
	}
	if (n->type != NODE_LIST) {
		item = new_node(t, NODE_VALUE);
		if (!item)
			return NULL;
		*item = *n;
		item->next = NULL;
		clear(n, NODE_LIST);
		append(n, item);
	}
	item = new_node(t, type);
	if (item)
		append(n, item);
	return item;
}

struct node *analyze_set(struct analyze_tree *t, struct node *object,
			 struct ms_text name, enum node_type type)
{
	bool is_new;
	struct node *n = member(t, object, name, &is_new);

	if (n)
		clear(n, type);
	return n;
}

void analyze_give(struct analyze_tree *t, struct node *value, enum how how,
		  const uint8_t *p, uint64_t n)
{
	struct ms_text copy = TEXT("");

	if (!p)
		n = 0;
	value->u.value.how = how;
	if (n && n <= sizeof(value->u.value.bytes.here)) {
		memcpy(value->u.value.bytes.here, p, (size_t)n);
	} else if (n) {
		if (n <= UINT32_MAX)
			copy = arena_text(&t->arena, text_make((const char *)p,
							       (size_t)n));
		if (!copy.length) {
			t->failed = true;
			return;
		}
		value->u.value.bytes.there = (const uint8_t *)copy.bytes;
	}
	value->u.value.length = (uint32_t)n;
}

static void print_value(struct json_writer *w, const struct node *n)
{
	const bool here = n->u.value.length <= sizeof(n->u.value.bytes.here);

	analyze_value(w, n->u.value.how,
		      here ? n->u.value.bytes.here : n->u.value.bytes.there,
		      n->u.value.length);
}

void analyze_print(struct json_writer *w, const struct node *n)
{
	if (n->type == NODE_VALUE) {
		print_value(w, n);
		return;
	}
	if (n->type == NODE_LIST)
		json_array(w);
	else
		json_object(w);
	for (const struct node *m = n->u.group.first; m; m = m->next) {
		if (n->type == NODE_OBJECT)
			json_key_text(w, m->name);
		analyze_print(w, m);
	}
	json_end(w);
}

void analyze_init(struct analyze_tree *t, enum node_type root)
{
	*t = (struct analyze_tree){ .root = NULL };
	arena_init(&t->arena, MAX_ANALYZE_TREE);
	t->root = new_node(t, root);
}

void analyze_free(struct analyze_tree *t)
{
	arena_free(&t->arena);
	t->root = NULL;
}
