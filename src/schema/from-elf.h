/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The schema of a QEMU system emulator, from its program file. */
#ifndef SCHEMA_FROM_ELF_H
#define SCHEMA_FROM_ELF_H

#include "schema/schema.h"

/* A loadable module of the program; bytes are malloc'ed. */
struct elf_module {
	const char *name;
	uint8_t *bytes;
	size_t length;
};

/* bytes (malloc'ed) and those of the modules are taken over, also on
 * failure. name: of the file, for provenance and as a hint at the target.
 * Modules of other programs are left out. NULL: why is filled. */
struct schema *schema_from_elf(const char *name, uint8_t *bytes, size_t n,
			       struct elf_module *modules, size_t module_count,
			       char *why, size_t why_room);
bool schema_is_elf(const uint8_t *bytes, size_t n);

#endif
