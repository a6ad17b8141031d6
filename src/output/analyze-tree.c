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
	size_t i = hash(name);

	for (;; i++) {
		struct node **s = &object->table[i & (object->table_size - 1)];

		if (!*s || text_eq((*s)->name, name))
			return s;
	}
}

static bool grow_table(struct analyze_tree *t, struct node *object)
{
	size_t size =
		object->table_size ? 2 * object->table_size : 4 * FEW_MEMBERS;
	struct node **table = arena_array(&t->arena, size, sizeof(*table));

	if (!table) {
		t->failed = true;
		return false;
	}
	object->table = table;
	object->table_size = size;
	for (struct node *n = object->first; n; n = n->next)
		*slot(object, n->name) = n;
	return true;
}

static struct node *find(struct node *object, struct ms_text name)
{
	if (object->last && text_eq(object->last->name, name))
		return object->last;
	if (object->table)
		return *slot(object, name);
	for (struct node *n = object->first; n; n = n->next)
		if (text_eq(n->name, name))
			return n;
	return NULL;
}

static void append(struct node *parent, struct node *n)
{
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	parent->count++;
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
	n = new_node(t, NODE_TEXT);
	if (!n)
		return NULL;
	n->name = arena_text(&t->arena, name);
	if (name.length && !n->name.bytes) {
		t->failed = true;
		return NULL;
	}
	append(object, n);
	if (object->count > FEW_MEMBERS) {
		if (2 * object->count > object->table_size) {
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
		item = new_node(t, NODE_TEXT);
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

void analyze_print(struct json_writer *w, const struct node *n)
{
	if (n->type == NODE_TEXT) {
		json_raw(w, n->text.bytes, n->text.length);
		return;
	}
	if (n->type == NODE_LIST)
		json_array(w);
	else
		json_object(w);
	for (const struct node *m = n->first; m; m = m->next) {
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
