/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lzop by itself: the library that it uses is under the GPL, and libarchive
 * mostly runs the program, which the sandbox forbids and which takes whatever
 * follows the data for damage.
 *
 * A file is one or more members (lzop -dc puts out one after the other). Each
 * is (lzop 1.04: lzop.c, write_header, and what libarchive's
 * archive_read_support_filter_lzop.c reads):
 *   magic[9] | be16 version | be16 library | be16 needed (version >= 0x940) |
 *   u8 method | u8 level (>= 0x940) | be32 flags | be32 filter (if flagged) |
 *   be32 mode | be32 time | be32 time high (>= 0x940) | u8 length, name |
 *   be32 checksum, of what is behind the magic |
 *   be32 length, extra field, be32 checksum of both (if flagged)
 * then blocks, and a be32 0 at their end:
 *   be32 size | be32 size packed | be32 checksum for each kind that is
 *   flagged, of what is packed only where it is smaller | data */
#include "config.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/lzo1x.h"
#include "io/source-priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define LZOP_INPUT ((size_t)256 << 10)
#define MAGIC "\x89LZO\0\r\n\x1a\n"
#define MAGIC_BYTES 9
#define FIRST_WITH_LEVEL 0x940
/* Methods 1 to 3 are compressors of LZO1X. */
#define LAST_METHOD 3
#define FLAG_ADLER_PLAIN 0x1
#define FLAG_ADLER_PACKED 0x2
#define FLAG_EXTRA 0x40
#define FLAG_CRC_PLAIN 0x100
#define FLAG_CRC_PACKED 0x200
#define FLAG_FILTER 0x800
#define FLAG_CRC_HEADER 0x1000

#define CUT_SHORT "lzop: the data are cut short"

struct lzop {
	struct source s;
	struct source *inner;
	bool inside; /* of a member */
	bool eof, over;
	uint32_t flags; /* of the member */
	/* input[at..end) has been read and not used */
	uint8_t *input;
	size_t at, end, room;
	/* the unpacked block, and what of it (or of a block that is stored,
	 * in input) was not handed out yet */
	uint8_t *block;
	size_t block_room;
	const uint8_t *plain;
	size_t plain_left;
};

/* Makes room for n bytes behind input + at. It grows as data come, not by what
 * they claim. */
static bool lzop_grow(struct lzop *l, size_t n)
{
	size_t room = l->room ? l->room * 2 : LZOP_INPUT;
	uint8_t *p;

	if (l->at) {
		memmove(l->input, l->input + l->at, l->end - l->at);
		l->end -= l->at;
		l->at = 0;
	}
	if (l->end < l->room || n <= l->room)
		return true;
	p = mem_resize(l->input, room);
	if (!p) {
		source_fail(&l->s, "lzop: out of memory");
		return false;
	}
	l->input = p;
	l->room = room;
	return true;
}

/* n bytes at hand to look at, or NULL: fewer are left, or an error. */
static const uint8_t *lzop_need(struct lzop *l, size_t n)
{
	while (l->end - l->at < n && !l->eof) {
		ptrdiff_t got;

		if (l->room - l->at < n && !lzop_grow(l, n))
			return NULL;
		got = l->inner->ops->fill(l->inner, l->input + l->end,
					  l->room - l->end);
		source_pass_tail(&l->s, l->inner);
		if (got < 0)
			source_fail(&l->s, "%s", l->inner->error);
		l->eof = got <= 0;
		l->end += got > 0 ? (size_t)got : 0;
	}
	return l->end - l->at >= n ? l->input + l->at : NULL;
}

/* The same, and they are used up. */
static const uint8_t *lzop_take(struct lzop *l, size_t n)
{
	const uint8_t *p = lzop_need(l, n);

	if (p)
		l->at += n;
	else
		source_fail(&l->s, CUT_SHORT);
	return p;
}

static uint32_t checksum(bool crc, const uint8_t *p, size_t n)
{
	return (uint32_t)(crc ? crc32_z(0, p, n) : adler32_z(1, p, n));
}

/* The extra field has no use; lzop 1.04 reads over it. */
static void skip_extra(struct lzop *l)
{
	const bool crc = l->flags & FLAG_CRC_HEADER;
	const uint8_t *p = lzop_need(l, 4);
	const size_t n = p ? load_be32(p) : 0;

	if (n > MAX_LZOP_EXTRA) {
		source_fail(&l->s,
			    "lzop: an extra field of %zu bytes is not "
			    "supported",
			    n);
		return;
	}
	p = lzop_take(l, 4 + n + 4);
	if (p && load_be32(p + 4 + n) != checksum(crc, p, 4 + n))
		source_fail(&l->s, "lzop: damaged header");
}

/* Behind the magic number. */
static void read_header(struct lzop *l)
{
	const uint8_t *p = lzop_need(l, 2);
	const bool level = p && load_be16(p) >= FIRST_WITH_LEVEL;
	const size_t method_at = level ? 6 : 4;
	const size_t flags_at = level ? 8 : 5;
	size_t n = flags_at + 4;
	unsigned method;

	p = lzop_need(l, n);
	if (p) {
		l->flags = load_be32(p + flags_at);
		n += l->flags & FLAG_FILTER ? 4 : 0;
		n += level ? 12 : 8; /* mode and time */
		p = lzop_need(l, n + 1);
	}
	if (p) {
		n += 1 + p[n];
		p = lzop_need(l, n + 4);
	}
	if (!p) {
		source_fail(&l->s, CUT_SHORT);
		return;
	}
	l->at += n + 4;
	method = p[method_at];
	if (load_be32(p + n) != checksum(l->flags & FLAG_CRC_HEADER, p, n))
		source_fail(&l->s, "lzop: damaged header");
	else if (!method || method > LAST_METHOD)
		source_fail(&l->s, "lzop: method %u is not supported", method);
	else if (l->flags & FLAG_FILTER)
		source_fail(&l->s, "lzop: filters are not supported");
	else if (l->flags & FLAG_EXTRA)
		skip_extra(l);
}

