/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas for people. */
#ifndef OUTPUT_SCHEMA_TEXT_H
#define OUTPUT_SCHEMA_TEXT_H

#include "output/out.h"
#include "schema/schema.h"

/* Where it is from, and a line per description. */
void schema_print(struct out *o, const struct schema *s);
/* One description as it lies on the wire. */
void schema_print_vmsd(struct out *o, const struct schema *s,
		       const struct schema_vmsd *v);
/* A line per machine type; one of them with the properties it changes. */
void schema_print_machines(struct out *o, const struct schema *s);
void schema_print_machine(struct out *o, const struct schema *s,
			  const struct schema_machine *m);
/* Bytes that v takes in a stream, without its subsections; false: they
 * depend on the device, or are not known. */
bool schema_wire_bytes(const struct schema_vmsd *v, uint64_t *ret);

#endif
