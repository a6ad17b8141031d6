/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses that code takes: the evidence that something is used where the
 * data alone says too little, and what ties a device's class_init to its
 * description. Instructions are recognised by their pattern, nothing is
 * disassembled or executed, so all this is a hint. */
#ifndef SCHEMA_ELF_CODE_H
#define SCHEMA_ELF_CODE_H

#include "schema/elf-image.h"

/* from: address of the instruction (its end on x86-64). */
typedef void (*elf_code_visit)(void *ctx, uint64_t from, uint64_t target);

/* Calls visit for every address of [low, high] that code takes. False: not
 * known for this host. */
bool elf_code_references(const struct elf_image *im, uint64_t low,
			 uint64_t high, elf_code_visit visit, void *ctx);
/* What a function does with addresses: takes one, or goes to a function. */
struct elf_step {
	uint64_t from, target;
	bool call;
};

/* The steps of the function that starts at va, in the order of its code: at
 * most room of them. 0 also where its end or the host's code is not known. */
size_t elf_function_steps(const struct elf_image *im, uint64_t va,
			  struct elf_step *ret_steps, size_t room);
/* Where the function that starts at va ends, from the unwind table; 0: not
 * known. */
uint64_t elf_function_end(const struct elf_image *im, uint64_t va);

#endif
