/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where we are: a chain of stack frames, one per decoder, rendered only
 * when something is reported. Path syntax: idstr/field[index]/field…, and
 * subsections by their full name. */
#ifndef BASE_WHERE_H
#define BASE_WHERE_H

#include "base/text.h"

enum where_kind {
	WHERE_PART,       /* configuration, section, command, description */
	WHERE_FIELD,      /* a field of an object */
	WHERE_SUBSECTION, /* a subsection of an object */
};

struct where {
	const struct where *outer;
	enum where_kind kind;
	struct ms_text name;
	int64_t index; /* element, or -1 */
	/* What QEMU's own messages name: the description that the field or
	 * subsection belongs to, and the field's type. */
	struct ms_text vmsd, type;
	/* The field's name in C where the description calls it otherwise. */
	struct ms_text member;
	/* Innermost object frame only: what the object itself is called. */
};

struct buf;
void where_render(struct buf *b, const struct where *w);

#endif
