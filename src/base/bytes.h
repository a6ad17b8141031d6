/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads from unaligned memory. The caller has checked that the bytes exist. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdint.h>

static inline uint16_t load_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t load_be64(const uint8_t *p)
{
	return (uint64_t)load_be32(p) << 32 | load_be32(p + 4);
}

static inline uint16_t load_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t load_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t load_le64(const uint8_t *p)
{
	return (uint64_t)load_le32(p + 4) << 32 | load_le32(p);
}

/* Big-endian number of 1 to 8 bytes. */
static inline uint64_t load_be(const uint8_t *p, unsigned size)
{
	uint64_t v = 0;

	switch (size) {
	case 1:
		return p[0];
	case 2:
		return load_be16(p);
	case 4:
		return load_be32(p);
	case 8:
		return load_be64(p);
	default:
		for (unsigned i = 0; i < size; i++)
			v = v << 8 | p[i];
		return v;
	}
}

#endif
