/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration section. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_CONFIG_MISSING

static const struct rule rows[] = {
	[F_CONFIG_MISSING - FIRST] = {
		"configuration-missing", ERROR(LIKELY),
		.summary = "There is no configuration section where one is due.",
		.message = "no configuration section",
		.expected = "7", .actual = "{a}",
		.help = "Machine types from 2.4 on send one and require it. " HELP_DAMAGED,
		.qemu_old = "Configuration section missing",
		.qemu_new = EINVAL_ "Configuration section missing, {a:x} != 7",
	},
	[F_CONFIG_LENGTH - FIRST] = {
		"configuration-length", ERROR(CERTAIN),
		.summary = "The machine name is longer than what is left.",
		.message = "machine name of {a} bytes, {b} are left",
		.help = "QEMU allocates this length and may crash. " HELP_DAMAGED,
		.qemu_old = "Failed to load configuration:name",
		.qemu_new = EINVAL_ "Failed to load configuration "
			    "state: stream error: -5",
	},
	[F_CONFIG_LENGTH_LIMIT - FIRST] = {
		"configuration-length", ERROR(CERTAIN),
		.summary = "The machine name is longer than what is left.",
		.message = "machine name of {a} bytes is over the limit of {b}",
		.help = "No machine of QEMU's has such a name. " HELP_DAMAGED,
	},
	[F_CONFIG_NAME - FIRST] = {
		"machine-name", ERROR(LIKELY),
		.summary = "The machine name is damaged.",
		.message = "machine name '{n}' is longer than the writer's '{o}'",
		.expected = "{o}", .actual = "{n}",
		.help = "QEMU compares over the length it received. " HELP_DAMAGED,
		.qemu_old = "Machine type received is '{n}' and local is '{o}'",
		.qemu_new = EINVAL_ "post load hook failed for: configuration, "
			    "version_id: 1, minimum_version: 0: Machine type "
			    "received is '{n}' and local is '{o}'",
	},
	[F_CONFIG_FAMILY - FIRST] = {
		"machine-name", ERROR(LIKELY),
		.summary = "The machine name is damaged.",
		.message = "no machine is called '{n}'; '{o}' is meant",
		.expected = "{o}", .actual = "{n}",
		.help = "One byte of the name is another one. " HELP_DAMAGED,
		.qemu_old = "Machine type received is '{n}' and local is '{o}'",
		.qemu_new = EINVAL_ "post load hook failed for: configuration, "
			    "version_id: 1, minimum_version: 0: Machine type "
			    "received is '{n}' and local is '{o}'",
	},
	[F_CONFIG_SUBSECTION - FIRST] = {
		"configuration-subsection", ERROR(CERTAIN),
		.summary = "An unknown subsection of the configuration.",
		.message = "unknown configuration subsection '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "load of migration failed: No such file or directory",
		.qemu_new = "{L}Invalid argument: VM subsection '{n}' in "
			    "'configuration' does not exist",
	},
	[F_CONFIG_PAGE_BITS - FIRST] = {
		"page-bits", ERROR(LIKELY),
		.summary = "The page size is not the reader's own.",
		.message = "target page of 2^{a} bytes, the description says 2^{b}",
		.expected = "{b}", .actual = "{a}",
		.help = "Source and destination must use the same target page "
			"size, which the machine type decides.",
		.qemu_old = "Received TARGET_PAGE_BITS is {a:d} but local is {b}",
		.qemu_new = EINVAL_ "post load hook failed for: configuration, "
			    "version_id: 1, minimum_version: 0: Received "
			    "TARGET_PAGE_BITS is {a:d} but local is {b}",
	},
	[F_CONFIG_PAGE_BITS_MISSING - FIRST] = {
		"page-bits", ERROR(LIKELY),
		.summary = "The page size is not the reader's own.",
		.message = "the page size is not sent whole; the reader assumes "
			   "its smallest, 2^10",
		.expected = "{b}", .actual = "none",
		.help = HELP_DAMAGED,
		.qemu_old = "Received TARGET_PAGE_BITS is 10 but local is {b}",
		.qemu_new = EINVAL_ "post load hook failed for: configuration, "
			    "version_id: 1, minimum_version: 0: Received "
			    "TARGET_PAGE_BITS is 10 but local is {b}",
	},
	[F_CONFIG_CAPABILITY - FIRST] = {
		"capability", NOTE,
		.summary = "A migration capability that the reader must have on.",
		.message = "capability '{n}' must be on at the destination",
		.help = "Set it with migrate-set-capabilities before "
			"migrate-incoming.",
	},
	[F_CONFIG_CAPABILITY_NEW - FIRST] = {
		"capability-unknown", ERROR(CERTAIN),
		.refused_until = RELEASE_7_2, .quiet = true,
		.summary = "A migration capability that the reader does not have.",
		.message = "capability '{n}' is not known to the writer's release",
		.help = HELP_DAMAGED,
		.qemu_old = "Received unknown capability {n}",
	},
	[F_CONFIG_CAPABILITY_UNKNOWN - FIRST] = {
		"capability-unknown", ERROR(CERTAIN),
		.summary = "A migration capability that the reader does not have.",
		.message = "no release knows a capability '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "Received unknown capability {n}",
		.qemu_new = EINVAL_ "Loading VM subsection 'configuration/"
			    "capabilities' in 'configuration' failed: Received "
			    "unknown capability {n}",
	},
	[F_CONFIG_CAPABILITY_OFF - FIRST] = {
		"capability-off", ERROR(LIKELY),
		.summary = "A migration capability is on at one side only.",
		.message = "capability '{n}' is announced, but the stream was "
			   "written without it",
		.help = HELP_DAMAGED,
		.qemu_old = "Capability {n} is off, but received capability is on",
		.qemu_new = "Capability {n} is off, but received capability is on",
	},
};

const struct rule_group rules_config = RULE_GROUP(FIRST, rows);
