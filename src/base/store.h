/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers one behind the other into memory, which the caller has room for.
 *
 *	struct store s = { .p = header, .big_endian = … };
 *	store_u32(&s, magic);
 *	store_u64(&s, offset);
 */
#ifndef BASE_STORE_H
#define BASE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct store {
	uint8_t *p; /* where the next one goes */
	bool big_endian;
};

static inline void store_number(struct store *s, uint64_t v, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		s->p[s->big_endian ? size - 1 - i : i] = (uint8_t)(v >> 8 * i);
	s->p += size;
}

static inline void store_u8(struct store *s, uint8_t v)
{
	*s->p++ = v;
}

static inline void store_u16(struct store *s, uint16_t v)
{
	store_number(s, v, 2);
}

static inline void store_u32(struct store *s, uint32_t v)
{
	store_number(s, v, 4);
}

static inline void store_u64(struct store *s, uint64_t v)
{
	store_number(s, v, 8);
}

static inline void store_zeros(struct store *s, size_t n)
{
	memset(s->p, 0, n);
	s->p += n;
}

#endif
