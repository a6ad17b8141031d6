/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A schema as text. */
#ifndef OUTPUT_SCHEMA_JSON_H
#define OUTPUT_SCHEMA_JSON_H

#include "output/out.h"
#include "schema/schema.h"

/* migscope-schema(5): the whole, or as one object the description only. */
void schema_write(struct out *o, const struct schema *s);
void schema_write_vmsd(struct out *o, const struct schema *s,
		       const struct schema_vmsd *v);
/* As QEMU's -dump-vmstate prints it, all descriptions (only: that one). Keys
 * are ours: descriptions that are no device's have no type name. */
void schema_write_dump(struct out *o, const struct schema *s,
		       const struct schema_vmsd *only);

/* Only "machines" and "compat" of it. */
void schema_write_machines(struct out *o, const struct schema *s);

#endif
