/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is given back all at once, with a cap.
 *
 *	struct arena a;
 *	arena_init(&a, MAX_MODEL_BYTES);
 *	x = arena_alloc(&a, sizeof(*x));   // zeroed; NULL: cap or no memory
 *	arena_free(&a);
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/text.h"

struct arena {
	struct arena_chunk *chunks;
	size_t used, cap; /* bytes handed out, bytes allowed */
	bool full;        /* the cap was reached, not the end of memory */
};

void arena_init(struct arena *a, size_t cap);
void arena_free(struct arena *a);
/* n bytes, zeroed, aligned for any type; NULL past the cap. */
void *arena_alloc(struct arena *a, size_t n);
/* n items of size bytes; NULL also when the product overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);
/* A copy of t; .bytes is NULL past the cap. A NUL follows the copy. */
struct ms_text arena_text(struct arena *a, struct ms_text t);

#endif
