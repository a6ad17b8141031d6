/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/virtio.h"

#include "base/bytes.h"

/* hw/char/virtio-serial-bus.c: virtio_serial_save_device (all releases):
 *
 *   be16 cols | be16 rows | be32 max ports | (max + 31) / 32 * be32 map
 *   be32 n | n * { be32 id | u8 guest_connected | u8 host_connected |
 *                  be32 popped | [popped: be32 iov_idx | be64 iov_offset |
 *                  element] }
 *
 * The loader does not look at max ports, it has its own: two queues for each
 * and two for control. */
#define PORT_SIZE (4 + 1 + 1 + 4)
#define POPPED_SIZE (4 + 8)

static bool ports_fit(struct decoder *d, const struct virtio *v, uint64_t count,
		      bool packed)
{
	uint64_t n = 0;

	for (; count; count--) {
		const uint8_t *p = blob_ahead(d, n, PORT_SIZE);

		if (!p)
			return false;
		n += PORT_SIZE;
		if (load_be32(p + 6))
			n += POPPED_SIZE + virtio_element_size(packed);
	}
	return virtio_part_fits(d, v, n);
}

static bool port_read(struct decoder *d, const struct where *w, int64_t i,
		      bool packed, uint64_t *ret_id)
{
	uint64_t popped;

	decode_open(d, TEXT("port"), TEXT("virtio_serial_port"), i, NULL, 0);
	if (!blob_uint(d, w, "id", 4, ret_id) ||
	    !blob_uint(d, w, "guest_connected", 1, NULL) ||
	    !blob_uint(d, w, "host_connected", 1, NULL) ||
	    !blob_uint(d, w, "elem_popped", 4, &popped))
		return false;
	if (popped && (!blob_uint(d, w, "iov_idx", 4, NULL) ||
		       !blob_uint(d, w, "iov_offset", 8, NULL) ||
		       !virtio_element_read(d, w, -1, packed)))
		return false;
	decode_close(d);
	return true;
}

/* The loader wants the map to be its own, and each port to be in it. Port 0
 * is marked even where there is none; only the first 32 are looked at. */
static bool ports_agree(struct decoder *d, const struct where *w, uint64_t at,
			uint64_t map, uint64_t seen)
{
	if (map == (seen | 1))
		return true;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_VIRTIO_PORTS,
				   .offset = at,
				   .length = 4,
				   .a = map,
				   .b = seen },
		  w);
	return false;
}

bool virtio_serial_read(struct decoder *d, const struct where *w,
			const struct virtio *v)
{
	uint64_t max, count, at, word, id, map = 0, seen = 0;
	bool packed;

	if (!blob_uint(d, w, "cols", 2, NULL) ||
	    !blob_uint(d, w, "rows", 2, NULL) ||
	    !blob_uint(d, w, "max_nr_ports", 4, &max))
		return false;
	if (v->queues >= 4)
		max = (v->queues - 2) / 2;
	at = rd_tell(d->rd);
	for (uint64_t i = 0; i < max && !d->sink->stopped; i += 32) {
		if (!blob_uint(d, w, "ports_map", 4, &word))
			return false;
		if (!i)
			map = word;
	}
	if (!blob_uint(d, w, "nr_active_ports", 4, &count))
		return false;
	packed =
		virtio_offers_packed(d, v) || (!ports_fit(d, v, count, false) &&
					       ports_fit(d, v, count, true));
	for (uint64_t i = 0; i < count && !d->sink->stopped; i++) {
		if (!port_read(d, w, (int64_t)i, packed, &id))
			return false;
		if (id < 32)
			seen |= UINT64_C(1) << id;
	}
	return ports_agree(d, w, at, map, seen);
}
