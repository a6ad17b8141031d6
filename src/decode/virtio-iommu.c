/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/virtio.h"

/* hw/virtio/virtio-iommu.c: vmstate_virtio_iommu_device v1 (5.2), v2 (7.0):
 *
 *   be32 n | n * { u8 1 | be64 key | domain } | u8 0 | [v2: u8 bypass]
 *   domain:  be32 id | be32 m | m * { u8 1 | be64 low | be64 high |
 *            be64 phys_addr | be32 flags } | u8 0 |
 *            { u8 1 | be32 endpoint } … u8 0 | [v2: u8 bypass] */
#define MAPPING_SIZE (8 + 8 + 8 + 4)

/* Bytes of the tree at n; 0: it does not end within the input. */
static uint64_t iommu_length(struct decoder *d, unsigned version)
{
	const uint8_t *p;
	uint64_t n = 4;

	while ((p = blob_ahead(d, n, 1)) != NULL && p[0]) {
		n += 1 + 8 + 4 + 4;
		while ((p = blob_ahead(d, n, 1)) != NULL && p[0])
			n += 1 + MAPPING_SIZE;
		n++;
		while ((p = blob_ahead(d, n, 1)) != NULL && p[0])
			n += 1 + 4;
		n += version >= 2 ? 2 : 1;
	}
	return p ? n + 1 : 0;
}

static bool tree_more(struct decoder *d, const struct where *w,
		      uint64_t *ret_more)
{
	return decode_leaf(d, w, TEXT("more"), TEXT("mark"), -1, MS_UINT, 1,
			   ret_more);
}

static bool mappings_read(struct decoder *d, const struct where *w)
{
	uint64_t count, more, k;

	if (!blob_uint(d, w, "mappings", 4, &count))
		return false;
	for (k = 0; !d->sink->stopped; k++) {
		if (!tree_more(d, w, &more))
			return false;
		if (!more)
			return decode_tree_complete(d, w, w->name, k, count);
		decode_open(d, TEXT("mapping"), TEXT("mapping"), (int64_t)k,
			    NULL, 0);
		if (!blob_uint(d, w, "low", 8, NULL) ||
		    !blob_uint(d, w, "high", 8, NULL) ||
		    !blob_uint(d, w, "phys_addr", 8, NULL) ||
		    !blob_uint(d, w, "flags", 4, NULL))
			return false;
		decode_close(d);
	}
	return false;
}

static bool endpoints_read(struct decoder *d, const struct where *w)
{
	uint64_t more;

	while (!d->sink->stopped) {
		if (!tree_more(d, w, &more))
			return false;
		if (!more)
			return true;
		if (!blob_uint(d, w, "endpoint", 4, NULL))
			return false;
	}
	return false;
}

static bool domains_read(struct decoder *d, const struct where *w,
			 unsigned version)
{
	uint64_t count, more, k;

	if (!blob_uint(d, w, "domains", 4, &count))
		return false;
	for (k = 0; !d->sink->stopped; k++) {
		if (!tree_more(d, w, &more))
			return false;
		if (!more)
			return decode_tree_complete(d, w, w->name, k, count);
		decode_open(d, TEXT("domain"), TEXT("domain"), (int64_t)k, NULL,
			    0);
		if (!blob_uint(d, w, "key", 8, NULL) ||
		    !blob_uint(d, w, "id", 4, NULL) || !mappings_read(d, w) ||
		    !endpoints_read(d, w))
			return false;
		if (version >= 2 &&
		    !decode_leaf(d, w, TEXT("bypass"), TEXT("bool"), -1,
				 MS_BOOL, 1, NULL))
			return false;
		decode_close(d);
	}
	return false;
}

bool virtio_iommu_read(struct decoder *d, const struct where *w,
		       const struct virtio *v)
{
	uint64_t n = iommu_length(d, 1);
	unsigned version = n && virtio_part_fits(d, v, n) ? 1 : 2;

	if (!domains_read(d, w, version))
		return false;
	return version < 2 || blob_uint(d, w, "config.bypass", 1, NULL);
}
