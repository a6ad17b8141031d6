/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay/pci-caps.h"

#include "base/bytes.h"

/* ---- which kinds of functions have a register ---- */

bool pci_cap_of_virtio(const struct pci_cap *c)
{
	return load_le16(c->config) == 0x1af4;
}

enum { PORT_ROOT = 4, PORT_UPSTREAM = 5, PORT_DOWNSTREAM = 6, PORT_PCI = 7 };

static unsigned port_type(const struct pci_cap *c)
{
	struct pci_cap e = *c;

	e.at = c->express;
	return c->express ? pci_cap_byte(&e, 2) >> 4 : 0;
}

bool pci_cap_of_root_port(const struct pci_cap *c)
{
	return port_type(c) == PORT_ROOT;
}

static bool is_slot(const struct pci_cap *c)
{
	return pci_cap_of_root_port(c) || port_type(c) == PORT_DOWNSTREAM;
}

/* Whether there is a card in it, from 8.1 on: the guest may have removed it. */
static bool hides_presence(const struct pci_cap *c)
{
	return is_slot(c) && c->version >= 801;
}

static bool is_port(const struct pci_cap *c)
{
	return port_type(c) >= PORT_ROOT && port_type(c) <= PORT_PCI;
}

static bool forwards_ari(const struct pci_cap *c)
{
	return is_slot(c) || port_type(c) == PORT_PCI;
}

static bool is_port_or_virtio(const struct pci_cap *c)
{
	return is_port(c) || pci_cap_of_virtio(c);
}

static bool is_version_2(const struct pci_cap *c)
{
	return (pci_cap_byte(c, 2) & 0x0f) >= 2;
}

static bool has_flr(const struct pci_cap *c)
{
	return pci_cap_byte(c, 7) & 0x10;
}

static bool has_power_control(const struct pci_cap *c)
{
	return is_slot(c) && pci_cap_byte(c, 0x14) & 2;
}

static bool has_uncorrectable_mask(const struct pci_cap *c)
{
	return pci_cap_long(c, 8) != 0;
}

static bool has_many_headers(const struct pci_cap *c)
{
	return pci_cap_byte(c, 0x19) & 2;
}

/* e1000e and igb, the latter's function and virtual functions */
static bool is_intel_nic(const struct pci_cap *c)
{
	unsigned id = load_le16(c->config + 2);

	return load_le16(c->config) == 0x8086 &&
	       (id == 0x10d3 || id == 0x10c9 || id == 0x10ca);
}

static bool is_nvme(const struct pci_cap *c)
{
	return load_le16(c->config) == 0x1b36 &&
	       load_le16(c->config + 2) == 0x0010;
}

static bool sets_power_state(const struct pci_cap *c)
{
	return pci_cap_of_virtio(c) || is_intel_nic(c) || is_nvme(c);
}

static bool is_virtio_window(const struct pci_cap *c)
{
	return pci_cap_of_virtio(c) && pci_cap_byte(c, 3) == 5;
}

bool pci_cap_is_wide_msi(const struct pci_cap *c)
{
	return pci_cap_byte(c, 2) & 0x80;
}

static bool msi_narrow(const struct pci_cap *c)
{
	return !pci_cap_is_wide_msi(c);
}

/* ---- capabilities ---- */

/* hw/net/e1000e.c, igb.c: …_add_pm_capability; hw/virtio/virtio-pci.c:
 * virtio_pci_realize, hw/nvme/ctrl.c: nvme_add_pm_capability */
static const struct pci_cap_reg pm_regs[] = {
	{ 4, 2, 0, 0x0003, 0, sets_power_state },
	{ 4, 2, 0, 0x1f00, 0x8000, is_intel_nic },
	{ 0 },
};

/* hw/pci/msi.c: msi_init */
static const struct pci_cap_reg msi_regs[] = {
	{ 2, 2, 0, 0x0071, 0, NULL },
	{ 4, 4, 0, 0xfffffffc, 0, NULL },
	{ 8, 4, 0, 0xffffffff, 0, pci_cap_is_wide_msi },
	{ 12, 2, 0, 0xffff, 0, pci_cap_is_wide_msi },
	{ 8, 2, 0, 0xffff, 0, msi_narrow },
	{ 0 },
};

/* hw/pci/msi.c: msi_cap_sizeof */
static unsigned msi_size(const struct pci_cap *c)
{
	return (pci_cap_is_wide_msi(c) ? 14u : 10u) +
	       (pci_cap_byte(c, 3) & 1 ? 10u : 0);
}

static unsigned own_size(const struct pci_cap *c)
{
	return pci_cap_byte(c, 2);
}

/* hw/virtio/virtio-pci.c: virtio_pci_device_plugged: the window through
 * which the guest reaches the other regions */
static const struct pci_cap_reg vendor_regs[] = {
	{ 4, 1, 0, 0xff, 0, is_virtio_window },
	{ 8, 4, 0, 0xffffffff, 0, is_virtio_window },
	{ 12, 4, 0, 0xffffffff, 0, is_virtio_window },
	{ 16, 4, 0, 0xffffffff, 0, is_virtio_window },
	{ 0 },
};

/* hw/pci/slotid_cap.c: slotid_cap_init */
static const struct pci_cap_reg slot_id_regs[] = { { 3, 1, 0, 0xff, 0, NULL },
						   { 0 } };

