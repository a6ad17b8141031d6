/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notes of an ELF core about CPUs. */
#ifndef RAM_CORE_NOTES_H
#define RAM_CORE_NOTES_H

#include "ram/cpu-x86.h"

/* Bytes that the notes of one CPU take. */
#define CORE_NOTES_SIZE (12 + 8 + 336 + 12 + 8 + 440)

/* Writes NT_PRSTATUS of each CPU whose registers are known, then QEMU's own
 * note of each; returns their end. */
uint8_t *core_notes_x86(uint8_t *p, const struct x86_cpus *cpus);

#endif
