/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay/pci-masks.h"

#include "base/bytes.h"
#include "replay/pci-bars.h"

#include <string.h>

/* Registers of every function: include/standard-headers/linux/pci_regs.h. */
enum {
	VENDOR_ID = 0x00,
	COMMAND = 0x04,
	STATUS = 0x06,
	REVISION = 0x08,
	CLASS = 0x09,
	CACHE_LINE = 0x0c,
	HEADER_TYPE = 0x0e,
	BARS = 0x10,
	PRIMARY_BUS = 0x18,
	IO_BASE = 0x1c,
	MEMORY_BASE = 0x20,
	PREFETCH_BASE = 0x24,
	PREFETCH_UPPER = 0x28,
	ROM = 0x30,
	CAPABILITIES = 0x34,
	BRIDGE_ROM = 0x38,
	INTERRUPT_LINE = 0x3c,
	HEADER_SIZE = PCI_HEADER_SIZE,
	STATUS_CAPABILITIES = 0x10,
	TYPE_MASK = 0x7f,
	TYPE_BRIDGE = 1,
	BAR_IO = 1,
	BAR_TYPE_64 = 4,
	ROM_ENABLE = 1,
};

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
struct cap {
	const uint8_t *config;
	size_t length;
	unsigned at;
	/* where the function's Express and MSI-X capabilities are, or 0 */
	unsigned express, msix;
	unsigned version; /* of QEMU, 702 = 7.2 */
};

static uint8_t byte_of(const struct cap *c, unsigned i)
{
	return c->at + i < c->length ? c->config[c->at + i] : 0;
}

static uint32_t word_of(const struct cap *c, unsigned i)
{
	return (uint32_t)byte_of(c, i) | (uint32_t)byte_of(c, i + 1) << 8;
}

static uint32_t long_of(const struct cap *c, unsigned i)
{
	return word_of(c, i) | word_of(c, i + 2) << 16;
}

/* ---- which kinds of functions have a register ---- */

static bool is_virtio(const struct cap *c)
{
	return load_le16(c->config) == 0x1af4;
}

enum { PORT_ROOT = 4, PORT_UPSTREAM = 5, PORT_DOWNSTREAM = 6, PORT_PCI = 7 };

static unsigned port_type(const struct cap *c)
{
	struct cap e = *c;

	e.at = c->express;
	return c->express ? byte_of(&e, 2) >> 4 : 0;
}

static bool is_root(const struct cap *c)
{
	return port_type(c) == PORT_ROOT;
}

static bool is_slot(const struct cap *c)
{
	return is_root(c) || port_type(c) == PORT_DOWNSTREAM;
}

/* Whether there is a card in it, from 8.1 on: the guest may have removed it. */
static bool hides_presence(const struct cap *c)
{
	return is_slot(c) && c->version >= 801;
}

static bool is_port(const struct cap *c)
{
	return port_type(c) >= PORT_ROOT && port_type(c) <= PORT_PCI;
}

static bool forwards_ari(const struct cap *c)
{
	return is_slot(c) || port_type(c) == PORT_PCI;
}

static bool is_port_or_virtio(const struct cap *c)
{
	return is_port(c) || is_virtio(c);
}

static bool is_version_2(const struct cap *c)
{
	return (byte_of(c, 2) & 0x0f) >= 2;
}

static bool has_flr(const struct cap *c)
{
	return byte_of(c, 7) & 0x10;
}

static bool has_power_control(const struct cap *c)
{
	return is_slot(c) && byte_of(c, 0x14) & 2;
}

static bool has_uncorrectable_mask(const struct cap *c)
{
	return long_of(c, 8) != 0;
}

static bool has_many_headers(const struct cap *c)
{
	return byte_of(c, 0x19) & 2;
}

/* e1000e and igb, the latter's function and virtual functions */
static bool is_intel_nic(const struct cap *c)
{
	unsigned id = load_le16(c->config + 2);

	return load_le16(c->config) == 0x8086 &&
	       (id == 0x10d3 || id == 0x10c9 || id == 0x10ca);
}

static bool is_nvme(const struct cap *c)
{
	return load_le16(c->config) == 0x1b36 &&
	       load_le16(c->config + 2) == 0x0010;
}

