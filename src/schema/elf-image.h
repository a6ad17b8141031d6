/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program file as the dynamic loader would lay it out at address 0: its
 * segments, and which words are pointers and where they point. Nothing of it
 * is executed, and the file is taken for hostile: every address is checked.
 *
 *	struct elf_image im;
 *	if (!elf_image_open(&im, bytes, n, why, sizeof(why)))
 *		…
 *	elf_pointer(&im, address, &target)   // is there a pointer?
 *	elf_image_close(&im);                // frees the bytes too
 *
 * Only program headers and the dynamic section are used, so a stripped file
 * is as good. */
#ifndef SCHEMA_ELF_IMAGE_H
#define SCHEMA_ELF_IMAGE_H

#include "base/arena.h"

/* An undefined symbol gets a made-up address behind this, so that a pointer
 * to it still has a target. */
#define ELF_OUTSIDE (UINT64_C(1) << 62)
#define ELF_OUTSIDE_STEP (UINT64_C(1) << 16)

struct elf_segment {
	uint64_t start, file_end, end; /* addresses; zeros from file_end on */
	uint64_t offset;               /* in the file, of start */
	bool code;
};

/* What differs between the machines that QEMU runs on. */
struct elf_host {
	uint16_t machine; /* e_machine */
	const char *name;
	uint32_t relative, absolute; /* relocation types */
};

struct elf_symbol {
	struct ms_text name;
	uint64_t value, size;
};

struct elf_image {
	uint8_t *bytes;
	size_t size;
	bool big_endian, shared;
	const struct elf_host *host;
	struct elf_segment segments[64];
	unsigned segment_count;
	/* One bit per aligned word of the file: a pointer. The word itself
	 * was overwritten by its target. */
	uint64_t *pointers;
	uint64_t pointer_count;
	struct elf_symbol *symbols; /* defined, by name */
	size_t symbol_count;
	struct ms_text *outside; /* undefined symbols, by number */
	size_t outside_count, outside_room;
	struct arena arena;
	uint64_t eh_frame_header; /* address, 0 = none */
	uint64_t build_id, build_id_length;
};

/* Takes bytes (malloc'ed) over, also on failure, and writes into them. */
bool elf_image_open(struct elf_image *im, uint8_t *bytes, size_t n, char *why,
		    size_t why_room);
void elf_image_close(struct elf_image *im);

/* The file's bytes at an address; NULL unless all n are in one segment of
 * the file. */
const uint8_t *elf_bytes(const struct elf_image *im, uint64_t va, uint64_t n);
/* Any memory, zeros behind the file's part; false: not mapped. */
bool elf_u64(const struct elf_image *im, uint64_t va, uint64_t *ret);
bool elf_u32(const struct elf_image *im, uint64_t va, uint32_t *ret);
bool elf_mapped(const struct elf_image *im, uint64_t va, uint64_t n);

/* A relocated word. */
bool elf_pointer(const struct elf_image *im, uint64_t va, uint64_t *ret_target);
/* A word of zeros that is not relocated. */
bool elf_null(const struct elf_image *im, uint64_t va);
/* Does va lie in code (or is it an undefined symbol)? */
bool elf_is_code(const struct elf_image *im, uint64_t va);
/* The printable ASCII string at va, of 1 to 255 characters; else length 0. */
struct ms_text elf_string(const struct elf_image *im, uint64_t va);
/* The string that the pointer at slot leads to; else length 0. */
struct ms_text elf_string_of(const struct elf_image *im, uint64_t slot);

/* The next pointer at or behind *io_va in the segment; false: no more. */
bool elf_next_pointer(const struct elf_image *im, const struct elf_segment *g,
		      uint64_t *io_va);
/* for (all pointers): slot is its address. */
#define elf_each_segment(im, g)                                                \
	for (const struct elf_segment *g = (im)->segments;                     \
	     g < (im)->segments + (im)->segment_count; g++)
#define elf_each_pointer(im, g, slot)                                          \
	for (uint64_t slot = (g)->start; elf_next_pointer((im), (g), &slot);   \
	     slot += 8)

const struct elf_symbol *elf_symbol_find(const struct elf_image *im,
					 struct ms_text name);
/* Name of an undefined symbol from its made-up address; length 0: none. */
struct ms_text elf_outside_name(const struct elf_image *im, uint64_t va);

#endif
