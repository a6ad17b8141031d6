/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dynamic section of an image: symbols, and relocations applied to its
 * words. */
#ifndef SCHEMA_ELF_DYNAMIC_H
#define SCHEMA_ELF_DYNAMIC_H

#include "schema/elf-image.h"

/* The section is length bytes at offset in the file; none for a static
 * program. Fills symbols, outside and pointers. NULL, or what is wrong. */
const char *elf_read_dynamic(struct elf_image *im, uint64_t offset,
			     uint64_t length);

#endif
