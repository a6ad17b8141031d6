/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LZO1X, all of whose compressors (lzop's levels) write one format. It was
 * never published; this is after the description of its instructions in Linux
 * (Documentation/staging/lzo.rst, version 0), compared with what lzop 1.04
 * writes and reads.
 *
 * Each instruction copies a match, "length" bytes from "distance" bytes back,
 * and up to three literals that follow it (S). Bits of the first byte, then
 * the bytes behind it; le16 is read as 14 bits D and 2 bits S:
 *
 *   1LLDDDSS | u8 H    length 5 + L, distance 1 + H * 8 + D
 *   01LDDDSS | u8 H    length 3 + L, distance 1 + H * 8 + D
 *   001LLLLL | le16    length 2 + L, distance 1 + D
 *   0001HLLL | le16    length 2 + L, distance 16384 + H * 16384 + D;
 *                      distance 16384 is the end mark
 *   0000DDSS | u8 H    behind one to three literals:
 *                      length 2, distance 1 + H * 4 + D
 *   0000DDSS | u8 H    behind a run of literals:
 *                      length 3, distance 2049 + H * 4 + D
 *   0000LLLL           behind a match alone, and at the start: a run of
 *                      3 + L literals
 *
 * An L of the last three kinds of length that is 0 goes on behind the first
 * byte (before le16): its largest value, 255 for each zero byte, and the byte
 * that ends those. A block may start with a byte over 17, for a run of that
 * less 17 literals (one of up to three counts like those of an instruction). */
#include "config.h"
#include "io/lzo1x.h"

#include "base/bytes.h"

#include <string.h>

/* Copied at once where both sides have room for it. */
#define STEP 16
/* literals: up to three are told apart; four stand for a run. */
#define RUN 4
#define FIRST_RUN 17
#define FAR 16384
#define BEHIND_RUN 2049

struct lzo1x {
	const uint8_t *in, *in_end;
	uint8_t *out, *out_end;
	const uint8_t *out_start;
};

static inline size_t in_left(const struct lzo1x *z)
{
	return (size_t)(z->in_end - z->in);
}

static inline size_t out_left(const struct lzo1x *z)
{
	return (size_t)(z->out_end - z->out);
}

static inline bool copy_literals(struct lzo1x *z, size_t n)
{
	if (n > in_left(z) || n > out_left(z))
		return false;
	/* what is written too much is written again, or found missing */
	if (n <= STEP && in_left(z) >= STEP && out_left(z) >= STEP)
		memcpy(z->out, z->in, STEP);
	else
		memcpy(z->out, z->in, n);
	z->in += n;
	z->out += n;
	return true;
}

/* A match may reach into itself, and repeats then. */
static inline bool copy_match(struct lzo1x *z, size_t distance, size_t length)
{
	if (distance > (size_t)(z->out - z->out_start) || length > out_left(z))
		return false;
	if (distance >= STEP && length <= STEP && out_left(z) >= STEP) {
		memcpy(z->out, z->out - distance, STEP);
		z->out += length;
		return true;
	}
	while (length) {
		const size_t n = length < distance ? length : distance;

		memcpy(z->out, z->out - distance, n);
		z->out += n;
		length -= n;
		distance += n; /* twice the period is one as well */
	}
	return true;
}

/* L, of which the first byte holds the bits of mask. */
static inline bool read_length(struct lzo1x *z, unsigned first, unsigned mask,
			       size_t *ret)
{
	size_t n = mask;

	*ret = first & mask;
	if (*ret)
		return true;
	/* more than there is room for need not be counted to the end */
	for (; in_left(z) && !*z->in && n <= out_left(z); n += 255)
		z->in++;
	if (!in_left(z) || n > out_left(z))
		return false;
	*ret = n + *z->in++;
	return true;
}

/* An instruction 001LLLLL or 0001HLLL. *ret_end: it was the end mark. */
static inline bool long_match(struct lzo1x *z, unsigned first,
			      unsigned *ret_literals, bool *ret_end)
{
	const bool near = first >= 32;
	size_t distance, length;
	unsigned v;

	if (!read_length(z, first, near ? 31 : 7, &length) || in_left(z) < 2)
		return false;
	v = load_le16(z->in);
	z->in += 2;
	*ret_literals = v & 3;
	distance = v >> 2;
	distance += near ? 1 : FAR + (size_t)(first & 8) / 8 * FAR;
	*ret_end = !near && distance == FAR;
	return *ret_end || copy_match(z, distance, length + 2);
}

/* All others that copy a match. */
static inline bool short_match(struct lzo1x *z, unsigned first,
			       unsigned *literals)
{
	const unsigned before = *literals;
	size_t high;

	if (!in_left(z))
		return false;
	high = *z->in++;
	*literals = first & 3;
	/* L stands above bits that tell the kind, 1 or 01 */
	if (first >= 64)
		return copy_match(z, 1 + high * 8 + (first >> 2 & 7),
				  (first >> 5) + 1);
	if (before == RUN)
		return copy_match(z, BEHIND_RUN + high * 4 + (first >> 2), 3);
	return copy_match(z, 1 + high * 4 + (first >> 2), 2);
}

static inline bool literal_run(struct lzo1x *z, unsigned first)
{
	size_t n;

	return read_length(z, first, 15, &n) && copy_literals(z, n + 3);
}

bool lzo1x_unpack(const uint8_t *in, size_t n, uint8_t *out, size_t size)
{
	struct lzo1x z = { in, in + n, out, out + size, out };
	unsigned literals = 0; /* copied last: up to three, or RUN */
	bool end = false;

	if (n && *in > FIRST_RUN) {
		const unsigned run = *z.in++ - FIRST_RUN;

		if (!copy_literals(&z, run))
			return false;
		literals = run < RUN ? run : RUN;
	}
	while (in_left(&z)) {
		const unsigned first = *z.in++;

		if (first < 16 && !literals) {
			if (!literal_run(&z, first))
				return false;
			literals = RUN;
			continue;
		}
		if (first >= 64 || first < 16) {
			if (!short_match(&z, first, &literals))
				return false;
		} else if (!long_match(&z, first, &literals, &end)) {
			return false;
		}
		if (end)
			return !in_left(&z) && !out_left(&z);
		if (!copy_literals(&z, literals))
			return false;
	}
	return false;
}
