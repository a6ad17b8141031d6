/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A load into a destination: what the stream lacks. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_DEST_UNSENT

#define HELP_RESET                                                             \
	"QEMU does not notice: that device of the destination keeps the "      \
	"state it has after reset. "

static const struct rule rows[] = {
	[F_DEST_UNSENT - FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream brings nothing for '{n}' instance {a} of the "
			   "destination",
		.help = HELP_RESET "The guest, which has not seen a reset, may "
			"find it missing, stuck or without its data. Leave the "
			"device out at the destination, or plug it in "
			"afterwards.",
	},
	[F_DEST_UNSENT_RAM - FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream brings no guest memory",
		.help = "QEMU does not notice: the guest goes on with empty "
			"memory and crashes at once, unless memory is shared "
			"with the source.",
	},
	[F_DEST_UNSENT_CPU - FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream brings nothing for processor {a} of the "
			   "destination ('{n}')",
		.help = "QEMU does not notice: that processor starts at its reset "
			"vector while the others go on, and the guest crashes "
			"or waits for it forever. Give the destination as many "
			"processors (-smp) as the source had.",
	},
	[F_DEST_UNSENT_TIMER - FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream does not bring the guest's clocks ('{n}')",
		.help = "QEMU does not notice: the guest's clocks start from zero "
			"and jump back, its timers fire late or never.",
	},
	[F_DEST_UNSENT_STATE - FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream does not say whether the guest ran ('{n}')",
		.help = "QEMU does not notice: the guest comes up paused. Start "
			"it with cont.",
	},
	[F_DEST_UNSENT_BLOCK - FIRST] = {
		"ram-block-unsent", WARNING,
		.summary = "A RAM block of the destination gets no pages.",
		.message = "the list leaves out RAM block '{n}' (0x{a:x} bytes) of "
			   "the destination",
		.help = "QEMU does not notice: the block keeps what is in it "
			"after start, zeros or a ROM's image. If the guest "
			"uses it, it has lost that memory.",
	},
	[F_DEST_UNSENT_SUBSECTION - FIRST] = {
		"subsection-unsent", WARNING,
		.summary = "A part of a device's state is not in the stream.",
		.message = "the destination always sends subsection '{n}' of '{o}', "
			   "the stream has none",
		.help = HELP_RESET "An older source does not know that part.",
	},
	[F_DEST_UNSENT_OPTIONAL - FIRST] = {
		"subsection-unsent", NOTE,
		.summary = "A part of a device's state is not in the stream.",
		.message = "the destination's own stream has subsection '{n}' of "
			   "'{o}', this one has not",
		.help = "Such a part is sent when the guest or a property of the "
			"device calls for it; without it the destination "
			"assumes that it is not needed.",
	},
};

const struct rule_group rules_dest_unsent = RULE_GROUP(FIRST, rows);