static bool sets_power_state(const struct cap *c)
{
	return is_virtio(c) || is_intel_nic(c) || is_nvme(c);
}

static bool is_virtio_window(const struct cap *c)
{
	return is_virtio(c) && byte_of(c, 3) == 5;
}

static bool msi_wide(const struct cap *c)
{
	return byte_of(c, 2) & 0x80;
}

static bool msi_narrow(const struct cap *c)
{
	return !msi_wide(c);
}

/* ---- capabilities ---- */

struct reg {
	uint8_t at, size;                   /* size 0: the last one */
	uint32_t unchecked, wmask, w1cmask; /* unchecked: not in cmask */
	bool (*when)(const struct cap *c);  /* NULL: always */
};

struct cap_kind {
	uint16_t id;
	uint16_t size; /* bytes, if size_of is NULL */
	unsigned (*size_of)(const struct cap *c);
	const struct reg *regs; /* or NULL: all of it is read-only */
};

/* hw/net/e1000e.c, igb.c: …_add_pm_capability; hw/virtio/virtio-pci.c:
 * virtio_pci_realize, hw/nvme/ctrl.c: nvme_add_pm_capability */
static const struct reg pm_regs[] = {
	{ 4, 2, 0, 0x0003, 0, sets_power_state },
	{ 4, 2, 0, 0x1f00, 0x8000, is_intel_nic },
	{ 0 },
};

/* hw/pci/msi.c: msi_init */
static const struct reg msi_regs[] = {
	{ 2, 2, 0, 0x0071, 0, NULL },         { 4, 4, 0, 0xfffffffc, 0, NULL },
	{ 8, 4, 0, 0xffffffff, 0, msi_wide }, { 12, 2, 0, 0xffff, 0, msi_wide },
	{ 8, 2, 0, 0xffff, 0, msi_narrow },   { 0 },
};

/* hw/pci/msi.c: msi_cap_sizeof */
static unsigned msi_size(const struct cap *c)
{
	return (msi_wide(c) ? 14u : 10u) + (byte_of(c, 3) & 1 ? 10u : 0);
}

static unsigned own_size(const struct cap *c)
{
	return byte_of(c, 2);
}

/* hw/virtio/virtio-pci.c: virtio_pci_device_plugged: the window through
 * which the guest reaches the other regions */
static const struct reg vendor_regs[] = {
	{ 4, 1, 0, 0xff, 0, is_virtio_window },
	{ 8, 4, 0, 0xffffffff, 0, is_virtio_window },
	{ 12, 4, 0, 0xffffffff, 0, is_virtio_window },
	{ 16, 4, 0, 0xffffffff, 0, is_virtio_window },
	{ 0 },
};

/* hw/pci/slotid_cap.c: slotid_cap_init */
static const struct reg slot_id_regs[] = { { 3, 1, 0, 0xff, 0, NULL }, { 0 } };

/* hw/pci/shpc.c: shpc_cap_add_config */
static const struct reg hotplug_regs[] = {
	{ 2, 1, 0, 0xff, 0, NULL },
	{ 4, 4, 0, 0xffffffff, 0, NULL },
	{ 0 },
};

/* hw/pci/msix.c: msix_init */
static const struct reg msix_regs[] = { { 2, 2, 0, 0xc000, 0, NULL }, { 0 } };

/* hw/pci/pcie.c: pcie_cap_v1_fill, pcie_cap_init, pcie_cap_deverr_init,
 * pcie_cap_flr_init, pcie_cap_slot_init, pcie_cap_root_init,
 * pcie_cap_arifwd_init */