/* Between members: does one more begin? Zeros are padding. */
static void lzop_look(struct lzop *l)
{
	const uint8_t *p = lzop_need(l, MAGIC_BYTES);

	if (p && !memcmp(p, MAGIC, MAGIC_BYTES)) {
		l->at += MAGIC_BYTES;
		l->inside = true;
		read_header(l);
		return;
	}
	while ((p = lzop_need(l, 1)) && !*p)
		l->at++;
	if (p)
		l->s.tail = "lzop";
	l->over = true;
}

/* Compares the checksums at *sums that the flags tell of, and moves it on. */
static void compare(struct lzop *l, const uint8_t **sums, uint32_t adler,
		    uint32_t crc, const uint8_t *p, size_t n)
{
	for (int i = 0; i < 2; i++) {
		if (!(l->flags & (i ? crc : adler)))
			continue;
		if (load_be32(*sums) != checksum(i, p, n))
			source_fail(&l->s, "lzop: a checksum differs");
		*sums += 4;
	}
}

static size_t sums_bytes(const struct lzop *l, uint32_t adler, uint32_t crc)
{
	return (l->flags & adler ? 4u : 0) + (l->flags & crc ? 4u : 0);
}

/* The n bytes at packed, as size bytes at l->plain. */
static bool unpack_block(struct lzop *l, const uint8_t *packed, size_t n,
			 size_t size)
{
	l->plain = packed;
	if (n == size)
		return true;
	if (size > l->block_room) {
		free(l->block);
		l->block = mem_alloc(size);
		l->block_room = l->block ? size : 0;
	}
	l->plain = l->block;
	if (!l->block)
		source_fail(&l->s, "lzop: out of memory");
	else if (!lzo1x_unpack(packed, n, l->block, size))
		source_fail(&l->s, "lzop: damaged data");
	return !l->s.error[0];
}

/* The sizes have been read. */
static void read_data(struct lzop *l, size_t size, size_t packed)
{
	const size_t plain_sums =
		sums_bytes(l, FLAG_ADLER_PLAIN, FLAG_CRC_PLAIN);
	const size_t packed_sums =
		packed < size ?
			sums_bytes(l, FLAG_ADLER_PACKED, FLAG_CRC_PACKED) :
			0;
	const uint8_t *sums = lzop_take(l, plain_sums + packed_sums + packed);
	const uint8_t *p;

	if (!sums)
		return;
	p = sums + plain_sums + packed_sums;
	if (packed_sums) {
		const uint8_t *behind = sums + plain_sums;

		compare(l, &behind, FLAG_ADLER_PACKED, FLAG_CRC_PACKED, p,
			packed);
	}
	if (l->s.error[0] || !unpack_block(l, p, packed, size))
		return;
	compare(l, &sums, FLAG_ADLER_PLAIN, FLAG_CRC_PLAIN, l->plain, size);
	l->plain_left = l->s.error[0] ? 0 : size;
}

static void read_block(struct lzop *l)
{
	const uint8_t *p = lzop_take(l, 4);
	uint32_t size = p ? load_be32(p) : 0, packed;

	if (p && !size)
		l->inside = false;
	if (!size)
		return;
	p = lzop_take(l, 4);
	if (!p)
		return;
	packed = load_be32(p);
	if (size > MAX_LZOP_BLOCK)
		source_fail(&l->s,
			    "lzop: a block of %" PRIu32
			    " bytes is over the limit of %" PRIu64,
			    size, MAX_LZOP_BLOCK);
	else if (!packed || packed > size)
		source_fail(&l->s, "lzop: damaged data");
	else
		read_data(l, size, packed);
}

static ptrdiff_t lzop_fill(struct source *s, uint8_t *p, size_t room)
{
	struct lzop *l = (struct lzop *)s;
	size_t done = 0;

	while (done < room) {
		size_t n = l->plain_left;

		if (!n && (s->error[0] || l->over))
			break;
		if (!n && l->inside) {
			read_block(l);
			continue;
		}
		if (!n) {
			lzop_look(l);
			continue;
		}
		n = n < room - done ? n : room - done;
		memcpy(p + done, l->plain, n);
		l->plain += n;
		l->plain_left -= n;
		done += n;
	}
	/* what came out before an error is good; the error comes next time */
	return done || !s->error[0] ? (ptrdiff_t)done : -1;
}

static void lzop_close(struct source *s)
{
	struct lzop *l = (struct lzop *)s;

	source_close(l->inner);
	free(l->input);
	free(l->block);
	free(l);
}

static const struct source_ops lzop_ops = {
	.name = "lzop",
	.fill = lzop_fill,
	.close = lzop_close,
};

struct source *source_lzop(struct source *inner, const char *name, char *why,
			   size_t why_room)
{
	struct lzop *l = mem_zero(1, sizeof(*l));

	if (!l) {
		snprintf(why, why_room, "out of memory");
		source_close(inner);
		return NULL;
	}
	l->s.ops = &lzop_ops;
	l->inner = inner;
	source_name_filter(&l->s, inner, name);
	return &l->s;
}
