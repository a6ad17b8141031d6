/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/rule-help.h"

void rule_help_of(struct rule_help *ret, const struct rule *r)
{
	const char *help = r->help && *r->help ? r->help : r->summary;

	*ret = (struct rule_help){
		.summary = r->summary,
		.full = r->summary,
		.text = help,
		.markdown = help,
	};
}
