/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A section of dump --format analyze as a tree of values, which is printed
 * once it is whole: a name that comes again changes what stands there.
 *
 * Memory is the tree's, up to a cap. When it runs out, .failed is set and the
 * functions return NULL. */
#ifndef OUTPUT_ANALYZE_TREE_H
#define OUTPUT_ANALYZE_TREE_H

#include "base/arena.h"
#include "output/json-writer.h"

enum node_type { NODE_VALUE, NODE_OBJECT, NODE_LIST };

/* What the script makes of a field's bytes. */
enum how { HOW_RAW, HOW_SIGNED, HOW_UNSIGNED, HOW_BOOL, HOW_NULL };

struct node {
	struct node *next; /* sibling, in order */
	struct ms_text name;
	enum node_type type;
	union {
		struct {
			enum how how;
			uint32_t length;
			union {
				uint8_t here[8]; /* up to so many */
				const uint8_t *there;
			} bytes;
		} value; /* NODE_VALUE */
		struct {
			uint32_t count, table_size; /* a power of two */
			struct node *first, *last;
			/* NODE_OBJECT: its members by name, once there are
			 * many. */
			struct node **table;
		} group;
	} u;
};

struct analyze_tree {
	struct arena arena;
	struct node *root; /* NULL: there is none (any more) */
	bool failed;       /* no memory */
};

void analyze_init(struct analyze_tree *t, enum node_type root);
void analyze_free(struct analyze_tree *t);

/* Where the value of the field `name` goes: the 2nd of a name makes a list
 * of what was a single value. */
struct node *analyze_add(struct analyze_tree *t, struct node *object,
			 struct ms_text name, enum node_type type);
/* Takes the place of what had the name before. */
struct node *analyze_set(struct analyze_tree *t, struct node *object,
			 struct ms_text name, enum node_type type);
void analyze_print(struct json_writer *w, const struct node *n);

/* Gives a node of NODE_VALUE a copy of n bytes; p NULL: there are none. More
 * than 4 GiB are no memory. */
void analyze_give(struct analyze_tree *t, struct node *value, enum how how,
		  const uint8_t *p, uint64_t n);

/* analyze-value.c */
enum how analyze_how(struct ms_text type);
void analyze_value(struct json_writer *w, enum how how, const uint8_t *p,
		   size_t n);

#endif
