/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Differences that are to be expected, by class: what a user can have
 * ignored. */
#ifndef DIFF_CLASSES_H
#define DIFF_CLASSES_H

#include "base/text.h"

/* Bits of a set. */
#define DIFF_CLOCKS 1u   /* time that went by */
#define DIFF_RUNSTATE 2u /* whether the guest ran when it was saved */
#define DIFF_LAYOUT 4u   /* how the stream was written */
#define DIFF_RAM 8u      /* what pages hold */

struct diff_class {
	const char *name;
	unsigned bit;
	const char *what;
};

/* The last one has no name. */
extern const struct diff_class diff_classes[];
/* 0: there is none of that name. */
unsigned diff_class_find(struct ms_text name);
/* NULL for 0. */
const char *diff_class_name(unsigned bit);

/* Of a field: its section's idstr, its path below that, its type, and the
 * first and last byte or element that differs. 0: of no class. */
unsigned diff_class_of(struct ms_text idstr, const char *path,
		       struct ms_text type, uint64_t first, uint64_t last);

#endif
