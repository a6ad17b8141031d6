/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/export.h"

/* The byte at a physical address stands there in the file; holes of the
 * address space are holes of the file. */
static uint64_t place(uint64_t physical, uint64_t end)
{
	(void)end;
	return physical;
}

const struct export_format format_raw = { .name = "raw", .place = place };
