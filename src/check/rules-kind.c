/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sections with an encoding of their own, other than ram. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_BLOCK_FLAGS

static const struct rule rows[] = {
	[F_BLOCK_FLAGS - FIRST] = {
		"block-flags", ERROR(CERTAIN),
		.summary = "A block record has unknown flags.",
		.message = "block record with flags 0x{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unknown block migration flags: 0x{a:x}",
		.qemu_new = "Unknown block migration flags: 0x{a:x}",
	},
	[F_BITMAP_FLAGS - FIRST] = {
		"dirty-bitmap-flags", WARNING,
		.summary = "A dirty-bitmap record says nothing.",
		.message = "dirty-bitmap record with flags 0x{a:x}",
		.help = "QEMU passes over it. No QEMU writes it.",
	},
	[F_HTAB_INDEX - FIRST] = {
		"htab-index", ERROR(CERTAIN),
		.summary = "A hash-table chunk lies outside the table.",
		.message = "hash-table chunk at index {a} is outside the table",
		.help = HELP_DAMAGED,
		.qemu_old = "htab_load() bad index {a:d} ({b:hi}+{b:lo} entries) "
			    "in htab stream (htab_shift={b:top})",
		.qemu_new = "htab_load() bad index {a:d} ({b:hi}+{b:lo} entries) "
			    "in htab stream (htab_shift={b:top})",
	},
	[F_HTAB_SHIFT - FIRST] = {
		"htab-shift", ERROR(LIKELY),
		.summary = "The hash table's size is impossible.",
		.message = "hash table of 2^{a} bytes",
		.help = HELP_DAMAGED,
	},
	[F_SKEYS_FLAGS - FIRST] = {
		"s390-skeys-flags", ERROR(CERTAIN),
		.summary = "A storage-key record has unknown flags.",
		.message = "storage-key record with flags 0x{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unexpected storage key flag data: {a:#x}",
		.qemu_new = "Unexpected storage key flag data: {a:#x}",
	},
	[F_SKEYS_CUT - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: a storage-key record needs {a} bytes, "
			   "{b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "Unexpected storage key flag data: 0",
		.qemu_new = "Unexpected storage key flag data: 0",
	},
	[F_STATTR_FLAGS - FIRST] = {
		"s390-stattrib-flags", ERROR(CERTAIN),
		.summary = "A storage-attribute record has unknown flags.",
		.message = "storage-attribute record with flags 0x{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unexpected storage attribute flag data: {a:#x}",
		.qemu_new = "Unexpected storage attribute flag data: {a:#x}",
	},
	[F_STATTR_CUT - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: a storage-attribute record needs {a} bytes, "
			   "{b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "Unexpected storage attribute flag data: 0",
		.qemu_new = "Unexpected storage attribute flag data: 0",
	},
	[F_VFIO_TAG - FIRST] = {
		"vfio-tag", ERROR(CERTAIN),
		.summary = "A VFIO record has an unknown tag.",
		.message = "VFIO tag {a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "{S}: Unknown tag 0x{a:x}",
		.qemu_new = "{S}: Unknown tag 0x{a:x}",
	},
	[F_RUNSTATE - FIRST] = {
		"runstate", ERROR(CERTAIN),
		.summary = "The run state is not one QEMU has.",
		.message = "unknown run state '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "invalid parameter value: {n}",
		.qemu_new = "invalid parameter value: {n}",
	},
};

const struct rule_group rules_kind = RULE_GROUP(FIRST, rows);
