/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What single kinds of virtio devices save behind their queues.
 *
 * Parts of it are there or not by properties of the device that no stream
 * holds (more than one queue pair, packed rings offered). Then the place
 * where the part ends decides: a subsection or the section's end must stand
 * there. */
#include "config.h"

#include "decode/virtio.h"

bool virtio_part_fits(struct decoder *d, const struct virtio *v, uint64_t n)
{
	const uint8_t *p = blob_ahead(d, n, 2 + 6);

	/* "vitio" is how 5.2 spells it in one place. */
	if (p && p[0] == 5 && p[1] > 6 &&
	    (!memcmp(p + 2, "virtio", 6) || !memcmp(p + 2, "vitio-", 6)))
		return true;
	return (v->end && rd_tell(d->rd) + n == v->end) || decode_ends_at(d, n);
}

/* ---- elements taken from a queue ---- */

#define ELEMENT_SIZE 49168

/* hw/virtio/virtio.c: qemu_put_virtqueue_element (all releases), a struct of
 * 64-bit hosts in host byte order:
 *
 *   [be32 ndescs, where the device offers packed rings]
 *   u32 index | u32 out_num | u32 in_num | 4 | u64 in_addr[1024] |
 *   u64 out_addr[1024] | { u64 0 | u64 length } in_sg[1024], out_sg[1024]
 *
 * The loader takes ndescs from behind the struct instead. */
bool virtio_element_read(struct decoder *d, const struct where *w,
			 int64_t index, bool packed)
{
	static const struct {
		const char *name;
		uint32_t size;
	} rows[] = {
		{ "index", 4 },     { "out_num", 4 },    { "in_num", 4 },
		{ "padding", 4 },   { "in_addr", 8192 }, { "out_addr", 8192 },
		{ "in_sg", 16384 }, { "out_sg", 16384 },
	};

	decode_open(d, TEXT("element"), TEXT("virtqueue_element"), index, NULL,
		    0);
	if (packed && !blob_uint(d, w, "ndescs", 4, NULL))
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!blob_bytes(d, w, rows[i].name, rows[i].size))
			return false;
	decode_close(d);
	return true;
}

uint64_t virtio_element_size(bool packed)
{
	return ELEMENT_SIZE + (packed ? 4 : 0);
}

/* virtio/packed_virtqueues is there exactly when the device offers packed
 * rings (virtio.c: virtio_packed_virtqueue_needed). */
bool virtio_offers_packed(struct decoder *d, const struct virtio *v)
{
	static const uint8_t header[] = "\5\30virtio/packed_virtqueues";
	uint64_t at = rd_tell(d->rd);

	return v->end > at && rd_seekable(d->rd) &&
	       rd_find(d->rd, at, v->end, header, sizeof(header) - 1) !=
		       UINT64_MAX;
}

/* ---- all kinds ---- */

/* By the name of the outer description; those without a reader save nothing
 * of their own here. */
static const struct virtio_device devices[] = {
	{ "virtio-net", virtio_net_read },
	{ "virtio-blk", virtio_blk_read },
	{ "virtio-console", virtio_serial_read }, /* virtio-serial */
	{ "virtio-balloon", virtio_balloon_read },
	{ "virtio-iommu", virtio_iommu_read },
	{ "virtio-mem", virtio_mem_read },
	{ "virtio-scsi", NULL }, /* vhost-user-scsi too */
	{ "virtio-vhost_scsi", NULL },
	{ "virtio-rng", NULL },
	{ "virtio-9p", NULL },
	{ "virtio-input", NULL },
	{ "virtio-crypto", NULL },
	{ "virtio-gpu", NULL }, /* its state is the next field */
	{ "virtio-vhost_vsock", NULL },
	{ "virtio-nsm", NULL },
	{ "virtio-rtc", NULL },
	{ "vhost-user-blk", NULL },
	{ "vhost-user-fs", NULL },
	{ "vhost-user-gpu", NULL },
	{ "vhost-vdpa-device", NULL },
};

const struct virtio_device *virtio_device_find(struct ms_text name)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (text_is(name, devices[i].name))
			return &devices[i];
	return NULL;
}
