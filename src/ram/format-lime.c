/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/store.h"
#include "ram/export.h"

/* LiME, version 1 (github.com/504ensicsLabs/LiME: doc/README.md): before each
 * range, little-endian
 *   u32 magic | u32 version 1 | u64 first | u64 last address | u64 0 */
#define LIME_MAGIC 0x4c694d45
#define LIME_HEADER 32

static uint64_t place(uint64_t physical, uint64_t end)
{
	(void)physical;
	return end + LIME_HEADER;
}

static bool finish(struct ram_export *x)
{
	for (unsigned i = 0; i < x->range_count; i++) {
		const struct export_range *r = &x->ranges[i];
		uint8_t header[LIME_HEADER];
		struct store s = { .p = header };

		store_u32(&s, LIME_MAGIC);
		store_u32(&s, 1);
		store_u64(&s, r->physical);
		store_u64(&s, r->physical + r->length - 1);
		store_u64(&s, 0);
		if (!sparse_write(&x->file, r->at - LIME_HEADER, header,
				  sizeof(header)))
			return false;
	}
	return true;
}

const struct export_format format_lime = {
	.name = "lime", .place = place, .finish = finish, .physical_only = true
};
