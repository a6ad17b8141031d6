/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sections: their headers, footers, order, and a schema in place of their
 * description. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_SECTION_NAME

static const struct rule rows[] = {
	[F_SECTION_NAME - FIRST] = {
		"section-name", ERROR(CERTAIN),
		.summary = "A section's name is empty or cut off.",
		.message = "section {b} has no whole name",
		.expected = "1 to 255 bytes", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unable to read ID string for section {b}",
		.qemu_new = EINVAL_ "Unable to read ID string for section {b}",
	},
	[F_SECTION_UNKNOWN - FIRST] = {
		"section-unknown", ERROR(LIKELY),
		.summary = "A section that the reader has no device for.",
		.message = "section '{n}' instance {a} is not in the stream's own "
			   "description",
		.help = "The destination has no such device unless it was "
			"started with one. Every device section of a QEMU is "
			"described; this one was changed or added.",
		.qemu_old = "Unknown savevm section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
		.qemu_new = EINVAL_ "Unknown section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
	},
	[F_SECTION_WILDCARD - FIRST] = {
		"section-wildcard", WARNING,
		.summary = "Instance 0xffffffff stands for any instance.",
		.message = "instance 0xffffffff of '{n}' matches whichever "
			   "device has no alias",
		.help = "QEMU takes it for devices without a legacy instance "
			"id. No QEMU writes it.",
	},
	[F_SECTION_WILDCARD_RTC - FIRST] = {
		"section-wildcard", ERROR(LIKELY),
		.refused_until = RELEASE_10_2,
		.summary = "Instance 0xffffffff stands for any instance.",
		.message = "instance 0xffffffff of '{n}', which had a legacy "
			   "id up to 10.2",
		.help = "QEMU takes it for devices without a legacy instance "
			"id. No QEMU writes it.",
		.qemu_old = "Unknown savevm section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
		.qemu_new = EINVAL_ "Unknown section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
	},
	[F_SECTION_START_FULL - FIRST] = {
		"section-start", WARNING,
		.summary = "A device section is marked as the start of a live one.",
		.message = "device '{n}' is sent as START instead of FULL",
		.help = "The loader treats both alike. No QEMU writes it.",
	},
	[F_SECTION_TOO_NEW - FIRST] = {
		"section-version-too-new", ERROR(LIKELY),
		.summary = "A section's version is above what the reader knows.",
		.message = "version {a:d} of '{n}', {b} is known",
		.expected = "{b} or less", .actual = "{a:d}",
		.help = "An older machine type keeps the source from sending "
			"newer state. Within one release this is damage.",
		.qemu_old = "savevm: unsupported version {a:d} for '{n}' v{b}",
		.qemu_new = EINVAL_ "unsupported version {a:d} for '{n}' v{b}",
	},
	[F_SECTION_TOO_OLD - FIRST] = {
		"section-version-too-old", ERROR(LIKELY),
		.summary = "A section's version is below what the reader loads.",
		.message = "version {a:d} of '{n}', the writer describes {b}",
		.expected = "{b}", .actual = "{a:d}",
		.help = "The loader refuses versions below its minimum and "
			"skips fields above the version, so what follows is "
			"misread. " HELP_DAMAGED,
		.qemu_old = "{n}: incoming version_id {a:d} is too old for local "
			    "minimum version_id  {b}",
		.qemu_new = BODY "{n}: incoming version_id {a:d} is too old for "
			    "local minimum version_id {b}",
	},
	[F_SECTION_GUESSED - FIRST] = {
		"section-undescribed", WARNING,
		.summary = "A device section that no description covers.",
		.message = "'{n}' has no description: {len} bytes up to where "
			   "the next section seems to start were not checked",
		.help = "Postcopy streams, machine types up to 2.2 and "
			"suppress-vmdesc=on carry no description.",
	},
	[F_SECTION_ID_UNKNOWN - FIRST] = {
		"section-id-unknown", ERROR(CERTAIN),
		.summary = "A part of a section that was never started.",
		.message = "section id {a} was never started",
		.help = HELP_DAMAGED,
		.qemu_old = "Unknown savevm section {a}",
		.qemu_new = EINVAL_ "Unknown section {a}",
	},
	[F_SECTION_ID_REUSED - FIRST] = {
		"section-id-reused", WARNING,
		.summary = "Two sections share an id.",
		.message = "'{n}' uses section id {a} of '{o}'",
		.help = "The loader does not check it; later parts may go to "
			"the wrong device. No QEMU writes it.",
	},
	[F_SECTION_REPEATED - FIRST] = {
		"section-repeated", WARNING,
		.summary = "A device is sent more often than described.",
		.message = "'{n}' instance {a} is sent again; the last one wins",
		.help = "The loader does not check it. No QEMU writes it.",
	},
	[F_SECTION_MISSING - FIRST] = {
		"section-missing", WARNING,
		.summary = "A device that is described is not in the stream.",
		.message = "'{n}' instance {a} is described but was not sent",
		.help = "QEMU does not notice: the device keeps the state it "
			"has after reset, and the guest may hang or lose data.",
	},
	[F_SECTION_NOT_ENDED - FIRST] = {
		"section-not-ended", WARNING,
		.summary = "A live section has a START and no END.",
		.message = "'{n}' (id {a}) was started and never ended",
		.help = "QEMU does not notice. Background snapshots have no "
			"END for ram; otherwise the last pages are missing.",
	},
	[F_FOOTER_MISSING - FIRST] = {
		"footer-missing", ERROR(CERTAIN),
		.summary = "A section does not end where its content ends.",
		.message = "no footer behind '{n}'{delta}{hint}",
		.expected = "7e", .actual = "{a:x}",
		.help = "The section holds more or less data than its "
			"description says, or a subsection that nobody takes. "
			"Its last fields were read from the wrong bytes.",
		.qemu_old = "Missing section footer for {n}",
		.qemu_new = "Missing section footer for {n}",
	},
	[F_FOOTER_ID - FIRST] = {
		"footer-id", ERROR(CERTAIN),
		.summary = "A footer names another section.",
		.message = "footer of '{n}' names section {a}, it is {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Mismatched section id in footer for {n} - read "
			    "0x{a:x} expected 0x{b:x}",
		.qemu_new = "Mismatched section id in footer for {n} - read "
			    "0x{a:x} expected 0x{b:x}",
	},
	[F_FOOTER_CUT - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: the footer of '{n}' should follow",
		.expected = "5 bytes", .actual = "{len} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "check_section_footer: Read section footer failed: -5",
		.qemu_new = "check_section_footer: Read section footer failed: -5",
	},
	[F_FOOTER_CUT_ID - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short in the footer of '{n}'",
		.expected = "5 bytes", .actual = "{len} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "Mismatched section id in footer for {n} - read "
			    "0x{a:x} expected 0x{b:x}",
		.qemu_new = "Mismatched section id in footer for {n} - read "
			    "0x{a:x} expected 0x{b:x}",
	},
	[F_FOOTER_CUT_ZEROS - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short in the footer of '{n}'",
		.expected = "5 bytes", .actual = "{len} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "load of migration failed: Input/output error",
		.qemu_new = "{L}Input/output error: Failed to load section ID: "
			    "stream error: -5: Channel error: Input/output error",
	},
	[F_SCHEMA_NONE - FIRST] = {
		"schema-misfit", WARNING,
		.summary = "A section that the schema does not explain.",
		.message = "no description of '{n}' in the schema fits the section",
		.help = "The schema is of another release or target than the "
			"writer, or the section is damaged. It was not "
			"checked.",
	},
	[F_SCHEMA_LIMIT - FIRST] = {
		"schema-misfit", WARNING,
		.summary = "A section that the schema does not explain.",
		.message = "'{n}' can be read in too many ways by the schema: "
			   "{o} are over the limit of {a}",
		.help = HELP_LIMIT,
	},
	[F_SCHEMA_AMBIGUOUS - FIRST] = {
		"schema-ambiguous", WARNING,
		.summary = "A section can be read in more than one way.",
		.message = "'{n}' fits the schema in more than one way; they "
			   "differ in '{o}'",
		.help = "What is shown is one of them: the stream does not "
			"say which conditional fields were sent.",
	},
};

const struct rule_group rules_section = RULE_GROUP(FIRST, rows);
