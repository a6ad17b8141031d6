/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two schemas and no stream: what breaks when the destination loads what the
 * source writes.
 *
 *	struct compat *c = compat_run(src, dst);    // NULL: no memory
 *	for (size_t i = 0; i < c->count; i++)
 *		show(&c->findings[i].f);
 *	compat_free(c);
 *
 * Compared is the wire, not the C: a renamed field of the same size and place
 * is no finding, nor is a struct folded into or out of a field. A finding
 * holds for a stream that contains the description it is about; what only a
 * test at run time decides is `possible`. Missing knowledge lowers certainty
 * and never makes a finding. The result refers to both schemas. */
#ifndef CHECK_COMPAT_H
#define CHECK_COMPAT_H

#include "schema/schema.h"

struct compat_finding {
	struct ms_finding f;           /* no offsets, no QEMU line */
	const struct schema_vmsd *top; /* section it is in, or NULL */
};

struct compat {
	const struct schema *src, *dst;
	struct compat_finding *findings;
	size_t count;
	uint32_t judged;   /* descriptions of src that were compared */
	uint32_t unjudged; /* that dst need not list although it has them */
	const char *why;   /* not NULL: findings are missing, as memory is or
			    * a cap was reached */
	/* private */
	size_t room, text_bytes;
	uint64_t budget; /* items */
	uint64_t steps;  /* work on them */
};

struct compat *compat_run(const struct schema *src, const struct schema *dst);
void compat_free(struct compat *c);

#endif
