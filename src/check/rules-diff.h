/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of two streams compared, by kind of difference. What differs is
 * said by output/diff-words.c. */
#ifndef CHECK_RULES_DIFF_H
#define CHECK_RULES_DIFF_H

#include "check/rules.h"

enum diff_code {
	DIFFERS_CONFIGURATION,
	DIFFERS_COMMAND,
	DIFFERS_DESCRIPTION,
	DIFFERS_SECTION_MISSING,
	DIFFERS_VERSION,
	DIFFERS_PARTS,
	DIFFERS_ORDER,
	DIFFERS_UNKNOWN,
	DIFFERS_SUBSECTION,
	DIFFERS_FIELD_MISSING,
	DIFFERS_FIELD,
	DIFFERS_ARRAY,
	DIFFERS_BUFFER,
	DIFFERS_BLOCK_MISSING,
	DIFFERS_BLOCK,
	DIFFERS_PAGE_MISSING,
	DIFFERS_PAGE_ZERO,
	DIFFERS_PAGE,
	DIFFERS_COUNT
};

const struct rule *rule_of_diff(enum diff_code code);

#endif
