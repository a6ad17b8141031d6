/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A load into a destination: its devices and their state. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_DEST_SECTION_UNKNOWN

#define HELP_OLDER                                                             \
	"Save with a machine type that both QEMUs have, the older of theirs: " \
	"its compat properties keep newer state from being sent. Or load "     \
	"with a QEMU at least as new as the one that saved."

static const struct rule rows[] = {
	[F_DEST_SECTION_UNKNOWN - FIRST] = {
		"section-unknown", ERROR(CERTAIN),
		.summary = "A section that the reader has no device for.",
		.message = "the destination has no '{n}' instance {a}",
		.help = "Start the destination with the same devices, at the "
			"same addresses, as the source; a device that was hot-"
			"plugged must be on its command line. A device that "
			"its QEMU does not have cannot be migrated to it.",
		.qemu_old = "Unknown savevm section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
		.qemu_new = EINVAL_ "Unknown section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
	},
	[F_DEST_SECTION_TOO_NEW - FIRST] = {
		"section-version-too-new", ERROR(CERTAIN),
		.summary = "A section's version is above what the reader knows.",
		.message = "version {a:d} of '{n}', the destination knows {b}",
		.expected = "{b} or less", .actual = "{a:d}",
		.help = HELP_OLDER,
		.qemu_old = "savevm: unsupported version {a:d} for '{n}' v{b}",
		.qemu_new = EINVAL_ "unsupported version {a:d} for '{n}' v{b}",
	},
	[F_DEST_SECTION_TOO_OLD - FIRST] = {
		"section-version-too-old", ERROR(CERTAIN),
		.summary = "A section's version is below what the reader loads.",
		.message = "version {a:d} of '{n}', the destination takes {b} and later",
		.expected = "{b} or more", .actual = "{a:d}",
		.help = "The destination's QEMU has dropped what it needs to "
			"read this. Go through a release between the two.",
		.qemu_old = "{n}: incoming version_id {a:d} is too old for local "
			    "minimum version_id  {b}",
		.qemu_new = BODY "{n}: incoming version_id {a:d} is too old for "
			    "local minimum version_id {b}",
	},
	[F_DEST_OBJECT_TOO_NEW - FIRST] = {
		"object-version-too-new", ERROR(CERTAIN),
		.summary = "An object's version is above what the destination knows.",
		.message = "version {a:d} of '{n}', the destination knows {b}",
		.expected = "{b} or less", .actual = "{a:d}",
		.help = HELP_OLDER,
		.qemu_old = "{n}: incoming version_id {a:d} is too new for local "
			    "version_id {b}",
		.qemu_new = BODY "{n}: incoming version_id {a:d} is too new for "
			    "local version_id {b}",
	},
	[F_DEST_SUBSECTION_UNKNOWN - FIRST] = {
		"subsection-unknown", ERROR(CERTAIN),
		.summary = "A subsection that the reader does not know.",
		.message = "the destination's '{o}' has no subsection '{n}'",
		.help = HELP_OLDER " A property of the device may also keep "
			"the subsection from being sent.",
		.qemu_old = "{X}",
		.qemu_new = BODY "VM subsection '{n}' in '{o}' does not exist",
	},
	[F_DEST_SUBSECTION_TOO_NEW - FIRST] = {
		"subsection-version", ERROR(CERTAIN),
		.summary = "A subsection's version is not one the reader takes.",
		.message = "version {a} of subsection '{n}', the destination knows {b}",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_OLDER,
		.qemu_old = "{n}: incoming version_id {a} is too new for local "
			    "version_id {b}",
		.qemu_new = BODY "{n}: incoming version_id {a} is too new for "
			    "local version_id {b}",
	},
	[F_DEST_SUBSECTION_TOO_OLD - FIRST] = {
		"subsection-version", ERROR(CERTAIN),
		.summary = "A subsection's version is not one the reader takes.",
		.message = "version {a} of subsection '{n}', the destination takes "
			   "{b} and later",
		.expected = "{b} or more", .actual = "{a}",
		.help = "The destination's QEMU has dropped what it needs to "
			"read this. Go through a release between the two.",
		.qemu_old = "{n}: incoming version_id {a} is too old for local "
			    "minimum version_id  {b}",
		.qemu_new = BODY "{n}: incoming version_id {a} is too old for "
			    "local minimum version_id {b}",
	},
	[F_DEST_MUST_EXIST - FIRST] = {
		"must-exist", ERROR(LIKELY),
		.summary = "A condition that the destination insists on does not hold.",
		.message = "the destination insists on '{o}/{n}'",
		.help = "The device is set up differently, or its state is "
			"damaged.",
		.qemu_old = "Input validation failed: {o}/{n}",
		.qemu_new = BODY "Input validation failed: {o}/{n} version_id: {a}",
	},
	[F_DEST_EQUAL - FIRST] = {
		"field-not-equal", ERROR(CERTAIN),
		.summary = "A value that must equal the destination's own does not.",
		.message = "'{n}' is {a:x}, the destination's is {b:x}",
		.expected = "{b:x}", .actual = "{a:x}",
		.help = "Such a value follows from how the device is set up: "
			"give the destination's device the same properties "
			"(number of queues, ports or vectors, sizes).",
		.qemu_old = "{b:x} != {a:x}",
		.qemu_new = BODY "{b:x} != {a:x}",
	},
	[F_DEST_QUEUE_SIZE - FIRST] = {
		"virtqueue-size", ERROR(CERTAIN),
		.summary = "A virtqueue is larger than the destination's.",
		.message = "virtqueue {a:top} has {a:low} entries, the "
			   "destination's has {b}",
		.expected = "{b} or less", .actual = "{a:low}",
		.help = "The destination's queue is smaller: set queue-size, "
			"rx_queue_size, tx_queue_size, virtqueue_size or "
			"num-queues there as at the source. QEMU 10.0.13 gives "
			"its queues 1024 entries whatever their size, which "
			"only 11.0 and later mind (known-virtqueue-1024).",
		.qemu_old = "VQ {a:top} vring.num {a:low} exceeds allocated "
			    "max {b}",
		.qemu_new = "VQ {a:top} vring.num {a:low} exceeds allocated "
			    "max {b}",
	},
	[F_DEST_FEATURES - FIRST] = {
		"virtio-features", ERROR(LIKELY),
		.summary = "The guest uses virtio features that the destination does not offer.",
		.message = "the guest uses features 0x{a:x}, which the "
			   "destination's device does not offer",
		.expected = "some of 0x{b:x}", .actual = "0x{a:x} more",
		.help = "Give the destination's device the same properties "
			"(disable-modern, packed, iommu_platform, mq, and those "
			"of its kind) and its back end the same abilities, or "
			"use a machine type that both have: it sets them.",
		.qemu_old = "{o}", .qemu_new = "{o}",
	},
	[F_DEST_PORTS - FIRST] = {
		"virtio-ports", ERROR(CERTAIN),
		.summary = "The serial ports are not those of the reader.",
		.message = "the map of serial ports is 0x{a:x}, the "
			   "destination's is 0x{b:x}",
		.expected = "{b:x}", .actual = "{a:x}",
		.help = "Give the destination the same virtserialport and "
			"virtconsole devices, with the same nr.",
		.qemu_old = "{X}", .qemu_new = "{B:silent}",
	},
	[F_DEST_HOOK - FIRST] = {
		"device-state", ERROR(CERTAIN),
		.summary = "Device code at the destination does not take this state.",
		.message = "the destination's '{n}' does not take these values",
		.help = "No guest brings a device into such a state, or the "
			"destination's device or processor is set up "
			"differently.",
		.qemu_old = "{X}",
		.qemu_new = BODY "post load hook failed for: {n}, version_id: "
			    "{a}, minimum_version: {b:top}, ret: {b:lo}",
	},
	[F_DEST_HOOK_SAYS - FIRST] = {
		"device-state", ERROR(CERTAIN),
		.summary = "Device code at the destination does not take this state.",
		.message = "the destination's '{n}' does not take this: {o}",
		.help = "No guest brings a device into such a state, or the "
			"destination's device or processor is set up "
			"differently.",
		.qemu_old = "{o}", .qemu_new = "{o}",
	},
	[F_DEST_HOOK_BEGINS - FIRST] = {
		"device-state", ERROR(CERTAIN),
		.summary = "Device code at the destination does not take this state.",
		.message = "the destination's '{n}' does not take these values",
		.help = "The destination's device is set up differently: "
			"subsys and subsys_ven must be those of the source.",
		.qemu_old = "{o}{X}",
		.qemu_new = "{o}" BODY "post load hook failed for: {n}, "
			    "version_id: {a}, minimum_version: {b:top}, "
			    "ret: {b:lo}",
	},
	[F_DEST_CRASH - FIRST] = {
		"destination-dies", ERROR(LIKELY),
		.summary = "The destination does not survive this state.",
		.message = "the destination's QEMU ends itself over the state "
			   "of '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "{o}", .qemu_new = "{o}",
	},
	[F_DEST_PCI_CONFIG - FIRST] = {
		"pci-config", ERROR(CERTAIN),
		.summary = "A PCI register that no guest can change differs.",
		.message = "PCI register {pci:at} is {pci:read}, the "
			   "destination's is {pci:own}{hint}",
		.expected = "{pci:own}", .actual = "{pci:read}",
		.help = "The device of the destination is another one, or set "
			"up differently: compare the properties named, and the "
			"machine type, whose compat properties set them too.",
		.qemu_old = "{pci}", .qemu_new = "{pci}",
	},
	[F_DEST_LOAD_ENDS - FIRST] = {
		"load-ends-early", WARNING,
		.summary = "The destination takes a zero byte for the end marker.",
		.message = "the destination reads the device before as ending here, "
			   "and this zero byte as the end of the stream",
		.help = "Nothing behind it is loaded: the guest starts with all "
			"those devices in their reset state. Streams of "
			"machine types up to 2.3 have no footers that would "
			"show it.",
	},
	[F_DEST_MISREAD - FIRST] = {
		"section-misread", ERROR(CERTAIN),
		.summary = "The destination reads a section otherwise than it was "
			   "written.",
		.message = "no footer where the destination ends '{n}'{hint}",
		.expected = "7e", .actual = "{a:x}",
		.help = "From there on each field gets bytes of another. The "
			"device has other fields or more elements at the "
			"destination: another machine type, property or "
			"release, or a count that was damaged. " HELP_OLDER,
		.qemu_old = "Missing section footer for {n}",
		.qemu_new = "Missing section footer for {n}",
	},
};

const struct rule_group rules_dest_device = RULE_GROUP(FIRST, rows);
