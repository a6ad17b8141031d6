/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands and packages. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_COMMAND_UNKNOWN

static const struct rule rows[] = {
	[F_COMMAND_UNKNOWN - FIRST] = {
		"command-unknown", ERROR(CERTAIN),
		.summary = "A command number that no release knows.",
		.message = "unknown command {a}",
		.help = HELP_DAMAGED,
		.qemu_old = "MIG_CMD 0x{a:x} unknown (len 0x{b:x})",
		.qemu_new = EINVAL_ "MIG_CMD 0x{a:x} unknown (len 0x{b:x})",
	},
	[F_COMMAND_LENGTH - FIRST] = {
		"command-length", ERROR(CERTAIN),
		.summary = "A command's length is not the one it has.",
		.message = "{n} has {b} bytes of data instead of {a}",
		.expected = "{a}", .actual = "{b}",
		.help = HELP_DAMAGED,
		.qemu_old = "{o} received with bad length - expecting {a}, got {b}",
		.qemu_new = "{L}Numerical result out of range: {o} received with "
			    "bad length - expecting {a}, got {b}",
	},
	[F_COMMAND_NO_RETURN_PATH - FIRST] = {
		"command-ping", ERROR(CERTAIN),
		.summary = "A PING without a return path.",
		.message = "PING {a} and no return path was opened",
		.help = HELP_DAMAGED,
		.qemu_old = "CMD_PING (0x{a:x}) received with no return path",
		.qemu_new = EPERM_ "CMD_PING (0x{a:x}) received with no return path",
	},
	[F_COMMAND_RETURN_PATH_TWICE - FIRST] = {
		"command-return-path", NOTE,
		.summary = "The return path is opened twice.",
		.message = "the return path is opened a second time",
		.help = "QEMU prints a message and goes on.",
	},
	[F_COMMAND_ADVISE - FIRST] = {
		"command-advise", ERROR(LIKELY),
		.summary = "POSTCOPY_ADVISE does not fit.",
		.message = "POSTCOPY_ADVISE has {a} bytes of data",
		.expected = "0 or 16", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "CMD_POSTCOPY_ADVISE invalid length ({a})",
		.qemu_new = EINVAL_ "CMD_POSTCOPY_ADVISE invalid length ({a})",
	},
	[F_COMMAND_ADVISE_ALONE - FIRST] = {
		"command-advise", ERROR(LIKELY),
		.summary = "POSTCOPY_ADVISE does not fit.",
		.message = "POSTCOPY_ADVISE in a stream that was not made for postcopy",
		.help = "A source sends it first of all, with a return path, "
			"and the destination needs postcopy-ram. " HELP_DAMAGED,
		.qemu_old = "RAM postcopy is disabled but have 16 byte advise",
		.qemu_new = EINVAL_ "RAM postcopy is disabled but have 16 byte advise",
	},
	[F_COMMAND_ADVISE_PAGE - FIRST] = {
		"command-advise", ERROR(LIKELY),
		.summary = "POSTCOPY_ADVISE does not fit.",
		.message = "POSTCOPY_ADVISE: target pages of {a} bytes",
		.expected = "{b}", .actual = "{a}",
		.help = "Target page sizes must be equal on both sides.",
		.qemu_old = "Postcopy needs matching target page sizes (s={a} d={b})",
		.qemu_new = EPERM_ "Postcopy needs matching target page sizes (s={a} d={b})",
	},
	[F_COMMAND_STATE - FIRST] = {
		"command-state", ERROR(LIKELY),
		.summary = "A postcopy command out of order.",
		.message = "{n} in postcopy state {a}",
		.help = "The order is ADVISE, DISCARD, LISTEN, RUN. " HELP_DAMAGED,
		.qemu_old = "{n} in wrong postcopy state ({a})",
		.qemu_new = EPERM_ "{n} in wrong postcopy state ({a})",
	},
	[F_COMMAND_DISCARD - FIRST] = {
		"command-discard", ERROR(LIKELY),
		.summary = "POSTCOPY_RAM_DISCARD is malformed.",
		.message = "POSTCOPY_RAM_DISCARD: {n} ({a})",
		.help = HELP_DAMAGED,
		.qemu_old = "CMD_POSTCOPY_RAM_DISCARD {n} ({a})",
		.qemu_new = EPERM_ "CMD_POSTCOPY_RAM_DISCARD {n} ({a})",
	},
	[F_COMMAND_DISCARD_BLOCK - FIRST] = {
		"command-block", ERROR(CERTAIN),
		.summary = "A command names a RAM block that does not exist.",
		.message = "no RAM block '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "ram_discard_range: Failed to find block '{n}'",
		.qemu_new = "ram_discard_range: Failed to find block '{n}'",
	},
	[F_COMMAND_COLO - FIRST] = {
		"command-colo", ERROR(LIKELY),
		.summary = "The stream asks for COLO.",
		.message = "ENABLE_COLO: the destination needs the x-colo capability",
		.help = "A COLO stream is read live by the other host; it is "
			"no saved guest. Without the capability releases up "
			"to 9.1 read it to its end and then wait for more.",
		.qemu_7_2 = "Can't receive COLO message: Input/output error",
		.qemu_old = "ENABLE_COLO command come in migration stream, but "
			    "x-colo capability is not set",
		.qemu_new = EINVAL_ "MIG_CMD 0x8 deprecated (len 0x{a:x})",
	},
	[F_COMMAND_SWITCHOVER - FIRST] = {
		"command-switchover", ERROR(CERTAIN),
		.refused_until = RELEASE_7_2, .quiet = true,
		.summary = "SWITCHOVER_START, which came with 10.0.",
		.message = "SWITCHOVER_START is not known to the writer's release",
		.help = "Machine types up to 9.2 do not send it.",
		.qemu_old = "MIG_CMD 0xb unknown (len 0x{a:x})",
		.qemu_new = NULL,
	},
	[F_COMMAND_RESUME - FIRST] = {
		"command-resume", NOTE,
		.summary = "POSTCOPY_RESUME outside of a recovery.",
		.message = "POSTCOPY_RESUME where nothing is to be resumed",
		.help = "QEMU prints a message and goes on.",
	},
	[F_COMMAND_RECV_BITMAP - FIRST] = {
		"command-recv-bitmap", ERROR(CERTAIN),
		.summary = "RECV_BITMAP is malformed.",
		.message = "RECV_BITMAP: length {a} does not fit its name",
		.help = HELP_DAMAGED,
		.qemu_old = "loadvm_handle_recv_bitmap: invalid payload length ({a})",
		.qemu_new = EINVAL_ "invalid payload length ({a})",
	},
	[F_COMMAND_BITMAP_BLOCK - FIRST] = {
		"command-block", ERROR(CERTAIN),
		.summary = "A command names a RAM block that does not exist.",
		.message = "no RAM block '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "loadvm_handle_recv_bitmap: block '{n}' not found",
		.qemu_new = EINVAL_ "block '{n}' not found",
	},
	[F_POSTCOPY_PAUSED - FIRST] = {
		"postcopy-paused", NOTE,
		.summary = "A connection broke off in postcopy and was resumed.",
		.message = "the connection broke off here; the migration was "
			   "resumed on a further one",
		.help = "QEMU pauses, and goes on when a new connection is "
			"there (migrate-recover, migrate -r). What was cut off "
			"is sent again on that one.",
	},
	[F_PACKAGE_DEPTH - FIRST] = {
		"limit", ERROR(POSSIBLE),
		.summary = "A limit of migscope was reached.",
		.message = "packages nested {a} deep",
		.help = HELP_LIMIT,
	},
	[F_PACKAGE_CUT - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: a package of {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = HELP_DAMAGED,
		.qemu_old = "CMD_PACKAGED: Buffer receive fail ret={b} length={a}",
		.qemu_new = "{L}Resource temporarily unavailable: CMD_PACKAGED: "
			    "Buffer receive fail ret={b} length={a}",
	},
};

const struct rule_group rules_command = RULE_GROUP(FIRST, rows);
