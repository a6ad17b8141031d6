/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/virtio.h"

#include "base/bytes.h"

/* hw/virtio/virtio-mem.c: vmstate_virtio_mem_device v1 (all releases):
 *
 *   [be64 addr | be64 region_size | be64 block_size | be32 node]
 *   be64 usable_region_size | [be64 size] | be64 requested_size
 *   [bitmap: a bit for each block, in be64 words]
 *
 * From 7.3 on what is in brackets may travel early instead, in a section of
 * its own: all or nothing. */
static uint64_t mem_bitmap_size(const uint8_t *checks)
{
	uint64_t region = load_be64(checks + 8);
	uint64_t block = load_be64(checks + 16);
	uint64_t bits = block ? region / block : 0;

	return (bits / 64 + (bits % 64 != 0)) * 8;
}

bool virtio_mem_read(struct decoder *d, const struct where *w,
		     const struct virtio *v)
{
	static const struct layout checks[] = {
		{ "addr", "uint64", MS_UINT, 8, 0 },
		{ "region_size", "uint64", MS_UINT, 8, 0 },
		{ "block_size", "uint64", MS_UINT, 8, 0 },
		{ "node", "uint32", MS_UINT, 4, 0 },
		{ 0 },
	};
	bool early = virtio_part_fits(d, v, 16);
	const uint8_t *p = blob_ahead(d, 0, 28);
	uint64_t bitmap = p ? mem_bitmap_size(p) : 0;

	if (early)
		return blob_uint(d, w, "usable_region_size", 8, NULL) &&
		       blob_uint(d, w, "requested_size", 8, NULL);
	return decode_layout(d, w, checks) &&
	       blob_uint(d, w, "usable_region_size", 8, NULL) &&
	       blob_uint(d, w, "size", 8, NULL) &&
	       blob_uint(d, w, "requested_size", 8, NULL) &&
	       (!bitmap || decode_leaf(d, w, TEXT("bitmap"), TEXT("bitmap"), -1,
				       MS_BYTES, bitmap, NULL));
}
