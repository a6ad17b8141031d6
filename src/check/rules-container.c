/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the stream is kept in. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_LIBVIRT_INCOMPLETE

static const struct rule rows[] = {
	[F_LIBVIRT_INCOMPLETE - FIRST] = {
		"libvirt-incomplete", WARNING,
		.summary = "libvirt never finished this save image.",
		.message = "the save image was never finished",
		.expected = "LibvirtQemudSave", .actual = "LibvirtQemudPart",
		.help = "libvirt writes the magic number last; it refuses to "
			"restore such an image. The stream in it may be whole "
			"all the same: see the other findings.",
	},
	[F_LIBVIRT_HEADER - FIRST] = {
		"libvirt-header", WARNING,
		.summary = "The header of a libvirt save image is damaged.",
		.message = "{n}",
		.help = "libvirt will not read the XML or the cookie as they "
			"were written. The stream is not affected.",
	},
	[F_LIBVIRT_FORMAT - FIRST] = {
		"libvirt-format", WARNING,
		.summary = "A libvirt save image is not in its recorded format.",
		.message = "the stream is stored otherwise than the header says",
		.expected = "{o} (format {a})", .actual = "{n}",
		.help = "libvirt goes by the header and will fail to restore "
			"it. Here the stream is read as it is.",
	},
	[F_SNAPSHOT_TAKEN - FIRST] = {
		"snapshot-taken", NOTE,
		.summary = "The only snapshot with VM state was taken.",
		.message = "snapshot '{n}' was taken: of {a} it is the only one "
			   "with VM state",
		.help = "--snapshot names one.",
	},
	[F_SNAPSHOT_SIZE - FIRST] = {
		"snapshot-size", NOTE,
		.summary = "A snapshot's VM state has another size than recorded.",
		.message = "the VM state of snapshot '{n}' takes {b} bytes, {a} "
			   "are recorded",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "QEMU 10.2 and newer record too little when they save "
			"with mapped-ram; the clusters of the image count. "
			HELP_ACCEPTED,
	},
};

const struct rule_group rules_container = RULE_GROUP(FIRST, rows);
