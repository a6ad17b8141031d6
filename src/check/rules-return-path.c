/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings of the return path. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_RP_TYPE

static const struct rule rows[] = {
	[F_RP_TYPE - FIRST] = {
		"return-path-type", ERROR(CERTAIN),
		.summary = "A message of the return path is of no known type.",
		.message = "message of type {a}, which there is none of",
		.expected = "1 to 7", .actual = "{a}",
		.help = "The source ends the migration there, or pauses it in "
			"postcopy. 7 is SWITCHOVER_ACK, of 8.1 and newer. "
			"Is this the recording of a return path?",
	},
	[F_RP_LENGTH - FIRST] = {
		"return-path-length", ERROR(CERTAIN),
		.summary = "A message of the return path has a wrong length.",
		.message = "{o} with a length of {b}",
		.expected = "{a}", .actual = "{b}",
		.help = "The source takes no other length, and nothing above "
			"512, and ends the migration or pauses it.",
	},
	[F_RP_CUT - FIRST] = {
		"return-path-cut", ERROR(CERTAIN),
		.summary = "The recording ends inside a message.",
		.message = "cut short: {o} needs {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The recording was not written to its end, or the "
			"connection broke off. Where the migration was "
			"resumed, give the recording of the next connection's "
			"return path as well.",
	},
	[F_RP_SHUT - FIRST] = {
		"return-path-shut", ERROR(CERTAIN),
		.summary = "The destination says that it failed.",
		.message = "SHUT with the value {a:d}: the destination failed",
		.expected = "0", .actual = "{a:d}",
		.help = "What went wrong is in the log of the destination; its "
			"first line is what \"check --dest\" predicts.",
	},
	[F_RP_RESUME - FIRST] = {
		"return-path-resume", ERROR(CERTAIN),
		.summary = "RESUME_ACK does not carry 1.",
		.message = "RESUME_ACK with the value {a}",
		.expected = "1", .actual = "{a}",
		.help = "The source does not resume then: the migration stays "
			"paused.",
	},
	[F_RP_NO_BLOCK - FIRST] = {
		"request-block", ERROR(CERTAIN),
		.summary = "Pages are asked for of a block that is not known.",
		.message = "pages from 0x{a:x} on are asked for before any "
			   "block was named",
		.help = "REQ_PAGES means the block that the last REQ_PAGES_ID "
			"named. The source ends the connection.",
	},
	[F_RP_BLOCK - FIRST] = {
		"request-block", ERROR(CERTAIN),
		.summary = "Pages are asked for of a block that is not known.",
		.message = "{o}: no RAM block of the stream is called '{n}'",
		.help = "Source and destination do not have the same RAM "
			"blocks, or this is the return path of another "
			"migration.",
	},
	[F_RP_ALIGN - FIRST] = {
		"request-range", ERROR(CERTAIN),
		.summary = "Pages are asked for that cannot be sent.",
		.message = "request for {b} bytes at 0x{a:x} of {n}: no whole pages",
		.help = "The source wants whole pages of its host, and ends "
			"the connection.",
	},
	[F_RP_BEYOND - FIRST] = {
		"request-range", ERROR(CERTAIN),
		.summary = "Pages are asked for that cannot be sent.",
		.message = "request at 0x{a:x} of {n} goes beyond its end at "
			   "0x{b:x}",
		.help = "The source ends the connection. A block is larger at "
			"the destination, or this is the return path of "
			"another migration.",
	},
	[F_RP_BITMAP_SIZE - FIRST] = {
		"received-bitmap", ERROR(CERTAIN),
		.summary = "A bitmap of received pages is malformed.",
		.message = "the bitmap of {n} takes {a} bytes",
		.expected = "{b} bytes", .actual = "{a} bytes",
		.help = "One bit for each target page of the block, in whole 8 "
			"bytes. The source does not resume with another one.",
	},
	[F_RP_BITMAP_END - FIRST] = {
		"received-bitmap", ERROR(CERTAIN),
		.summary = "A bitmap of received pages is malformed.",
		.message = "the bitmap of {n} has no end mark",
		.expected = "123456789abcdef", .actual = "{a:x}",
		.help = "The source does not resume with it: bytes were lost "
			"or are too many. " HELP_DAMAGED,
	},
	[F_RP_BEHIND - FIRST] = {
		"return-path-behind", WARNING,
		.summary = "Messages follow SHUT.",
		.message = "messages follow SHUT; the source does not read them",
		.help = "The source has ended its side by then. Recordings of "
			"several connections are given one by one.",
	},
	[F_RP_PONG - FIRST] = {
		"return-path-pong", WARNING,
		.summary = "PINGs and PONGs do not fit together.",
		.message = "PONG {a} answers no PING of the stream",
		.help = "The recording is of another migration, or the stream "
			"was not recorded whole. QEMU does not compare them.",
	},
	[F_RP_PING - FIRST] = {
		"return-path-pong", WARNING,
		.summary = "PINGs and PONGs do not fit together.",
		.message = "PINGs without PONG: {a}, the first with the value "
			   "{b}",
		.help = "The destination did not get there, or the recording of "
			"the return path is not whole.",
	},
	[F_RP_UNANSWERED - FIRST] = {
		"request-unanswered", WARNING,
		.summary = "Pages that were asked for never came.",
		.message = "{a} of {b} pages that were asked for were never "
			   "sent; the first is this one, of {n}",
		.help = "The stream came to its end all the same. A recording "
			"of a channel is missing (preempt, a resumed "
			"connection: --channel), or a guest thread at the "
			"destination waits for the page for ever.",
	},
	[F_RP_UNFINISHED - FIRST] = {
		"request-unanswered", NOTE,
		.summary = "Pages that were asked for never came.",
		.message = "{a} of {b} pages that were asked for were never "
			   "sent; the first is this one, of {n}",
		.help = "The stream is not whole, or was not all read: they may "
			"have been sent behind its end.",
	},
	[F_RP_SHUT_EARLY - FIRST] = {
		"return-path-shut-early", WARNING,
		.summary = "The destination ended before the stream did.",
		.message = "SHUT says that all was received; the stream has no "
			   "end",
		.help = "The recording of the stream is not whole, or one of a "
			"resumed connection is missing (--channel).",
	},
};

const struct rule_group rules_return_path = RULE_GROUP(FIRST, rows);
