/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of the field `virtio` share: virtio.c reads what all
 * devices have, in between one of virtio-transport.c what the bus needs, and
 * one of virtio-devices.c what the kind of device keeps. */
#ifndef DECODE_VIRTIO_H
#define DECODE_VIRTIO_H

#include "decode/blobs.h"

#define VIRTIO_MAX_QUEUES 1024 /* VIRTIO_QUEUE_MAX */

/* What the part read so far tells of the device. */
struct virtio {
	uint32_t features; /* low half of the guest's */
	uint32_t queues;
	bool odd;     /* no queue, or of a size no device has */
	uint64_t end; /* offset behind the blob; 0 = not known */
};

/* ---- virtio-transport.c ---- */

struct virtio_transport {
	/* Reads what the transport saves; *ret_vectors: MSI-X entries. */
	bool (*read)(struct decoder *d, const struct where *w,
		     uint32_t *ret_vectors);
	const struct inner *extra; /* object in virtio/extra_state, or NULL */
	bool align;                /* queues have an alignment */
	bool vector;               /* queues always have a vector */
};

/* By the idstr of the section; never NULL. */
const struct virtio_transport *virtio_transport_of(struct ms_text idstr);
/* A queue's or the configuration's vector; vectors: of the device, 0 = none. */
bool virtio_vector_read(struct decoder *d, const struct where *w,
			const char *name, uint32_t vectors);

/* ---- virtio-devices.c ---- */

/* Reads the device part, which starts at the reader's place. */
typedef bool virtio_part_reader(struct decoder *d, const struct where *w,
				const struct virtio *v);

struct virtio_device {
	const char *name;         /* of the outer description */
	virtio_part_reader *read; /* NULL: nothing */
};

/* NULL: not known. */
const struct virtio_device *virtio_device_find(struct ms_text name);
/* Does a device part that ends n bytes ahead end where one can? */
bool virtio_part_fits(struct decoder *d, const struct virtio *v, uint64_t n);
/* Does the device offer packed rings? Tells by a subsection further on. */
bool virtio_offers_packed(struct decoder *d, const struct virtio *v);
/* Bytes of a queue element on the wire, and reading one. */
uint64_t virtio_element_size(bool packed);
bool virtio_element_read(struct decoder *d, const struct where *w,
			 int64_t index, bool packed);

/* ---- one file each ---- */

virtio_part_reader virtio_balloon_read;
virtio_part_reader virtio_blk_read;
virtio_part_reader virtio_iommu_read;
virtio_part_reader virtio_mem_read;
virtio_part_reader virtio_net_read;
virtio_part_reader virtio_serial_read;

#endif
