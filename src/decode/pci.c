/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PCI device state.
 *
 * Object PCIDevice v2 (hw/pci/pci.c: vmstate_pci_device, 5.2 to 11.1):
 *
 *   be32    version_id      "int32 le": at most 2, the device's own
 *   u8[256] config          "pci config"; 4096 bytes for PCI Express
 *   be32[4] irq_state       "pci irq state": lines A to D, each 0 or 1
 *
 * MSI-X, behind it where the device has that capability (hw/pci/msix.c:
 * msix_save): n entries of 16 bytes, then one pending bit each. How many is
 * not in the field, but in the capability. */
#include "config.h"

#include "decode/blobs.h"

#include "base/bytes.h"

#define CONFIG_SIZE 256
#define EXPRESS_CONFIG_SIZE 4096
#define STATUS 0x06
#define STATUS_CAP_LIST 0x10
#define CAP_LIST 0x34
#define FIRST_CAP 0x40
/* Capabilities are 4-byte aligned, so more would be a loop. */
#define MAX_CAPS 48
#define IRQ_LINES 4
#define VERSION_ID 2

TYPE_READER(pci_config_read)
{
	/* How an older description may omit it: it cannot be empty. */
	return decode_leaf(d, w, name, w->type, index, MS_BYTES,
			   size ? size : CONFIG_SIZE, NULL);
}

TYPE_READER(pci_irq_state_read)
{
	uint32_t lines[IRQ_LINES] = { 0 };
	const uint8_t *p = rd_peek(d->rd, sizeof(lines));

	(void)size;
	for (unsigned i = 0; p && i < IRQ_LINES; i++)
		lines[i] = load_be32(p + 4 * i);
	if (!decode_leaf(d, w, name, w->type, index, MS_BYTES, sizeof(lines),
			 NULL))
		return false;
	for (unsigned i = 0; i < IRQ_LINES; i++)
		if (lines[i] > 1) {
			uint64_t back = sizeof(lines) - 4 * i;

			fault_add(d->sink->faults,
				  &(struct fault){ .code = F_FIELD_IRQ,
						   .offset = rd_tell(d->rd) -
							     back,
						   .length = 4,
						   .a = lines[i],
						   .b = i,
						   .name = name },
				  w);
			return false;
		}
	return true;
}

TYPE_READER(msix_state_read)
{
	return decode_leaf(d, w, name, w->type, index, MS_BYTES, size, NULL);
}

/* Offset of a capability in the 256 bytes at cfg, or 0. */
static unsigned find_capability(const uint8_t *cfg, uint8_t id)
{
	unsigned at = cfg[CAP_LIST] & ~3u;

	if (!(cfg[STATUS] & STATUS_CAP_LIST))
		return 0;
	for (unsigned i = 0; i < MAX_CAPS && at >= FIRST_CAP; i++) {
		if (cfg[at] == id)
			return at;
		at = cfg[at + 1] & ~3u;
	}
	return 0;
}

bool pci_config_express(const uint8_t *config)
{
	return find_capability(config, PCI_CAP_PCIE);
}

uint32_t pci_msix_vectors(const uint8_t *config)
{
	unsigned at = find_capability(config, PCI_CAP_MSIX);

	return at ? (load_le16(config + at + 2) & 0x7ffu) + 1 : 0;
}

static bool pci_device_fields(struct decoder *d, const struct where *outer,
			      uint8_t version, void *ctx)
{
	struct pci_facts *facts = ctx;
	struct where w = { .outer = outer,
			   .kind = WHERE_FIELD,
			   .name = TEXT("version_id"),
			   .index = -1,
			   .vmsd = TEXT("PCIDevice"),
			   .type = TEXT("int32 le") };
	const uint8_t *cfg;
	bool express;

	(void)version;
	if (!int32_le_read(d, &w, w.name, -1, 4))
		return false;

	cfg = rd_peek(d->rd, CONFIG_SIZE);
	/* A device that turns out not to be Express loses both. */
	express = cfg && pci_config_express(cfg);
	facts->msix_vectors = cfg ? pci_msix_vectors(cfg) : 0;

	w.name = express ? TEXT("config[1]") : TEXT("config[0]");
	w.type = TEXT("pci config");
	if (!pci_config_read(d, &w, w.name, -1,
			     express ? EXPRESS_CONFIG_SIZE : CONFIG_SIZE))
		return false;

	w.name = TEXT("irq_state");
	w.type = TEXT("pci irq state");
	return pci_irq_state_read(d, &w, w.name, -1, 4 * IRQ_LINES);
}

bool pci_device_read(struct decoder *d, const struct where *w,
		     struct pci_facts *ret)
{
	static const struct inner pci_device = {
		"PCIDevice",
		VERSION_ID,
		1,
		.more = pci_device_fields,
	};

	decode_open(d, TEXT("pci_dev"), TEXT("PCIDevice"), -1, NULL, 0);
	if (!inner_read(d, w, &pci_device, ret))
		return false;
	decode_close(d);
	return true;
}

bool pci_msix_read(struct decoder *d, const struct where *w, uint32_t vectors)
{
	return blob_bytes(d, w, "msix_table", 16 * (uint64_t)vectors) &&
	       blob_bytes(d, w, "msix_pba", (vectors + 7) / 8);
}
