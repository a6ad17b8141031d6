/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Types whose bytes no description lays out.
 *
 * A reader of a type has the form of type_codec.read: it stands at the
 * field's first byte, w names the field, size is what the writer described
 * (0 = not known). It leaves the reader behind the field, or reports a
 * fault and returns false.
 *
 * Objects inside such a field have a description in QEMU, but the stream
 * does not carry it. It is written here as a table, and read by the rules
 * that QEMU has for any object:
 *
 *	static const struct inner_row rows[] = {
 *		{ "num", "uint16", MS_UINT, .size = 2 },
 *		{ "desc", "uint32", MS_UINT, 4, .count = 2 },
 *		{ "tmp", "tmp", .inner = &other },
 *		{ 0 },
 *	};
 *	static const struct inner queue = { "queue_state", .rows = rows };
 *	ok = inner_read(d, w, &queue, NULL);
 */
#ifndef DECODE_BLOBS_H
#define DECODE_BLOBS_H

#include "decode/decode.h"

#define TYPE_READER(fn)                                                        \
	bool fn(struct decoder *d, const struct where *w, struct ms_text name, \
		int64_t index, uint64_t size)

/* ---- objects inside blobs: inner.c ---- */

struct inner;

struct inner_row {
	const char *name, *type;
	enum ms_value_class cls;
	uint32_t size;             /* bytes of a leaf */
	uint32_t count;            /* elements; 0 = scalar */
	const struct inner *inner; /* the element is an object */
};

struct inner {
	const char *vmsd;
	/* As a subsection: what the loader accepts. */
	uint8_t version, minimum;
	const struct inner_row *rows; /* up to one without a name; or NULL */
	/* Fields that a table cannot say, behind the rows; or NULL. */
	bool (*more)(struct decoder *d, const struct where *w, uint8_t version,
		     void *ctx);
	const struct inner *const *subsections; /* up to NULL; or NULL */
};

/* The object at the reader's place: its fields, then its subsections. */
bool inner_read(struct decoder *d, const struct where *w, const struct inner *o,
		void *ctx);

/* ---- small tools: inner.c ---- */

/* Bytes of the input from n behind the reader on, without moving; NULL:
 * not there. Lives until the next call that looks or moves. */
const uint8_t *blob_ahead(struct decoder *d, uint64_t n, size_t length);
/* Big-endian number of size bytes. */
bool blob_uint(struct decoder *d, const struct where *w, const char *name,
	       unsigned size, uint64_t *ret);
bool blob_bytes(struct decoder *d, const struct where *w, const char *name,
		uint64_t n);
/* Opens the field as a group that also shows its bytes as one. */
void blob_open(struct decoder *d, const struct where *w, struct ms_text name,
	       int64_t index, uint64_t size);
void blob_fault(struct decoder *d, const struct where *w, enum fault_code code,
		uint64_t back, uint64_t a, uint64_t b);

/* ---- readers ---- */

/* pci.c */
TYPE_READER(pci_config_read);
TYPE_READER(pci_irq_state_read);
TYPE_READER(msix_state_read);

enum { PCI_CAP_PCIE = 0x10, PCI_CAP_MSIX = 0x11 };
/* What the configuration space of an object PCIDevice tells. */
struct pci_facts {
	uint32_t msix_vectors; /* 0 = no MSI-X */
};
/* Object PCIDevice, whose description is not in the stream. */
bool pci_device_read(struct decoder *d, const struct where *w,
		     struct pci_facts *ret);
/* MSI-X vectors by the capability in 256 bytes of config space; 0: none. */
uint32_t pci_msix_vectors(const uint8_t *config);
/* Is it that of a device with a PCI Express capability? Such a device has
 * 4096 bytes of it (hw/pci/pcie.c: pcie_cap_init; all releases). */
bool pci_config_express(const uint8_t *config);
bool pci_msix_read(struct decoder *d, const struct where *w, uint32_t vectors);

/* virtio.c */
TYPE_READER(virtio_read);

/* virtio-ccw.c */
extern const struct inner virtio_ccw_device;

/* virtio-gpu.c */
TYPE_READER(virtio_gpu_read);
TYPE_READER(virtio_gpu_blob_read);

/* blobs.c */
TYPE_READER(int32_le_read);
TYPE_READER(nullptr_read);
TYPE_READER(ptr_marker_read);
TYPE_READER(capability_read);
TYPE_READER(fd_read);
TYPE_READER(chunks_read);
TYPE_READER(flic_irqs_read);
TYPE_READER(scsi_requests_read);
TYPE_READER(usb_redir_parser_read);
TYPE_READER(usb_redir_bufpq_read);
TYPE_READER(usb_redir_ids_read);

#endif
