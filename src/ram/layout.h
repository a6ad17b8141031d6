/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a machine's main memory lies in the guest's physical addresses. The
 * stream does not say; the rules are those of QEMU's machine code. */
#ifndef RAM_LAYOUT_H
#define RAM_LAYOUT_H

#include "ram/image.h"

#define MAX_LAYOUT_RANGES MAX_EXTENTS

struct ram_range {
	uint64_t physical, length;
	uint64_t from; /* in the main memory, all its blocks in order */
};

struct ram_layout {
	const struct machine_rule *rule;
	struct ram_range ranges[MAX_LAYOUT_RANGES];
	unsigned count;
};

struct machine_rule {
	const char *machine; /* its name starts with this, but see below */
	const char *block;   /* of its main memory */
	uint64_t base;
	/* Main memory below 4 GiB, if there is ram in all and the user has
	 * said below (0: nothing). NULL: it is in one piece. */
	uint64_t (*low)(uint64_t ram, uint64_t below);
	uint64_t high; /* where the rest goes on; 0: 4 GiB */
	uint16_t elf_machine;
	bool big_endian;
	bool x86; /* the CPUs' state is known */
};

/* NULL: a machine without rule. */
const struct machine_rule *machine_rule_find(struct ms_text machine,
					     const struct image *im);
/* ram: bytes of main memory; below: --max-ram-below-4g or 0. NULL, or what is
 * wrong. */
const char *layout_make(struct ram_layout *ret, const struct machine_rule *rule,
			uint64_t ram, uint64_t below);

#endif
