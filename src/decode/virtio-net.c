/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/virtio.h"

#include "base/bytes.h"

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

bool virtio_net_read(struct decoder *d, const struct where *w,
		     const struct virtio *v)
{
	return inner_read(d, w, &net, (void *)(uintptr_t)v);
}