static const struct reg express_regs[] = {
	{ 0x08, 2, 0, 0x000f, 0, is_port_or_virtio }, /* device control */
	{ 0x08, 2, 0, 0x8000, 0, has_flr },
	{ 0x0a, 2, 0, 0, 0x000f, is_port_or_virtio }, /* device status */
	{ 0x10, 2, 0, 0x00c0, 0, is_virtio },         /* link control */
	{ 0x12, 2, 0xffff, 0, 0, NULL },              /* link status */
	{ 0x18, 2, 0, 0x0bf9, 0, is_slot },           /* slot control */
	{ 0x18, 2, 0, 0x0400, 0, has_power_control },
	{ 0x1a, 2, 0x0040, 0, 0, hides_presence }, /* slot status */
	{ 0x1a, 2, 0, 0, 0x0019, is_slot },
	{ 0x1c, 2, 0, 0x0007, 0, is_root },      /* root control */
	{ 0x28, 2, 0, 0x8000, 0, is_version_2 }, /* device control 2 */
	{ 0x28, 2, 0, 0x0020, 0, forwards_ari },
	{ 0 },
};

static unsigned express_size(const struct cap *c)
{
	return is_version_2(c) ? 0x3c : 0x14;
}

/* hw/pci/pcie_aer.c: pcie_aer_init, pcie_aer_root_init */
#define UNCORRECTABLE 0x03fff030
#define CORRECTABLE 0xf1c1
static const struct reg aer_regs[] = {
	{ 0x04, 4, 0, 0, UNCORRECTABLE, NULL },
	{ 0x08, 4, 0, UNCORRECTABLE, 0, has_uncorrectable_mask },
	{ 0x0c, 4, 0, UNCORRECTABLE, 0, NULL },
	{ 0x10, 4, 0, 0, CORRECTABLE, NULL },
	{ 0x14, 4, 0, CORRECTABLE, 0, NULL },
	{ 0x18, 4, 0, 0x0140, 0, NULL },
	{ 0x18, 4, 0, 0x0400, 0, has_many_headers },
	{ 0x2c, 4, 0, 0x0007, 0, is_root },
	{ 0x30, 4, 0xf8000000, 0, 0x007f, is_root },
	{ 0 },
};

/* hw/pci/pcie.c: pcie_acs_init: what can be switched on, is switched */
static const struct reg acs_regs[] = {
	{ 6, 2, 0, 0x005f, 0, is_slot },
	{ 0 },
};
/* hw/pci/pcie.c: pcie_ats_init, pcie_pri_init, pcie_pasid_common_init */
static const struct reg ats_regs[] = { { 6, 2, 0, 0x800f, 0, NULL }, { 0 } };
static const struct reg pri_regs[] = {
	{ 4, 2, 0, 0x0003, 0, NULL },
	{ 6, 2, 0, 0, 0x0003, NULL },
	{ 12, 4, 0, 0xffffffff, 0, NULL },
	{ 0 },
};
static const struct reg pasid_regs[] = { { 6, 2, 0, 0x0007, 0, NULL }, { 0 } };

/* hw/pci/pcie_sriov.c: pcie_sriov_pf_init, pcie_sriov_pf_init_vf_bar */
static const struct reg sriov_regs[] = {
	{ 0x08, 2, 0, 0x0019, 0, NULL },
	{ 0x10, 2, 0, 0xffff, 0, NULL },
	{ 0x20, 4, 0, 0x0553, 0, NULL },
	{ 0 },
};

/* hw/net/igb.c: igb_pci_realize leaves out the last registers */
static unsigned aer_size(const struct cap *c)
{
	return is_intel_nic(c) && load_le16(c->config + 2) != 0x10d3 ? 0x40 :
								       0x48;
}

static unsigned dvsec_size(const struct cap *c)
{
	return word_of(c, 6) >> 4;
}

static const struct cap_kind caps[] = {
	{ CAP_PM, 8, NULL, pm_regs },
	{ CAP_SLOT_ID, 4, NULL, slot_id_regs },
	{ CAP_MSI, 0, msi_size, msi_regs },
	{ CAP_VENDOR, 0, own_size, vendor_regs },
	{ CAP_HOTPLUG, 8, NULL, hotplug_regs },
	{ CAP_SUBSYSTEM, 8, NULL, NULL },
	{ CAP_EXPRESS, 0, express_size, express_regs },
	{ CAP_MSIX, 12, NULL, msix_regs },
	{ CAP_SATA, 8, NULL, NULL },
	{ CAP_AF, 6, NULL, NULL },
	{ 0 },
};

