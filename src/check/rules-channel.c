/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings of further channels, and our own limits. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_CHANNEL_MAGIC

static const struct rule rows[] = {
	[F_CHANNEL_MAGIC - FIRST] = {
		"channel-magic", ERROR(CERTAIN),
		.summary = "A channel recording has a wrong magic.",
		.message = "multifd packet with magic {a:x}",
		.expected = "11223344", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "multifd: received packet magic {a:x} expected 11223344",
		.qemu_new = "multifd: received packet magic {a:x} expected 11223344",
	},
	[F_CHANNEL_VERSION - FIRST] = {
		"channel-version", ERROR(CERTAIN),
		.summary = "A channel recording has an unknown version.",
		.message = "multifd packet of version {a}",
		.expected = "1", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "multifd: received packet version {a} expected 1",
		.qemu_new = "multifd: received packet version {a} expected 1",
	},
	[F_CHANNEL_PACKET - FIRST] = {
		"channel-packet", ERROR(CERTAIN),
		.summary = "A multifd packet does not fit.",
		.message = "multifd packet: {n} {a}, at most {b}",
		.help = HELP_DAMAGED,
	},
	[F_CHANNEL_UNPACK - FIRST] = {
		"channel-unpack", ERROR(CERTAIN),
		.summary = "The pages of a multifd packet do not decompress.",
		.message = "multifd payload, {n}: {o}",
		.help = HELP_DAMAGED,
	},
	[F_LIMIT - FIRST] = {
		"limit", ERROR(POSSIBLE),
		.summary = "A limit of migscope was reached.",
		.message = "{n}: {a} is over the limit of {b}",
		.help = HELP_LIMIT,
	},
};

const struct rule_group rules_channel = RULE_GROUP(FIRST, rows);
