/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties that decide what is in a stream: which of them explains what a
 * destination does not take, and how to set it. */
#ifndef CHECK_PROPERTIES_H
#define CHECK_PROPERTIES_H

#include "base/buf.h"
#include "base/fault.h"
#include "schema/schema.h"

/* Appends sentences on each property that the fault may come from; nothing
 * where none is known. s: of the destination, or NULL; machine: its machine
 * type's name, or "". */
void properties_tell(struct buf *b, const struct fault *f,
		     const struct schema *s, struct ms_text machine);

#endif
