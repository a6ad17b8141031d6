/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description at the end of the stream. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_DESC_TYPE

static const struct rule rows[] = {
	[F_DESC_TYPE - FIRST] = {
		"description-type", WARNING,
		.summary = "Another byte stands where the description should start.",
		.message = "expected the description, found type {a}",
		.expected = "6", .actual = "{a}",
		.help = "QEMU prints a message and goes on.",
	},
	[F_DESC_LENGTH - FIRST] = {
		"description-length", WARNING,
		.summary = "The description's length is wrong.",
		.message = "description of {a} bytes, {b} are there",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_ACCEPTED,
	},
	[F_DESC_JSON - FIRST] = {
		"description-json", WARNING,
		.summary = "The description is damaged.",
		.message = "the description cannot be read: {n}",
		.help = "QEMU never reads it, but then nobody can tell the "
			"devices apart: those behind the damage are not checked.",
	},
	[F_DESC_SIZE - FIRST] = {
		"description-size", WARNING,
		.summary = "The description contradicts itself.",
		.message = "'{n}' is described with {a} bytes, a {o} has {b}",
		.expected = "{b}", .actual = "{a}",
		.help = "The description is damaged, not the device; QEMU "
			"never reads it.",
	},
	[F_DESC_MISSING - FIRST] = {
		"description-missing", NOTE,
		.summary = "The stream carries no description.",
		.message = "no description behind the end marker",
		.help = "QEMU does not need it. Machine types up to 2.2 and "
			"suppress-vmdesc=on do not send it.",
	},
	[F_PAGE_SIZE_DIFFERS - FIRST] = {
		"description-page-size", WARNING,
		.summary = "The description names another page size.",
		.message = "the description says pages of {a} bytes, the stream {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_ACCEPTED,
	},
};

const struct rule_group rules_description = RULE_GROUP(FIRST, rows);
