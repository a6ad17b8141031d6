/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* State of virtio-gpu behind the common virtio part (hw/display/virtio-gpu.c:
 * virtio_gpu_save, virtio_gpu_blob_save).
 *
 * Field virtio-gpu, all releases:
 *   { be32 resource != 0 | be32 width | be32 height | be32 format |
 *     be32 n | n * { be64 address | be32 length } | 4 * width * height } …
 *   be32 0
 *   object virtio-gpu-scanouts: be32 enable | be32 m | m * scanout, each
 *   10 * be32 | [6 * be32]
 *
 * The bracket came with 9.1, for machine types from then on. Its condition
 * (scanout_vmstate_after_v2) looks up the device from the address of the
 * scanout as if each were the first, so that the second and further ones go
 * by a byte of some other state: 10.0 and 11.1 send it with the second
 * scanout of any machine type. How many there are follows from the end; the
 * first ones are taken to have it, or the second if it is one of several.
 *
 * Field of subsection virtio-gpu/blob, 8.1 and newer:
 *   { be32 resource != 0 | be32 size | be32 n | n * { be64 | be32 } } …
 *   be32 0
 */
#include "config.h"

#include "decode/blobs.h"

#include "base/bytes.h"

#define MAX_SCANOUTS 16 /* VIRTIO_GPU_MAX_SCANOUTS */
#define SCANOUT_SIZE 40
#define SCANOUT_FB_SIZE 24
#define ENTRY_SIZE 12
/* Every format that the device knows has 32 bits a pixel. */
#define PIXEL_SIZE 4

static bool entries_read(struct decoder *d, const struct where *w)
{
	uint64_t count;

	if (!blob_uint(d, w, "iov_cnt", 4, &count))
		return false;
	return !count || blob_bytes(d, w, "iov", ENTRY_SIZE * count);
}

static bool resource_read(struct decoder *d, const struct where *w)
{
	uint64_t width, height, pixels;

	if (!blob_uint(d, w, "width", 4, &width) ||
	    !blob_uint(d, w, "height", 4, &height) ||
	    !blob_uint(d, w, "format", 4, NULL) || !entries_read(d, w))
		return false;
	/* Both are 32 bits, so their product fits; four times may not. */
	pixels = width * height;
	if (pixels > rd_left(d->rd) / PIXEL_SIZE) {
		blob_fault(d, w, F_FIELD_TRUNCATED, 0, pixels, rd_left(d->rd));
		return false;
	}
	return !pixels || blob_bytes(d, w, "image", PIXEL_SIZE * pixels);
}

static bool blob_resource_read(struct decoder *d, const struct where *w)
{
	return blob_uint(d, w, "blob_size", 4, NULL) && entries_read(d, w);
}

static bool resources_read(struct decoder *d, const struct where *w,
			   bool (*read)(struct decoder *d,
					const struct where *w))
{
	uint64_t id;

	for (int64_t i = 0; !d->sink->stopped; i++) {
		if (!blob_uint(d, w, "resource_id", 4, &id))
			return false;
		if (!id)
			return true;
		decode_open(d, TEXT("resource"), TEXT("virtio_gpu_resource"), i,
			    NULL, 0);
		if (!read(d, w))
			return false;
		decode_close(d);
	}
	return false;
}

static const struct inner_row scanout_rows[] = {
	{ "resource_id", "uint32", MS_UINT, .size = 4 },
	{ "width", "uint32", MS_UINT, .size = 4 },
	{ "height", "uint32", MS_UINT, .size = 4 },
	{ "x", "int32", MS_INT, .size = 4 },
	{ "y", "int32", MS_INT, .size = 4 },
	{ "cursor.resource_id", "uint32", MS_UINT, .size = 4 },
	{ "cursor.hot_x", "uint32", MS_UINT, .size = 4 },
	{ "cursor.hot_y", "uint32", MS_UINT, .size = 4 },
	{ "cursor.pos.x", "uint32", MS_UINT, .size = 4 },
	{ "cursor.pos.y", "uint32", MS_UINT, .size = 4 },
	{ 0 },
};

static bool scanout_more(struct decoder *d, const struct where *w,
			 uint8_t version, void *ctx)
{
	static const struct layout rows[] = {
		{ "fb.format", "uint32", MS_UINT, 4, 0 },
		{ "unused", "unused_buffer", MS_BYTES, 4, 0 },
		{ "fb.width", "uint32", MS_UINT, 4, 0 },
		{ "fb.height", "uint32", MS_UINT, 4, 0 },
		{ "fb.stride", "uint32", MS_UINT, 4, 0 },
		{ "fb.offset", "uint32", MS_UINT, 4, 0 },
		{ 0 },
	};
	const bool *with_fb = ctx;

	(void)version;
	return !*with_fb || decode_layout(d, w, rows);
}

static const struct inner scanout = {
	"virtio-gpu-one-scanout", 1, 0, .rows = scanout_rows,
	.more = scanout_more,
};

/* May state that ends n bytes ahead end there? It is the last field, so a
 * subsection follows, or the section's end. */
static bool ends_at(struct decoder *d, uint64_t end, uint64_t n)
{
	const uint8_t *p = blob_ahead(d, n, 2 + 10);

	if (p && p[0] == 5 && !memcmp(p + 2, "virtio-gpu", 10))
		return true;
	return (end && rd_tell(d->rd) + n == end) || decode_ends_at(d, n);
}

static bool scanouts_read(struct decoder *d, const struct where *w,
			  uint64_t end)
{
	uint64_t count, fbs = 0;

	if (!decode_leaf(d, w, TEXT("parent_obj.enable"), TEXT("int32"), -1,
			 MS_INT, 4, NULL) ||
	    !decode_leaf(d, w, TEXT("parent_obj.conf.max_outputs"),
			 TEXT("uint32 equal"), -1, MS_UINT, 4, &count))
		return false;
	/* The loader compares the count with its own, which is at most 16. */
	if (count > MAX_SCANOUTS) {
		blob_fault(d, w, F_LIMIT, 4, count, MAX_SCANOUTS);
		return false;
	}
	while (fbs < count &&
	       !ends_at(d, end, SCANOUT_SIZE * count + SCANOUT_FB_SIZE * fbs))
		fbs++;
	if (!ends_at(d, end, SCANOUT_SIZE * count + SCANOUT_FB_SIZE * fbs))
		fbs = 0;
	decode_array_open(d, TEXT("parent_obj.scanout"), TEXT("struct"), count);
	for (uint64_t i = 0; i < count; i++) {
		bool with_fb = fbs == 1 && count > 1 ? i == 1 : i < fbs;

		decode_open(d, TEXT("parent_obj.scanout"), TEXT("struct"),
			    (int64_t)i, NULL, 0);
		if (!inner_read(d, w, &scanout, &with_fb))
			return false;
		decode_close(d);
	}
	decode_array_close(d);
	return true;
}

TYPE_READER(virtio_gpu_read)
{
	uint64_t end = size ? rd_tell(d->rd) + size : 0;

	blob_open(d, w, name, index, size);
	if (!resources_read(d, w, resource_read) || !scanouts_read(d, w, end))
		return false;
	decode_close(d);
	return true;
}

TYPE_READER(virtio_gpu_blob_read)
{
	blob_open(d, w, name, index, size);
	if (!resources_read(d, w, blob_resource_read))
		return false;
	decode_close(d);
	return true;
}
