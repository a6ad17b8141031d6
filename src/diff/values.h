/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes one behind the other, to be read again later: a few MiB in memory,
 * what is more in an unlinked temporary file. */
#ifndef DIFF_VALUES_H
#define DIFF_VALUES_H

#include "ram/sparse.h"

struct values {
	uint8_t *memory;
	size_t room;
	uint64_t used; /* bytes so far: where the next ones go */
	struct sparse file;
	bool filed;      /* .file is open */
	const char *why; /* first failure, or NULL */
};

void values_free(struct values *v);
/* False: v->why. */
bool values_add(struct values *v, const void *p, size_t n);
/* [at, at + n) of what was added. False: v->why. */
bool values_read(struct values *v, uint64_t at, void *p, size_t n);

#endif
