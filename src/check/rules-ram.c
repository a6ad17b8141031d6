/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest memory. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_RAM_VERSION

static const struct rule rows[] = {
	[F_RAM_VERSION - FIRST] = {
		"ram-version", ERROR(CERTAIN),
		.summary = "The ram section's version is not 4.",
		.message = "ram version {a}",
		.expected = "4", .actual = "{a}",
		.help = "No release since 0.x writes another version.",
		.qemu_old = "{D:line}",
		.qemu_new = "{L}Invalid argument: {D}Failed to load vmstate "
			    "version_id: {a}, ret: -22",
	},
	[F_RAM_CUT - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: RAM record needs {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_7_2 = "Unknown combination of migration flags: 0x0",
		.qemu_old = "Getting RAM address failed",
		.qemu_new = "Getting RAM address failed",
	},
	[F_RAM_FLAGS - FIRST] = {
		"ram-flags", ERROR(CERTAIN),
		.summary = "A RAM record has flags that no record has.",
		.message = "RAM record with flags 0x{a:x}",
		.help = "The record before it ended elsewhere, or the word is "
			"damaged.",
		.qemu_old = "Unknown combination of migration flags: 0x{a:x}",
		.qemu_new = "Unknown combination of migration flags: 0x{a:x}",
	},
	[F_RAM_HOOK - FIRST] = {
		"ram-hook", ERROR(LIKELY), .refused_until = RELEASE_7_2,
		.summary = "A HOOK record, which only RDMA uses.",
		.message = "HOOK record outside of RDMA",
		.help = "Up to 9.x refused, ignored since.",
		.qemu_old = "{D:line}",
	},
	[F_RAM_FLUSH - FIRST] = {
		"ram-multifd-flush", ERROR(LIKELY), .refused_until = RELEASE_5_2,
		.quiet = true,
		.summary = "A MULTIFD_FLUSH record, which came with 8.1.",
		.message = "MULTIFD_FLUSH is not known to the writer's release",
		.help = "Machine types up to 8.0 do not send it.",
		.qemu_old = "Unknown combination of migration flags: 0x{a:x}",
	},
	[F_RAM_COMPRESSED - FIRST] = {
		"ram-compressed", ERROR(LIKELY), .refused_from = RELEASE_10_0,
		.quiet = true,
		.summary = "A compressed page, which 9.1 removed.",
		.message = "compressed page: 9.1 and newer do not read it",
		.help = "Load it with 9.0 or older, or use multifd compression.",
		.qemu_old = "Unknown combination of migration flags: 0x{a:x}",
		.qemu_new = "Unknown combination of migration flags: 0x{a:x}",
	},
	[F_RAM_COMPRESSED_TOO - FIRST] = {
		"ram-flags", ERROR(CERTAIN), .refused_until = RELEASE_7_2,
		.quiet = true,
		.summary = "A RAM record has flags that no record has.",
		.message = "RAM record with flags 0x{a:x}, that of compressed "
			   "pages among others",
		.help = "The record before it ended elsewhere, or the word is "
			"damaged.",
		.qemu_old = "Received an unexpected compressed page",
	},
	[F_RAM_CONTINUE - FIRST] = {
		"ram-continue", ERROR(CERTAIN),
		.summary = "A page goes on in a block that none named.",
		.message = "page {a:x} of \"the same block\" before any was named",
		.help = HELP_DAMAGED,
		.qemu_old = "Ack, bad migration stream!",
		.qemu_new = "Ack, bad migration stream!",
	},
	[F_RAM_BLOCK_UNKNOWN - FIRST] = {
		"ram-block-unknown", ERROR(CERTAIN),
		.summary = "A RAM block that the reader does not have.",
		.message = "page {a:x} of RAM block '{n}', which is not listed",
		.help = HELP_DAMAGED,
		.qemu_old = "Can't find block {n}",
		.qemu_new = "Can't find block {n}",
	},
	[F_RAM_BLOCK_UNLISTED - FIRST] = {
		"ram-block-unlisted", WARNING,
		.summary = "Pages of a RAM block that is not in the list.",
		.message = "pages of RAM block '{n}', which is not listed",
		.help = "QEMU looks for the block among its own and takes the "
			"pages if it has one of that name; its length was "
			"not compared. No QEMU writes it.",
	},
	[F_RAM_BLOCK_PAGELESS - FIRST] = {
		"ram-block-unknown", ERROR(LIKELY), .early = true,
		.summary = "A RAM block that the reader does not have.",
		.message = "RAM block '{n}' is listed and has no pages, while "
			   "pages of a block that is not listed came",
		.help = "The name in the list is damaged. " HELP_DAMAGED,
		.qemu_old = "Unknown ramblock \"{n}\", cannot accept migration",
		.qemu_new = "Unknown ramblock \"{n}\", cannot accept migration",
	},
	[F_RAM_OFFSET - FIRST] = {
		"ram-page-beyond", ERROR(CERTAIN),
		.summary = "A page lies behind the end of its block.",
		.message = "page {a:x} of '{n}', which has {b:x} bytes",
		.expected = "below {b:x}", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Illegal RAM offset {a:x}",
		.qemu_new = "Illegal RAM offset {a:x}",
	},
	[F_RAM_BLOCK_TWICE - FIRST] = {
		"ram-block-twice", WARNING,
		.summary = "A RAM block is listed twice.",
		.message = "RAM block '{n}' is listed twice",
		.help = "QEMU takes both entries. No QEMU writes it.",
	},
	[F_RAM_BLOCK_RESIZED - FIRST] = {
		"ram-block-resized", ERROR(LIKELY),
		.summary = "Two block lists disagree.",
		.message = "RAM block '{n}' has {a:x} bytes, {b:x} before",
		.expected = "{b:x}", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Size mismatch: {n}: 0x{a:pages} != 0x{b:x}: Invalid argument",
		.qemu_new = "Size mismatch: {n}: 0x{a:pages} != 0x{b:x}: Invalid argument",
	},
	[F_RAM_LIST_REPEATED - FIRST] = {
		"ram-list-repeated", WARNING,
		.summary = "The block list is sent twice.",
		.message = "the block list is sent again",
		.help = "QEMU takes it. No QEMU writes it.",
	},
	[F_RAM_LIST_NAME - FIRST] = {
		"ram-total", ERROR(CERTAIN),
		.summary = "RAM blocks do not add up to the total.",
		.message = "a RAM block without a name: the blocks before it "
			   "do not add up to the total",
		.help = HELP_DAMAGED,
		.qemu_old = "Unknown ramblock \"\", cannot accept migration",
		.qemu_new = "Unknown ramblock \"\", cannot accept migration",
	},
	[F_RAM_LIST_CUT - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: a RAM block's list entry needs {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_7_2 = "Unknown ramblock \"{o}\", cannot accept migration",
		.qemu_old = "Unknown ramblock \"{n}\", cannot accept migration",
		.qemu_new = "Unknown ramblock \"{n}\", cannot accept migration",
	},
	[F_RAM_TOO_LARGE - FIRST] = {
		"ram-total", ERROR(LIKELY),
		.summary = "RAM blocks do not add up to the total.",
		.message = "RAM block '{n}' of 0x{a:x} bytes, it has at most 0x{b:x}",
		.expected = "{b:x} or less", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Size too large: {n}: 0x{a:pages} > 0x{b:x}: Invalid argument",
		.qemu_new = "Size too large: {n}: 0x{a:pages} > 0x{b:x}: Invalid argument",
	},
	[F_RAM_LENGTH - FIRST] = {
		"ram-total", ERROR(LIKELY), .early = true,
		.summary = "RAM blocks do not add up to the total.",
		.message = "RAM block '{n}' of 0x{a:x} bytes: the total asks for 0x{b:x}",
		.expected = "{b:x}", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Size mismatch: {n}: 0x{a:pages} != 0x{b:x}: Invalid argument",
		.qemu_new = "Size mismatch: {n}: 0x{a:pages} != 0x{b:x}: Invalid argument",
	},
	[F_RAM_TOTAL - FIRST] = {
		"ram-total", ERROR(CERTAIN),
		.summary = "RAM blocks do not add up to the total.",
		.message = "RAM blocks of {b:x} bytes so far exceed the total of {a:x}",
		.expected = "{a:x}", .actual = "{b:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unknown ramblock \"{n}\", cannot accept migration",
		.qemu_new = "Unknown ramblock \"{n}\", cannot accept migration",
	},
	[F_RAM_ZERO_FILL - FIRST] = {
		"ram-zero-fill", ERROR(LIKELY), .refused_from = RELEASE_10_0,
		.summary = "A zero page that is not filled with zeros.",
		.message = "zero page filled with {a}",
		.expected = "0", .actual = "{a}",
		.help = "Up to 9.1 a page may be filled with any byte.",
		.qemu_old = "Found a zero page with value {a}",
		.qemu_new = "Found a zero page with value {a}",
	},
	[F_RAM_XBZRLE - FIRST] = {
		"ram-xbzrle", ERROR(CERTAIN),
		.summary = "A delta-coded page cannot be decoded.",
		.message = "XBZRLE page {a:x}: {n}",
		.help = HELP_DAMAGED,
		.qemu_old = "Failed to load XBZRLE page - {n}!",
		.qemu_new = "Failed to load XBZRLE page - {n}!",
	},
	[F_RAM_COMPRESS_LENGTH - FIRST] = {
		"ram-compress-length", ERROR(CERTAIN),
		.summary = "A compressed page is longer than one can be.",
		.message = "compressed page of {a} bytes, {b} are possible",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Invalid compressed data length: {a}",
		.qemu_new = "Invalid compressed data length: {a}",
	},
	[F_RAM_COMPRESS_ALONE - FIRST] = {
		"ram-compress-length", ERROR(CERTAIN),
		.summary = "A compressed page is longer than one can be.",
		.message = "compressed page of {a} bytes, {b} are possible",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Received an unexpected compressed page",
		.qemu_new = "Received an unexpected compressed page",
	},
	[F_RAM_INFLATE - FIRST] = {
		"ram-inflate", ERROR(CERTAIN),
		.summary = "A compressed page does not decompress.",
		.message = "compressed page {a:x}: not a zlib stream of one "
			   "page",
		.help = HELP_DAMAGED,
		.qemu_old = "decompress data failed",
		.qemu_new = "decompress data failed",
	},
	[F_RAM_MAPPED_VERSION - FIRST] = {
		"ram-mapped-version", ERROR(CERTAIN),
		.summary = "An unknown version of the mapped-ram header.",
		.message = "mapped-ram header of version {a}",
		.expected = "{b}", .actual = "{a}",
		.help = "A newer QEMU wrote it.",
		.qemu_old = "Migration mapped-ram capability version not supported "
			    "(expected <= {b}, got {a})",
		.qemu_new = "Migration mapped-ram capability version not supported "
			    "(expected <= {b}, got {a})",
	},
	[F_RAM_MAPPED_PAGE_SIZE - FIRST] = {
		"ram-mapped-header", ERROR(CERTAIN),
		.summary = "A mapped-ram header does not fit the file.",
		.message = "mapped-ram header with pages of {a} bytes",
		.expected = "{b}", .actual = "{a}",
		.help = "Releases before 11.0 crash on some sizes. " HELP_DAMAGED,
		.qemu_new = "Migration mapped-ram header has invalid page_size "
			    "{a} (expected {b})",
	},
	[F_RAM_MAPPED_ALIGN - FIRST] = {
		"ram-mapped-header", ERROR(CERTAIN),
		.summary = "A mapped-ram header does not fit the file.",
		.message = "mapped-ram: the pages of '{n}' stand at {a:x}, "
			   "which is no multiple of a page",
		.help = "The file was cut out of its container with the wrong "
			"start, or it is damaged.",
		.qemu_old = "Error reading ramblock {n} pages, region has bad "
			    "alignment",
		.qemu_new = "Error reading ramblock {n} pages, region has bad "
			    "alignment",
	},
	[F_RAM_MAPPED_PLACE - FIRST] = {
		"limit", ERROR(POSSIBLE),
		.summary = "A limit of migscope was reached.",
		.message = "mapped-ram: the {n} stands before what should be in "
			   "front of it",
		.help = "QEMU seeks and may read it; a stream that is read "
			"forward cannot be. No QEMU writes it.",
	},
	[F_RAM_MAPPED_RELATIVE - FIRST] = {
		"ram-mapped-relative", NOTE,
		.summary = "mapped-ram offsets count from the stream's start.",
		.message = "mapped-ram offsets count from {a:x}, where the stream starts",
		.help = "QEMU counts from the start of the file: cut the "
			"stream out (dd skip=) before loading it, or the "
			"other way round.",
	},
	[F_RAM_MAPPED_CUT_OUT - FIRST] = {
		"ram-mapped-cut-out", WARNING,
		.summary = "A mapped-ram stream was cut out of its file.",
		.message = "mapped-ram offsets count from {a} bytes before the "
			   "stream: it was cut out of its file",
		.help = "QEMU counts from the start of the file: put the "
			"stream back behind that many bytes before loading "
			"it with file:PATH,offset=N.",
	},
	[F_RAM_MAPPED_FLAGS - FIRST] = {
		"ram-mapped-flags", ERROR(CERTAIN),
		.summary = "A page record in a mapped-ram stream.",
		.message = "RAM record with flags 0x{a:x} although mapped-ram is on",
		.help = HELP_DAMAGED,
		.qemu_old = "Unexpected RAM flags: {a}",
		.qemu_new = "Unexpected RAM flags: {a}",
	},
};

const struct rule_group rules_ram = RULE_GROUP(FIRST, rows);
