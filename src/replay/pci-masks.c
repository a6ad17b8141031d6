/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay/pci-masks.h"

#include "base/bytes.h"
#include "replay/pci-bars.h"
#include "replay/pci-caps.h"

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
static void capability(struct pci_masks *m, const struct pci_cap *c,
		       const struct pci_cap_kind *k)
{
	unsigned size = k->size_of ? k->size_of(c) : k->size;

	for (unsigned i = c->at; i < c->at + size && i < c->length; i++) {
		m->cmask[i] = 0xff;
		m->wmask[i] = 0;
	}
	for (const struct pci_cap_reg *r = k->regs; r && r->size; r++) {
		unsigned at = c->at + r->at;

		if (r->at + r->size > size || (r->when && !r->when(c)))
			continue;
		clear_bits(m->cmask, c->length, at, r->size, r->unchecked);
		add_bits(m->wmask, c->length, at, r->size, r->wmask);
		add_bits(m->w1cmask, c->length, at, r->size, r->w1cmask);
	}
}

/* One bit for each vector that MSI can mask. */
static void msi_mask_bits(struct pci_masks *m, const struct pci_cap *c)
{
	unsigned vectors = 1u << (pci_cap_byte(c, 2) >> 1 & 7);
	uint32_t bits = vectors < 32 ? (1u << vectors) - 1 : 0xffffffff;

	if (pci_cap_byte(c, 3) & 1)
		add_bits(m->wmask, c->length,
			 c->at + (pci_cap_is_wide_msi(c) ? 16 : 12), 4, bits);
}

/* hw/pci-bridge/gen_pcie_root_port.c: gen_rp_realize: pcie-root-port with
 * io-reserve=0 has no I/O window. The capability is that of
 * hw/pci/pci_bridge.c: pci_bridge_qemu_reserve_cap_init. */
static bool reserves_no_io(const struct pci_cap *c)
{
	return load_le32(c->config) == 0x000c1b36 && pci_cap_byte(c, 3) == 1 &&
	       !pci_cap_long(c, 8) && !pci_cap_long(c, 12);
}

/* Capabilities stand 4-byte aligned; more than fit would be a circle. */
static void walk_capabilities(struct pci_masks *m, struct pci_cap *c)
{
	unsigned at = c->config[CAPABILITIES] & ~3u;

	if (!(c->config[STATUS] & STATUS_CAPABILITIES))
		return;
	for (unsigned n = 0; n < 48 && at >= HEADER_SIZE; n++) {
		const struct pci_cap_kind *k = pci_cap_find(c->config[at]);

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
static void bar(struct pci_masks *m, const struct pci_cap *c, unsigned at,
		unsigned size, unsigned bits, unsigned least, uint64_t enable)
{
	add_bits(m->cmask, c->length, at, size, ~UINT64_C(0));
	add_bits(m->wmask, c->length, at, size,
		 ones_from(bits ? bits : least) | enable);
	if (!bits) {
		uint64_t address = pci_cap_long(c, at);
		unsigned most;

		if (size == 8)
			address |= (uint64_t)pci_cap_long(c, at + 4) << 32;
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
static void virtio_msix_bar(const struct pci_cap *c, struct bar_sizes *s)
{
	unsigned entries = (pci_cap_word(c, 2) & 0x7ff) + 1,
		 i = pci_cap_byte(c, 4) & 7;
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
static bool has_optional_bars(const struct pci_cap *c)
{
	unsigned device = load_le16(c->config + 2);

	return pci_cap_of_virtio(c) || (load_le16(c->config) == 0x1b36 &&
					(device == 0x0001 || device == 0x000e));
}

static void known_bars(const struct pci_cap *c, struct bar_sizes *s)
{
	const uint8_t *own = c->config;
	const uint8_t *bits = pci_bars_find(load_le16(own), load_le16(own + 2),
					    load_le16(own + 0x0a));

	*s = (struct bar_sizes){ 0 };
	for (unsigned i = 0; bits && i < 6; i++) {
		s->bits[i] = bits[i];
		s->present[i] = bits[i] && !has_optional_bars(c);
	}
	if (pci_cap_of_virtio(c) && c->msix) {
		struct pci_cap at = *c;

		at.at = c->msix;
		virtio_msix_bar(&at, s);
	}
}

/* The BARs from `at` on. */
static void bars(struct pci_masks *m, struct pci_cap *c, unsigned at,
		 unsigned n, const struct bar_sizes *s)
{
	c->at = 0;
	for (unsigned i = 0; i < n; i++, at += 4) {
		uint32_t v = pci_cap_long(c, at);
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

static void option_rom(struct pci_masks *m, struct pci_cap *c, unsigned at,
		       uint64_t size)
{
	c->at = 0;
	if (size)
		bar(m, c, at, 4, (unsigned)__builtin_ctzll(size), 11,
		    ROM_ENABLE);
	else if (pci_cap_long(c, at))
		bar(m, c, at, 4, 0, 11, ROM_ENABLE);
}

static void walk_extended(struct pci_masks *m, struct pci_cap *c)
{
	static const struct bar_sizes no_sizes;
	unsigned at = PCI_CONFIG_SIZE;

	for (unsigned n = 0; n < PCIE_CONFIG_SIZE / 4 && at >= PCI_CONFIG_SIZE;
	     n++) {
		const struct pci_cap_kind *k;

		c->at = 0;
		k = pci_cap_find_extended(pci_cap_word(c, at));
		c->at = at;
		if (k)
			capability(m, c, k);
		if (k && k->id == EXT_SRIOV)
			bars(m, c, at + 0x24, 6, &no_sizes);
		c->at = at;
		at = pci_cap_word(c, 2) >> 4 & ~3u;
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
	struct pci_cap c = { .config = own,
			     .length = length,
			     .version = version };
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
	if (pci_cap_of_root_port(&c))
		close_windows(m);
}
