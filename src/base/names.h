/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names from a stream, by which things in a table are found again. A stream
 * may have tens of thousands, chosen so that they collide in a hash that can
 * be foreseen; this one cannot be.
 *
 *	struct names n = { 0 };
 *	names_add(&n, name, i);      // the text stays the caller's
 *	if (names_find(&n, name, &i)) …
 *	names_free(&n); */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "base/text.h"
#include <stdint.h>

struct names_slot;

struct names {
	struct names_slot *slots;
	size_t count, room; /* room: a power of two, or 0 */
};

bool names_find(const struct names *n, struct ms_text name, size_t *ret);
/* The value takes the place of an older one, whose text stays the name. False:
 * out of memory. */
bool names_add(struct names *n, struct ms_text name, size_t value);
void names_free(struct names *n);
/* As little foreseen: of an id, for a table of 1 << bits chains. */
uint32_t names_hash_id(uint32_t id, unsigned bits);

#endif