static const struct cap_kind extended_caps[] = {
	{ EXT_AER, 0, aer_size, aer_regs },
	{ EXT_SERIAL, 12, NULL, NULL },
	{ EXT_ACS, 8, NULL, acs_regs },
	{ EXT_ARI, 8, NULL, NULL },
	{ EXT_ATS, 8, NULL, ats_regs },
	{ EXT_SRIOV, 0x40, NULL, sriov_regs },
	{ EXT_PRI, 16, NULL, pri_regs },
	{ EXT_PASID, 8, NULL, pasid_regs },
	{ EXT_VENDOR, 0, dvsec_size, NULL },
	{ 0 },
};

/* ---- setting masks ---- */

static void add_bits(uint8_t *mask, size_t length, unsigned at, unsigned size,
		     uint64_t bits)
{
	for (unsigned i = 0; i < size && at + i < length; i++)
		mask[at + i] |= (uint8_t)(bits >> 8 * i);
}

static void clear_bits(uint8_t *mask, size_t length, unsigned at, unsigned size,
		       uint64_t bits)
{
	for (unsigned i = 0; i < size && at + i < length; i++)
		mask[at + i] &= (uint8_t) ~(bits >> 8 * i);
}

/* hw/pci/pci.c: pci_add_capability, hw/pci/pcie.c: pcie_add_capability: all
 * of it is compared, none of it writable, but for what follows. */
static void capability(struct pci_masks *m, const struct cap *c,
		       const struct cap_kind *k)
{
	unsigned size = k->size_of ? k->size_of(c) : k->size;

	for (unsigned i = c->at; i < c->at + size && i < c->length; i++) {
		m->cmask[i] = 0xff;
		m->wmask[i] = 0;
	}
	for (const struct reg *r = k->regs; r && r->size; r++) {
		unsigned at = c->at + r->at;

		if (r->at + r->size > size || (r->when && !r->when(c)))
			continue;
		clear_bits(m->cmask, c->length, at, r->size, r->unchecked);
		add_bits(m->wmask, c->length, at, r->size, r->wmask);
		add_bits(m->w1cmask, c->length, at, r->size, r->w1cmask);
	}
}

/* One bit for each vector that MSI can mask. */
static void msi_mask_bits(struct pci_masks *m, const struct cap *c)
{
	unsigned vectors = 1u << (byte_of(c, 2) >> 1 & 7);
	uint32_t bits = vectors < 32 ? (1u << vectors) - 1 : 0xffffffff;

	if (byte_of(c, 3) & 1)
		add_bits(m->wmask, c->length, c->at + (msi_wide(c) ? 16 : 12),
			 4, bits);
}

/* hw/pci-bridge/gen_pcie_root_port.c: gen_rp_realize: pcie-root-port with
 * io-reserve=0 has no I/O window. The capability is that of
 * hw/pci/pci_bridge.c: pci_bridge_qemu_reserve_cap_init. */
static bool reserves_no_io(const struct cap *c)
{
	return load_le32(c->config) == 0x000c1b36 && byte_of(c, 3) == 1 &&
	       !long_of(c, 8) && !long_of(c, 12);
}

static const struct cap_kind *kind_of(const struct cap_kind *k, unsigned id)
{
	while (k->id && k->id != id)
		k++;
	return k->id ? k : NULL;
}

/* Capabilities stand 4-byte aligned; more than fit would be a circle. */
static void walk_capabilities(struct pci_masks *m, struct cap *c)
{
	unsigned at = c->config[CAPABILITIES] & ~3u;

	if (!(c->config[STATUS] & STATUS_CAPABILITIES))
		return;
	for (unsigned n = 0; n < 48 && at >= HEADER_SIZE; n++) {
		const struct cap_kind *k = kind_of(caps, c->config[at]);

		c->at = at;
		if (c->config[at] == CAP_EXPRESS)
			c->express = at;
		if (c->config[at] == CAP_MSIX)
			c->msix = at;
		if (k)
			capability(m, c, k);
		if (c->config[at] == CAP_MSI)
			msi_mask_bits(m, c);
		if (c->config[at] == CAP_VENDOR && reserves_no_io(c))
			memset(m->wmask + IO_BASE, 0, 2);
		at = c->config[at + 1] & ~3u;
	}
}

