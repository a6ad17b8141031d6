/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small program file with description tables as QEMU's have them, made
 * byte by byte: no compiler is needed, and every host can be imitated.
 *
 *	outer 3 (min 2), needed-less, fields
 *	    id      uint32            at 0
 *	    n       uint16            at 4
 *	    flags   uint8[4]          at 8
 *	    data    uint8[n]          at 16, from version 3 on
 *	    part    inner             at 32
 *	    maybe   bool              at 80, field_exists
 *	  subsection outer/sub (needed): x uint64
 *	inner 1: low uint32, high uint32, one timer
 *	blocker: unmigratable, no fields; its address is taken by code (x86-64)
 *
 * With machines, for x86-64: an unwind table, a device whose class_init takes
 * the address of outer, and machine types new and old; that of old calls that
 * of new. Each takes a list of defaults.
 */
#ifndef TESTS_MAKE_ELF_H
#define TESTS_MAKE_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum made_layout {
	MADE_5_2,  /* F104, D104 */
	MADE_7_2,  /* F104, D88 */
	MADE_10_0, /* F104e, D88 */
	MADE_11_1, /* F96i, D112 */
};

enum made_pointers {
	MADE_RELA,  /* position-independent, DT_RELA */
	MADE_RELR,  /* DT_RELR */
	MADE_FIXED, /* ET_EXEC without relocations */
};

struct made_recipe {
	enum made_layout layout;
	enum made_pointers pointers;
	uint16_t machine; /* EM_… */
	bool big_endian;
	bool machines;
};

/* malloc'ed; *ret_size = its bytes. */
uint8_t *make_elf(const struct made_recipe *r, size_t *ret_size);

#endif
