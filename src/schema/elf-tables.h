/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What else a program's data tells: release, migration commands, machine
 * types, target, and which device type uses which description. */
#ifndef SCHEMA_ELF_TABLES_H
#define SCHEMA_ELF_TABLES_H

#include "schema/elf-harvest.h"

/* "QEMU emulator version X (package)" -> s->qemu_version, s->package. */
void elf_read_version(const struct elf_image *im, struct schema *s);
void elf_read_commands(const struct elf_image *im, struct schema *s);

/* A QOM type record (include/qom/object.h: TypeInfo). */
struct elf_type {
	struct ms_text name, parent;
	uint64_t class_init; /* 0: none */
	bool abstract;
	/* used while types are bound to descriptions */
	const struct schema_vmsd *vmsd;
	uint8_t state;
};

struct elf_types {
	bool over;             /* there are more than MAX_PROGRAM_TYPES */
	struct elf_type *list; /* by name */
	size_t count, room;
};

/* False: out of memory. */
bool elf_read_types(const struct elf_image *im, struct elf_types *ret);
void elf_types_free(struct elf_types *t);

/* A machine type: NAME-machine, whose ancestors lead to "machine". */
bool elf_is_machine(const struct elf_types *t, const struct elf_type *one);
/* All of them, with the properties they change: elf-machines.c. False: out of
 * memory. */
bool elf_find_machines(const struct elf_image *im, const struct elf_types *t,
		       struct schema *s);
/* Target that only such types are for; length 0: not known. */
struct ms_text elf_find_target(const struct elf_types *t);
/* Device types whose class_init refers to one description, and types that
 * inherit from them. Of a module, base is its program's types. */
bool elf_bind_types(const struct harvest *h, struct elf_types *t,
		    const struct elf_types *base);

#endif
