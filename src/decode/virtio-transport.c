/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the transports of virtio save: PCI, MMIO, CCW. */
#include "config.h"

#include "decode/virtio.h"

#define NO_VECTOR 0xffff /* VIRTIO_NO_VECTOR */

/* hw/virtio/virtio-pci.c: virtio_pci_load_queue, virtio_pci_load_config: a
 * vector beyond the device's own fails (all releases). */
bool virtio_vector_read(struct decoder *d, const struct where *w,
			const char *name, uint32_t vectors)
{
	uint64_t vector;

	if (!blob_uint(d, w, name, 2, &vector))
		return false;
	if (!vectors || vector < vectors || vector == NO_VECTOR)
		return true;
	blob_fault(d, w, F_VIRTIO_VECTOR, 2, vector, vectors);
	return false;
}

/* hw/virtio/virtio-pci.c: virtio_pci_save_config:
 *   object PCIDevice | [MSI-X: table, pending bits, be16 config_vector] */
static bool pci_read(struct decoder *d, const struct where *w,
		     uint32_t *ret_vectors)
{
	struct pci_facts facts = { 0 };

	if (!pci_device_read(d, w, &facts))
		return false;
	*ret_vectors = facts.msix_vectors;
	return !facts.msix_vectors ||
	       (pci_msix_read(d, w, facts.msix_vectors) &&
		virtio_vector_read(d, w, "config_vector", facts.msix_vectors));
}

/* hw/virtio/virtio-mmio.c: virtio_mmio_save_config */
static bool mmio_read(struct decoder *d, const struct where *w,
		      uint32_t *ret_vectors)
{
	*ret_vectors = 0;
	return blob_uint(d, w, "host_features_sel", 4, NULL) &&
	       blob_uint(d, w, "guest_features_sel", 4, NULL) &&
	       blob_uint(d, w, "guest_page_shift", 4, NULL);
}

/* hw/s390x/virtio-ccw.c: virtio_ccw_save_config */
static bool ccw_read(struct decoder *d, const struct where *w,
		     uint32_t *ret_vectors)
{
	*ret_vectors = 0;
	decode_open(d, TEXT("ccw_dev"), text_of(virtio_ccw_device.vmsd), -1,
		    NULL, 0);
	if (!inner_read(d, w, &virtio_ccw_device, NULL))
		return false;
	decode_close(d);
	return true;
}

/* What each keeps in virtio/extra_state: ring addresses and sizes of
 * non-legacy devices (virtio-pci.c: vmstate_virtio_pci_modern_state,
 * virtio-mmio.c: vmstate_virtio_mmio_modern_state). The objects themselves
 * are empty; it is all in their one subsection. */
static const struct inner_row pci_queue_rows[] = {
	{ "num", "uint16", MS_UINT, .size = 2 },
	{ "unused", "unused_buffer", MS_BYTES, .size = 1 },
	{ "enabled", "bool", MS_BOOL, .size = 1 },
	{ "desc", "uint32", MS_UINT, 4, .count = 2 },
	{ "avail", "uint32", MS_UINT, 4, .count = 2 },
	{ "used", "uint32", MS_UINT, 4, .count = 2 },
	{ 0 },
};
static const struct inner pci_queue = {
	"virtio_pci/modern_queue_state",
	1,
	1,
	.rows = pci_queue_rows,
};
static const struct inner_row pci_features128_rows[] = {
	{ "guest_features", "uint32", MS_UINT, 4, .count = 2 },
	{ 0 },
};
static const struct inner pci_features128 = {
	/* 10.2 */
	"virtio_pci/modern_state/features128",
	1,
	1,
	.rows = pci_features128_rows,
};
static const struct inner *const pci_modern_subsections[] = {
	&pci_features128,
	NULL,
};
static const struct inner_row pci_modern_rows[] = {
	{ "dfselect", "uint32", MS_UINT, .size = 4 },
	{ "gfselect", "uint32", MS_UINT, .size = 4 },
	{ "guest_features", "uint32", MS_UINT, 4, .count = 2 },
	{ "vqs", "struct", .count = VIRTIO_MAX_QUEUES, .inner = &pci_queue },
	{ 0 },
};
static const struct inner pci_modern = {
	"virtio_pci/modern_state",
	1,
	1,
	.rows = pci_modern_rows,
	.subsections = pci_modern_subsections,
};
static const struct inner *const pci_extra_subsections[] = {
	&pci_modern,
	NULL,
};
static const struct inner pci_extra = {
	"virtio_pci",
	1,
	1,
	.subsections = pci_extra_subsections,
};

static const struct inner_row mmio_queue_rows[] = {
	{ "num", "uint16", MS_UINT, .size = 2 },
	{ "enabled", "bool", MS_BOOL, .size = 1 },
	{ "desc", "uint32", MS_UINT, 4, .count = 2 },
	{ "avail", "uint32", MS_UINT, 4, .count = 2 },
	{ "used", "uint32", MS_UINT, 4, .count = 2 },
	{ 0 },
};
static const struct inner mmio_queue = {
	"virtio_mmio/queue_state",
	1,
	1,
	.rows = mmio_queue_rows,
};
static const struct inner_row mmio_modern_rows[] = {
	{ "guest_features", "uint32", MS_UINT, 4, .count = 2 },
	{ "vqs", "struct", .count = VIRTIO_MAX_QUEUES, .inner = &mmio_queue },
	{ 0 },
};
static const struct inner mmio_modern = {
	"virtio_mmio/state",
	1,
	1,
	.rows = mmio_modern_rows,
};
static const struct inner *const mmio_extra_subsections[] = {
	&mmio_modern,
	NULL,
};
static const struct inner mmio_extra = {
	"virtio_mmio",
	1,
	1,
	.subsections = mmio_extra_subsections,
};

static const struct virtio_transport pci = { pci_read, &pci_extra, false,
					     false };
static const struct virtio_transport mmio = { mmio_read, &mmio_extra, true,
					      false };
static const struct virtio_transport ccw = { ccw_read, NULL, false, true };

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* The path of a device on the virtual channel subsystem is
 * /fe.0.0000/NAME (hw/s390x/css-bridge.c: virtual_css_bus_get_dev_path). */
static bool is_ccw_path(struct ms_text path)
{
	static const char form[] = "/hh.h.hhhh/";

	if (path.length < sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == 'h' ? !is_hex(path.bytes[i]) :
				     form[i] != path.bytes[i])
			return false;
	return true;
}

/* virtio-mmio has virtio-mmio@ADDRESS/NAME, or NAME alone in old machine
 * types (virtio-mmio.c: virtio_mmio_bus_get_dev_path); all else is PCI. */
const struct virtio_transport *virtio_transport_of(struct ms_text idstr)
{
	if (is_ccw_path(idstr))
		return &ccw;
	if (text_starts(idstr, TEXT("virtio-mmio@")) ||
	    !memchr(idstr.bytes, '/', idstr.length))
		return &mmio;
	return &pci;
}