static uint64_t ones_from(unsigned bit)
{
	return bit < 64 ? ~UINT64_C(0) << bit : 0;
}

/* A BAR of 2^bits bytes; bits 0: not known, then what the address in it is
 * aligned to is the most it can be.
 * (hw/pci/pci.c: pci_register_bar) */
static void bar(struct pci_masks *m, const struct cap *c, unsigned at,
		unsigned size, unsigned bits, unsigned least, uint64_t enable)
{
	add_bits(m->cmask, c->length, at, size, ~UINT64_C(0));
	add_bits(m->wmask, c->length, at, size,
		 ones_from(bits ? bits : least) | enable);
	if (!bits) {
		uint64_t address = long_of(c, at);
		unsigned most = least;

		if (size == 8)
			address |= (uint64_t)long_of(c, at + 4) << 32;
		address &= ones_from(least);
		most = address ? (unsigned)__builtin_ctzll(address) : 32;
		add_bits(m->unsure, c->length, at, size,
			 ones_from(least) & ~ones_from(most));
	}
}

/* Sizes of BARs, as powers of two; 0: not known. */
struct bar_sizes {
	uint8_t bits[6];
	bool present[6]; /* also where it holds 0 */
};

/* hw/pci/msix.c: msix_init_exclusive_bar: 2 KiB for the vectors and as much
 * for their pending bits, or more */
static void virtio_msix_bar(const struct cap *c, struct bar_sizes *s)
{
	unsigned entries = (word_of(c, 2) & 0x7ff) + 1, i = byte_of(c, 4) & 7;
	unsigned table = 16 * entries > 2048 ? 16 * entries : 2048;
	unsigned end = table + (entries + 63) / 64 * 8;

	if (i >= 6)
		return;
	s->present[i] = true;
	for (s->bits[i] = 12; 1u << s->bits[i] < end;)
		s->bits[i]++;
}

/* Which BARs a virtio device or bridge has is a matter of properties
 * (disable-legacy, disable-modern, vectors, shpc); but those that are there
 * do not hold 0, for they are I/O, 64 bits wide or prefetchable. */
static bool has_optional_bars(const struct cap *c)
{
	unsigned device = load_le16(c->config + 2);

	return is_virtio(c) || (load_le16(c->config) == 0x1b36 &&
				(device == 0x0001 || device == 0x000e));
}

static void known_bars(const struct cap *c, struct bar_sizes *s)
{
	const uint8_t *own = c->config;
	const uint8_t *bits = pci_bars_find(load_le16(own), load_le16(own + 2),
					    load_le16(own + 0x0a));

	*s = (struct bar_sizes){ 0 };
	for (unsigned i = 0; bits && i < 6; i++) {
		s->bits[i] = bits[i];
		s->present[i] = bits[i] && !has_optional_bars(c);
	}
	if (is_virtio(c) && c->msix) {
		struct cap at = *c;

		at.at = c->msix;
		virtio_msix_bar(&at, s);
	}
}

/* The BARs from `at` on. */
static void bars(struct pci_masks *m, struct cap *c, unsigned at, unsigned n,
		 const struct bar_sizes *s)
{
	c->at = 0;
	for (unsigned i = 0; i < n; i++, at += 4) {
		uint32_t v = long_of(c, at);
		bool io = v & BAR_IO, wide = !io && (v & 6) == BAR_TYPE_64;
		unsigned bits = s->bits[i];

		if (!v && !s->present[i])
			continue;
		bar(m, c, at, wide ? 8 : 4, bits, io ? 2 : 4, 0);
		if (wide) {
			i++;
			at += 4;
		}
	}
}

static void option_rom(struct pci_masks *m, struct cap *c, unsigned at,
		       uint64_t size)
{
	c->at = 0;
	if (size)
		bar(m, c, at, 4, (unsigned)__builtin_ctzll(size), 11,
		    ROM_ENABLE);
	else if (long_of(c, at))
		bar(m, c, at, 4, 0, 11, ROM_ENABLE);
}

