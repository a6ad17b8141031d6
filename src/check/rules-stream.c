/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands around the sections, from the first byte to the last. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_MAGIC

static const struct rule rows[] = {
	[F_MAGIC - FIRST] = {
		"not-a-stream", ERROR(CERTAIN),
		.summary = "The first four bytes are not QEMU's magic.",
		.message = "not a migration stream",
		.expected = "5145564d (QEVM)", .actual = "{a:x}",
		.help = "If the stream starts further in, give --offset.",
		.qemu_old = "Not a migration stream",
		.qemu_new = EINVAL_ "Not a migration stream, magic: {a:x} != 5145564d",
	},
	[F_FILE_VERSION - FIRST] = {
		"file-version", ERROR(CERTAIN),
		.summary = "The stream's format version is not 3.",
		.message = "unsupported format version {a}",
		.expected = "3", .actual = "{a}",
		.help = "Version 2 was last written by QEMU 0.x; no current "
			"release reads it.",
		.qemu_old = "Unsupported migration stream version",
		.qemu_new = "{L}Operation not supported: Unsupported migration "
			    "stream version, file version {a:x} != 3",
	},
	[F_FILE_VERSION_2 - FIRST] = {
		"file-version", ERROR(CERTAIN),
		.summary = "The stream's format version is not 3.",
		.message = "format version 2 is obsolete",
		.expected = "3", .actual = "2",
		.help = "Version 2 was last written by QEMU 0.x; no current "
			"release reads it.",
		.qemu_old = "SaveVM v2 format is obsolete and don't work anymore",
		.qemu_new = "{L}Operation not supported: SaveVM v2 format is "
			    "obsolete and no longer supported",
	},
	[F_TRUNCATED - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: {n} needs {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "{E}", .qemu_new = "{E:new}",
	},
	[F_GAP - FIRST] = {
		"unclaimed-bytes", WARNING,
		.summary = "Bytes that no record explains.",
		.message = "{len} bytes are not accounted for",
		.help = "They follow damage that is reported before them: the "
			"walk went on at the next place that made sense.",
	},
	[F_SECTION_TYPE - FIRST] = {
		"section-type", ERROR(CERTAIN),
		.summary = "A byte where a section should start is no section type.",
		.message = "unknown section type {a}",
		.expected = "0 to 4, or 8", .actual = "{a}",
		.help = "5 is a subsection that no device took, 7 a second "
			"configuration, 126 a footer that was not expected. "
			"Most often the device before it is longer or shorter "
			"than it should be.",
		.qemu_old = "Unknown savevm section type {a}",
		.qemu_new = EINVAL_ "Unknown section type {a}",
	},
	[F_DATA_AFTER_EOF - FIRST] = {
		"sections-after-end", WARNING,
		.summary = "Sections follow the end marker.",
		.message = "the end marker is followed by {len} bytes that "
			   "look like more sections; QEMU does not read them",
		.help = "QEMU stops at the marker and starts the guest without "
			"the devices behind it. In a stream without footers a "
			"device that was read wrongly can end in a zero byte "
			"that passes for the marker.",
	},
	[F_TRAILING_ZEROS - FIRST] = {
		"trailing-zeros", NOTE,
		.summary = "Zeros follow the stream.",
		.message = "{len} zero bytes follow the stream",
		.help = "Padding of a volume or file system. " HELP_ACCEPTED,
	},
	[F_TRAILING_DATA - FIRST] = {
		"trailing-data", WARNING,
		.summary = "Other data follows the stream.",
		.message = "{len} bytes that are not zero follow the stream",
		.help = "Old content of a volume, usually. QEMU does not look "
			"at it; a tool that searches from the end may.",
	},
	[F_LEADING_DATA - FIRST] = {
		"leading-zeros", NOTE,
		.summary = "The stream does not start at the first byte.",
		.message = "the stream starts at offset {a:x}, behind zeros",
		.help = "Written with file:PATH,offset=N. To load it, give "
			"QEMU the same offset.",
	},
	[F_NO_EOF - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: a section or the end marker should follow",
		.expected = "a section or 00", .actual = "end of input",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "load of migration failed: Input/output error",
		.qemu_new = "{L}Input/output error: Failed to load section ID: "
			    "stream error: -5: Channel error: Input/output error",
	},
	[F_COMPRESSED_TAIL - FIRST] = {
		"trailing-data", WARNING,
		.summary = "Other data follows the stream.",
		.message = "other data follow the end of the {n} data",
		.help = "Old content of a volume, usually. Decompressors warn "
			"of it and go on; libvirt may call it an error.",
	},
};

const struct rule_group rules_stream = RULE_GROUP(FIRST, rows);
