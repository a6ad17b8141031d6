/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device state by a schema: one object as a QEMU loads it (migration/vmstate.c:
 * vmstate_load_state, vmstate_subsection_load; 5.2 to 11.1).
 *
 * The schema says which fields there can be, and values that were loaded tell
 * how many elements others have. What only the running device knows (whether
 * a conditional field is there, a count that is not sent) the caller's oracle
 * tells: one that tries all ways (resolve.c), or one that knows the device
 * (src/replay/load.c).
 *
 *	struct loader ld = { .dec = decoder, .oracle = &mine, .ctx = me, … };
 *	struct load_object o = { .ld = &ld, .v = vmsd, .version = 3, .w = &w };
 *	ok = load_object(&o);     // false: reported, or the oracle said no
 *
 * Leaves go to the decoder's sink and its check(). */
#ifndef DECODE_LOAD_H
#define DECODE_LOAD_H

#include "decode/decode.h"
#include "schema/schema.h"

struct load_object;

/* Of an element or a field in the two streams' descriptions, or NULL. */
struct load_entries {
	const struct desc_field *reference, *witness;
};

struct load_oracle {
	/* Does the conditional field i exist? */
	bool (*exists)(const struct load_object *o, uint32_t i,
		       struct load_entries e);
	/* How many elements field i has, which .count does not tell. */
	uint64_t (*elements)(const struct load_object *o, uint32_t i,
			     struct load_entries e);
	/* Bytes of a VBUFFER, which .length does not tell. */
	uint64_t (*buffer)(const struct load_object *o, uint32_t i,
			   struct load_entries e);
	/* Bytes of another leaf; 0: the type's own reader knows. */
	uint64_t (*leaf)(const struct load_object *o, uint32_t i,
			 struct load_entries e);
	/* The next may be NULL, and end the load by false. A leaf was read,
	 * from there to the reader's place; VMSTATE_VALIDATE entry i; all of
	 * an object was. */
	bool (*leaf_read)(const struct load_object *o, uint32_t i,
			  const struct where *w, uint64_t from);
	bool (*check)(const struct load_object *o, uint32_t i);
	bool (*loaded)(const struct load_object *o);
};

/* Names of fields as a stream's description has them, by description: kept
 * from load to load by the same schema. Zero it first. */
struct load_cache {
	struct arena arena;
	struct ms_text **names;
	uint32_t count;
	bool markers; /* the release has marked arrays: 11.x */
};

void load_cache_init(struct load_cache *c, const struct schema *s);
void load_cache_free(struct load_cache *c);

struct loader {
	struct decoder dec;
	const struct load_oracle *oracle;
	void *ctx; /* the oracle's */
	struct load_cache *cache;
	uint64_t *work; /* steps so far */
	uint64_t most;  /* of them */
	unsigned depth;
	/* Brackets around objects and arrays are sent as well, and the bytes
	 * of composite fields: needs a seekable reader. */
	bool show;
	/* Offset behind all that can be read: an array that cannot fit before
	 * it is not begun. 0: not known. */
	uint64_t end;
	/* A nested object could not be read: the schema does not know it. */
	bool unknown;
};

/* A number that was loaded, by its place in the C object. */
struct loaded {
	uint64_t offset; /* bytes */
	uint64_t number; /* two's complement */
};

struct loaded_list {
	struct loaded *items;
	size_t count, room;
};

/* The numbers of one C object; subsections and embedded structs share it. */
struct loaded_numbers {
	struct loaded_list sent;
	/* What an oracle said: has to come true if it is sent after all. */
	struct loaded_list assumed;
};

/* An object while and after it is loaded. */
struct load_object {
	struct loader *ld;
	const struct schema_vmsd *v;
	int64_t version;
	/* The same object as two streams describe it, for the oracle; NULL:
	 * they do not. */
	const struct desc_object *reference, *witness;
	const struct where *w;
	const struct load_object *outer;
	/* ---- the loader's own; zero ---- */
	const struct ms_text *names; /* of v's fields in a description */
	/* Its fields by index: what a number field (not an array) holds, and
	 * where each stands, 0 = was not read. */
	int64_t *values;
	uint64_t *places;
	struct loaded_numbers *loaded; /* of the whole C object */
	uint64_t base;                 /* of this one in it, bytes */
};

/* An object of v at the reader's place. */
bool load_object(const struct load_object *o);

/* ---- for oracles ---- */

/* The value of a number field of this object; false: not read. */
bool object_value(const struct load_object *o, const char *field, int64_t *ret);
/* Where it stands in the stream; 0: not read. */
uint64_t object_place(const struct load_object *o, const char *field);
/* The number that was loaded last to that place from this object's start. */
bool object_number(const struct load_object *o, uint64_t offset, uint64_t *ret);
/* From here on the number at src is taken to be n. */
void object_assume(const struct load_object *o, const struct schema_source *src,
		   uint64_t n);
/* What field f makes of the number that counts it. UINT64_MAX: too much. */
uint64_t load_elements(const struct schema_field *f, uint64_t number);
uint64_t load_bytes(const struct schema_field *f, uint64_t number);
/* An element of a run in a description: a marker, not an object. */
bool load_is_marker(const struct desc_field *f);

/* ---- between load.c, load-field.c and exists.c ---- */

/* False: too many steps, reported. */
bool load_step(struct loader *ld, const struct where *w);
/* Keeps a number; false: another one was assumed. */
bool object_keep(const struct load_object *o, uint64_t offset, uint64_t number);
/* A number that is read elsewhere; false: was not. */
bool object_source(const struct load_object *o, const struct schema_source *src,
		   uint64_t *ret);
/* Field i, with all its elements. */
bool load_field(struct load_object *o, uint32_t i, struct load_entries e);
/* Whether field i is there, if a value loaded before decides that. False: it
 * does not, or is not known. */
bool exists_by_value(const struct load_object *o, uint32_t i, bool *ret);

#endif