/* hw/pci/shpc.c: shpc_cap_add_config */
static const struct pci_cap_reg hotplug_regs[] = {
	{ 2, 1, 0, 0xff, 0, NULL },
	{ 4, 4, 0, 0xffffffff, 0, NULL },
	{ 0 },
};

/* hw/pci/msix.c: msix_init */
static const struct pci_cap_reg msix_regs[] = { { 2, 2, 0, 0xc000, 0, NULL },
						{ 0 } };

/* hw/pci/pcie.c: pcie_cap_v1_fill, pcie_cap_init, pcie_cap_deverr_init,
 * pcie_cap_flr_init, pcie_cap_slot_init, pcie_cap_root_init,
 * pcie_cap_arifwd_init */
static const struct pci_cap_reg express_regs[] = {
	{ 0x08, 2, 0, 0x000f, 0, is_port_or_virtio }, /* device control */
	{ 0x08, 2, 0, 0x8000, 0, has_flr },
	{ 0x0a, 2, 0, 0, 0x000f, is_port_or_virtio }, /* device status */
	{ 0x10, 2, 0, 0x00c0, 0, pci_cap_of_virtio }, /* link control */
	{ 0x12, 2, 0xffff, 0, 0, NULL },              /* link status */
	{ 0x18, 2, 0, 0x0bf9, 0, is_slot },           /* slot control */
	{ 0x18, 2, 0, 0x0400, 0, has_power_control },
	{ 0x1a, 2, 0x0040, 0, 0, hides_presence }, /* slot status */
	{ 0x1a, 2, 0, 0, 0x0019, is_slot },
	{ 0x1c, 2, 0, 0x0007, 0, pci_cap_of_root_port }, /* root control */
	{ 0x28, 2, 0, 0x8000, 0, is_version_2 },         /* device control 2 */
	{ 0x28, 2, 0, 0x0020, 0, forwards_ari },
	{ 0 },
};

static unsigned express_size(const struct pci_cap *c)
{
	return is_version_2(c) ? 0x3c : 0x14;
}

/* hw/pci/pcie_aer.c: pcie_aer_init, pcie_aer_root_init */
#define UNCORRECTABLE 0x03fff030
#define CORRECTABLE 0xf1c1
static const struct pci_cap_reg aer_regs[] = {
	{ 0x04, 4, 0, 0, UNCORRECTABLE, NULL },
	{ 0x08, 4, 0, UNCORRECTABLE, 0, has_uncorrectable_mask },
	{ 0x0c, 4, 0, UNCORRECTABLE, 0, NULL },
	{ 0x10, 4, 0, 0, CORRECTABLE, NULL },
	{ 0x14, 4, 0, CORRECTABLE, 0, NULL },
	{ 0x18, 4, 0, 0x0140, 0, NULL },
	{ 0x18, 4, 0, 0x0400, 0, has_many_headers },
	{ 0x2c, 4, 0, 0x0007, 0, pci_cap_of_root_port },
	{ 0x30, 4, 0xf8000000, 0, 0x007f, pci_cap_of_root_port },
	{ 0 },
};

/* hw/pci/pcie.c: pcie_acs_init: what can be switched on, is switched */
static const struct pci_cap_reg acs_regs[] = {
	{ 6, 2, 0, 0x005f, 0, is_slot },
	{ 0 },
};
/* hw/pci/pcie.c: pcie_ats_init, pcie_pri_init, pcie_pasid_common_init */
static const struct pci_cap_reg ats_regs[] = { { 6, 2, 0, 0x800f, 0, NULL },
					       { 0 } };
static const struct pci_cap_reg pri_regs[] = {
	{ 4, 2, 0, 0x0003, 0, NULL },
	{ 6, 2, 0, 0, 0x0003, NULL },
	{ 12, 4, 0, 0xffffffff, 0, NULL },
	{ 0 },
};
static const struct pci_cap_reg pasid_regs[] = { { 6, 2, 0, 0x0007, 0, NULL },
						 { 0 } };

/* hw/pci/pcie_sriov.c: pcie_sriov_pf_init, pcie_sriov_pf_init_vf_bar */
static const struct pci_cap_reg sriov_regs[] = {
	{ 0x08, 2, 0, 0x0019, 0, NULL },
	{ 0x10, 2, 0, 0xffff, 0, NULL },
	{ 0x20, 4, 0, 0x0553, 0, NULL },
	{ 0 },
};

/* hw/net/igb.c: igb_pci_realize leaves out the last registers */
static unsigned aer_size(const struct pci_cap *c)
{
	return is_intel_nic(c) && load_le16(c->config + 2) != 0x10d3 ? 0x40 :
								       0x48;
}

static unsigned dvsec_size(const struct pci_cap *c)
{
	return pci_cap_word(c, 6) >> 4;
}

static const struct pci_cap_kind caps[] = {
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

static const struct pci_cap_kind extended_caps[] = {
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

static const struct pci_cap_kind *kind_of(const struct pci_cap_kind *k,
					  unsigned id)
{
	while (k->id && k->id != id)
		k++;
	return k->id ? k : NULL;
}

const struct pci_cap_kind *pci_cap_find(unsigned id)
{
	return kind_of(caps, id);
}

const struct pci_cap_kind *pci_cap_find_extended(unsigned id)
{
	return kind_of(extended_caps, id);
}
