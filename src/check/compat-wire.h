/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description as the sequence of what it puts on the wire: structs are
 * dissolved, fields that the version excludes are gone.
 *
 *	struct wire_list *l = wire_flatten(arena, vmsd, version, &opts);
 *
 * Lists and items live in the arena. */
#ifndef CHECK_COMPAT_WIRE_H
#define CHECK_COMPAT_WIRE_H

#include "schema/schema.h"

enum wire_kind {
	WIRE_LEAF,     /* count values of one type */
	WIRE_REPEAT,   /* count objects */
	WIRE_COUNTED,  /* as many objects as the device has at run time */
	WIRE_POINTERS, /* objects, 0x30 for those not there */
	WIRE_QUEUE,    /* 1 before each object, 0 at the end */
	WIRE_TREE,     /* count, 1 before each pair, 0 at the end */
	/* without bytes of their own; in .marks */
	WIRE_POINT,   /* subsections of .owner may follow */
	WIRE_CHECK,   /* a test of what was loaded (VMSTATE_VALIDATE) */
	WIRE_REFUSAL, /* a field that must exist and cannot */
};

enum wire_class {
	CLASS_UNKNOWN, /* the source does not tell types */
	CLASS_NUMBER,
	CLASS_BYTES,
	CLASS_UNUSED, /* written as zeros, ignored */
	CLASS_OPAQUE, /* made by code */
};

/* The chain of names down to an item. */
struct wire_step {
	const struct wire_step *outer;
	struct ms_text name;
	bool subsection;
};

struct wire_list;

struct wire_item {
	enum wire_kind kind;
	enum wire_class class_;
	const struct schema_vmsd *owner;
	const struct schema_field *field;
	const struct wire_step *path;
	/* Whose field_exists decides about this one, or NULL. */
	const struct schema_field *condition;
	uint64_t size;      /* of one on the wire, bytes; 0: not known */
	uint64_t host_size; /* in the C object; 0: not known */
	uint64_t count;     /* 0: not known or decided at run time */
	bool at_run_time;
	uint32_t at;                  /* marks: index of the item behind it */
	struct wire_list *body, *key; /* elements */
};

struct wire_list {
	struct wire_item *items, *marks;
	uint32_t count, mark_count;
	/* private */
	uint32_t item_room, mark_room;
};

/* How arrays of objects are taken. */
enum wire_rows {
	ROWS_WHOLE,  /* as one item */
	ROWS_UNROLL, /* fixed ones element by element */
	ROWS_SINGLE, /* as if they had one element */
};

struct wire_options {
	bool loading; /* by QEMU's rules for loading, not for saving */
	/* The other side knows no types: what repeats counts once. */
	bool bare;
	bool lengths; /* both sides know the lengths of arrays */
	enum wire_rows rows;
	uint64_t *budget; /* items that may still be made */
};

/* NULL: no memory, or the budget is used up. */
struct wire_list *wire_flatten(struct arena *arena, const struct schema_vmsd *v,
			       int32_t version, const struct wire_step *path,
			       const struct wire_options *opts);

static inline bool wire_has(const struct schema_vmsd *v, unsigned known)
{
	return (v->known & known) == known;
}

#endif
