/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The VMState type names that an embedded description can carry, and what
 * their bytes are (QEMU migration/vmstate-types.c; per target
 * target/ARCH/machine.c; devices that define a VMStateInfo of their own).
 *
 * Size 0: the length depends on the target or the device, so the described
 * one counts. Containers (struct, vstruct, tmp, qtailq, qlist, gtree) are
 * shapes, not types: see desc_shape_of(). */
#include "config.h"

#include "decode/blobs.h"

/* Sorted by strcmp(). */
static const struct type_codec codecs[] = {
	{ "CPU_Double_U", MS_UINT, 8, NULL },
	{ "avr", MS_BYTES, 16, NULL },
	{ "bitmap", MS_BYTES, 0, NULL },
	{ "blob", MS_BYTES, 0, virtio_gpu_blob_read },
	{ "bool", MS_BOOL, 1, NULL },
	{ "buffer", MS_BYTES, 0, NULL },
	{ "capability", MS_STRING, 0, capability_read },
	{ "cpsr", MS_UINT, 4, NULL },
	{ "cpu/altivec/vscr", MS_UINT, 4, NULL },
	{ "eind", MS_UINT, 1, NULL },
	{ "fd", MS_UINT, 1, fd_read },
	{ "fpcr", MS_UINT, 8, NULL },
	{ "fpr", MS_BYTES, 0, NULL },
	{ "fpscr", MS_UINT, 4, NULL },
	{ "fpsr", MS_UINT, 8, NULL },
	{ "fsr", MS_UINT, 0, NULL },
	{ "int16", MS_INT, 2, NULL },
	{ "int32", MS_INT, 4, NULL },
	{ "int32 equal", MS_INT, 4, NULL },
	{ "int32 le", MS_INT, 4, int32_le_read },
	{ "int32_as_uint16", MS_UINT, 2, NULL },
	{ "int64", MS_INT, 8, NULL },
	{ "int64 equal", MS_UINT, 8, NULL },
	{ "int8", MS_INT, 1, NULL },
	{ "irqs", MS_BYTES, 0, flic_irqs_read },
	{ "msix state", MS_BYTES, 0, msix_state_read },
	{ "msr", MS_UINT, 4, NULL },
	{ "nullptr", MS_NULLPTR, 1, nullptr_read },
	{ "pci config", MS_BYTES, 0, pci_config_read },
	{ "pci irq state", MS_BYTES, 16, pci_irq_state_read },
	{ "powered_off", MS_BOOL, 1, NULL },
	{ "psr", MS_UINT, 4, NULL },
	{ "psw", MS_UINT, 0, NULL },
	{ "ptr-marker", MS_NULLPTR, 1, ptr_marker_read },
	{ "rampD", MS_UINT, 1, NULL },
	{ "rampX", MS_UINT, 1, NULL },
	{ "rampY", MS_UINT, 1, NULL },
	{ "rampZ", MS_UINT, 1, NULL },
	{ "scsi-requests", MS_BYTES, 0, scsi_requests_read },
	{ "shpc", MS_BYTES, 0, NULL },
	{ "slbe", MS_BYTES, 16, NULL },
	{ "sr", MS_UINT, 4, NULL },
	{ "sreg", MS_UINT, 1, NULL },
	{ "timer", MS_INT, 8, NULL },
	{ "tlb entry", MS_BYTES, 0, NULL },
	{ "tlb_entry", MS_BYTES, 0, NULL },
	{ "uint16", MS_UINT, 2, NULL },
	{ "uint16 equal", MS_UINT, 2, NULL },
	{ "uint16_from_uint8", MS_UINT, 1, NULL },
	{ "uint32", MS_UINT, 4, NULL },
	{ "uint32 equal", MS_UINT, 4, NULL },
	{ "uint64", MS_UINT, 8, NULL },
	{ "uint8", MS_UINT, 1, NULL },
	{ "uint8 equal", MS_UINT, 1, NULL },
	{ "unknown", MS_BYTES, 0, NULL },
	{ "unused_buffer", MS_BYTES, 0, NULL },
	{ "usb-redir-bufpq", MS_BYTES, 0, usb_redir_bufpq_read },
	{ "usb-redir-packet-id-q", MS_BYTES, 0, usb_redir_ids_read },
	{ "usb-redir-parser", MS_BYTES, 0, usb_redir_parser_read },
	{ "vdagent/cbinfos", MS_BYTES, 0, NULL },
	{ "virtio", MS_BYTES, 0, virtio_read },
	{ "virtio-fs back-end state", MS_BYTES, 0, chunks_read },
	{ "virtio-gpu", MS_BYTES, 0, virtio_gpu_read },
	{ "virtio-net vhost-user backend state", MS_BYTES, 0, chunks_read },
	{ "virtqueue_extra_state", MS_BYTES, 0, NULL },
	{ "vscr", MS_UINT, 4, NULL },
	{ "vsr", MS_UINT, 8, NULL },
	{ "xcc", MS_UINT, 4, NULL },
};

static int compare(struct ms_text a, struct ms_text b)
{
	size_t n = a.length < b.length ? a.length : b.length;
	int c = n ? memcmp(a.bytes, b.bytes, n) : 0;

	if (c)
		return c;
	return (a.length > b.length) - (a.length < b.length);
}

const struct type_codec *type_codec_find(struct ms_text type)
{
	size_t low = 0, high = sizeof(codecs) / sizeof(codecs[0]);

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = compare(type, text_of(codecs[mid].name));

		if (!c)
			return &codecs[mid];
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}
