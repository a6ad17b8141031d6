/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A load into a destination: guest memory. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_DEST_RAM_BLOCK

#define SIZE_ROW                                                                    \
	"ram-size", ERROR(CERTAIN),                                                 \
		.summary =                                                          \
			"A RAM block has another length at the destination.",       \
		.message =                                                          \
			"RAM block '{n}' of 0x{a:x} bytes, the destination's has "  \
			"0x{b:x}",                                                  \
		.expected = "{b:x}", .actual = "{a:x}",                             \
		.qemu_old =                                                         \
			"Size mismatch: {n}: 0x{a:x} != 0x{b:x}: Invalid argument", \
		.qemu_new =                                                         \
			"Size mismatch: {n}: 0x{a:x} != 0x{b:x}: Invalid argument"
#define BLOCK_ROW                                                              \
	"ram-block-unknown", ERROR(CERTAIN),                                   \
		.summary = "A RAM block that the reader does not have.",       \
		.message = "the destination has no RAM block '{n}'",           \
		.qemu_old =                                                    \
			"Unknown ramblock \"{n}\", cannot accept migration",   \
		.qemu_new =                                                    \
			"Unknown ramblock \"{n}\", cannot accept migration"

static const struct rule rows[] = {
	[F_DEST_RAM_BLOCK - FIRST] = {
		BLOCK_ROW,
		.help = "A block without a path belongs to the machine, its "
			"firmware or a memory backend: use the same machine "
			"type, the same devices, and the same ids of memory-"
			"backend objects. Files and memfd stand with their path, "
			"/objects/ID, up to machine type 3.1.",
	},
	[F_DEST_RAM_BLOCK_DEVICE - FIRST] = {
		BLOCK_ROW,
		.help = "The path names the device that owns it: start the "
			"destination with that device at the same address "
			"(-device ...,addr=). An option ROM is there only if "
			"the device has one: compare romfile= and rombar=, and "
			"the machine type.",
	},
	[F_DEST_RAM_SIZE - FIRST] = {
		SIZE_ROW,
		.help = "Give the destination's device or machine the same sizes "
			"as the source's.",
	},
	[F_DEST_RAM_SIZE_MEMORY - FIRST] = {
		SIZE_ROW,
		.help = "Guest memory: give the destination the same -m, and the "
			"same size= of memory-backend objects and nodes.",
	},
	[F_DEST_RAM_SIZE_ROM - FIRST] = {
		SIZE_ROW,
		.help = "A firmware image or option ROM: its file has another "
			"size at the destination. Use the same firmware "
			"package, or the same file with -bios, -drive "
			"if=pflash or romfile=; romsize= (6.1 and newer) pads "
			"an option ROM to the source's size.",
	},
	[F_DEST_RAM_SIZE_VIDEO - FIRST] = {
		SIZE_ROW,
		.help = "Video memory: give the destination's display device the "
			"same vgamem_mb= (qxl: ram_size_mb=, vram_size_mb=; "
			"machine types have different defaults).",
	},
	[F_DEST_RAM_TOO_LARGE - FIRST] = {
		"ram-size", ERROR(CERTAIN),
		.summary = "A RAM block has another length at the destination.",
		.message = "RAM block '{n}' of 0x{a:x} bytes, the destination has "
			   "room for 0x{b:x}",
		.expected = "{b:x} or less", .actual = "{a:x}",
		.help = "A file that the firmware is offered, ACPI tables or an "
			"option ROM, which can only shrink: use the same file, "
			"and no more devices and processors than both sides "
			"have room for.",
		.qemu_old = "Size too large: {n}: 0x{a:x} > 0x{b:x}: Invalid argument",
		.qemu_new = "Size too large: {n}: 0x{a:x} > 0x{b:x}: Invalid argument",
	},
	[F_DEST_RAM_ADDRESS - FIRST] = {
		"ram-address", ERROR(LIKELY),
		.summary = "A shared RAM block lies elsewhere in the guest.",
		.message = "shared RAM block '{n}' at 0x{a:x}, the destination's "
			   "is at 0x{b:x}",
		.expected = "{b:x}", .actual = "{a:x}",
		.help = "With x-ignore-shared both sides must map shared memory "
			"at the same address: same machine type, same -m, same "
			"order of memory devices.",
		.qemu_old = "Mismatched GPAs for block {n} {a}!= {b}",
		.qemu_new = "Mismatched GPAs for block {n} {a}!= {b}",
	},
	[F_DEST_RAM_PAGE_BLOCK - FIRST] = {
		"ram-block-unknown", ERROR(CERTAIN),
		.summary = "A RAM block that the reader does not have.",
		.message = "page {a:x} of RAM block '{n}', which neither the list "
			   "nor the destination has",
		.help = HELP_DAMAGED,
		.qemu_old = "Can't find block {n}",
		.qemu_new = "Can't find block {n}",
	},
	[F_DEST_RAM_PAGE_BEYOND - FIRST] = {
		"ram-page-beyond", ERROR(CERTAIN),
		.summary = "A page lies behind the end of its block.",
		.message = "page {a:x} of '{n}', which has {b:x} bytes at the "
			   "destination",
		.expected = "below {b:x}", .actual = "{a:x}",
		.help = "The list leaves the block out, so its length was not "
			"compared. " HELP_DAMAGED,
		.qemu_old = "Illegal RAM offset {a:x}",
		.qemu_new = "Illegal RAM offset {a:x}",
	},
	[F_DEST_RAM_FLUSH - FIRST] = {
		"ram-multifd-flush", ERROR(CERTAIN),
		.summary = "A MULTIFD_FLUSH record, which came with 8.1.",
		.message = "the destination does not know MULTIFD_FLUSH",
		.help = "Machine types up to 8.0 do not send it.",
		.qemu_old = "Unknown combination of migration flags: 0x200",
	},
	[F_DEST_RAM_ZERO_FILL - FIRST] = {
		"ram-zero-fill", ERROR(CERTAIN),
		.summary = "A zero page that is not filled with zeros.",
		.message = "zero page filled with {a}",
		.expected = "0", .actual = "{a}",
		.help = "Up to 8.1 a page may be filled with any byte.",
		.qemu_old = "Found a zero page with value {a}",
	},
	[F_DEST_RAM_COMPRESSED - FIRST] = {
		"ram-compressed", ERROR(CERTAIN),
		.summary = "A compressed page, which 9.1 removed.",
		.message = "compressed page: 9.1 and newer do not read it",
		.help = "Load it with 9.0 or older, or use multifd compression.",
		.qemu_old = "Unknown combination of migration flags: 0x100",
	},
	[F_DEST_RAM_COMPRESS_OFF - FIRST] = {
		"ram-compressed", ERROR(POSSIBLE),
		.summary = "A compressed page, which 9.1 removed.",
		.message = "compressed pages: capability 'compress' must be on at "
			   "the destination",
		.help = "Set it with migrate-set-capabilities before "
			"migrate-incoming. Whether it is on, no stream shows.",
		.qemu_old = "Received an unexpected compressed page",
	},
};

const struct rule_group rules_dest_ram = RULE_GROUP(FIRST, rows);
