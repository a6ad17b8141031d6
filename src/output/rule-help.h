/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reports say about a rule. */
#ifndef OUTPUT_RULE_HELP_H
#define OUTPUT_RULE_HELP_H

#include "check/rules.h"

struct rule_help {
	const char *summary; /* one sentence */
	const char *full;    /* what it means */
	const char *text;    /* what mends it; plain */
	const char *markdown;
};

void rule_help_of(struct rule_help *ret, const struct rule *r);

#endif
