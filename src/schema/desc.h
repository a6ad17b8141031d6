/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description model: what a device's state looks like on the wire.
 *
 * An object is its fields in order, then its subsections. Entries are kept
 * in the order of their source. All memory belongs to the arena of the
 * description; nothing is freed on its own. */
#ifndef SCHEMA_DESC_H
#define SCHEMA_DESC_H

#include "base/arena.h"
#include "base/limit-table.h"

struct desc_object;

/* How a field's elements are laid out, derived from its type name by
 * desc_shape_of(). */
enum desc_shape {
	DESC_LEAF,   /* src/decode/types.c knows the type, or size bytes */
	DESC_STRUCT, /* nested object under "struct" */
	DESC_INLINE, /* tmp, vstruct: nested object in the field itself */
	DESC_QUEUE,  /* qtailq, qlist: {1, object}… 0 */
	DESC_TREE,   /* gtree: count, {1, key, object}… 0 */
};

struct desc_field {
	struct ms_text name, type;
	uint64_t size;      /* bytes of the first element on the wire */
	uint32_t array_len; /* elements of a compressed array; 0 = no key */
	int64_t index;      /* "index", or -1 */
	/* Consecutive entries with this name, counted from this one; 1 for a
	 * field that stands alone, 0 for the 2nd and further ones of a run. */
	uint32_t run;
	enum desc_shape shape;
	bool has_size;
	/* Nested objects: one for STRUCT and INLINE (none: an empty struct,
	 * how releases up to 9.x show a NULL pointer), one per element for
	 * QUEUE, one or two (key, value) per element for TREE. */
	struct desc_object *objects;
	uint32_t object_count;
};

struct desc_object {
	struct ms_text vmsd; /* "vmsd_name"; empty for legacy entries */
	int64_t version;     /* -1 = not given */
	struct desc_field *fields;
	uint32_t field_count;
	struct desc_object *subsections;
	uint32_t subsection_count;
};

struct desc_device {
	struct ms_text name; /* idstr */
	uint32_t instance;
	struct desc_object object;
	uint64_t size; /* "size" of a legacy entry */
	bool legacy;   /* no vmsd_name: one buffer "data" */
	bool used;     /* a section of the stream was read by it */
};

/* Hints about the writer, from how its JSON looks. */
struct desc_style {
	bool spaced;        /* `"a" : 1`: 5.2 and older */
	bool configuration; /* top-level key: 9.2/10.0 and newer */
	bool indexed;       /* some element entry has "index" */
	bool repeated;      /* some run of equal names without "index" */
	bool ptr_marker;    /* type of 11.x */
};

struct desc {
	struct arena arena;
	struct desc_object *configuration; /* or NULL */
	uint64_t page_size;                /* bytes; 0 = not given */
	struct desc_device *devices;
	uint32_t device_count;
	struct desc_device **index; /* by name, for desc_find() */
	struct desc_style style;
	uint64_t offset, length; /* of the JSON text in the input */
	/* Not whole: the text is cut or wrong at `error_at` (offset in the
	 * text); the devices that were complete before it are there. */
	const char *error; /* or NULL */
	uint64_t error_at;
	bool cut;      /* longer than was read */
	char over[96]; /* room for .error */
};

enum desc_shape desc_shape_of(struct ms_text type);

/* Elements that the run of entries starting at f stands for: one field of the
 * device. Over entries that share elements each is counted once. */
uint64_t desc_run_count(const struct desc_field *f);
/* Of one entry, and of the first of a run. */
uint64_t desc_entry_count(const struct desc_field *f);
uint64_t desc_first_count(const struct desc_field *f);

/* Reads the JSON that a stream carries at its end, in one pass. The text is
 * hostile: depth, counts and memory are capped. text[0] should be '{'.
 * *ret_used = bytes up to and including the matching '}' (n when it is cut
 * short). Returns NULL only when nothing could be used at all (not an
 * object, or no memory); a damaged text gives what was whole before the
 * damage, with ->error set. */
struct desc *desc_parse_embedded(const char *text, size_t n,
				 const struct limits *limits, size_t *ret_used,
				 const char **ret_why);
void desc_free(struct desc *d);

/* Makes desc_find() fast, once all devices are there; they do not move after.
 * False: out of memory. */
bool desc_index(struct desc *d);
/* The n-th device (0 first) of that name and instance, or NULL. */
struct desc_device *desc_find(struct desc *d, struct ms_text name,
			      uint32_t instance, unsigned n);

#endif
