/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between load-field.c and load-element.c: a field while it is read. */
#ifndef DECODE_LOAD_PRIV_H
#define DECODE_LOAD_PRIV_H

#include "decode/load.h"

/* Steps through the elements of a run of entries. */
struct element {
	const struct desc_field *f; /* of the element, or NULL */
	uint32_t entry, run;
	uint64_t left; /* elements of this entry */
};

/* A field while it is read. */
struct reading {
	struct load_object *o;
	uint32_t i; /* in o->v->fields */
	const struct schema_field *f;
	const struct type_codec *codec; /* of its type, or NULL */
	struct where w;
	struct element reference, witness;
	uint64_t count; /* elements */
	/* As a description counts: markers have entries of their own. */
	uint64_t entries, entry;
};

static inline struct decoder *reading_decoder(const struct reading *r)
{
	return &r->o->ld->dec;
}

static inline bool reading_leaf(const struct schema_field *f)
{
	return f->shape == DESC_LEAF &&
	       !(f->flags & (FIELD_STRUCT | FIELD_VSTRUCT));
}

/* ---- load-element.c ---- */

/* Element k at the reader's place. */
bool load_element(struct reading *r, uint64_t k);

/* ---- looking ahead: load-field.c ---- */

/* Nothing is told, and all is as it was afterwards. */
struct ahead {
	struct sink sink, *old;
	struct faults faults;
	uint64_t at;
};

/* Only where ld->show is set. */
void ahead_begin(struct loader *ld, struct ahead *a);
/* Bytes that were read. */
uint64_t ahead_end(struct loader *ld, struct ahead *a);

#endif
