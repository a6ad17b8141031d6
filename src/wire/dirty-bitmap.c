/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

/* Dirty bitmaps (migration/block-dirty-bitmap.c: dirty_bitmap_load):
 * records up to EOS
 *   flags, 1 byte; with 0x80 2 bytes, with 0x8000 4
 *   [str8 node]    DEVICE_NAME      [str8 bitmap]  BITMAP_NAME
 *   START:         be32 granularity | u8 flags
 *   BITS:          be64 first sector | be32 sectors
 *                  | unless ZEROES: be64 size | size bytes
 *   COMPLETE, EOS: nothing; nor what has none of these
 * Names stay valid over records and sections. */
enum {
	BITMAP_EOS = 0x01,
	BITMAP_ZEROES = 0x02,
	BITMAP_NAME = 0x04,
	BITMAP_DEVICE_NAME = 0x08,
	BITMAP_START = 0x10,
	BITMAP_COMPLETE = 0x20,
	BITMAP_BITS = 0x40,
	BITMAP_EXTRA = 0x80,
};

static const struct layout start_rows[] = {
	{ "granularity", "uint32", MS_UINT, 4, 0 },
	{ "flags", "uint8", MS_UINT, 1, 0 },
	{ NULL, NULL, 0, 0, 0 },
};

static const struct layout bits_rows[] = {
	{ "first_sector", "uint64", MS_UINT, 8, 0 },
	{ "sectors", "uint32", MS_UINT, 4, 0 },
	{ NULL, NULL, 0, 0, 0 },
};

static bool read_flags(struct walk *w, struct decoder *d, uint64_t *ret,
		       const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, 1);
	unsigned n = 1;

	if (!p)
		return walk_truncated(w, where, "dirty bitmap flags", 1);
	if (p[0] & BITMAP_EXTRA) {
		p = rd_peek(w->rd, 2);
		if (!p)
			return walk_truncated(w, where, "dirty bitmap flags",
					      2);
		n = p[1] & 0x80 ? 4 : 2;
	}
	if (!decode_leaf(d, where, TEXT("flags"), TEXT("flags"), -1, MS_UINT, n,
			 ret))
		return false;
	/* the loader puts it together in 8 bits: the last byte stays */
	*ret &= 0xff;
	return true;
}

static bool read_name(struct walk *w, struct decoder *d, const char *name,
		      const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, 1);

	if (!p)
		return walk_truncated(w, where, "dirty bitmap name", 1);
	return decode_leaf(d, where, text_of(name), TEXT("string"), -1,
			   MS_STRING, 1u + p[0], NULL);
}

static bool read_bits(struct decoder *d, bool zeroes, const struct where *where)
{
	uint64_t size;

	if (!decode_layout(d, where, bits_rows))
		return false;
	if (zeroes)
		return true;
	return decode_leaf(d, where, TEXT("size"), TEXT("uint64"), -1, MS_UINT,
			   8, &size) &&
	       decode_leaf(d, where, TEXT("bits"), TEXT("buffer"), -1, MS_BYTES,
			   size, NULL);
}

static bool read_record(struct walk *w, struct decoder *d, uint64_t *ret_flags,
			const struct where *where)
{
	uint64_t f;

	if (!read_flags(w, d, ret_flags, where))
		return false;
	f = *ret_flags;
	if (f & BITMAP_DEVICE_NAME && !read_name(w, d, "node", where))
		return false;
	if (f & BITMAP_NAME && !read_name(w, d, "bitmap", where))
		return false;
	if (f & BITMAP_START)
		return decode_layout(d, where, start_rows);
	if (f & BITMAP_COMPLETE)
		return true;
	if (f & BITMAP_BITS)
		return read_bits(d, f & BITMAP_ZEROES, where);
	return true;
}

static enum body_end bitmap_body(struct walk *w, struct section *s,
				 enum ms_section_type type,
				 const struct where *where)
{
	struct decoder d = walk_decoder(w, s);

	(void)type;
	for (;;) {
		uint64_t at = rd_tell(w->rd), flags;

		decode_open(&d, TEXT("record"), TEXT(""), -1, NULL, 0);
		if (!read_record(w, &d, &flags, where))
			return BODY_STOP;
		decode_close(&d);
		if (!(flags & (BITMAP_START | BITMAP_COMPLETE | BITMAP_BITS |
			       BITMAP_EOS)))
			fault_add(w->faults,
				  &(struct fault){ .code = F_BITMAP_FLAGS,
						   .offset = at,
						   .length = 1,
						   .a = flags },
				  where);
		if (flags & BITMAP_EOS)
			return BODY_DONE;
		if (w->sink.stopped)
			return BODY_STOP;
	}
}

const struct section_kind kind_dirty_bitmap = {
	.idstr = "dirty-bitmap",
	.newest = 1,
	.live = true,
	.body = bitmap_body,
};
