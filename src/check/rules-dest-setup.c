/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A load into a destination: configuration, footers, commands. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_DEST_CONFIG_MISSING

#define CONFIGURATION                                                          \
	EINVAL_ "post load hook failed for: configuration, version_id: 1, "    \
		"minimum_version: 0: "
#define HELP_CAPABILITY                                                        \
	"This setting must be the same on both sides. Set it at the "          \
	"destination with migrate-set-capabilities before migrate-incoming, "  \
	"or save again with the other setting."

static const struct rule rows[] = {
	[F_DEST_CONFIG_MISSING - FIRST] = {
		"configuration-missing", ERROR(LIKELY),
		.summary = "There is no configuration section where one is due.",
		.message = "no configuration section, which the destination requires",
		.expected = "7", .actual = "{a}",
		.help = "Machine types up to 2.3 send none, newer ones require "
			"it: start the destination with the machine type of "
			"the source, or with migration.send-configuration=off "
			"as the source was.",
		.qemu_old = "Configuration section missing",
		.qemu_new = EINVAL_ "Configuration section missing, {a} != 7",
	},
	[F_DEST_CONFIG_UNWANTED - FIRST] = {
		"configuration-unwanted", ERROR(CERTAIN),
		.summary = "A configuration section that the destination does not read.",
		.message = "a configuration section, which the destination takes "
			   "for an unknown section",
		.expected = "a section", .actual = "{a}",
		.help = "Machine types up to 2.3 neither send nor read one: start "
			"the destination with the machine type of the source, "
			"and without migration.send-configuration=off.",
		.qemu_old = "Unknown savevm section type {a}",
		.qemu_new = EINVAL_ "Unknown section type {a}",
	},
	[F_DEST_MACHINE - FIRST] = {
		"machine-type", ERROR(CERTAIN),
		.summary = "The stream is of another machine type.",
		.message = "the stream is of machine type '{n}', the destination "
			   "runs '{o}'",
		.expected = "{o}", .actual = "{n}",
		.help = "Start the destination with -machine and the name in the "
			"stream. If its QEMU does not have that type, the guest "
			"has to be started with one that both have before it "
			"is saved.",
		.qemu_old = "Machine type received is '{n}' and local is '{o}'",
		.qemu_new = CONFIGURATION "Machine type received is '{n}' and "
			    "local is '{o}'",
	},
	[F_DEST_MACHINE_NONE - FIRST] = {
		"machine-type", ERROR(LIKELY),
		.summary = "The stream is of another machine type.",
		.message = "the destination's QEMU has no machine type '{n}'{hint}",
		.actual = "{n}",
		.help = "A machine type comes with a release, and later ones "
			"remove it. Load the stream with a QEMU that has it; "
			"the guest has to be started with a type that both "
			"have to move on.",
		.qemu_old = "unsupported machine type: \"{n}\"",
		.qemu_new = "unsupported machine type: \"{n}\"",
	},
	[F_DEST_MACHINE_DEPRECATED - FIRST] = {
		"machine-type-deprecated", NOTE,
		.summary = "The destination's QEMU will not have this machine "
			   "type for long.",
		.message = "the destination's QEMU has deprecated machine type "
			   "'{n}'{hint}",
		.actual = "{n}",
		.help = "A later release lacks it, and the guest cannot be "
			"migrated there: shut it down once, and start it with "
			"a newer type.",
	},
	[F_DEST_PAGE_BITS - FIRST] = {
		"page-bits", ERROR(CERTAIN),
		.summary = "The page size is not the reader's own.",
		.message = "target pages of 2^{a:d} bytes, the destination's have 2^{b}",
		.expected = "{b}", .actual = "{a:d}",
		.help = "Source and destination must use the same target page "
			"size, which the machine type and the processor decide.",
		.qemu_old = "Received TARGET_PAGE_BITS is {a:d} but local is {b}",
		.qemu_new = CONFIGURATION "Received TARGET_PAGE_BITS is {a:d} but "
			    "local is {b}",
	},
	[F_DEST_PAGE_BITS_MISSING - FIRST] = {
		"page-bits", ERROR(CERTAIN),
		.summary = "The page size is not the reader's own.",
		.message = "the page size is not sent, which stands for 2^{a}; the "
			   "destination's is 2^{b}",
		.expected = "{b}", .actual = "none",
		.help = "Source and destination must use the same target page "
			"size, which the machine type and the processor decide.",
		.qemu_old = "Received TARGET_PAGE_BITS is {a:d} but local is {b}",
		.qemu_new = CONFIGURATION "Received TARGET_PAGE_BITS is {a:d} but "
			    "local is {b}",
	},
	[F_DEST_CAPABILITY_UNKNOWN - FIRST] = {
		"capability-unknown", ERROR(CERTAIN),
		.summary = "A migration capability that the reader does not have.",
		.message = "the destination's QEMU has no capability '{n}'",
		.help = "Switch it off at the source, or load with a release that "
			"has it: background-snapshot came with 6.0, "
			"postcopy-preempt with 7.1, mapped-ram with 9.0; "
			"compress and block went with 9.1.",
		.qemu_old = "Received unknown capability {n}",
		.qemu_new = EINVAL_ "Loading VM subsection 'configuration/"
			    "capabilities' in 'configuration' failed: Received "
			    "unknown capability {n}",
	},
	[F_DEST_CAPABILITY_OFF - FIRST] = {
		"capability-off", ERROR(CERTAIN),
		.summary = "A migration capability is on at one side only.",
		.message = "capability '{n}' is on in the stream and off at the "
			   "destination",
		.expected = "off", .actual = "on",
		.help = HELP_CAPABILITY,
		.qemu_old = "Capability {n} is off, but received capability is on",
		.qemu_new = "Capability {n} is off, but received capability is on",
	},
	[F_DEST_CAPABILITY_ON - FIRST] = {
		"capability-off", ERROR(CERTAIN),
		.summary = "A migration capability is on at one side only.",
		.message = "capability '{n}' is off in the stream and on at the "
			   "destination",
		.expected = "on", .actual = "off",
		.help = HELP_CAPABILITY,
		.qemu_old = "Capability {n} is on, but received capability is off",
		.qemu_new = "Capability {n} is on, but received capability is off",
	},
	[F_DEST_UUID - FIRST] = {
		"uuid", ERROR(CERTAIN),
		.summary = "The guest's UUID differs from the destination's.",
		.message = "the stream is of guest {n}, the destination's is {o}",
		.expected = "{o}", .actual = "{n}",
		.help = "Give the destination the same -uuid. The source sends "
			"its own only with capability validate-uuid.",
		.qemu_old = "UUID received is {n} and local is {o}",
		.qemu_new = "UUID received is {n} and local is {o}",
	},
	[F_DEST_FOOTER_UNWANTED - FIRST] = {
		"footer-unwanted", ERROR(CERTAIN),
		.summary = "A section footer that the destination does not read.",
		.message = "a footer behind '{n}', which the destination takes for "
			   "an unknown section",
		.expected = "a section", .actual = "126",
		.help = "Machine types up to 2.3 neither send nor read footers: "
			"start the destination with the machine type of the "
			"source, and without migration.send-section-footer=off.",
		.qemu_old = "Unknown savevm section type 126",
		.qemu_new = EINVAL_ "Unknown section type 126",
	},
	[F_DEST_FOOTER_MISSING - FIRST] = {
		"footer-missing", ERROR(CERTAIN),
		.summary = "A section does not end where its content ends.",
		.message = "no footer behind '{n}', which the destination requires",
		.expected = "7e",
		.help = "The stream was written without footers: start the "
			"destination with the machine type of the source, or "
			"with migration.send-section-footer=off as the source "
			"was.",
		.qemu_old = "Missing section footer for {n}",
		.qemu_new = "Missing section footer for {n}",
	},
	[F_DEST_SWITCHOVER - FIRST] = {
		"command-switchover", ERROR(CERTAIN),
		.summary = "SWITCHOVER_START, which came with 10.0.",
		.message = "the destination does not know SWITCHOVER_START",
		.help = "Machine types up to 9.2 do not send it.",
		.qemu_old = "MIG_CMD 0xb unknown (len 0x{a:x})",
	},
};

const struct rule_group rules_dest_setup = RULE_GROUP(FIRST, rows);
