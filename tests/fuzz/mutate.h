/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of inputs that keep them readable; only with libFuzzer. A target
 * that is linked with mutate.c says how its inputs are divided:
 *
 *	const unsigned mutate_parts = 2;     be32 | be32 | part | part | part
 *
 * An input whose numbers do not fit is one part, and so is any with 0. What a
 * part is, its first bytes tell: JSON, a stream, or anything. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

extern const unsigned mutate_parts;

/* Numbers out of one seed, as many as are wanted. */
static inline size_t mutate_pick(unsigned *seed, size_t n)
{
	*seed = *seed * 1103515245 + 12345;
	return n ? (*seed >> 8) % n : 0;
}

/* Each changes data[0, size) and returns its new size, at most room. */
size_t mutate_stream(uint8_t *data, size_t size, size_t room, unsigned seed);
size_t mutate_json(uint8_t *data, size_t size, size_t room, unsigned seed);

/* For mutate-elf.c: the program (malloc'ed) that fuzz-elf makes of a recipe. */
uint8_t *mutate_made(const uint8_t *data, size_t size, size_t *ret_size);

#endif
