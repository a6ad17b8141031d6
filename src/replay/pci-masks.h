/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which bits of a PCI device's configuration space a load compares with the
 * device's own. QEMU keeps three masks per device: compared, writable by the
 * guest, cleared by writing 1. They are in no stream, but follow from what
 * the configuration space holds: each helper that adds a capability sets
 * them.
 *
 *	pci_masks_make(&m, own, length, rom_size, version);
 *	if ((read ^ own[i]) & m.cmask[i] & ~m.wmask[i] & ~m.w1cmask[i])
 *		refuse();
 */
#ifndef REPLAY_PCI_MASKS_H
#define REPLAY_PCI_MASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCI_CONFIG_SIZE 256
#define PCIE_CONFIG_SIZE 4096
#define PCI_HEADER_SIZE 64

struct pci_masks {
	uint8_t cmask[PCIE_CONFIG_SIZE];
	uint8_t wmask[PCIE_CONFIG_SIZE];
	uint8_t w1cmask[PCIE_CONFIG_SIZE];
	/* Compared or not: the size of a BAR would tell. */
	uint8_t unsure[PCIE_CONFIG_SIZE];
	/* What a guest can write in the header, as it is after a reset. */
	uint8_t reset[PCI_HEADER_SIZE];
};

/* own: what the device holds, as its QEMU saved it; length: 256 or 4096.
 * rom_size: bytes of its option ROM, 0 = not known. version: of that QEMU,
 * 702 = 7.2. */
void pci_masks_make(struct pci_masks *m, const uint8_t *own, size_t length,
		    uint64_t rom_size, unsigned version);

/* Register i of the device before a load: what is writable in the header has
 * been reset. */
uint8_t pci_masks_own(const struct pci_masks *m, const uint8_t *own,
		      unsigned i);

#endif
