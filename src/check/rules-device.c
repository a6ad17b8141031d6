/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device state, and what all virtio devices have. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_FIELD_TRUNCATED

static const struct rule rows[] = {
	[F_FIELD_TRUNCATED - FIRST] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: field '{n}' needs {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The file was not written to its end, or a length or "
			"count before this field is damaged.",
		.qemu_old = "{X}",
		.qemu_new = BODY "{Y}stream error: -5",
	},
	[F_FIELD_BOOL - FIRST] = {
		"field-bool", NOTE,
		.summary = "A bool that is neither 0 nor 1.",
		.message = "bool '{n}' is {a}",
		.expected = "0 or 1", .actual = "{a}",
		.help = "QEMU takes any value but 0 for true. No QEMU writes it.",
	},
	[F_FIELD_IRQ - FIRST] = {
		"pci-irq-state", ERROR(CERTAIN),
		.summary = "A PCI interrupt line is neither 0 nor 1.",
		.message = "interrupt line {b} is {a:d}",
		.expected = "0 or 1", .actual = "{a:d}",
		.help = HELP_DAMAGED,
		.qemu_old = "irq state {a:d}: must be 0 or 1.",
		.qemu_new = "irq state {a:d}: must be 0 or 1.",
	},
	[F_FIELD_LE - FIRST] = {
		"field-bound", ERROR(CERTAIN),
		.summary = "A number is negative, or above its bound.",
		.message = "'{n}' is {a:d}",
		.expected = "0 to {b}", .actual = "{a:d}",
		.help = HELP_DAMAGED,
		.qemu_old = "Invalid value {a:d} expecting positive value <= {b}",
		.qemu_new = BODY "Invalid value {a:d} expecting positive value <= {b}",
	},
	[F_FIELD_NULL - FIRST] = {
		"null-marker", ERROR(CERTAIN),
		.summary = "A NULL pointer's mark is another byte.",
		.message = "'{n}': mark of an absent element is {a:x}",
		.expected = "30", .actual = "{a:x}",
		.help = "The array has other members at the destination, or "
			"what stands before it is longer or shorter.",
		.qemu_old = "vmstate: get_nullptr expected VMS_NULLPTR_MARKER",
		.qemu_new = BODY "Unexpected ptr marker: {a}",
	},
	[F_FIELD_TREE - FIRST] = {
		"tree-count", ERROR(CERTAIN),
		.summary = "A tree has another number of elements than it says.",
		.message = "'{n}' has {a} elements and announces {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{n} inconsistent stream when loading the gtree",
		.qemu_new = BODY "{n} inconsistent stream when loading the gtree",
	},
	[F_FIELD_UNDESCRIBED - FIRST] = {
		"field-undescribed", NOTE,
		.summary = "Part of a device is not described.",
		.message = "'{n}': {len} bytes have no description",
		.help = "Releases up to 9.1 describe an array of pointers by "
			"its first element only, and an empty queue not at all.",
	},
	[F_FIELD_UNREADABLE - FIRST] = {
		"field-unreadable", ERROR(LIKELY),
		.summary = "Part of a device cannot be told apart.",
		.message = "'{n}': what follows has no description",
		.help = "A list has an element where the writer described "
			"none, or an array another member. " HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = BODY "Failed to load element for {F}",
	},
	[F_SUBSECTION_UNKNOWN - FIRST] = {
		"subsection-unknown", ERROR(LIKELY),
		.summary = "A subsection that the reader does not know.",
		.message = "subsection '{n}' is not one of '{o}'",
		.help = "A destination that does not know a subsection refuses "
			"the whole stream. An older machine type, or the "
			"property the subsection hangs on, keeps it from "
			"being sent.",
		.qemu_old = "{X}",
		.qemu_new = BODY "VM subsection '{n}' in '{o}' does not exist",
	},
	[F_SUBSECTION_TOO_NEW - FIRST] = {
		"subsection-version", ERROR(LIKELY),
		.summary = "A subsection's version is not one the reader takes.",
		.message = "version {a} of subsection '{n}', the writer describes {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{n}: incoming version_id {a} is too new for local "
			    "version_id {b}",
		.qemu_new = BODY "{n}: incoming version_id {a} is too new for "
			    "local version_id {b}",
	},
	[F_SUBSECTION_TOO_OLD - FIRST] = {
		"subsection-version", ERROR(LIKELY),
		.summary = "A subsection's version is not one the reader takes.",
		.message = "version {a} of subsection '{n}', the writer describes {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{n}: incoming version_id {a} is too old for local "
			    "minimum version_id  {b}",
		.qemu_new = BODY "{n}: incoming version_id {a} is too old for "
			    "local minimum version_id {b}",
	},
	[F_SUBSECTION_MISSING - FIRST] = {
		"subsection-missing", WARNING,
		.summary = "A subsection that is described is not in the stream.",
		.message = "subsection '{n}' of '{o}' is described but was not sent",
		.help = "QEMU does not notice: the fields keep the values they "
			"have after reset.",
	},
	[F_SUBSECTION_REPEATED - FIRST] = {
		"subsection-repeated", WARNING,
		.summary = "A subsection is sent twice.",
		.message = "subsection '{n}' of '{o}' is sent again",
		.help = "QEMU loads it again. No QEMU writes it.",
	},
	[F_DEPTH - FIRST] = {
		"limit", ERROR(POSSIBLE),
		.summary = "A limit of migscope was reached.",
		.message = "objects nested more than {b} deep",
		.help = HELP_LIMIT,
	},
	[F_VIRTIO_QUEUES - FIRST] = {
		"virtio-queues", ERROR(CERTAIN),
		.summary = "More virtqueues than a device can have.",
		.message = "{a} virtqueues",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Invalid number of virtqueues: 0x{a:x}",
		.qemu_new = "Invalid number of virtqueues: 0x{a:x}",
	},
	[F_VIRTIO_QUEUE_SELECT - FIRST] = {
		"virtio-queue-select", ERROR(CERTAIN),
		.summary = "The selected virtqueue does not exist.",
		.message = "virtqueue {a} is selected",
		.expected = "below {b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = "{B:silent}",
	},
	[F_VIRTIO_INDEX - FIRST] = {
		"virtio-index", ERROR(CERTAIN),
		.summary = "A virtqueue without an address has been used.",
		.message = "virtqueue {a} has no address and index {b}",
		.help = HELP_DAMAGED,
		.qemu_old = "VQ {a} address 0x0 inconsistent with Host index 0x{b:x}",
		.qemu_new = "VQ {a} address 0x0 inconsistent with Host index 0x{b:x}",
	},
	[F_VIRTIO_CONFIG_LENGTH - FIRST] = {
		"virtio-config-length", ERROR(CERTAIN),
		.summary = "A virtio configuration is longer than what is left.",
		.message = "virtio configuration of {a} bytes, {b} are left",
		.help = "QEMU skips what it has no use for and may take very "
			"long to do so. " HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = "{B:silent}",
	},
	[F_VIRTIO_QUEUE_SIZE - FIRST] = {
		"virtio-queue-size", ERROR(LIKELY),
		.refused_from = RELEASE_11_0,
		.summary = "A virtqueue has a size that no device offers.",
		.message = "virtqueue {a} has {b} entries",
		.expected = "a power of two up to 1024", .actual = "{b}",
		.help = "Releases before 11.0 take any size and fail when the "
			"guest runs. " HELP_DAMAGED,
		.qemu_new = "VQ {a} vring.num {b} exceeds allocated max",
	},
	[F_VIRTIO_VECTOR - FIRST] = {
		"virtio-vector", ERROR(CERTAIN),
		.summary = "A virtqueue uses an MSI-X vector that is not there.",
		.message = "MSI-X vector {a} of {b}",
		.expected = "below {b}, or 65535 for none", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = "{B:silent}",
	},
	[F_VIRTIO_PORTS - FIRST] = {
		"virtio-ports", ERROR(CERTAIN),
		.summary = "The serial ports are not those of the reader.",
		.message = "the map of serial ports is 0x{a:x}, 0x{b:x} follow",
		.help = HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = "{B:silent}",
	},
};

const struct rule_group rules_device = RULE_GROUP(FIRST, rows);
