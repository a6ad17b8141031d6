/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/limit-table.h"

#include "base/limits.h"

#include <string.h>

static const struct ms_limit_row rows[LIMIT_COUNT] = {
#define LIMIT(id, name, usual, least, most, unit, why)                         \
	[LIMIT_##id] = { name, usual, least, most, unit, why },
#include "base/limit-table.def"
#undef LIMIT
};

uint64_t limit_of(const struct limits *l, enum limit which)
{
	return l && l->value[which] ? l->value[which] : rows[which].usual;
}

const char *limit_name(enum limit which)
{
	return rows[which].name;
}

const char *limit_check(const struct ms_limit *wanted, enum limit *ret)
{
	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		if (strcmp(rows[i].name, wanted->name))
			continue;
		*ret = (enum limit)i;
		return wanted->value < rows[i].least ? "less than is possible" :
		       wanted->value > rows[i].most  ? "more than is possible" :
						       NULL;
	}
	return "no limit of this name";
}

const struct ms_limit_row *ms_limits(size_t *ret_count)
{
	*ret_count = LIMIT_COUNT;
	return rows;
}
