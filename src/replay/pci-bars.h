/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How large the BARs of QEMU's PCI devices are. */
#ifndef REPLAY_PCI_BARS_H
#define REPLAY_PCI_BARS_H

#include <stdint.h>

/* Of BARs 0 to 5 the power of two of its bytes; 0: there is none, or its
 * size depends on properties. NULL: the device is not known. class_code:
 * base class and subclass. */
const uint8_t *pci_bars_find(uint16_t vendor, uint16_t device,
			     uint16_t class_code);

#endif
