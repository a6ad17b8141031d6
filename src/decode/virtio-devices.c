/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What single kinds of virtio devices save behind their queues.
 *
 * Parts of it are there or not by properties of the device that no stream
 * holds (more than one queue pair, packed rings offered). Then the place
 * where the part ends decides: a subsection or the section's end must stand
 * there. */
#include "config.h"

#include "decode/blobs.h"

#include "base/bytes.h"
#include "base/limits.h"

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

static uint64_t element_size(bool packed)
{
	return VIRTIO_ELEMENT_SIZE + (packed ? 4 : 0);
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

/* ---- block ---- */

/* hw/block/virtio-blk.c: virtio_blk_save_device (all releases):
 *   { s8 non-zero | [more than one queue: be32 queue] | element } … s8 0 */
static bool blk_fits(struct decoder *d, const struct virtio *v, bool packed)
{
	uint64_t step = 1 + (v->queues > 1 ? 4u : 0u) + element_size(packed);
	uint64_t n = 0;
	const uint8_t *p;

	while ((p = blob_ahead(d, n, 1)) != NULL && p[0])
		n += step;
	return p && virtio_part_fits(d, v, n + 1);
}

static bool blk_read(struct decoder *d, const struct where *w,
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

/* ---- serial ---- */

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
			n += POPPED_SIZE + element_size(packed);
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

static bool serial_read(struct decoder *d, const struct where *w,
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

/* ---- net ---- */

/* hw/net/virtio-net.c: vmstate_virtio_net_device v11 (all releases):
 *
 *   u8[6] mac | be32 tx_waiting of queue 0 | be32 mergeable_rx_bufs
 *   be16 status | u8 promisc | u8 allmulti | be32 n | n * u8[6] macs
 *   u8[512] vlans | be32 has_vnet_hdr | 6 * u8 filter flags | u8 has_ufo
 *   [more than one queue pair: be16 max | be16 current]
 *   (current - 1) * be32 tx_waiting
 *   [guest feature 2: be64 curr_guest_offloads]
 *   subsections virtio-net-device/rss, …/backend (8.2) */
#define NET_CTRL_GUEST_OFFLOADS 2
#define MAC_SIZE 6

static const struct inner_row net_rows[] = {
	{ "mac", "uint8", MS_UINT, 1, .count = MAC_SIZE },
	{ "vqs[0].tx_waiting", "uint32", MS_UINT, .size = 4 },
	{ "mergeable_rx_bufs", "uint32", MS_UINT, .size = 4 },
	{ "status", "uint16", MS_UINT, .size = 2 },
	{ "promisc", "uint8", MS_UINT, .size = 1 },
	{ "allmulti", "uint8", MS_UINT, .size = 1 },
	{ 0 },
};
static const char *const net_flags[] = {
	"mac_table.multi_overflow",
	"mac_table.uni_overflow",
	"alluni",
	"nomulti",
	"nouni",
	"nobcast",
	"has_ufo",
};

/* Bytes from the queue pairs on, if there are several; 0: not so. */
static uint64_t net_pairs_length(struct decoder *d)
{
	const uint8_t *p = blob_ahead(d, 0, 4);

	if (!p || load_be16(p) < 2 || !load_be16(p + 2) ||
	    load_be16(p + 2) > load_be16(p))
		return 0;
	return 4 + 4 * (uint64_t)(load_be16(p + 2) - 1);
}

static bool net_has_pairs(struct decoder *d, const struct virtio *v,
			  uint64_t behind)
{
	uint64_t n = net_pairs_length(d);

	if (!n)
		return false;
	if (virtio_part_fits(d, v, n + behind))
		return true;
	/* Neither: damage. More queues than one pair and control say so. */
	return !virtio_part_fits(d, v, behind) && v->queues > 3;
}

static bool net_pairs_read(struct decoder *d, const struct where *w)
{
	uint64_t current;

	if (!decode_leaf(d, w, TEXT("max_queue_pairs"), TEXT("uint16 equal"),
			 -1, MS_UINT, 2, NULL) ||
	    !blob_uint(d, w, "curr_queue_pairs", 2, &current))
		return false;
	if (current < 2)
		return true;
	decode_array_open(d, TEXT("vqs_1"), TEXT("struct"), current - 1);
	for (uint64_t i = 1; i < current; i++)
		if (!blob_uint(d, w, "tx_waiting", 4, NULL))
			return false;
	decode_array_close(d);
	return true;
}

static bool net_more(struct decoder *d, const struct where *w, uint8_t version,
		     void *ctx)
{
	const struct virtio *v = ctx;
	bool offloads = v->features >> NET_CTRL_GUEST_OFFLOADS & 1;
	uint64_t in_use;

	(void)version;
	if (!blob_uint(d, w, "mac_table.in_use", 4, &in_use))
		return false;
	if (in_use && !blob_bytes(d, w, "mac_table.macs", MAC_SIZE * in_use))
		return false;
	if (!blob_bytes(d, w, "vlans", 512) ||
	    !blob_uint(d, w, "has_vnet_hdr", 4, NULL))
		return false;
	for (size_t i = 0; i < sizeof(net_flags) / sizeof(net_flags[0]); i++)
		if (!blob_uint(d, w, net_flags[i], 1, NULL))
			return false;
	if (net_has_pairs(d, v, offloads ? 8 : 0) && !net_pairs_read(d, w))
		return false;
	return !offloads || blob_uint(d, w, "curr_guest_offloads", 8, NULL);
}

/* virtio-net.c: vmstate_virtio_net_rss; v2 in 11.x adds the supported types */
static bool rss_more(struct decoder *d, const struct where *w, uint8_t version,
		     void *ctx)
{
	uint64_t count;

	(void)ctx;
	if (version >= 2 &&
	    !blob_uint(d, w, "rss_data.supported_hash_types", 4, NULL))
		return false;
	if (!blob_uint(d, w, "rss_data.indirections_len", 2, &count) ||
	    !blob_uint(d, w, "rss_data.default_queue", 2, NULL) ||
	    !blob_bytes(d, w, "rss_data.key", 40))
		return false;
	return !count ||
	       blob_bytes(d, w, "rss_data.indirections_table", 2 * count);
}

static const struct inner_row rss_rows[] = {
	{ "rss_data.enabled", "bool", MS_BOOL, .size = 1 },
	{ "rss_data.redirect", "bool", MS_BOOL, .size = 1 },
	{ "rss_data.populate_hash", "bool", MS_BOOL, .size = 1 },
	{ "rss_data.hash_types", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};

static bool backend_more(struct decoder *d, const struct where *outer,
			 uint8_t version, void *ctx)
{
	struct where w = { .outer = outer,
			   .kind = WHERE_FIELD,
			   .name = TEXT("backend"),
			   .index = -1,
			   .vmsd = TEXT("virtio-net-device/backend"),
			   .type = TEXT(
				   "virtio-net vhost-user backend state") };

	(void)version;
	(void)ctx;
	return chunks_read(d, &w, w.name, -1, 0);
}

static const struct inner net_rss = {
	"virtio-net-device/rss", 2, 1, .rows = rss_rows, .more = rss_more,
};
static const struct inner net_backend = {
	"virtio-net-device/backend",
	0,
	0,
	.more = backend_more,
};
static const struct inner *const net_subsections[] = {
	&net_rss,
	&net_backend,
	NULL,
};
static const struct inner net = {
	"virtio-net-device",
	11,
	11,
	.rows = net_rows,
	.more = net_more,
	.subsections = net_subsections,
};

static bool net_read(struct decoder *d, const struct where *w,
		     const struct virtio *v)
{
	return inner_read(d, w, &net, (void *)(uintptr_t)v);
}

/* ---- balloon ---- */

/* hw/virtio/virtio-balloon.c: vmstate_virtio_balloon_device v1. 5.2 writes
 * the second subsection as vitio-balloon-device/page-poison, which nothing
 * reads: it is left standing, as QEMU leaves it. */
static const struct inner_row balloon_rows[] = {
	{ "num_pages", "uint32", MS_UINT, .size = 4 },
	{ "actual", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};
static const struct inner_row report_rows[] = {
	{ "free_page_hint_cmd_id", "uint32", MS_UINT, .size = 4 },
	{ "free_page_hint_status", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};
static const struct inner_row poison_rows[] = {
	{ "poison_val", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};
static const struct inner balloon_report = {
	"virtio-balloon-device/free-page-report",
	1,
	1,
	.rows = report_rows,
};
static const struct inner balloon_poison = {
	"virtio-balloon-device/page-poison",
	1,
	1,
	.rows = poison_rows,
};
static const struct inner *const balloon_subsections[] = {
	&balloon_report,
	&balloon_poison,
	NULL,
};
static const struct inner balloon = {
	"virtio-balloon-device",
	1,
	1,
	.rows = balloon_rows,
	.subsections = balloon_subsections,
};

static bool balloon_read(struct decoder *d, const struct where *w,
			 const struct virtio *v)
{
	(void)v;
	return inner_read(d, w, &balloon, NULL);
}

/* ---- IOMMU ---- */

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

static bool tree_ends(struct decoder *d, const struct where *w, uint64_t seen,
		      uint64_t said)
{
	if (seen == said)
		return true;
	blob_fault(d, w, F_FIELD_TREE, 1, seen, said);
	return false;
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
			return tree_ends(d, w, k, count);
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
			return tree_ends(d, w, k, count);
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

static bool iommu_read(struct decoder *d, const struct where *w,
		       const struct virtio *v)
{
	uint64_t n = iommu_length(d, 1);
	unsigned version = n && virtio_part_fits(d, v, n) ? 1 : 2;

	if (!domains_read(d, w, version))
		return false;
	return version < 2 || blob_uint(d, w, "config.bypass", 1, NULL);
}

/* ---- memory device ---- */

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

static bool mem_read(struct decoder *d, const struct where *w,
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

/* ---- all kinds ---- */

/* By the name of the outer description; those without a reader save nothing
 * of their own here. */
static const struct virtio_device devices[] = {
	{ "virtio-net", net_read },
	{ "virtio-blk", blk_read },
	{ "virtio-console", serial_read }, /* virtio-serial */
	{ "virtio-balloon", balloon_read },
	{ "virtio-iommu", iommu_read },
	{ "virtio-mem", mem_read },
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
