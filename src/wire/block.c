/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "base/limits.h"

/* Legacy block migration, up to 9.0 (migration/block.c: block_load):
 * words be64 (value << 9) | flags, up to EOS
 *   0x01 DEVICE_BLOCK  value = start sector; str8 device, then 1 MiB of data
 *                      (always whole, also at the device's end)
 *   0x08 ZERO_BLOCK    with 0x01: no data
 *   0x04 PROGRESS      value = percent
 *   0x02 EOS */
enum {
	BLOCK_DEVICE = 0x01,
	BLOCK_EOS = 0x02,
	BLOCK_PROGRESS = 0x04,
	BLOCK_ZERO = 0x08,
};
#define BLOCK_FLAGS 9
#define BLOCK_BYTES MIB(1)

static bool read_device_block(struct walk *w, struct decoder *d, bool zero,
			      const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, 1);

	if (!p)
		return walk_truncated(w, where, "block device name", 1);
	if (!decode_leaf(d, where, TEXT("device"), TEXT("string"), -1,
			 MS_STRING, 1u + p[0], NULL))
		return false;
	return zero || decode_leaf(d, where, TEXT("data"), TEXT("buffer"), -1,
				   MS_BYTES, BLOCK_BYTES, NULL);
}

static enum body_end block_body(struct walk *w, struct section *s,
				enum ms_section_type type,
				const struct where *where)
{
	struct decoder d = walk_decoder(w, s);

	(void)type;
	for (;;) {
		uint64_t at = rd_tell(w->rd), word;
		unsigned flags;

		if (!decode_leaf(&d, where, TEXT("word"), TEXT("uint64"), -1,
				 MS_UINT, 8, &word))
			return BODY_STOP;
		flags = word & ((1u << BLOCK_FLAGS) - 1);
		if (flags & BLOCK_DEVICE) {
			if (!read_device_block(w, &d, flags & BLOCK_ZERO,
					       where))
				return BODY_STOP;
		} else if (!(flags & (BLOCK_PROGRESS | BLOCK_EOS))) {
			fault_add(w->faults,
				  &(struct fault){ .code = F_BLOCK_FLAGS,
						   .offset = at,
						   .length = 8,
						   .a = flags },
				  where);
			return BODY_LOST;
		}
		if (flags & BLOCK_EOS)
			return BODY_DONE;
		if (w->sink.stopped)
			return BODY_STOP;
	}
}

const struct section_kind kind_block = {
	.idstr = "block",
	.newest = 1,
	.live = true,
	.body = block_body,
};