static void walk_extended(struct pci_masks *m, struct cap *c)
{
	static const struct bar_sizes no_sizes;
	unsigned at = PCI_CONFIG_SIZE;

	for (unsigned n = 0; n < PCIE_CONFIG_SIZE / 4 && at >= PCI_CONFIG_SIZE;
	     n++) {
		const struct cap_kind *k;

		c->at = 0;
		k = kind_of(extended_caps, word_of(c, at));
		c->at = at;
		if (k)
			capability(m, c, k);
		if (k && k->id == EXT_SRIOV)
			bars(m, c, at + 0x24, 6, &no_sizes);
		c->at = at;
		at = word_of(c, 2) >> 4 & ~3u;
	}
}

/* hw/pci/pci.c: pci_init_cmask, pci_init_wmask, pci_init_w1cmask */
static void common(struct pci_masks *m, size_t length)
{
	add_bits(m->cmask, length, VENDOR_ID, 4, 0xffffffff);
	add_bits(m->cmask, length, STATUS, 1, STATUS_CAPABILITIES);
	add_bits(m->cmask, length, REVISION, 4, 0xffffffff);
	add_bits(m->cmask, length, HEADER_TYPE, 1, 0xff);
	add_bits(m->cmask, length, CAPABILITIES, 1, 0xff);
	add_bits(m->wmask, length, COMMAND, 2, 0x0507);
	add_bits(m->wmask, length, CACHE_LINE, 1, 0xff);
	add_bits(m->wmask, length, INTERRUPT_LINE, 1, 0xff);
	add_bits(m->w1cmask, length, STATUS, 2, 0xf900);
	memset(m->wmask + HEADER_SIZE, 0xff, length - HEADER_SIZE);
}

/* hw/pci/pci.c: pci_init_mask_bridge: the low bits of a window's bounds say
 * of which kind it is */
static void bridge(struct pci_masks *m, size_t length)
{
	add_bits(m->wmask, length, PRIMARY_BUS, 4, 0xffffffff);
	add_bits(m->cmask, length, IO_BASE, 2, 0x0f0f);
	add_bits(m->wmask, length, IO_BASE, 2, 0xf0f0);
	add_bits(m->wmask, length, MEMORY_BASE, 4, 0xfff0fff0);
	add_bits(m->cmask, length, PREFETCH_BASE, 4, 0x000f000f);
	add_bits(m->wmask, length, PREFETCH_BASE, 4, 0xfff0fff0);
	add_bits(m->wmask, length, PREFETCH_UPPER, 8, ~UINT64_C(0));
}

/* hw/pci/pci_bridge.c: pci_bridge_disable_base_limit, which root ports call:
 * each window starts behind its end */
static void close_windows(struct pci_masks *m)
{
	static const uint8_t bases[] = { IO_BASE, MEMORY_BASE, MEMORY_BASE + 1,
					 PREFETCH_BASE, PREFETCH_BASE + 1 };

	for (size_t i = 0; i < sizeof(bases); i++)
		m->reset[bases[i]] = m->wmask[bases[i]];
}

uint8_t pci_masks_own(const struct pci_masks *m, const uint8_t *own, unsigned i)
{
	if (i >= HEADER_SIZE)
		return own[i];
	return (uint8_t)((own[i] & ~m->wmask[i]) | m->reset[i]);
}

void pci_masks_make(struct pci_masks *m, const uint8_t *own, size_t length,
		    uint64_t rom_size, unsigned version)
{
	struct cap c = { .config = own, .length = length, .version = version };
	const bool is_bridge = (own[HEADER_TYPE] & TYPE_MASK) == TYPE_BRIDGE;
	struct bar_sizes sizes;

	memset(m, 0, sizeof(*m));
	common(m, length);
	if (is_bridge)
		bridge(m, length);
	walk_capabilities(m, &c);
	known_bars(&c, &sizes);
	bars(m, &c, BARS, is_bridge ? 2 : 6, &sizes);
	option_rom(m, &c, is_bridge ? BRIDGE_ROM : ROM, rom_size);
	if (length > PCI_CONFIG_SIZE)
		walk_extended(m, &c);
	c.at = 0;
	if (is_root(&c))
		close_windows(m);
}
