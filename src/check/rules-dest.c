/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/rules-dest.h"

#include "check/rules-text.h"

#define HELP_OLDER                                                             \
	"Save with a machine type that both QEMUs have, the older of theirs: " \
	"its compat properties keep newer state from being sent. Or load "     \
	"with a QEMU at least as new as the one that saved."

#define CONFIGURATION                                                          \
	EINVAL_ "post load hook failed for: configuration, version_id: 1, "    \
		"minimum_version: 0: "
#define HELP_CAPABILITY                                                        \
	"This setting must be the same on both sides. Set it at the "          \
	"destination with migrate-set-capabilities before migrate-incoming, "  \
	"or save again with the other setting."
#define HELP_RESET                                                             \
	"QEMU does not notice: that device of the destination keeps the "      \
	"state it has after reset. "
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
		.summary = "A RAM block that the destination does not have.",  \
		.message = "the destination has no RAM block '{n}'",           \
		.qemu_old =                                                    \
			"Unknown ramblock \"{n}\", cannot accept migration",   \
		.qemu_new =                                                    \
			"Unknown ramblock \"{n}\", cannot accept migration"

static const struct rule rules[FAULT_COUNT - F_DEST_FIRST] = {
	[F_DEST_SECTION_UNKNOWN - F_DEST_FIRST] = {
		"section-unknown", ERROR(CERTAIN),
		.summary = "A section that the destination has no device for.",
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
	[F_DEST_SECTION_TOO_NEW - F_DEST_FIRST] = {
		"section-version-too-new", ERROR(CERTAIN),
		.summary = "A section's version is above what the destination knows.",
		.message = "version {a:d} of '{n}', the destination knows {b}",
		.expected = "{b} or less", .actual = "{a:d}",
		.help = HELP_OLDER,
		.qemu_old = "savevm: unsupported version {a:d} for '{n}' v{b}",
		.qemu_new = EINVAL_ "unsupported version {a:d} for '{n}' v{b}",
	},
	[F_DEST_SECTION_TOO_OLD - F_DEST_FIRST] = {
		"section-version-too-old", ERROR(CERTAIN),
		.summary = "A section's version is below the destination's minimum.",
		.message = "version {a:d} of '{n}', the destination takes {b} and later",
		.expected = "{b} or more", .actual = "{a:d}",
		.help = "The destination's QEMU has dropped what it needs to "
			"read this. Go through a release between the two.",
		.qemu_old = "{n}: incoming version_id {a:d} is too old for local "
			    "minimum version_id  {b}",
		.qemu_new = BODY "{n}: incoming version_id {a:d} is too old for "
			    "local minimum version_id {b}",
	},
	[F_DEST_OBJECT_TOO_NEW - F_DEST_FIRST] = {
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
	[F_DEST_SUBSECTION_UNKNOWN - F_DEST_FIRST] = {
		"subsection-unknown", ERROR(CERTAIN),
		.summary = "A subsection that the destination does not know.",
		.message = "the destination's '{o}' has no subsection '{n}'",
		.help = HELP_OLDER " A property of the device may also keep "
			"the subsection from being sent.",
		.qemu_old = "{X}",
		.qemu_new = BODY "VM subsection '{n}' in '{o}' does not exist",
	},
	[F_DEST_SUBSECTION_TOO_NEW - F_DEST_FIRST] = {
		"subsection-version", ERROR(CERTAIN),
		.summary = "A subsection's version is not one the destination reads.",
		.message = "version {a} of subsection '{n}', the destination knows {b}",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_OLDER,
		.qemu_old = "{n}: incoming version_id {a} is too new for local "
			    "version_id {b}",
		.qemu_new = BODY "{n}: incoming version_id {a} is too new for "
			    "local version_id {b}",
	},
	[F_DEST_SUBSECTION_TOO_OLD - F_DEST_FIRST] = {
		"subsection-version", ERROR(CERTAIN),
		.summary = "A subsection's version is not one the destination reads.",
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
	[F_DEST_MUST_EXIST - F_DEST_FIRST] = {
		"must-exist", ERROR(LIKELY),
		.summary = "A condition that the destination insists on does not hold.",
		.message = "the destination insists on '{o}/{n}'",
		.help = "The device is set up differently, or its state is "
			"damaged.",
		.qemu_old = "Input validation failed: {o}/{n}",
		.qemu_new = BODY "Input validation failed: {o}/{n} version_id: {a}",
	},
	[F_DEST_EQUAL - F_DEST_FIRST] = {
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
	[F_DEST_QUEUE_SIZE - F_DEST_FIRST] = {
		"virtqueue-size", ERROR(CERTAIN),
		.summary = "A virtqueue is larger than the destination's.",
		.message = "virtqueue {a:top} has {a:low} entries, the "
			   "destination's has {b}",
		.expected = "{b} or less", .actual = "{a:low}",
		.help = "The destination's queue is smaller: set queue-size, "
			"rx_queue_size, tx_queue_size, virtqueue_size or "
			"num-queues there as at the source. QEMU 10.0.13 saves "
			"1024 for queues that no driver has set up, which only "
			"11.0 and later mind: start the driver, or go through "
			"another release.",
		.qemu_old = "VQ {a:top} vring.num {a:low} exceeds allocated "
			    "max {b}",
		.qemu_new = "VQ {a:top} vring.num {a:low} exceeds allocated "
			    "max {b}",
	},
	[F_DEST_FEATURES - F_DEST_FIRST] = {
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
	[F_DEST_PORTS - F_DEST_FIRST] = {
		"virtio-ports", ERROR(CERTAIN),
		.summary = "The serial ports are not those of the destination.",
		.message = "the map of serial ports is 0x{a:x}, the "
			   "destination's is 0x{b:x}",
		.expected = "{b:x}", .actual = "{a:x}",
		.help = "Give the destination the same virtserialport and "
			"virtconsole devices, with the same nr.",
		.qemu_old = "{X}", .qemu_new = "{B:silent}",
	},
	[F_DEST_HOOK - F_DEST_FIRST] = {
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
	[F_DEST_HOOK_SAYS - F_DEST_FIRST] = {
		"device-state", ERROR(CERTAIN),
		.summary = "Device code at the destination does not take this state.",
		.message = "the destination's '{n}' does not take this: {o}",
		.help = "No guest brings a device into such a state, or the "
			"destination's device or processor is set up "
			"differently.",
		.qemu_old = "{o}", .qemu_new = "{o}",
	},
	[F_DEST_HOOK_BEGINS - F_DEST_FIRST] = {
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
	[F_DEST_CRASH - F_DEST_FIRST] = {
		"destination-dies", ERROR(LIKELY),
		.summary = "The destination does not survive this state.",
		.message = "the destination's QEMU ends itself over the state "
			   "of '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "{o}", .qemu_new = "{o}",
	},
	[F_DEST_PCI_CONFIG - F_DEST_FIRST] = {
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
	[F_DEST_MISREAD - F_DEST_FIRST] = {
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
	[F_DEST_LOAD_ENDS - F_DEST_FIRST] = {
		"load-ends-early", WARNING,
		.summary = "The destination takes a zero byte for the end marker.",
		.message = "the destination reads the device before as ending here, "
			   "and this zero byte as the end of the stream",
		.help = "Nothing behind it is loaded: the guest starts with all "
			"those devices in their reset state. Streams of "
			"machine types up to 2.3 have no footers that would "
			"show it.",
	},
	/* configuration, footers */
	[F_DEST_CONFIG_MISSING - F_DEST_FIRST] = {
		"configuration-missing", ERROR(LIKELY),
		.summary = "There is no configuration section where one is due.",
		.message = "no configuration section, which the destination requires",
		.expected = "7", .actual = "{a}",
		.help = "Machine types up to 2.3 send none, newer ones require "
			"it: start the destination with the machine type of "
			"the source, or with migration.send-configuration=off "
			"as the source was.",
		.qemu_old = "Configuration section missing",
		.qemu_new = EINVAL_ "Configuration section missing, {a} != 7",
	},
	[F_DEST_CONFIG_UNWANTED - F_DEST_FIRST] = {
		"configuration-unwanted", ERROR(CERTAIN),
		.summary = "A configuration section that the destination does not read.",
		.message = "a configuration section, which the destination takes "
			   "for an unknown section",
		.expected = "a section", .actual = "{a}",
		.help = "Machine types up to 2.3 neither send nor read one: start "
			"the destination with the machine type of the source, "
			"and without migration.send-configuration=off.",
		.qemu_old = "Unknown savevm section type {a}",
		.qemu_new = EINVAL_ "Unknown section type {a}",
	},
	[F_DEST_MACHINE - F_DEST_FIRST] = {
		"machine-type", ERROR(CERTAIN),
		.summary = "The stream is of another machine type.",
		.message = "the stream is of machine type '{n}', the destination "
			   "runs '{o}'",
		.expected = "{o}", .actual = "{n}",
		.help = "Start the destination with -machine and the name in the "
			"stream. If its QEMU does not have that type, the guest "
			"has to be started with one that both have before it "
			"is saved.",
		.qemu_old = "Machine type received is '{n}' and local is '{o}'",
		.qemu_new = CONFIGURATION "Machine type received is '{n}' and "
			    "local is '{o}'",
	},
	[F_DEST_MACHINE_NONE - F_DEST_FIRST] = {
		"machine-type", ERROR(LIKELY),
		.summary = "The stream is of another machine type.",
		.message = "the destination's QEMU has no machine type '{n}'{hint}",
		.actual = "{n}",
		.help = "Old machine types are removed from new releases. Load "
			"the stream with a QEMU that has it; the guest has to "
			"be started with a type that both have to move on.",
		.qemu_old = "unsupported machine type: \"{n}\"",
		.qemu_new = "unsupported machine type: \"{n}\"",
	},
	[F_DEST_PAGE_BITS - F_DEST_FIRST] = {
		"page-bits", ERROR(CERTAIN),
		.summary = "The page size differs from the destination's.",
		.message = "target pages of 2^{a:d} bytes, the destination's have 2^{b}",
		.expected = "{b}", .actual = "{a:d}",
		.help = "Source and destination must use the same target page "
			"size, which the machine type and the processor decide.",
		.qemu_old = "Received TARGET_PAGE_BITS is {a:d} but local is {b}",
		.qemu_new = CONFIGURATION "Received TARGET_PAGE_BITS is {a:d} but "
			    "local is {b}",
	},
	[F_DEST_PAGE_BITS_MISSING - F_DEST_FIRST] = {
		"page-bits", ERROR(CERTAIN),
		.summary = "The page size differs from the destination's.",
		.message = "the page size is not sent, which stands for 2^{a}; the "
			   "destination's is 2^{b}",
		.expected = "{b}", .actual = "none",
		.help = "Source and destination must use the same target page "
			"size, which the machine type and the processor decide.",
		.qemu_old = "Received TARGET_PAGE_BITS is {a:d} but local is {b}",
		.qemu_new = CONFIGURATION "Received TARGET_PAGE_BITS is {a:d} but "
			    "local is {b}",
	},
	[F_DEST_CAPABILITY_UNKNOWN - F_DEST_FIRST] = {
		"capability-unknown", ERROR(CERTAIN),
		.summary = "A migration capability that the reader does not have.",
		.message = "the destination's QEMU has no capability '{n}'",
		.help = "Switch it off at the source, or load with a release that "
			"has it: background-snapshot came with 6.0, "
			"postcopy-preempt with 7.1, mapped-ram with 9.0; "
			"compress and block went with 9.1.",
		.qemu_old = "Received unknown capability {n}",
		.qemu_new = EINVAL_ "Loading VM subsection 'configuration/"
			    "capabilities' in 'configuration' failed: Received "
			    "unknown capability {n}",
	},
	[F_DEST_CAPABILITY_OFF - F_DEST_FIRST] = {
		"capability-off", ERROR(CERTAIN),
		.summary = "A migration capability is on at one side only.",
		.message = "capability '{n}' is on in the stream and off at the "
			   "destination",
		.expected = "off", .actual = "on",
		.help = HELP_CAPABILITY,
		.qemu_old = "Capability {n} is off, but received capability is on",
		.qemu_new = "Capability {n} is off, but received capability is on",
	},
	[F_DEST_CAPABILITY_ON - F_DEST_FIRST] = {
		"capability-off", ERROR(CERTAIN),
		.summary = "A migration capability is on at one side only.",
		.message = "capability '{n}' is off in the stream and on at the "
			   "destination",
		.expected = "on", .actual = "off",
		.help = HELP_CAPABILITY,
		.qemu_old = "Capability {n} is on, but received capability is off",
		.qemu_new = "Capability {n} is on, but received capability is off",
	},
	[F_DEST_UUID - F_DEST_FIRST] = {
		"uuid", ERROR(CERTAIN),
		.summary = "The guest's UUID differs from the destination's.",
		.message = "the stream is of guest {n}, the destination's is {o}",
		.expected = "{o}", .actual = "{n}",
		.help = "Give the destination the same -uuid. The source sends "
			"its own only with capability validate-uuid.",
		.qemu_old = "UUID received is {n} and local is {o}",
		.qemu_new = "UUID received is {n} and local is {o}",
	},
	[F_DEST_FOOTER_UNWANTED - F_DEST_FIRST] = {
		"footer-unwanted", ERROR(CERTAIN),
		.summary = "A section footer that the destination does not read.",
		.message = "a footer behind '{n}', which the destination takes for "
			   "an unknown section",
		.expected = "a section", .actual = "126",
		.help = "Machine types up to 2.3 neither send nor read footers: "
			"start the destination with the machine type of the "
			"source, and without migration.send-section-footer=off.",
		.qemu_old = "Unknown savevm section type 126",
		.qemu_new = EINVAL_ "Unknown section type 126",
	},
	[F_DEST_FOOTER_MISSING - F_DEST_FIRST] = {
		"footer-missing", ERROR(CERTAIN),
		.summary = "A section does not end where its content ends.",
		.message = "no footer behind '{n}', which the destination requires",
		.expected = "7e",
		.help = "The stream was written without footers: start the "
			"destination with the machine type of the source, or "
			"with migration.send-section-footer=off as the source "
			"was.",
		.qemu_old = "Missing section footer for {n}",
		.qemu_new = "Missing section footer for {n}",
	},
	[F_DEST_SWITCHOVER - F_DEST_FIRST] = {
		"command-switchover", ERROR(CERTAIN),
		.summary = "SWITCHOVER_START, which came with 10.0.",
		.message = "the destination does not know SWITCHOVER_START",
		.help = "Machine types up to 9.2 do not send it.",
		.qemu_old = "MIG_CMD 0xb unknown (len 0x{a:x})",
	},
	/* RAM */
	[F_DEST_RAM_BLOCK - F_DEST_FIRST] = {
		BLOCK_ROW,
		.help = "A block without a path belongs to the machine, its "
			"firmware or a memory backend: use the same machine "
			"type, the same devices, and the same ids of memory-"
			"backend objects. Those stand with their whole path, "
			"/objects/ID, from machine type 4.0 on.",
	},
	[F_DEST_RAM_BLOCK_DEVICE - F_DEST_FIRST] = {
		BLOCK_ROW,
		.help = "The path names the device that owns it: start the "
			"destination with that device at the same address "
			"(-device ...,addr=). An option ROM is there only if "
			"the device has one: compare romfile= and rombar=, and "
			"the machine type.",
	},
	[F_DEST_RAM_SIZE - F_DEST_FIRST] = {
		SIZE_ROW,
		.help = "Give the destination's device or machine the same sizes "
			"as the source's.",
	},
	[F_DEST_RAM_SIZE_MEMORY - F_DEST_FIRST] = {
		SIZE_ROW,
		.help = "Guest memory: give the destination the same -m, and the "
			"same size= of memory-backend objects and nodes.",
	},
	[F_DEST_RAM_SIZE_ROM - F_DEST_FIRST] = {
		SIZE_ROW,
		.help = "A firmware image or option ROM: its file has another "
			"size at the destination. Use the same firmware "
			"package, or the same file with -bios, -drive "
			"if=pflash or romfile=; romsize= (6.1 and newer) pads "
			"an option ROM to the source's size.",
	},
	[F_DEST_RAM_SIZE_VIDEO - F_DEST_FIRST] = {
		SIZE_ROW,
		.help = "Video memory: give the destination's display device the "
			"same vgamem_mb= (qxl: ram_size_mb=, vram_size_mb=; "
			"machine types have different defaults).",
	},
	[F_DEST_RAM_TOO_LARGE - F_DEST_FIRST] = {
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
	[F_DEST_RAM_ADDRESS - F_DEST_FIRST] = {
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
	[F_DEST_RAM_PAGE_BLOCK - F_DEST_FIRST] = {
		"ram-block-unknown", ERROR(CERTAIN),
		.summary = "A RAM block that the destination does not have.",
		.message = "page {a:x} of RAM block '{n}', which neither the list "
			   "nor the destination has",
		.help = HELP_DAMAGED,
		.qemu_old = "Can't find block {n}",
		.qemu_new = "Can't find block {n}",
	},
	[F_DEST_RAM_PAGE_BEYOND - F_DEST_FIRST] = {
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
	[F_DEST_RAM_FLUSH - F_DEST_FIRST] = {
		"ram-multifd-flush", ERROR(CERTAIN),
		.summary = "A MULTIFD_FLUSH record, which came with 8.1.",
		.message = "the destination does not know MULTIFD_FLUSH",
		.help = "Machine types up to 8.0 do not send it.",
		.qemu_old = "Unknown combination of migration flags: 0x200",
	},
	[F_DEST_RAM_ZERO_FILL - F_DEST_FIRST] = {
		"ram-zero-fill", ERROR(CERTAIN),
		.summary = "A zero page that is not filled with zeros.",
		.message = "zero page filled with {a}",
		.expected = "0", .actual = "{a}",
		.help = "Up to 8.1 a page may be filled with any byte.",
		.qemu_old = "Found a zero page with value {a}",
	},
	[F_DEST_RAM_COMPRESSED - F_DEST_FIRST] = {
		"ram-compressed", ERROR(CERTAIN),
		.summary = "A compressed page, which 9.1 removed.",
		.message = "compressed page: 9.1 and newer do not read it",
		.help = "Load it with 9.0 or older, or use multifd compression.",
		.qemu_old = "Unknown combination of migration flags: 0x100",
	},
	[F_DEST_RAM_COMPRESS_OFF - F_DEST_FIRST] = {
		"ram-compressed", ERROR(POSSIBLE),
		.summary = "A compressed page, which 9.1 removed.",
		.message = "compressed pages: capability 'compress' must be on at "
			   "the destination",
		.help = "Set it with migrate-set-capabilities before "
			"migrate-incoming. Whether it is on, no stream shows.",
		.qemu_old = "Received an unexpected compressed page",
	},
	/* what the stream lacks */
	[F_DEST_UNSENT - F_DEST_FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream brings nothing for '{n}' instance {a} of the "
			   "destination",
		.help = HELP_RESET "The guest, which has not seen a reset, may "
			"find it missing, stuck or without its data. Leave the "
			"device out at the destination, or plug it in "
			"afterwards.",
	},
	[F_DEST_UNSENT_RAM - F_DEST_FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream brings no guest memory",
		.help = "QEMU does not notice: the guest goes on with empty "
			"memory and crashes at once, unless memory is shared "
			"with the source.",
	},
	[F_DEST_UNSENT_CPU - F_DEST_FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream brings nothing for processor {a} of the "
			   "destination ('{n}')",
		.help = "QEMU does not notice: that processor starts at its reset "
			"vector while the others go on, and the guest crashes "
			"or waits for it forever. Give the destination as many "
			"processors (-smp) as the source had.",
	},
	[F_DEST_UNSENT_TIMER - F_DEST_FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream does not bring the guest's clocks ('{n}')",
		.help = "QEMU does not notice: the guest's clocks start from zero "
			"and jump back, its timers fire late or never.",
	},
	[F_DEST_UNSENT_STATE - F_DEST_FIRST] = {
		"section-unsent", WARNING,
		.summary = "A device of the destination gets no state.",
		.message = "the stream does not say whether the guest ran ('{n}')",
		.help = "QEMU does not notice: the guest comes up paused. Start "
			"it with cont.",
	},
	[F_DEST_UNSENT_BLOCK - F_DEST_FIRST] = {
		"ram-block-unsent", WARNING,
		.summary = "A RAM block of the destination gets no pages.",
		.message = "the list leaves out RAM block '{n}' (0x{a:x} bytes) of "
			   "the destination",
		.help = "QEMU does not notice: the block keeps what is in it "
			"after start, zeros or a ROM's image. If the guest "
			"uses it, it has lost that memory.",
	},
	[F_DEST_UNSENT_SUBSECTION - F_DEST_FIRST] = {
		"subsection-unsent", WARNING,
		.summary = "A part of a device's state is not in the stream.",
		.message = "the destination always sends subsection '{n}' of '{o}', "
			   "the stream has none",
		.help = HELP_RESET "An older source does not know that part.",
	},
	[F_DEST_UNSENT_OPTIONAL - F_DEST_FIRST] = {
		"subsection-unsent", NOTE,
		.summary = "A part of a device's state is not in the stream.",
		.message = "the destination's own stream has subsection '{n}' of "
			   "'{o}', this one has not",
		.help = "Such a part is sent when the guest or a property of the "
			"device calls for it; without it the destination "
			"assumes that it is not needed.",
	},
};

const struct rule *rule_of_dest(enum fault_code code)
{
	return &rules[code - F_DEST_FIRST];
}
