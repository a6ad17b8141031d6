/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the tables of a program, whose layout is known, to descriptions. */
#ifndef SCHEMA_ELF_HARVEST_H
#define SCHEMA_ELF_HARVEST_H

#include "schema/elf-layout.h"

#define HARVEST_BUCKETS 4096u

/* Something at an address that is, or may be, a description. */
struct harvest_entry {
	uint64_t address;
	struct schema_vmsd *vmsd; /* NULL: not (yet) */
	bool busy;                /* being read: met again, it is a circle */
	bool weak;                /* one only if code refers to it */
	bool in_code;
	uint32_t slots, inner; /* pointers at it; those from VMState */
	struct harvest_entry *next;
};

struct harvest {
	const struct elf_program *program;
	const struct harvest *main; /* of a module, its program's */
	struct schema *schema;
	struct harvest_entry **buckets;
	struct arena arena;
	uint64_t low, high; /* of all entries */
};

/* Adds all descriptions of the program to h->schema. False: schema->failed
 * or out of memory. harvest_free() is due in any case. */
bool harvest_all(struct harvest *h);
void harvest_free(struct harvest *h);
/* The description at an address that was harvested, or NULL. */
struct schema_vmsd *harvest_find(const struct harvest *h, uint64_t address);

#endif
