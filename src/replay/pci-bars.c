/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay/pci-bars.h"

#include <stddef.h>

/* As query-pci shows them, the same in 5.2, 7.2, 10.0 and 11.1. Of virtio
 * devices without the BAR that holds the MSI-X table: msix_init_exclusive_bar
 * sizes it by the vectors. */
static const struct {
	uint16_t vendor, device, class_code; /* class 0: any */
	uint8_t bits[6];
} known[] = {
	{ 0x1000, 0x0001, 0x0000, { 8, 10, 13, 0, 0, 0 } }, /* lsi53c810 */
	{ 0x1000, 0x0012, 0x0000, { 8, 10, 13, 0, 0, 0 } }, /* lsi53c895a */
	{ 0x1000, 0x0054, 0x0000, { 8, 14, 16, 0, 0, 0 } }, /* mptsas1068 */
	{ 0x1000, 0x0060, 0x0000, { 14, 0, 8, 18, 0, 0 } }, /* megasas */
	{ 0x1000, 0x0079, 0x0000, { 8, 14, 0, 18, 0, 0 } }, /* megasas-gen2 */
	{ 0x1002, 0x5046, 0x0000, { 0, 8, 14, 0, 0, 0 } },  /* ati-vga */
	{ 0x1011, 0x0019, 0x0000, { 7, 7, 0, 0, 0, 0 } },   /* tulip */
	{ 0x1013, 0x00b8, 0x0000, { 25, 12, 0, 0, 0, 0 } }, /* cirrus-vga */
	{ 0x1022, 0x2000, 0x0000, { 5, 5, 0, 0, 0, 0 } },   /* pcnet */
	{ 0x1022, 0x2020, 0x0000, { 7, 0, 0, 0, 0, 0 } },   /* am53c974 */
	{ 0x1033, 0x0194, 0x0000, { 14, 0, 0, 0, 0, 0 } },  /* nec-usb-xhci */
	{ 0x106b, 0x003f, 0x0000, { 8, 0, 0, 0, 0, 0 } },   /* pci-ohci */
	{ 0x10ec, 0x8029, 0x0000, { 8, 0, 0, 0, 0, 0 } },   /* ne2k_pci */
	{ 0x10ec, 0x8139, 0x0000, { 8, 8, 0, 0, 0, 0 } },   /* rtl8139 */
	{ 0x1106,
	  0x3038,
	  0x0000,
	  { 0, 0, 0, 0, 5, 0 } }, /* vt82c686b-usb-uhci */
	{ 0x1234, 0x1111, 0x0000, { 24, 0, 12, 0, 0, 0 } },  /* VGA */
	{ 0x1234, 0x1112, 0x0000, { 3, 0, 0, 0, 0, 0 } },    /* pci-ipmi-bt */
	{ 0x1234, 0x11e8, 0x0000, { 20, 0, 0, 0, 0, 0 } },   /* edu */
	{ 0x1274, 0x5000, 0x0000, { 8, 0, 0, 0, 0, 0 } },    /* ES1370 */
	{ 0x1498, 0x30c8, 0x0000, { 7, 7, 8, 10, 25, 24 } }, /* tpci200 */
	{ 0x15ad, 0x0405, 0x0000, { 4, 24, 16, 0, 0, 0 } },  /* vmware-svga */
	{ 0x15ad, 0x07b0, 0x0000, { 12, 12, 13, 0, 0, 0 } }, /* vmxnet3 */
	{ 0x15ad, 0x07c0, 0x0000, { 15, 0, 0, 0, 0, 0 } },   /* pvscsi */
	{ 0x1af4, 0x1000, 0x0000, { 5, 0, 0, 0, 14, 0 } }, /* virtio-net-pci */
	{ 0x1af4, 0x1001, 0x0000, { 7, 0, 0, 0, 14, 0 } }, /* virtio-blk-pci */
	{ 0x1af4,
	  0x1002,
	  0x0000,
	  { 6, 0, 0, 0, 14, 0 } }, /* virtio-balloon-pci */
	{ 0x1af4,
	  0x1003,
	  0x0000,
	  { 6, 0, 0, 0, 14, 0 } }, /* virtio-serial-pci */
	{ 0x1af4, 0x1004, 0x0000, { 6, 0, 0, 0, 14, 0 } }, /* virtio-scsi-pci */
	{ 0x1af4, 0x1005, 0x0000, { 5, 0, 0, 0, 14, 0 } }, /* virtio-rng-pci */
	{ 0x1af4,
	  0x1041,
	  0x0000,
	  { 0, 0, 0, 0, 14, 0 } }, /* virtio-net-pci, modern */
	{ 0x1af4,
	  0x1042,
	  0x0000,
	  { 0, 0, 0, 0, 14, 0 } }, /* virtio-blk-pci, modern */
	{ 0x1af4,
	  0x1043,
	  0x0000,
	  { 0, 0, 0, 0, 14, 0 } }, /* virtio-serial-pci, modern */
	{ 0x1af4,
	  0x1044,
	  0x0000,
	  { 0, 0, 0, 0, 14, 0 } }, /* virtio-rng-pci, modern */
	{ 0x1af4,
	  0x1045,
	  0x0000,
	  { 0, 0, 0, 0, 14, 0 } }, /* virtio-balloon-pci, modern */
	{ 0x1af4,
	  0x1048,
	  0x0000,
	  { 0, 0, 0, 0, 14, 0 } }, /* virtio-scsi-pci, modern */
	{ 0x1af4, 0x1050, 0x0300, { 23, 0, 14, 0, 12, 0 } }, /* virtio-vga */
	{ 0x1af4, 0x1050, 0x0380, { 0, 0, 0, 0, 14, 0 } }, /* virtio-gpu-pci */
	{ 0x1af4, 0x1051, 0x0000, { 0, 0, 0, 0, 14, 0 } }, /* virtio-rtc-pci */
	{ 0x1af4,
	  0x1052,
	  0x0000,
	  { 0, 0, 0, 0, 14, 0 } }, /* virtio-keyboard-pci */
	{ 0x1af4,
	  0x1057,
	  0x0000,
	  { 0, 0, 0, 0, 14, 0 } },                        /* virtio-iommu-pci */
	{ 0x1b36, 0x0001, 0x0000, { 8, 0, 0, 0, 0, 0 } }, /* pci-bridge */
	{ 0x1b36, 0x0002, 0x0000, { 3, 0, 0, 0, 0, 0 } }, /* pci-serial */
	{ 0x1b36, 0x0003, 0x0000, { 4, 0, 0, 0, 0, 0 } }, /* pci-serial-2x */
	{ 0x1b36, 0x0004, 0x0000, { 5, 0, 0, 0, 0, 0 } }, /* pci-serial-4x */
	{ 0x1b36, 0x0005, 0x0000, { 12, 8, 0, 0, 0, 0 } },  /* pci-testdev */
	{ 0x1b36, 0x0006, 0x0000, { 13, 13, 0, 0, 0, 0 } }, /* rocker */
	{ 0x1b36, 0x0007, 0x0000, { 8, 0, 0, 0, 0, 0 } },   /* sdhci-pci */
	{ 0x1b36, 0x000c, 0x0000, { 12, 0, 0, 0, 0, 0 } },  /* pcie-root-port */
	{ 0x1b36, 0x000d, 0x0000, { 14, 0, 0, 0, 0, 0 } },  /* qemu-xhci */
	{ 0x1b36, 0x000e, 0x0000, { 8, 0, 0, 0, 0, 0 } },  /* pcie-pci-bridge */
	{ 0x1b36, 0x0011, 0x0000, { 1, 0, 0, 0, 0, 0 } },  /* pvpanic-pci */
	{ 0x1b36, 0x0013, 0x0000, { 13, 0, 0, 0, 0, 0 } }, /* ufs */
	{ 0x1b36, 0x0100, 0x0000, { 26, 26, 13, 5, 0, 0 } }, /* qxl-vga */
	{ 0x8086, 0x100c, 0x0000, { 17, 6, 0, 0, 0, 0 } },   /* e1000-82544gc */
	{ 0x8086, 0x100e, 0x0000, { 17, 6, 0, 0, 0, 0 } },   /* e1000 */
	{ 0x8086, 0x100f, 0x0000, { 17, 6, 0, 0, 0, 0 } },   /* e1000-82545em */
	{ 0x8086, 0x10c9, 0x0000, { 17, 17, 5, 14, 0, 0 } }, /* igb */
	{ 0x8086, 0x10d3, 0x0000, { 17, 17, 5, 14, 0, 0 } }, /* e1000e */
	{ 0x8086, 0x1209, 0x0000, { 12, 6, 17, 0, 0, 0 } },  /* i82550 */
	{ 0x8086, 0x1229, 0x0000, { 12, 6, 17, 0, 0, 0 } },  /* i82557a */
	{ 0x8086, 0x2415, 0x0000, { 10, 8, 0, 0, 0, 0 } },   /* AC97 */
	{ 0x8086, 0x2449, 0x0000, { 12, 6, 17, 0, 0, 0 } },  /* i82801 */
	{ 0x8086, 0x24cd, 0x0000, { 12, 0, 0, 0, 0, 0 } },   /* usb-ehci */
	{ 0x8086, 0x25ab, 0x0000, { 4, 0, 0, 0, 0, 0 } },    /* i6300esb */
	{ 0x8086, 0x2668, 0x0000, { 14, 0, 0, 0, 0, 0 } },   /* intel-hda */
	{ 0x8086, 0x2922, 0x0000, { 0, 0, 0, 0, 5, 12 } },   /* ich9-ahci */
	{ 0x8086, 0x2930, 0x0000, { 0, 0, 0, 0, 6, 0 } },    /* ICH9-SMB */
	{ 0x8086, 0x2934, 0x0000, { 0, 0, 0, 0, 5, 0 } },  /* ich9-usb-uhci1 */
	{ 0x8086, 0x2935, 0x0000, { 0, 0, 0, 0, 5, 0 } },  /* ich9-usb-uhci2 */
	{ 0x8086, 0x2936, 0x0000, { 0, 0, 0, 0, 5, 0 } },  /* ich9-usb-uhci3 */
	{ 0x8086, 0x2937, 0x0000, { 0, 0, 0, 0, 5, 0 } },  /* ich9-usb-uhci4 */
	{ 0x8086, 0x2938, 0x0000, { 0, 0, 0, 0, 5, 0 } },  /* ich9-usb-uhci5 */
	{ 0x8086, 0x2939, 0x0000, { 0, 0, 0, 0, 5, 0 } },  /* ich9-usb-uhci6 */
	{ 0x8086, 0x293a, 0x0000, { 12, 0, 0, 0, 0, 0 } }, /* ich9-usb-ehci1 */
	{ 0x8086, 0x293c, 0x0000, { 12, 0, 0, 0, 0, 0 } }, /* ich9-usb-ehci2 */
	{ 0x8086, 0x293e, 0x0000, { 14, 0, 0, 0, 0, 0 } }, /* ich9-intel-hda */
	{ 0x8086, 0x7010, 0x0000, { 0, 0, 0, 0, 4, 0 } },  /* piix3-ide */
	{ 0x8086, 0x7020, 0x0000, { 0, 0, 0, 0, 5, 0 } },  /* piix3-usb-uhci */
	{ 0x8086, 0x7111, 0x0000, { 0, 0, 0, 0, 4, 0 } },  /* piix4-ide */
	{ 0x8086, 0x7112, 0x0000, { 0, 0, 0, 0, 5, 0 } },  /* piix4-usb-uhci */
};

const uint8_t *pci_bars_find(uint16_t vendor, uint16_t device,
			     uint16_t class_code)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].vendor == vendor && known[i].device == device &&
		    (!known[i].class_code || known[i].class_code == class_code))
			return known[i].bits;
	return NULL;
}
