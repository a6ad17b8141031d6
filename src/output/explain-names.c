/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the completions of shells. */
#include "config.h"
#include "output/explain.h"

static void print(struct out *o, const struct explain_report *r)
{
	for (size_t i = 0; i < r->count; i++)
		out_printf(o, "%s\n", r->list[i].rule->id);
}

const struct explain_format explain_names = {
	.name = "names",
	.print = print,
};
