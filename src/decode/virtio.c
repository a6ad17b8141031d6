/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The field `virtio` of every virtio device: one blob to the description,
 * in fact transport, queues, device and subsections (hw/virtio/virtio.c:
 * virtio_save, virtio_load; the same from 5.2 to 11.1):
 *
 *   transport                       see below
 *   u8 status | u8 isr | be16 queue_sel | be32 guest_features (low half)
 *   be32 n | n bytes configuration  n need not be the loader's own
 *   be32 q | q * { be32 size | [MMIO: be32 align] | be64 descriptors |
 *                  be16 last_avail_idx | [MSI-X, CCW: be16 vector] }
 *   device part                     see virtio-devices.c
 *   subsections of object virtio v1
 *
 * Nothing in the stream names the transport or the kind of device: the path
 * in the section's name tells the one, the description's name behind it the
 * other. */
#include "config.h"

#include "decode/virtio.h"

#define MAX_QUEUE_SIZE 1024 /* VIRTQUEUE_MAX_SIZE */

/* ---- subsections of object virtio ---- */

static const struct inner_row endian_rows[] = {
	{ "device_endian", "uint8", MS_UINT, .size = 1 },
	{ 0 },
};
static const struct inner_row features_rows[] = {
	{ "guest_features", "uint64", MS_UINT, .size = 8 },
	{ 0 },
};
static const struct inner_row features128_rows[] = {
	{ "guest_features_ex[1]", "uint64", MS_UINT, .size = 8 },
	{ 0 },
};
static const struct inner_row ring_rows[] = {
	{ "vring.avail", "uint64", MS_UINT, .size = 8 },
	{ "vring.used", "uint64", MS_UINT, .size = 8 },
	{ 0 },
};
static const struct inner ring = { "virtqueue_state", 1, 1, .rows = ring_rows };
static const struct inner_row rings_rows[] = {
	{ "vq", "struct", .count = VIRTIO_MAX_QUEUES, .inner = &ring },
	{ 0 },
};
static const struct inner_row ringsize_rows[] = {
	{ "vring.num_default", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};
static const struct inner ringsize = {
	"ringsize_state",
	1,
	1,
	.rows = ringsize_rows,
};
static const struct inner_row ringsizes_rows[] = {
	{ "vq", "struct", .count = VIRTIO_MAX_QUEUES, .inner = &ringsize },
	{ 0 },
};
static const struct inner_row packed_rows[] = {
	{ "last_avail_idx", "uint16", MS_UINT, .size = 2 },
	{ "last_avail_wrap_counter", "bool", MS_BOOL, .size = 1 },
	{ "used_idx", "uint16", MS_UINT, .size = 2 },
	{ "used_wrap_counter", "bool", MS_BOOL, .size = 1 },
	{ "inuse", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};
static const struct inner packed = {
	"packed_virtqueue_state",
	1,
	1,
	.rows = packed_rows,
};
static const struct inner_row packeds_rows[] = {
	{ "vq", "struct", .count = VIRTIO_MAX_QUEUES, .inner = &packed },
	{ 0 },
};
static const struct inner_row broken_rows[] = {
	{ "broken", "bool", MS_BOOL, .size = 1 },
	{ 0 },
};
static const struct inner_row started_rows[] = {
	{ "started", "bool", MS_BOOL, .size = 1 },
	{ 0 },
};
static const struct inner_row disabled_rows[] = {
	{ "disabled", "bool", MS_BOOL, .size = 1 },
	{ 0 },
};

/* A transport without such state (CCW) refuses the field. */
static bool extra_state(struct decoder *d, const struct where *outer,
			uint8_t version, void *ctx)
{
	const struct virtio_transport *t = ctx;
	struct where w = { .outer = outer,
			   .kind = WHERE_FIELD,
			   .name = TEXT("extra_state"),
			   .index = -1,
			   .vmsd = TEXT("virtio/extra_state"),
			   .type = TEXT("virtqueue_extra_state") };

	if (!t->extra) {
		fault_add(d->sink->faults,
			  &(struct fault){ .code = F_SUBSECTION_UNKNOWN,
					   .offset = rd_tell(d->rd),
					   .a = version,
					   .name = w.vmsd,
					   .other = TEXT("virtio") },
			  outer);
		return false;
	}
	decode_open(d, w.name, w.type, -1, NULL, 0);
	if (!inner_read(d, &w, t->extra, NULL))
		return false;
	decode_close(d);
	return true;
}

static const struct inner s_endian = {
	"virtio/device_endian",
	1,
	1,
	.rows = endian_rows,
};
static const struct inner s_features = {
	"virtio/64bit_features",
	1,
	1,
	.rows = features_rows,
};
static const struct inner s_features128 = {
	/* 10.2 */
	"virtio/128bit_features",
	1,
	1,
	.rows = features128_rows,
};
static const struct inner s_rings = {
	"virtio/virtqueues",
	1,
	1,
	.rows = rings_rows,
};
static const struct inner s_ringsizes = {
	"virtio/ringsize",
	1,
	1,
	.rows = ringsizes_rows,
};
static const struct inner s_broken = {
	"virtio/broken",
	1,
	1,
	.rows = broken_rows,
};
static const struct inner s_extra = {
	"virtio/extra_state",
	1,
	1,
	.more = extra_state,
};
static const struct inner s_started = {
	"virtio/started",
	1,
	1,
	.rows = started_rows,
};
static const struct inner s_packed = {
	"virtio/packed_virtqueues",
	1,
	1,
	.rows = packeds_rows,
};
static const struct inner s_disabled = {
	"virtio/disabled",
	1,
	1,
	.rows = disabled_rows,
};
static const struct inner *const virtio_subsections[] = {
	&s_endian,    &s_features, &s_features128, &s_rings,
	&s_ringsizes, &s_broken,   &s_extra,       &s_started,
	&s_packed,    &s_disabled, NULL,
};
static const struct inner virtio_object = {
	"virtio",
	1,
	1,
	.subsections = virtio_subsections,
};

/* ---- common part ---- */

static bool queue_read(struct decoder *d, const struct where *w, uint32_t i,
		       const struct virtio_transport *t, uint32_t vectors,
		       struct virtio *v)
{
	uint64_t num, desc, last;

	decode_open(d, TEXT("vq"), TEXT("virtqueue"), i, NULL, 0);
	if (!blob_uint(d, w, "vring.num", 4, &num))
		return false;
	/* The writer stops at the first queue without a size. */
	if (!num || num > MAX_QUEUE_SIZE)
		v->odd = true;
	/* Packed rings need not be a power of two. */
	if (!num || num > MAX_QUEUE_SIZE ||
	    (num & (num - 1) && !virtio_offers_packed(d, v)))
		blob_fault(d, w, F_VIRTIO_QUEUE_SIZE, 4, i, num);
	if (t->align && !blob_uint(d, w, "vring.align", 4, NULL))
		return false;
	if (!blob_uint(d, w, "vring.desc", 8, &desc) ||
	    !blob_uint(d, w, "last_avail_idx", 2, &last))
		return false;
	if (!desc && last) {
		blob_fault(d, w, F_VIRTIO_INDEX, 2, i, last);
		return false;
	}
	if ((t->vector || vectors) &&
	    !virtio_vector_read(d, w, "vector", vectors))
		return false;
	decode_close(d);
	return true;
}

static bool common_read(struct decoder *d, const struct where *w,
			const struct virtio_transport *t, uint32_t vectors,
			struct virtio *v)
{
	uint64_t select, features, length, count;

	if (!blob_uint(d, w, "status", 1, NULL) ||
	    !blob_uint(d, w, "isr", 1, NULL) ||
	    !blob_uint(d, w, "queue_sel", 2, &select))
		return false;
	if (select >= VIRTIO_MAX_QUEUES) {
		blob_fault(d, w, F_VIRTIO_QUEUE_SELECT, 2, select,
			   VIRTIO_MAX_QUEUES);
		return false;
	}
	if (!blob_uint(d, w, "guest_features", 4, &features) ||
	    !blob_uint(d, w, "config_len", 4, &length))
		return false;
	if (length > rd_left(d->rd)) {
		blob_fault(d, w, F_VIRTIO_CONFIG_LENGTH, 4, length,
			   rd_left(d->rd));
		return false;
	}
	if (length && !blob_bytes(d, w, "config", length))
		return false;
	if (!blob_uint(d, w, "queues", 4, &count))
		return false;
	if (count > VIRTIO_MAX_QUEUES) {
		blob_fault(d, w, F_VIRTIO_QUEUES, 4, count, VIRTIO_MAX_QUEUES);
		return false;
	}
	v->features = (uint32_t)features;
	v->queues = (uint32_t)count;
	v->odd = !count;
	decode_array_open(d, TEXT("vq"), TEXT("virtqueue"), count);
	for (uint32_t i = 0; i < count; i++)
		if (!queue_read(d, w, i, t, vectors, v))
			return false;
	decode_array_close(d);
	return true;
}

/* ---- the device part ---- */

static bool is_name_char(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' ||
	       c == '_' || c == '-';
}

/* A subsection header keeps most of its name even when it is damaged; five
 * or more such bytes in a row are no other state. */
static bool holds_name(const uint8_t *p, size_t n)
{
	unsigned run = 0;

	for (size_t i = 0; i < n; i++) {
		run = is_name_char(p[i]) ? run + 1 : 0;
		if (run > 4)
			return true;
	}
	return false;
}

/* Bytes up to the first subsection of object virtio within n, or n. */
static uint64_t before_subsections(struct decoder *d, uint64_t n)
{
	static const uint8_t prefix[] = "virtio/";
	const size_t length = sizeof(prefix) - 1;
	const uint8_t *p = blob_ahead(d, 0, (size_t)n);

	for (uint64_t i = 0; p && i + 2 + length <= n; i++)
		if (p[i] == 5 && p[i + 1] > length &&
		    !memcmp(p + i + 2, prefix, length))
			return i;
	return n;
}

/* A device kind we do not know, or a release that saves more than we know
 * of: what stands before the subsections is shown as it is. Only with the
 * described end as witness, and in a known kind not behind queues that no
 * writer sends, nor over anything that looks like a subsection which damage
 * hides; else the next reader shall see what QEMU would. */
static bool unknown_part(struct decoder *d, const struct where *w,
			 const struct virtio *v, bool known)
{
	uint64_t left = v->end > rd_tell(d->rd) ? v->end - rd_tell(d->rd) : 0;
	const uint8_t *p;
	uint64_t n;

	if (!left || virtio_part_fits(d, v, 0) || !decode_ends_at(d, left))
		return true;
	n = before_subsections(d, left);
	p = n <= 64 ? blob_ahead(d, 0, (size_t)n) : NULL;
	if (!n || (known && (v->odd || !p || holds_name(p, (size_t)n))))
		return true;
	return blob_bytes(d, w, "device data", n);
}

static struct ms_text name_of(struct ms_text idstr)
{
	size_t at = idstr.length;

	while (at && idstr.bytes[at - 1] != '/')
		at--;
	return text_make(idstr.bytes + at, idstr.length - at);
}

TYPE_READER(virtio_read)
{
	const struct virtio_transport *t = virtio_transport_of(d->idstr);
	const struct virtio_device *dev = virtio_device_find(name_of(d->idstr));
	struct virtio v = { .end = size ? rd_tell(d->rd) + size : 0 };
	uint32_t vectors;

	blob_open(d, w, name, index, size);
	if (!t->read(d, w, &vectors) || !common_read(d, w, t, vectors, &v))
		return false;
	if (dev && dev->read && !dev->read(d, w, &v))
		return false;
	if (!unknown_part(d, w, &v, dev != NULL))
		return false;
	/* Only what virtio/extra_state holds differs by transport. */
	if (!inner_read(d, w, &virtio_object, (void *)(uintptr_t)t))
		return false;
	decode_close(d);
	return true;
}
