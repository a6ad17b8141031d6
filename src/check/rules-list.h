/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of rules: one file, rules-SUBJECT.c, for a run of fault codes
 * that follow each other in base/fault.def. A new code is one row; a new
 * table is a line here and one in rules.c. */
#ifndef CHECK_RULES_LIST_H
#define CHECK_RULES_LIST_H

#include "check/rules.h"

struct rule_group {
	unsigned first; /* fault code of the first row */
	size_t count;
	const struct rule *rows;
};

#define RULE_GROUP(code, table)                                                \
	{                                                                      \
		(code), sizeof(table) / sizeof((table)[0]), (table)            \
	}

extern const struct rule_group rules_stream, rules_container, rules_config,
	rules_section, rules_command, rules_ram, rules_device, rules_kind,
	rules_description, rules_return_path, rules_channel, rules_dest_device,
	rules_dest_setup, rules_dest_ram, rules_dest_unsent, rules_host;
/* No fault codes: those of check/rules-compat.h and check/rules-diff.h, behind
 * the others. */
extern const struct rule_group rules_compat, rules_diff;

/* Of rules_extend(). */
const struct rule *rule_extra(size_t i);
void rule_texts_extend(const struct rule_help *helps, size_t n);

#endif
