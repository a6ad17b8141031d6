/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those caps of limits.h that may be changed, for one stream (--limit,
 * ms_options.limits). They go with its source and what is made of that:
 *
 *	if (n > limit_of(&src->limits, LIMIT_SPOOL)) …
 */
#ifndef BASE_LIMIT_TABLE_H
#define BASE_LIMIT_TABLE_H

#include "migscope.h"

enum limit {
#define LIMIT(id, ...) LIMIT_##id,
#include "base/limit-table.def"
#undef LIMIT
	LIMIT_COUNT
};

struct limits {
	uint64_t value[LIMIT_COUNT]; /* 0: the usual one */
};

/* l: NULL for the usual ones. */
uint64_t limit_of(const struct limits *l, enum limit which);
const char *limit_name(enum limit which);
/* In the units of the table. NULL, or what is wrong: static. */
const char *limit_check(const struct ms_limit *wanted, enum limit *ret);

#endif
