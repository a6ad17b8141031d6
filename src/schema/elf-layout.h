/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the compiler laid out VMStateField and VMStateDescription (QEMU
 * include/migration/vmstate.h) in an image. The layouts differ between
 * releases and are not looked up by version: record size and place of the
 * type are measured, then each known layout is scored against the data.
 *
 * All on LP64: pointers and size_t 8 bytes, int and enum 4, bool 1. */
#ifndef SCHEMA_ELF_LAYOUT_H
#define SCHEMA_ELF_LAYOUT_H

#include "schema/elf-image.h"
#include "schema/schema.h"

/* Offsets in bytes. From .info on all releases agree: flags +8, vmsd +16,
 * version +24, struct version +28, field_exists +32. */
struct field_layout {
	const char *name;
	uint16_t size, info, err_hint; /* err_hint 0: there is none */
	uint16_t offset, bytes, start, num, num_offset, size_offset;
	/* num_offset and size_offset are {u32 offset, u8 width}. */
	bool widths;
	uint32_t end;          /* flags of the record behind the last */
	const uint32_t *flags; /* ours, by bit of VMS_*; 32 of them */
	uint32_t varray, all;  /* masks of VMS_* */
};

enum {
	VMS_ARRAY = 0x4,
	VMS_STRUCT = 0x8,
	VMS_VBUFFER = 0x100,
	VMS_MUST_EXIST = 0x1000,
	VMS_VSTRUCT = 0x8000,
};

/* Place of a function pointer, and which. */
struct hook_place {
	uint16_t offset;
	enum schema_hook hook;
};

struct vmsd_layout {
	const char *name;
	uint16_t size, fields, subsections;
	uint16_t minimum_old, priority; /* 0: not there */
	bool bools;                     /* unmigratable, early_setup */
	uint16_t hook_count;
	struct hook_place hooks[9];
	const enum schema_priority *priorities; /* by number */
	unsigned priority_count;
};

/* All that are known, ended by one without name: elf-known.c. Of two field
 * layouts that fit alike the first is taken. */
extern const struct field_layout elf_field_layouts[];
extern const struct vmsd_layout elf_vmsd_layouts[];

struct elf_layout {
	const struct field_layout *field;
	const struct vmsd_layout *vmsd;
};

/* Reads of any layout; each says "no" rather than guess. */

/* Is there a VMStateInfo at va (main: where undefined symbols are looked up,
 * or NULL)? Its name may be empty. */
struct elf_program;
bool elf_info_at(const struct elf_program *p, uint64_t va,
		 struct ms_text *name);
/* Can a record that is not the last start at va? */
bool elf_field_fits(const struct elf_program *p, const struct field_layout *l,
		    uint64_t va);
/* Records of the array at va up to its end record; -1: it is no array. */
int elf_array_count(const struct elf_program *p, const struct field_layout *l,
		    uint64_t va);
/* Can a description start at va? Without need_fields also one that has no
 * field array. */
bool elf_vmsd_fits(const struct elf_program *p, const struct elf_layout *l,
		   uint64_t va, bool need_fields);
/* Descriptions in the list at va; *ret_ended: a null pointer ends it. */
unsigned elf_subsections(const struct elf_program *p,
			 const struct elf_layout *l, uint64_t va,
			 bool *ret_ended);

/* A program, or a module and the program it is for. */
struct elf_program {
	const struct elf_image *im;
	const struct elf_program *main; /* NULL: this is it */
	struct elf_layout layout;
	uint64_t *arrays; /* slots that point at field arrays */
	size_t array_count, array_room;
	uint64_t *budget; /* tests left, see MAX_PROGRAM_TESTS */
};

/* Finds p->layout (a module has its program's) and p->arrays. False: why. */
bool elf_find_layout(struct elf_program *p, char *why, size_t why_room);

#endif
