/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/virtio.h"

/* hw/block/virtio-blk.c: virtio_blk_save_device (all releases):
 *   { s8 non-zero | [more than one queue: be32 queue] | element } … s8 0 */
static bool blk_fits(struct decoder *d, const struct virtio *v, bool packed)
{
	uint64_t step =
		1 + (v->queues > 1 ? 4u : 0u) + virtio_element_size(packed);
	uint64_t n = 0;
	const uint8_t *p;

	while ((p = blob_ahead(d, n, 1)) != NULL && p[0])
		n += step;
	return p && virtio_part_fits(d, v, n + 1);
}

bool virtio_blk_read(struct decoder *d, const struct where *w,
		     const struct virtio *v)
{
	bool packed = virtio_offers_packed(d, v) ||
		      (!blk_fits(d, v, false) && blk_fits(d, v, true));
	uint64_t more = 1;

	for (int64_t i = 0; !d->sink->stopped; i++) {
		if (!decode_leaf(d, w, TEXT("more"), TEXT("int8"), -1, MS_INT,
				 1, &more))
			return false;
		if (!more)
			return true;
		if (v->queues > 1 && !blob_uint(d, w, "queue", 4, NULL))
			return false;
		if (!virtio_element_read(d, w, i, packed))
			return false;
	}
	return false;
}
