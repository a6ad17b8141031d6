/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small types with an encoding of their own. */
#include "config.h"

#include "decode/blobs.h"

#include "base/bytes.h"
#include "decode/decode-priv.h"

static bool marker(struct decoder *d, const struct where *w,
		   struct ms_text name, int64_t index, uint64_t last)
{
	uint64_t byte;

	if (!decode_leaf(d, w, name, w->type, index, MS_NULLPTR, 1, &byte))
		return false;
	if (byte >= NULL_MARKER && byte <= last)
		return true;
	blob_fault(d, w, F_FIELD_NULL, 1, byte, 0);
	return false;
}

/* A NULL in an array of pointers, 10.0 to 10.2 (migration/vmstate-types.c:
 * get_nullptr): u8 0x30 */
TYPE_READER(nullptr_read)
{
	(void)size;
	return marker(d, w, name, index, NULL_MARKER);
}

/* The same in 11.x, where every element can have one: u8 0x30 or 0x31 */
TYPE_READER(ptr_marker_read)
{
	(void)size;
	return marker(d, w, name, index, POINTER_MARKER);
}

/* Values that the loader will not see exceeded, where the local value is
 * the same in every release. Others depend on the device: any positive. */
static const struct {
	const char *vmsd, *field;
	uint64_t most;
} le_limits[] = {
	{ "PCIDevice", "version_id", 2 },
};

/* migration/vmstate-types.c: get_int32_le (all releases): be32; from 0 to
 * the local value, or the load fails. */
TYPE_READER(int32_le_read)
{
	uint64_t value, most = INT32_MAX;

	(void)size;
	if (!decode_leaf(d, w, name, w->type, index, MS_INT, 4, &value))
		return false;
	for (size_t i = 0; i < sizeof(le_limits) / sizeof(le_limits[0]); i++)
		if (text_is(w->vmsd, le_limits[i].vmsd) &&
		    text_is(name, le_limits[i].field))
			most = le_limits[i].most;
	if (value <= most)
		return true;
	blob_fault(d, w, F_FIELD_LE, 4, value, most);
	return false;
}

/* migration/savevm.c: put_capability (all releases): u8 L | L bytes */
TYPE_READER(capability_read)
{
	const uint8_t *p = rd_peek(d->rd, 1);

	(void)size;
	return decode_leaf(d, w, name, w->type, index, MS_STRING,
			   p ? 1 + (uint64_t)p[0] : 1, NULL);
}

/* migration/vmstate-types.c: put_fd (10.0 to 11.1): the descriptor itself
 * travels beside the stream; one byte keeps its place. It is described with
 * size 0. */
TYPE_READER(fd_read)
{
	(void)size;
	return decode_leaf(d, w, name, w->type, index, MS_UINT, 1, NULL);
}

/* State of a vhost-user back-end (hw/virtio/vhost.c:
 * vhost_save_backend_state, 8.2 to 11.1):
 *   { be32 length > 0 | length bytes } … be32 0 */
TYPE_READER(chunks_read)
{
	uint64_t length;

	blob_open(d, w, name, index, size);
	do {
		if (!blob_uint(d, w, "length", 4, &length))
			return false;
		if (length && !blob_bytes(d, w, "data", length))
			return false;
	} while (length && !d->sink->stopped);
	decode_close(d);
	return true;
}

/* Pending interrupts of KVM's flic (hw/intc/s390_flic_kvm.c: kvm_flic_save,
 * all releases): be64 count | count * 72 bytes struct kvm_s390_irq, or
 * be64 -1 alone when they could not be read. */
TYPE_READER(flic_irqs_read)
{
	uint64_t count;

	blob_open(d, w, name, index, size);
	if (!blob_uint(d, w, "count", 8, &count))
		return false;
	if (count != UINT64_MAX && count) {
		if (count > rd_left(d->rd) / 72) {
			blob_fault(d, w, F_FIELD_TRUNCATED, 8, count,
				   rd_left(d->rd) / 72);
			return false;
		}
		if (!blob_bytes(d, w, "irqs", 72 * count))
			return false;
	}
	decode_close(d);
	return true;
}

/* Requests a SCSI device has under way (hw/scsi/scsi-bus.c:
 * put_scsi_requests, all releases):
 *
 *   { s8 > 0 (1: to be retried) | u8[16] cdb | be32 tag | be32 lun |
 *     what the host adapter adds | what the device adds } … s8 <= 0
 *
 * Adapter and device add bytes that depend on their models, so a list that
 * is not empty is shown as one piece, as long as the writer described. A
 * request where none was described is damage, read as far as is common. */
TYPE_READER(scsi_requests_read)
{
	const uint8_t *p = rd_peek(d->rd, 1);
	bool none = !p || !p[0] || p[0] >= 0x80;

	if (none)
		return decode_leaf(d, w, name, w->type, index, MS_BYTES, 1,
				   NULL);
	if (size > 1)
		return decode_leaf(d, w, name, w->type, index, MS_BYTES, size,
				   NULL);
	blob_open(d, w, name, index, 1);
	while (p && p[0] && p[0] < 0x80 && !d->sink->stopped) {
		if (!blob_bytes(d, w, "request", 1 + 16 + 4 + 4))
			return false;
		p = rd_peek(d->rd, 1);
	}
	if (!blob_bytes(d, w, "end", 1))
		return false;
	decode_close(d);
	return true;
}

/* hw/usb/redirect.c: usbredir_put_parser (all releases):
 *   be32 length | length bytes      0: no parser */
TYPE_READER(usb_redir_parser_read)
{
	uint64_t length;

	blob_open(d, w, name, index, size);
	if (!blob_uint(d, w, "length", 4, &length))
		return false;
	if (length && !blob_bytes(d, w, "data", length))
		return false;
	decode_close(d);
	return true;
}

/* Counts are not capped: each element takes bytes, so the end of the input
 * ends the loops. */

/* hw/usb/redirect.c: usbredir_put_bufpq (all releases):
 *   be32 n | n * { be32 length | be32 status | length bytes } */
TYPE_READER(usb_redir_bufpq_read)
{
	uint64_t count, length;

	blob_open(d, w, name, index, size);
	if (!blob_uint(d, w, "count", 4, &count))
		return false;
	for (; count && !d->sink->stopped; count--) {
		if (!blob_uint(d, w, "length", 4, &length) ||
		    !blob_uint(d, w, "status", 4, NULL))
			return false;
		if (length && !blob_bytes(d, w, "data", length))
			return false;
	}
	decode_close(d);
	return true;
}

/* hw/usb/redirect.c: usbredir_put_packet_id_q (all releases):
 *   be32 n | n * be64 */
TYPE_READER(usb_redir_ids_read)
{
	uint64_t count;

	blob_open(d, w, name, index, size);
	if (!blob_uint(d, w, "count", 4, &count))
		return false;
	for (; count && !d->sink->stopped; count--)
		if (!blob_uint(d, w, "id", 8, NULL))
			return false;
	decode_close(d);
	return true;
}
