/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One stream without its guest memory, kept for a comparison: configuration,
 * commands and sections, each a tree of fields. A visitor of ms_walk(), which
 * it hands every record:
 *
 *	tree_init(&t);
 *	ms_walk(s, tree_visit, &t);
 *	if (t.why) …                      // not all of it is there
 *	tree_free(&t); */
#ifndef DIFF_TREE_H
#define DIFF_TREE_H

#include "base/arena.h"
#include "base/sink.h"
#include "diff/values.h"

enum node_shape {
	NODE_LEAF,
	NODE_STRUCT,
	NODE_ARRAY,
	NODE_SUBSECTION,
};

struct node {
	struct node *next, *first, *last;
	struct ms_text name, type;
	int64_t index;       /* element of an array, or -1 */
	uint64_t number;     /* of a leaf that is no bytes */
	uint64_t at, length; /* bytes of a leaf in the values */
	uint64_t offset;     /* in the stream; NOWHERE: in several places */
	uint64_t count;      /* ARRAY: elements */
	/* ARRAY of numbers: bytes of each, .at and .length are those of all,
	 * and there are no children; 0 otherwise. */
	uint32_t unit;
	uint32_t version; /* SUBSECTION */
	uint32_t repeat;  /* siblings of this name right before */
	enum node_shape shape;
	enum ms_value_class class_;
	bool opaque;  /* bytes that no description is known of */
	bool unseen;  /* its bytes could not be had */
	bool matched; /* for the comparison */
};

enum tree_part {
	TREE_CONFIGURATION,
	TREE_COMMANDS,
	TREE_DESCRIPTION,
	TREE_SECTION
};

struct tree_section {
	enum tree_part part;
	struct ms_text name; /* idstr */
	uint32_t instance, version, id;
	uint64_t offset;
	bool live;    /* opened by START */
	size_t older; /* of those before it with this hash of the id, and one */
	struct node *root;
	size_t twin; /* for the comparison: that of the other stream */
};

#define NO_TWIN SIZE_MAX
#define NOWHERE UINT64_MAX
#define TREE_INTERNED 1024
#define TREE_ID_BITS 14
#define TREE_IDS (1u << TREE_ID_BITS)

struct tree {
	struct tree_section *sections; /* in stream order */
	size_t count, room;
	struct values values;
	const char *why; /* what is missing, or NULL */
	/* Only sections one of these matches; none: everything. */
	const char *const *devices;
	size_t device_count;
	/* private */
	struct arena arena;
	struct ms_text interned[TREE_INTERNED];
	size_t by_id[TREE_IDS]; /* section opened last, and one more */
	size_t commands;        /* their section, and one more */
	struct node *open[MAX_OPEN];
	size_t depth;
};

void tree_init(struct tree *t);
void tree_free(struct tree *t);
bool tree_visit(void *tree, const struct ms_record *rec);
/* After the walk: the embedded description, which is no record's field. Its
 * page size is 0 where it does not say. */
void tree_describe(struct tree *t, bool present, uint64_t page_size);
/* Fields below and including n. */
uint64_t tree_leaves(const struct node *n);

#endif
