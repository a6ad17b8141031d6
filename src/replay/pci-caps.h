/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The capabilities that QEMU's devices have, and which of their registers a
 * guest can change: a table of kinds, each with the helper it is taken from.
 *
 *	const struct pci_cap_kind *k = pci_cap_find(config[at]);
 *	for (r = k->regs; r && r->size; r++)
 *		if (!r->when || r->when(&cap))
 *			...
 */
#ifndef REPLAY_PCI_CAPS_H
#define REPLAY_PCI_CAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ids of include/standard-headers/linux/pci_regs.h; those named EXT are of
 * extended capabilities. */
enum {
	CAP_PM = 0x01,
	CAP_SLOT_ID = 0x04,
	CAP_MSI = 0x05,
	CAP_VENDOR = 0x09,
	CAP_HOTPLUG = 0x0c,
	CAP_SUBSYSTEM = 0x0d,
	CAP_EXPRESS = 0x10,
	CAP_MSIX = 0x11,
	CAP_SATA = 0x12,
	CAP_AF = 0x13,
	EXT_AER = 0x01,
	EXT_SERIAL = 0x03,
	EXT_ACS = 0x0d,
	EXT_ARI = 0x0e,
	EXT_ATS = 0x0f,
	EXT_SRIOV = 0x10,
	EXT_PRI = 0x13,
	EXT_PASID = 0x1b,
	EXT_VENDOR = 0x23, /* DVSEC */
};

/* A capability of a function. */
struct pci_cap {
	const uint8_t *config;
	size_t length;
	unsigned at;
	/* where the function's Express and MSI-X capabilities are, or 0 */
	unsigned express, msix;
	unsigned version; /* of QEMU, 702 = 7.2 */
};

static inline uint8_t pci_cap_byte(const struct pci_cap *c, unsigned i)
{
	return c->at + i < c->length ? c->config[c->at + i] : 0;
}

static inline uint32_t pci_cap_word(const struct pci_cap *c, unsigned i)
{
	return (uint32_t)pci_cap_byte(c, i) | (uint32_t)pci_cap_byte(c, i + 1)
						      << 8;
}

static inline uint32_t pci_cap_long(const struct pci_cap *c, unsigned i)
{
	return pci_cap_word(c, i) | pci_cap_word(c, i + 2) << 16;
}

struct pci_cap_reg {
	uint8_t at, size;                      /* size 0: the last one */
	uint32_t unchecked, wmask, w1cmask;    /* unchecked: not in cmask */
	bool (*when)(const struct pci_cap *c); /* NULL: always */
};

struct pci_cap_kind {
	uint16_t id;
	uint16_t size; /* bytes, if size_of is NULL */
	unsigned (*size_of)(const struct pci_cap *c);
	const struct pci_cap_reg *regs; /* or NULL: all of it is read-only */
};

/* By id; NULL: none that QEMU's devices have. */
const struct pci_cap_kind *pci_cap_find(unsigned id);
const struct pci_cap_kind *pci_cap_find_extended(unsigned id);

/* Whose capability it is. */
bool pci_cap_of_virtio(const struct pci_cap *c);
bool pci_cap_of_root_port(const struct pci_cap *c);
/* Has this MSI a 64-bit address? */
bool pci_cap_is_wide_msi(const struct pci_cap *c);

#endif
