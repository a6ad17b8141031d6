/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each is an error; one that a class of diff/classes.h tells to be expected
 * is a note. */
#include "config.h"
#include "check/rules-diff.h"

#include "check/rules-compat.h"
#include "check/rules-list.h"

#define DIFFERENCE .severity = MS_ERROR, .certainty = MS_CERTAIN

static const struct rule rows[DIFFERS_COUNT] = {
	[DIFFERS_CONFIGURATION] = {
		"diff-configuration", DIFFERENCE,
		.summary = "The configurations of two streams differ.",
	},
	[DIFFERS_COMMAND] = {
		"diff-command", DIFFERENCE,
		.summary = "Two streams have different commands.",
	},
	[DIFFERS_DESCRIPTION] = {
		"diff-description", DIFFERENCE,
		.summary = "The embedded descriptions of two streams differ.",
	},
	[DIFFERS_SECTION_MISSING] = {
		"diff-section-missing", DIFFERENCE,
		.summary = "One of two streams lacks a section.",
	},
	[DIFFERS_VERSION] = {
		"diff-version", DIFFERENCE,
		.summary = "A section or subsection has another version.",
	},
	[DIFFERS_PARTS] = {
		"diff-section-parts", DIFFERENCE,
		.summary = "One of two streams sends a section in parts.",
	},
	[DIFFERS_ORDER] = {
		"diff-section-order", DIFFERENCE,
		.summary = "Sections of two streams stand in another order.",
	},
	[DIFFERS_UNKNOWN] = {
		"diff-section-unknown", DIFFERENCE,
		.summary = "The fields of a section are known in one stream "
			   "only.",
	},
	[DIFFERS_SUBSECTION] = {
		"diff-subsection-missing", DIFFERENCE,
		.summary = "One of two streams lacks a subsection.",
	},
	[DIFFERS_FIELD_MISSING] = {
		"diff-field-missing", DIFFERENCE,
		.summary = "One of two streams lacks a field.",
	},
	[DIFFERS_FIELD] = {
		"diff-field", DIFFERENCE,
		.summary = "A field has another value.",
	},
	[DIFFERS_ARRAY] = {
		"diff-array", DIFFERENCE,
		.summary = "Elements of an array have other values.",
	},
	[DIFFERS_BUFFER] = {
		"diff-buffer", DIFFERENCE,
		.summary = "Bytes of a buffer differ.",
	},
	[DIFFERS_BLOCK_MISSING] = {
		"diff-ram-block-missing", DIFFERENCE,
		.summary = "One of two streams lacks a RAM block.",
	},
	[DIFFERS_BLOCK] = {
		"diff-ram-block", DIFFERENCE,
		.summary = "A RAM block is listed with another length, page "
			   "size or address.",
	},
	[DIFFERS_PAGE_MISSING] = {
		"diff-ram-page-missing", DIFFERENCE,
		.summary = "Pages were sent in one of two streams only.",
	},
	[DIFFERS_PAGE_ZERO] = {
		"diff-ram-page-zero", DIFFERENCE,
		.summary = "Pages are zeros in one of two streams only.",
	},
	[DIFFERS_PAGE] = {
		"diff-ram-page", DIFFERENCE,
		.summary = "Pages hold other bytes.",
	},
};

const struct rule_group rules_diff =
	RULE_GROUP(FAULT_COUNT + COMPAT_COUNT, rows);

const struct rule *rule_of_diff(enum diff_code code)
{
	return &rows[code];
}
