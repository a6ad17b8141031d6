/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the fields that hold the element counts and lengths of others: QEMU
 * keeps only a place in the C object (migration/vmstate.c: vmstate_n_elems,
 * vmstate_size), we want to know which bytes of the stream came to lie
 * there. */
#ifndef SCHEMA_COUNTS_H
#define SCHEMA_COUNTS_H

#include "schema/schema.h"

/* Fills .field and .name of all sources. False: out of memory. */
bool counts_resolve(struct schema *s);

#endif
