/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values that the destination's devices have, learned from its reference
 * stream, by where they stand: section, object, field, element. */
#ifndef REPLAY_LOCALS_H
#define REPLAY_LOCALS_H

#include "base/arena.h"
#include "base/where.h"

struct local {
	uint64_t key;
	uint64_t number;     /* BOOL, INT (two's complement), UINT */
	uint64_t length;     /* bytes on the wire */
	const uint8_t *data; /* the bytes, or NULL: not kept */
};

struct locals {
	struct arena arena;
	struct local *slots; /* open addressing, key 0 = free */
	size_t count, room;
	const char
		*over; /* NULL, or which cap was reached: not all are there */
	bool failed;   /* out of memory */
};

void locals_init(struct locals *l);
void locals_free(struct locals *l);

/* Of the value `name` (an element: its index, else -1) in w, which stands in
 * the section whose key is root. */
uint64_t local_key(uint64_t root, const struct where *w, struct ms_text name,
		   int64_t index);
/* Of a section. */
uint64_t local_root(struct ms_text idstr, uint32_t instance);

/* The first value with a key stays. data is copied; NULL: none. */
void locals_add(struct locals *l, const struct local *v);
const struct local *locals_find(const struct locals *l, uint64_t key);

#endif
