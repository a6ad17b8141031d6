/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/rules.h"

#include "check/rules-compat.h"
#include "check/rules-dest.h"
#include "check/rules-text.h"

static const struct rule rules[F_DEST_FIRST] = {
	[F_MAGIC] = {
		"not-a-stream", ERROR(CERTAIN),
		.summary = "The first four bytes are not QEMU's magic.",
		.message = "not a migration stream",
		.expected = "5145564d (QEVM)", .actual = "{a:x}",
		.help = "If the stream starts further in, give --offset.",
		.qemu_old = "Not a migration stream",
		.qemu_new = EINVAL_ "Not a migration stream, magic: {a:x} != 5145564d",
	},
	[F_FILE_VERSION] = {
		"file-version", ERROR(CERTAIN),
		.summary = "The stream's format version is not 3.",
		.message = "unsupported format version {a}",
		.expected = "3", .actual = "{a}",
		.help = "Version 2 was last written by QEMU 0.x; no current "
			"release reads it.",
		.qemu_old = "Unsupported migration stream version",
		.qemu_new = "{L}Operation not supported: Unsupported migration "
			    "stream version, file version {a:x} != 3",
	},
	[F_FILE_VERSION_2] = {
		"file-version", ERROR(CERTAIN),
		.summary = "The stream's format version is not 3.",
		.message = "format version 2 is obsolete",
		.expected = "3", .actual = "2",
		.help = "Version 2 was last written by QEMU 0.x; no current "
			"release reads it.",
		.qemu_old = "SaveVM v2 format is obsolete and don't work anymore",
		.qemu_new = "{L}Operation not supported: SaveVM v2 format is "
			    "obsolete and no longer supported",
	},
	[F_TRUNCATED] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: {n} needs {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "{E}", .qemu_new = "{E:new}",
	},
	[F_NO_EOF] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: a section or the end marker should follow",
		.expected = "a section or 00", .actual = "end of input",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "load of migration failed: Input/output error",
		.qemu_new = "{L}Input/output error: Failed to load section ID: "
			    "stream error: -5: Channel error: Input/output error",
	},
	[F_GAP] = {
		"unclaimed-bytes", WARNING,
		.summary = "Bytes that no record explains.",
		.message = "{len} bytes are not accounted for",
		.help = "They follow damage that is reported before them: the "
			"walk went on at the next place that made sense.",
	},
	[F_SECTION_TYPE] = {
		"section-type", ERROR(CERTAIN),
		.summary = "A byte where a section should start is no section type.",
		.message = "unknown section type {a}",
		.expected = "0 to 4, or 8", .actual = "{a}",
		.help = "5 is a subsection that no device took, 7 a second "
			"configuration, 126 a footer that was not expected. "
			"Most often the device before it is longer or shorter "
			"than it should be.",
		.qemu_old = "Unknown savevm section type {a}",
		.qemu_new = EINVAL_ "Unknown section type {a}",
	},
	[F_DATA_AFTER_EOF] = {
		"sections-after-end", WARNING,
		.summary = "Sections follow the end marker.",
		.message = "the end marker is followed by {len} bytes that "
			   "look like more sections; QEMU does not read them",
		.help = "QEMU stops at the marker and starts the guest without "
			"the devices behind it. In a stream without footers a "
			"device that was read wrongly can end in a zero byte "
			"that passes for the marker.",
	},
	[F_TRAILING_ZEROS] = {
		"trailing-zeros", NOTE,
		.summary = "Zeros follow the stream.",
		.message = "{len} zero bytes follow the stream",
		.help = "Padding of a volume or file system. " HELP_ACCEPTED,
	},
	[F_TRAILING_DATA] = {
		"trailing-data", WARNING,
		.summary = "Other data follows the stream.",
		.message = "{len} bytes that are not zero follow the stream",
		.help = "Old content of a volume, usually. QEMU does not look "
			"at it; a tool that searches from the end may.",
	},
	[F_LEADING_DATA] = {
		"leading-zeros", NOTE,
		.summary = "The stream does not start at the first byte.",
		.message = "the stream starts at offset {a:x}, behind zeros",
		.help = "Written with file:PATH,offset=N. To load it, give "
			"QEMU the same offset.",
	},
	[F_COMPRESSED_TAIL] = {
		"trailing-data", WARNING,
		.summary = "Other data follows the stream.",
		.message = "other data follow the end of the {n} data",
		.help = "Old content of a volume, usually. Decompressors warn "
			"of it and go on; libvirt may call it an error.",
	},
	[F_LIBVIRT_INCOMPLETE] = {
		"libvirt-incomplete", WARNING,
		.summary = "libvirt never finished this save image.",
		.message = "the save image was never finished",
		.expected = "LibvirtQemudSave", .actual = "LibvirtQemudPart",
		.help = "libvirt writes the magic number last; it refuses to "
			"restore such an image. The stream in it may be whole "
			"all the same: see the other findings.",
	},
	[F_LIBVIRT_HEADER] = {
		"libvirt-header", WARNING,
		.summary = "The header of a libvirt save image is damaged.",
		.message = "{n}",
		.help = "libvirt will not read the XML or the cookie as they "
			"were written. The stream is not affected.",
	},
	[F_LIBVIRT_FORMAT] = {
		"libvirt-format", WARNING,
		.summary = "A libvirt save image is not in its recorded format.",
		.message = "the stream is stored otherwise than the header says",
		.expected = "{o} (format {a})", .actual = "{n}",
		.help = "libvirt goes by the header and will fail to restore "
			"it. Here the stream is read as it is.",
	},
	[F_SNAPSHOT_TAKEN] = {
		"snapshot-taken", NOTE,
		.summary = "The only snapshot with VM state was taken.",
		.message = "snapshot '{n}' was taken: of {a} it is the only one "
			   "with VM state",
		.help = "--snapshot names one.",
	},
	[F_SNAPSHOT_SIZE] = {
		"snapshot-size", NOTE,
		.summary = "A snapshot's VM state has another size than recorded.",
		.message = "the VM state of snapshot '{n}' takes {b} bytes, {a} "
			   "are recorded",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "QEMU 10.2 and newer record too little when they save "
			"with mapped-ram; the clusters of the image count. "
			HELP_ACCEPTED,
	},
	[F_CONFIG_MISSING] = {
		"configuration-missing", ERROR(LIKELY),
		.summary = "There is no configuration section where one is due.",
		.message = "no configuration section",
		.expected = "7", .actual = "{a}",
		.help = "Machine types from 2.4 on send one and require it. " HELP_DAMAGED,
		.qemu_old = "Configuration section missing",
		.qemu_new = EINVAL_ "Configuration section missing, {a:x} != 7",
	},
	[F_CONFIG_LENGTH] = {
		"configuration-length", ERROR(CERTAIN),
		.summary = "The machine name is longer than what is left.",
		.message = "machine name of {a} bytes, {b} are left",
		.help = "QEMU allocates this length and may crash. " HELP_DAMAGED,
		.qemu_old = "Failed to load configuration:name",
		.qemu_new = EINVAL_ "Failed to load configuration "
			    "state: stream error: -5",
	},
	[F_CONFIG_NAME] = {
		"machine-name", ERROR(LIKELY),
		.summary = "The machine name is damaged.",
		.message = "machine name '{n}' is longer than the writer's '{o}'",
		.expected = "{o}", .actual = "{n}",
		.help = "QEMU compares over the length it received. " HELP_DAMAGED,
		.qemu_old = "Machine type received is '{n}' and local is '{o}'",
		.qemu_new = EINVAL_ "post load hook failed for: configuration, "
			    "version_id: 1, minimum_version: 0: Machine type "
			    "received is '{n}' and local is '{o}'",
	},
	[F_CONFIG_FAMILY] = {
		"machine-name", ERROR(LIKELY),
		.summary = "The machine name is damaged.",
		.message = "no machine is called '{n}'; '{o}' is meant",
		.expected = "{o}", .actual = "{n}",
		.help = "One byte of the name is another one. " HELP_DAMAGED,
		.qemu_old = "Machine type received is '{n}' and local is '{o}'",
		.qemu_new = EINVAL_ "post load hook failed for: configuration, "
			    "version_id: 1, minimum_version: 0: Machine type "
			    "received is '{n}' and local is '{o}'",
	},
	[F_CONFIG_SUBSECTION] = {
		"configuration-subsection", ERROR(CERTAIN),
		.summary = "An unknown subsection of the configuration.",
		.message = "unknown configuration subsection '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "load of migration failed: No such file or directory",
		.qemu_new = "{L}Invalid argument: VM subsection '{n}' in "
			    "'configuration' does not exist",
	},
	[F_CONFIG_PAGE_BITS] = {
		"page-bits", ERROR(LIKELY),
		.summary = "The page size differs from the writer's own.",
		.message = "target page of 2^{a} bytes, the description says 2^{b}",
		.expected = "{b}", .actual = "{a}",
		.help = "Source and destination must use the same target page "
			"size, which the machine type decides.",
		.qemu_old = "Received TARGET_PAGE_BITS is {a:d} but local is {b}",
		.qemu_new = EINVAL_ "post load hook failed for: configuration, "
			    "version_id: 1, minimum_version: 0: Received "
			    "TARGET_PAGE_BITS is {a:d} but local is {b}",
	},
	[F_CONFIG_PAGE_BITS_MISSING] = {
		"page-bits", ERROR(LIKELY),
		.summary = "The page size differs from the writer's own.",
		.message = "the page size is not sent whole; the reader assumes "
			   "its smallest, 2^10",
		.expected = "{b}", .actual = "none",
		.help = HELP_DAMAGED,
		.qemu_old = "Received TARGET_PAGE_BITS is 10 but local is {b}",
		.qemu_new = EINVAL_ "post load hook failed for: configuration, "
			    "version_id: 1, minimum_version: 0: Received "
			    "TARGET_PAGE_BITS is 10 but local is {b}",
	},
	[F_CONFIG_CAPABILITY] = {
		"capability", NOTE,
		.summary = "A migration capability that the reader must have on.",
		.message = "capability '{n}' must be on at the destination",
		.help = "Set it with migrate-set-capabilities before "
			"migrate-incoming.",
	},
	[F_CONFIG_CAPABILITY_NEW] = {
		"capability-unknown", ERROR(CERTAIN),
		.refused_until = RELEASE_7_2, .quiet = true,
		.summary = "A capability that the writer's release does not have.",
		.message = "capability '{n}' is not known to the writer's release",
		.help = HELP_DAMAGED,
		.qemu_old = "Received unknown capability {n}",
	},
	[F_CONFIG_CAPABILITY_UNKNOWN] = {
		"capability-unknown", ERROR(CERTAIN),
		.summary = "A capability that the writer's release does not have.",
		.message = "no release knows a capability '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "Received unknown capability {n}",
		.qemu_new = EINVAL_ "Loading VM subsection 'configuration/"
			    "capabilities' in 'configuration' failed: Received "
			    "unknown capability {n}",
	},
	[F_CONFIG_CAPABILITY_OFF] = {
		"capability-off", ERROR(LIKELY),
		.summary = "A capability is announced that the writer did not use.",
		.message = "capability '{n}' is announced, but the stream was "
			   "written without it",
		.help = HELP_DAMAGED,
		.qemu_old = "Capability {n} is off, but received capability is on",
		.qemu_new = "Capability {n} is off, but received capability is on",
	},
	[F_SECTION_NAME] = {
		"section-name", ERROR(CERTAIN),
		.summary = "A section's name is empty or cut off.",
		.message = "section {b} has no whole name",
		.expected = "1 to 255 bytes", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unable to read ID string for section {b}",
		.qemu_new = EINVAL_ "Unable to read ID string for section {b}",
	},
	[F_SECTION_UNKNOWN] = {
		"section-unknown", ERROR(LIKELY),
		.summary = "A section that the writer's description does not list.",
		.message = "section '{n}' instance {a} is not in the stream's own "
			   "description",
		.help = "The destination has no such device unless it was "
			"started with one. Every device section of a QEMU is "
			"described; this one was changed or added.",
		.qemu_old = "Unknown savevm section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
		.qemu_new = EINVAL_ "Unknown section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
	},
	[F_SECTION_WILDCARD] = {
		"section-wildcard", WARNING,
		.summary = "Instance 0xffffffff stands for any instance.",
		.message = "instance 0xffffffff of '{n}' matches whichever "
			   "device has no alias",
		.help = "QEMU takes it for devices without a legacy instance "
			"id. No QEMU writes it.",
	},
	[F_SECTION_WILDCARD_RTC] = {
		"section-wildcard", ERROR(LIKELY),
		.refused_until = RELEASE_10_2,
		.summary = "Instance 0xffffffff stands for any instance.",
		.message = "instance 0xffffffff of '{n}', which had a legacy "
			   "id up to 10.2",
		.help = "QEMU takes it for devices without a legacy instance "
			"id. No QEMU writes it.",
		.qemu_old = "Unknown savevm section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
		.qemu_new = EINVAL_ "Unknown section or instance '{n}' {a}. Make "
			    "sure that your current VM setup matches your saved "
			    "VM setup, including any hotplugged devices",
	},
	[F_SECTION_START_FULL] = {
		"section-start", WARNING,
		.summary = "A device section is marked as the start of a live one.",
		.message = "device '{n}' is sent as START instead of FULL",
		.help = "The loader treats both alike. No QEMU writes it.",
	},
	[F_SECTION_TOO_NEW] = {
		"section-version-too-new", ERROR(LIKELY),
		.summary = "A section's version is above what the reader knows.",
		.message = "version {a:d} of '{n}', {b} is known",
		.expected = "{b} or less", .actual = "{a:d}",
		.help = "An older machine type keeps the source from sending "
			"newer state. Within one release this is damage.",
		.qemu_old = "savevm: unsupported version {a:d} for '{n}' v{b}",
		.qemu_new = EINVAL_ "unsupported version {a:d} for '{n}' v{b}",
	},
	[F_SECTION_TOO_OLD] = {
		"section-version-too-old", ERROR(LIKELY),
		.summary = "A section's version is below the one it was written by.",
		.message = "version {a:d} of '{n}', the writer describes {b}",
		.expected = "{b}", .actual = "{a:d}",
		.help = "The loader refuses versions below its minimum and "
			"skips fields above the version, so what follows is "
			"misread. " HELP_DAMAGED,
		.qemu_old = "{n}: incoming version_id {a:d} is too old for local "
			    "minimum version_id  {b}",
		.qemu_new = BODY "{n}: incoming version_id {a:d} is too old for "
			    "local minimum version_id {b}",
	},
	[F_SECTION_GUESSED] = {
		"section-undescribed", WARNING,
		.summary = "A device section that no description covers.",
		.message = "'{n}' has no description: {len} bytes up to where "
			   "the next section seems to start were not checked",
		.help = "Postcopy streams, machine types up to 2.2 and "
			"suppress-vmdesc=on carry no description.",
	},
	[F_SCHEMA_NONE] = {
		"schema-misfit", WARNING,
		.summary = "A section that the schema does not explain.",
		.message = "no description of '{n}' in the schema fits the section",
		.help = "The schema is of another release or target than the "
			"writer, or the section is damaged. It was not "
			"checked.",
	},
	[F_SCHEMA_LIMIT] = {
		"schema-misfit", WARNING,
		.summary = "A section that the schema does not explain.",
		.message = "'{n}' can be read in too many ways by the schema",
		.help = HELP_LIMIT,
	},
	[F_SCHEMA_AMBIGUOUS] = {
		"schema-ambiguous", WARNING,
		.summary = "A section can be read in more than one way.",
		.message = "'{n}' fits the schema in more than one way; they "
			   "differ in '{o}'",
		.help = "What is shown is one of them: the stream does not "
			"say which conditional fields were sent.",
	},
	[F_SECTION_ID_UNKNOWN] = {
		"section-id-unknown", ERROR(CERTAIN),
		.summary = "A part of a section that was never started.",
		.message = "section id {a} was never started",
		.help = HELP_DAMAGED,
		.qemu_old = "Unknown savevm section {a}",
		.qemu_new = EINVAL_ "Unknown section {a}",
	},
	[F_SECTION_ID_REUSED] = {
		"section-id-reused", WARNING,
		.summary = "Two sections share an id.",
		.message = "'{n}' uses section id {a} of '{o}'",
		.help = "The loader does not check it; later parts may go to "
			"the wrong device. No QEMU writes it.",
	},
	[F_SECTION_REPEATED] = {
		"section-repeated", WARNING,
		.summary = "A device is sent more often than described.",
		.message = "'{n}' instance {a} is sent again; the last one wins",
		.help = "The loader does not check it. No QEMU writes it.",
	},
	[F_SECTION_MISSING] = {
		"section-missing", WARNING,
		.summary = "A device that is described is not in the stream.",
		.message = "'{n}' instance {a} is described but was not sent",
		.help = "QEMU does not notice: the device keeps the state it "
			"has after reset, and the guest may hang or lose data.",
	},
	[F_SECTION_NOT_ENDED] = {
		"section-not-ended", WARNING,
		.summary = "A live section has a START and no END.",
		.message = "'{n}' (id {a}) was started and never ended",
		.help = "QEMU does not notice. Background snapshots have no "
			"END for ram; otherwise the last pages are missing.",
	},
	[F_FOOTER_MISSING] = {
		"footer-missing", ERROR(CERTAIN),
		.summary = "A section does not end where its content ends.",
		.message = "no footer behind '{n}'{delta}{hint}",
		.expected = "7e", .actual = "{a:x}",
		.help = "The section holds more or less data than its "
			"description says, or a subsection that nobody takes. "
			"Its last fields were read from the wrong bytes.",
		.qemu_old = "Missing section footer for {n}",
		.qemu_new = "Missing section footer for {n}",
	},
	[F_FOOTER_ID] = {
		"footer-id", ERROR(CERTAIN),
		.summary = "A footer names another section.",
		.message = "footer of '{n}' names section {a}, it is {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Mismatched section id in footer for {n} - read "
			    "0x{a:x} expected 0x{b:x}",
		.qemu_new = "Mismatched section id in footer for {n} - read "
			    "0x{a:x} expected 0x{b:x}",
	},
	[F_FOOTER_CUT] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: the footer of '{n}' should follow",
		.expected = "5 bytes", .actual = "{len} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "check_section_footer: Read section footer failed: -5",
		.qemu_new = "check_section_footer: Read section footer failed: -5",
	},
	[F_FOOTER_CUT_ID] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short in the footer of '{n}'",
		.expected = "5 bytes", .actual = "{len} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "Mismatched section id in footer for {n} - read "
			    "0x{a:x} expected 0x{b:x}",
		.qemu_new = "Mismatched section id in footer for {n} - read "
			    "0x{a:x} expected 0x{b:x}",
	},
	[F_FOOTER_CUT_ZEROS] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short in the footer of '{n}'",
		.expected = "5 bytes", .actual = "{len} bytes",
		.help = "The file was not written to its end: a full disk, a "
			"killed QEMU, a broken copy. Save again.",
		.qemu_old = "load of migration failed: Input/output error",
		.qemu_new = "{L}Input/output error: Failed to load section ID: "
			    "stream error: -5: Channel error: Input/output error",
	},
	[F_COMMAND_UNKNOWN] = {
		"command-unknown", ERROR(CERTAIN),
		.summary = "A command number that no release knows.",
		.message = "unknown command {a}",
		.help = HELP_DAMAGED,
		.qemu_old = "MIG_CMD 0x{a:x} unknown (len 0x{b:x})",
		.qemu_new = EINVAL_ "MIG_CMD 0x{a:x} unknown (len 0x{b:x})",
	},
	[F_COMMAND_LENGTH] = {
		"command-length", ERROR(CERTAIN),
		.summary = "A command's length is not the one it has.",
		.message = "{n} has {b} bytes of data instead of {a}",
		.expected = "{a}", .actual = "{b}",
		.help = HELP_DAMAGED,
		.qemu_old = "{o} received with bad length - expecting {a}, got {b}",
		.qemu_new = "{L}Numerical result out of range: {o} received with "
			    "bad length - expecting {a}, got {b}",
	},
	[F_COMMAND_NO_RETURN_PATH] = {
		"command-ping", ERROR(CERTAIN),
		.summary = "A PING without a return path.",
		.message = "PING {a} and no return path was opened",
		.help = HELP_DAMAGED,
		.qemu_old = "CMD_PING (0x{a:x}) received with no return path",
		.qemu_new = EPERM_ "CMD_PING (0x{a:x}) received with no return path",
	},
	[F_COMMAND_RETURN_PATH_TWICE] = {
		"command-return-path", NOTE,
		.summary = "The return path is opened twice.",
		.message = "the return path is opened a second time",
		.help = "QEMU prints a message and goes on.",
	},
	[F_COMMAND_ADVISE] = {
		"command-advise", ERROR(LIKELY),
		.summary = "POSTCOPY_ADVISE does not fit.",
		.message = "POSTCOPY_ADVISE has {a} bytes of data",
		.expected = "0 or 16", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "CMD_POSTCOPY_ADVISE invalid length ({a})",
		.qemu_new = EINVAL_ "CMD_POSTCOPY_ADVISE invalid length ({a})",
	},
	[F_COMMAND_ADVISE_ALONE] = {
		"command-advise", ERROR(LIKELY),
		.summary = "POSTCOPY_ADVISE does not fit.",
		.message = "POSTCOPY_ADVISE in a stream that was not made for postcopy",
		.help = "A source sends it first of all, with a return path, "
			"and the destination needs postcopy-ram. " HELP_DAMAGED,
		.qemu_old = "RAM postcopy is disabled but have 16 byte advise",
		.qemu_new = EINVAL_ "RAM postcopy is disabled but have 16 byte advise",
	},
	[F_COMMAND_ADVISE_PAGE] = {
		"command-advise", ERROR(LIKELY),
		.summary = "POSTCOPY_ADVISE does not fit.",
		.message = "POSTCOPY_ADVISE: target pages of {a} bytes",
		.expected = "{b}", .actual = "{a}",
		.help = "Target page sizes must be equal on both sides.",
		.qemu_old = "Postcopy needs matching target page sizes (s={a} d={b})",
		.qemu_new = EPERM_ "Postcopy needs matching target page sizes (s={a} d={b})",
	},
	[F_COMMAND_STATE] = {
		"command-state", ERROR(LIKELY),
		.summary = "A postcopy command out of order.",
		.message = "{n} in postcopy state {a}",
		.help = "The order is ADVISE, DISCARD, LISTEN, RUN. " HELP_DAMAGED,
		.qemu_old = "{n} in wrong postcopy state ({a})",
		.qemu_new = EPERM_ "{n} in wrong postcopy state ({a})",
	},
	[F_COMMAND_DISCARD] = {
		"command-discard", ERROR(LIKELY),
		.summary = "POSTCOPY_RAM_DISCARD is malformed.",
		.message = "POSTCOPY_RAM_DISCARD: {n} ({a})",
		.help = HELP_DAMAGED,
		.qemu_old = "CMD_POSTCOPY_RAM_DISCARD {n} ({a})",
		.qemu_new = EPERM_ "CMD_POSTCOPY_RAM_DISCARD {n} ({a})",
	},
	[F_COMMAND_DISCARD_BLOCK] = {
		"command-block", ERROR(CERTAIN),
		.summary = "A command names a RAM block that does not exist.",
		.message = "no RAM block '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "ram_discard_range: Failed to find block '{n}'",
		.qemu_new = "ram_discard_range: Failed to find block '{n}'",
	},
	[F_COMMAND_COLO] = {
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
	[F_COMMAND_SWITCHOVER] = {
		"command-switchover", ERROR(CERTAIN),
		.refused_until = RELEASE_7_2, .quiet = true,
		.summary = "SWITCHOVER_START, which came with 10.0.",
		.message = "SWITCHOVER_START is not known to the writer's release",
		.help = "Machine types up to 9.2 do not send it.",
		.qemu_old = "MIG_CMD 0xb unknown (len 0x{a:x})",
		.qemu_new = NULL,
	},
	[F_COMMAND_RESUME] = {
		"command-resume", NOTE,
		.summary = "POSTCOPY_RESUME outside of a recovery.",
		.message = "POSTCOPY_RESUME where nothing is to be resumed",
		.help = "QEMU prints a message and goes on.",
	},
	[F_COMMAND_RECV_BITMAP] = {
		"command-recv-bitmap", ERROR(CERTAIN),
		.summary = "RECV_BITMAP is malformed.",
		.message = "RECV_BITMAP: length {a} does not fit its name",
		.help = HELP_DAMAGED,
		.qemu_old = "loadvm_handle_recv_bitmap: invalid payload length ({a})",
		.qemu_new = EINVAL_ "invalid payload length ({a})",
	},
	[F_COMMAND_BITMAP_BLOCK] = {
		"command-block", ERROR(CERTAIN),
		.summary = "A command names a RAM block that does not exist.",
		.message = "no RAM block '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "loadvm_handle_recv_bitmap: block '{n}' not found",
		.qemu_new = EINVAL_ "block '{n}' not found",
	},
	[F_POSTCOPY_PAUSED] = {
		"postcopy-paused", NOTE,
		.summary = "A connection broke off in postcopy and was resumed.",
		.message = "the connection broke off here; the migration was "
			   "resumed on a further one",
		.help = "QEMU pauses, and goes on when a new connection is "
			"there (migrate-recover, migrate -r). What was cut off "
			"is sent again on that one.",
	},
	[F_PACKAGE_DEPTH] = {
		"limit", ERROR(POSSIBLE),
		.summary = "A limit of migscope was reached.",
		.message = "packages nested {a} deep",
		.help = HELP_LIMIT,
	},
	[F_PACKAGE_CUT] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: a package of {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = HELP_DAMAGED,
		.qemu_old = "CMD_PACKAGED: Buffer receive fail ret={b} length={a}",
		.qemu_new = "{L}Resource temporarily unavailable: CMD_PACKAGED: "
			    "Buffer receive fail ret={b} length={a}",
	},
	[F_RAM_VERSION] = {
		"ram-version", ERROR(CERTAIN),
		.summary = "The ram section's version is not 4.",
		.message = "ram version {a}",
		.expected = "4", .actual = "{a}",
		.help = "No release since 0.x writes another version.",
		.qemu_old = "{D:line}",
		.qemu_new = "{L}Invalid argument: {D}Failed to load vmstate "
			    "version_id: {a}, ret: -22",
	},
	[F_RAM_CUT] = {
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
	[F_RAM_FLAGS] = {
		"ram-flags", ERROR(CERTAIN),
		.summary = "A RAM record has flags that no record has.",
		.message = "RAM record with flags 0x{a:x}",
		.help = "The record before it ended elsewhere, or the word is "
			"damaged.",
		.qemu_old = "Unknown combination of migration flags: 0x{a:x}",
		.qemu_new = "Unknown combination of migration flags: 0x{a:x}",
	},
	[F_RAM_HOOK] = {
		"ram-hook", ERROR(LIKELY), .refused_until = RELEASE_7_2,
		.summary = "A HOOK record, which only RDMA uses.",
		.message = "HOOK record outside of RDMA",
		.help = "Up to 9.x refused, ignored since.",
		.qemu_old = "{D:line}",
	},
	[F_RAM_FLUSH] = {
		"ram-multifd-flush", ERROR(LIKELY), .refused_until = RELEASE_5_2,
		.quiet = true,
		.summary = "A MULTIFD_FLUSH record, which came with 8.1.",
		.message = "MULTIFD_FLUSH is not known to the writer's release",
		.help = "Machine types up to 8.0 do not send it.",
		.qemu_old = "Unknown combination of migration flags: 0x{a:x}",
	},
	[F_RAM_COMPRESSED] = {
		"ram-compressed", ERROR(LIKELY), .refused_from = RELEASE_10_0,
		.quiet = true,
		.summary = "A compressed page, which 9.1 removed.",
		.message = "compressed page: 9.1 and newer do not read it",
		.help = "Load it with 9.0 or older, or use multifd compression.",
		.qemu_old = "Unknown combination of migration flags: 0x{a:x}",
		.qemu_new = "Unknown combination of migration flags: 0x{a:x}",
	},
	[F_RAM_CONTINUE] = {
		"ram-continue", ERROR(CERTAIN),
		.summary = "A page goes on in a block that none named.",
		.message = "page {a:x} of \"the same block\" before any was named",
		.help = HELP_DAMAGED,
		.qemu_old = "Ack, bad migration stream!",
		.qemu_new = "Ack, bad migration stream!",
	},
	[F_RAM_BLOCK_UNKNOWN] = {
		"ram-block-unknown", ERROR(CERTAIN),
		.summary = "A page of a RAM block that is not in the list.",
		.message = "page {a:x} of RAM block '{n}', which is not listed",
		.help = HELP_DAMAGED,
		.qemu_old = "Can't find block {n}",
		.qemu_new = "Can't find block {n}",
	},
	[F_RAM_BLOCK_UNLISTED] = {
		"ram-block-unlisted", WARNING,
		.summary = "Pages of a RAM block that is not in the list.",
		.message = "pages of RAM block '{n}', which is not listed",
		.help = "QEMU looks for the block among its own and takes the "
			"pages if it has one of that name; its length was "
			"not compared. No QEMU writes it.",
	},
	[F_RAM_BLOCK_PAGELESS] = {
		"ram-block-unknown", ERROR(LIKELY), .early = true,
		.summary = "A page of a RAM block that is not in the list.",
		.message = "RAM block '{n}' is listed and has no pages, while "
			   "pages of a block that is not listed came",
		.help = "The name in the list is damaged. " HELP_DAMAGED,
		.qemu_old = "Unknown ramblock \"{n}\", cannot accept migration",
		.qemu_new = "Unknown ramblock \"{n}\", cannot accept migration",
	},
	[F_RAM_OFFSET] = {
		"ram-page-beyond", ERROR(CERTAIN),
		.summary = "A page lies behind the end of its block.",
		.message = "page {a:x} of '{n}', which has {b:x} bytes",
		.expected = "below {b:x}", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Illegal RAM offset {a:x}",
		.qemu_new = "Illegal RAM offset {a:x}",
	},
	[F_RAM_BLOCK_TWICE] = {
		"ram-block-twice", WARNING,
		.summary = "A RAM block is listed twice.",
		.message = "RAM block '{n}' is listed twice",
		.help = "QEMU takes both entries. No QEMU writes it.",
	},
	[F_RAM_BLOCK_RESIZED] = {
		"ram-block-resized", ERROR(LIKELY),
		.summary = "Two block lists disagree.",
		.message = "RAM block '{n}' has {a:x} bytes, {b:x} before",
		.expected = "{b:x}", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Size mismatch: {n}: 0x{a:pages} != 0x{b:x}: Invalid argument",
		.qemu_new = "Size mismatch: {n}: 0x{a:pages} != 0x{b:x}: Invalid argument",
	},
	[F_RAM_LIST_REPEATED] = {
		"ram-list-repeated", WARNING,
		.summary = "The block list is sent twice.",
		.message = "the block list is sent again",
		.help = "QEMU takes it. No QEMU writes it.",
	},
	[F_RAM_LIST_NAME] = {
		"ram-total", ERROR(CERTAIN),
		.summary = "RAM blocks do not add up to the total.",
		.message = "a RAM block without a name: the blocks before it "
			   "do not add up to the total",
		.help = HELP_DAMAGED,
		.qemu_old = "Unknown ramblock \"\", cannot accept migration",
		.qemu_new = "Unknown ramblock \"\", cannot accept migration",
	},
	[F_RAM_LIST_CUT] = {
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
	[F_RAM_TOO_LARGE] = {
		"ram-total", ERROR(LIKELY),
		.summary = "RAM blocks do not add up to the total.",
		.message = "RAM block '{n}' of 0x{a:x} bytes, it has at most 0x{b:x}",
		.expected = "{b:x} or less", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Size too large: {n}: 0x{a:pages} > 0x{b:x}: Invalid argument",
		.qemu_new = "Size too large: {n}: 0x{a:pages} > 0x{b:x}: Invalid argument",
	},
	[F_RAM_LENGTH] = {
		"ram-total", ERROR(LIKELY), .early = true,
		.summary = "RAM blocks do not add up to the total.",
		.message = "RAM block '{n}' of 0x{a:x} bytes: the total asks for 0x{b:x}",
		.expected = "{b:x}", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Size mismatch: {n}: 0x{a:pages} != 0x{b:x}: Invalid argument",
		.qemu_new = "Size mismatch: {n}: 0x{a:pages} != 0x{b:x}: Invalid argument",
	},
	[F_RAM_TOTAL] = {
		"ram-total", ERROR(CERTAIN),
		.summary = "RAM blocks do not add up to the total.",
		.message = "RAM blocks of {b:x} bytes so far exceed the total of {a:x}",
		.expected = "{a:x}", .actual = "{b:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unknown ramblock \"{n}\", cannot accept migration",
		.qemu_new = "Unknown ramblock \"{n}\", cannot accept migration",
	},
	[F_RAM_ZERO_FILL] = {
		"ram-zero-fill", ERROR(LIKELY), .refused_from = RELEASE_10_0,
		.summary = "A zero page that is not filled with zeros.",
		.message = "zero page filled with {a}",
		.expected = "0", .actual = "{a}",
		.help = "Up to 9.1 a page may be filled with any byte.",
		.qemu_old = "Found a zero page with value {a}",
		.qemu_new = "Found a zero page with value {a}",
	},
	[F_RAM_XBZRLE] = {
		"ram-xbzrle", ERROR(CERTAIN),
		.summary = "A delta-coded page cannot be decoded.",
		.message = "XBZRLE page {a:x}: {n}",
		.help = HELP_DAMAGED,
		.qemu_old = "Failed to load XBZRLE page - {n}!",
		.qemu_new = "Failed to load XBZRLE page - {n}!",
	},
	[F_RAM_COMPRESS_LENGTH] = {
		"ram-compress-length", ERROR(CERTAIN),
		.summary = "A compressed page is longer than one can be.",
		.message = "compressed page of {a} bytes, {b} are possible",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Invalid compressed data length: {a}",
		.qemu_new = "Invalid compressed data length: {a}",
	},
	[F_RAM_COMPRESS_ALONE] = {
		"ram-compress-length", ERROR(CERTAIN),
		.summary = "A compressed page is longer than one can be.",
		.message = "compressed page of {a} bytes, {b} are possible",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Received an unexpected compressed page",
		.qemu_new = "Received an unexpected compressed page",
	},
	[F_RAM_INFLATE] = {
		"ram-inflate", ERROR(CERTAIN),
		.summary = "A compressed page does not decompress.",
		.message = "compressed page {a:x}: not a zlib stream of one "
			   "page",
		.help = HELP_DAMAGED,
		.qemu_old = "decompress data failed",
		.qemu_new = "decompress data failed",
	},
	[F_RAM_MAPPED_VERSION] = {
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
	[F_RAM_MAPPED_PAGE_SIZE] = {
		"ram-mapped-header", ERROR(CERTAIN),
		.summary = "A mapped-ram header does not fit the file.",
		.message = "mapped-ram header with pages of {a} bytes",
		.expected = "{b}", .actual = "{a}",
		.help = "Releases before 11.0 crash on some sizes. " HELP_DAMAGED,
		.qemu_new = "Migration mapped-ram header has invalid page_size "
			    "{a} (expected {b})",
	},
	[F_RAM_MAPPED_ALIGN] = {
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
	[F_RAM_MAPPED_PLACE] = {
		"limit", ERROR(POSSIBLE),
		.summary = "A limit of migscope was reached.",
		.message = "mapped-ram: the {n} stands before what should be in "
			   "front of it",
		.help = "QEMU seeks and may read it; a stream that is read "
			"forward cannot be. No QEMU writes it.",
	},
	[F_RAM_MAPPED_RELATIVE] = {
		"ram-mapped-relative", NOTE,
		.summary = "mapped-ram offsets count from the stream's start.",
		.message = "mapped-ram offsets count from {a:x}, where the stream starts",
		.help = "QEMU counts from the start of the file: cut the "
			"stream out (dd skip=) before loading it, or the "
			"other way round.",
	},
	[F_RAM_MAPPED_CUT_OUT] = {
		"ram-mapped-cut-out", WARNING,
		.summary = "A mapped-ram stream was cut out of its file.",
		.message = "mapped-ram offsets count from {a} bytes before the "
			   "stream: it was cut out of its file",
		.help = "QEMU counts from the start of the file: put the "
			"stream back behind that many bytes before loading "
			"it with file:PATH,offset=N.",
	},
	[F_RAM_MAPPED_FLAGS] = {
		"ram-mapped-flags", ERROR(CERTAIN),
		.summary = "A page record in a mapped-ram stream.",
		.message = "RAM record with flags 0x{a:x} although mapped-ram is on",
		.help = HELP_DAMAGED,
		.qemu_old = "Unexpected RAM flags: {a}",
		.qemu_new = "Unexpected RAM flags: {a}",
	},
	[F_FIELD_TRUNCATED] = {
		"truncated", ERROR(CERTAIN),
		.summary = "The stream ends inside something.",
		.message = "cut short: field '{n}' needs {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The file was not written to its end, or a length or "
			"count before this field is damaged.",
		.qemu_old = "{X}",
		.qemu_new = BODY "{Y}stream error: -5",
	},
	[F_FIELD_BOOL] = {
		"field-bool", NOTE,
		.summary = "A bool that is neither 0 nor 1.",
		.message = "bool '{n}' is {a}",
		.expected = "0 or 1", .actual = "{a}",
		.help = "QEMU takes any value but 0 for true. No QEMU writes it.",
	},
	[F_FIELD_IRQ] = {
		"pci-irq-state", ERROR(CERTAIN),
		.summary = "A PCI interrupt line is neither 0 nor 1.",
		.message = "interrupt line {b} is {a:d}",
		.expected = "0 or 1", .actual = "{a:d}",
		.help = HELP_DAMAGED,
		.qemu_old = "irq state {a:d}: must be 0 or 1.",
		.qemu_new = "irq state {a:d}: must be 0 or 1.",
	},
	[F_FIELD_LE] = {
		"field-bound", ERROR(CERTAIN),
		.summary = "A number is negative, or above its bound.",
		.message = "'{n}' is {a:d}",
		.expected = "0 to {b}", .actual = "{a:d}",
		.help = HELP_DAMAGED,
		.qemu_old = "Invalid value {a:d} expecting positive value <= {b}",
		.qemu_new = BODY "Invalid value {a:d} expecting positive value <= {b}",
	},
	[F_FIELD_NULL] = {
		"null-marker", ERROR(CERTAIN),
		.summary = "A NULL pointer's mark is another byte.",
		.message = "'{n}': mark of an absent element is {a:x}",
		.expected = "30", .actual = "{a:x}",
		.help = "The array has other members at the destination, or "
			"what stands before it is longer or shorter.",
		.qemu_old = "vmstate: get_nullptr expected VMS_NULLPTR_MARKER",
		.qemu_new = BODY "Unexpected ptr marker: {a}",
	},
	[F_FIELD_TREE] = {
		"tree-count", ERROR(CERTAIN),
		.summary = "A tree has another number of elements than it says.",
		.message = "'{n}' has {a} elements and announces {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{n} inconsistent stream when loading the gtree",
		.qemu_new = BODY "{n} inconsistent stream when loading the gtree",
	},
	[F_FIELD_UNREADABLE] = {
		"field-unreadable", ERROR(LIKELY),
		.summary = "Part of a device cannot be told apart.",
		.message = "'{n}': what follows has no description",
		.help = "A list has an element where the writer described "
			"none, or an array another member. " HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = BODY "Failed to load element for {F}",
	},
	[F_FIELD_UNDESCRIBED] = {
		"field-undescribed", NOTE,
		.summary = "Part of a device is not described.",
		.message = "'{n}': {len} bytes have no description",
		.help = "Releases up to 9.1 describe an array of pointers by "
			"its first element only, and an empty queue not at all.",
	},
	[F_SUBSECTION_UNKNOWN] = {
		"subsection-unknown", ERROR(LIKELY),
		.summary = "A subsection that the writer's description does not list.",
		.message = "subsection '{n}' is not one of '{o}'",
		.help = "A destination that does not know a subsection refuses "
			"the whole stream. An older machine type, or the "
			"property the subsection hangs on, keeps it from "
			"being sent.",
		.qemu_old = "{X}",
		.qemu_new = BODY "VM subsection '{n}' in '{o}' does not exist",
	},
	[F_SUBSECTION_TOO_NEW] = {
		"subsection-version", ERROR(LIKELY),
		.summary = "A subsection's version differs from the writer's.",
		.message = "version {a} of subsection '{n}', the writer describes {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{n}: incoming version_id {a} is too new for local "
			    "version_id {b}",
		.qemu_new = BODY "{n}: incoming version_id {a} is too new for "
			    "local version_id {b}",
	},
	[F_SUBSECTION_TOO_OLD] = {
		"subsection-version", ERROR(LIKELY),
		.summary = "A subsection's version differs from the writer's.",
		.message = "version {a} of subsection '{n}', the writer describes {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{n}: incoming version_id {a} is too old for local "
			    "minimum version_id  {b}",
		.qemu_new = BODY "{n}: incoming version_id {a} is too old for "
			    "local minimum version_id {b}",
	},
	[F_SUBSECTION_MISSING] = {
		"subsection-missing", WARNING,
		.summary = "A subsection that is described is not in the stream.",
		.message = "subsection '{n}' of '{o}' is described but was not sent",
		.help = "QEMU does not notice: the fields keep the values they "
			"have after reset.",
	},
	[F_SUBSECTION_REPEATED] = {
		"subsection-repeated", WARNING,
		.summary = "A subsection is sent twice.",
		.message = "subsection '{n}' of '{o}' is sent again",
		.help = "QEMU loads it again. No QEMU writes it.",
	},
	[F_DEPTH] = {
		"limit", ERROR(POSSIBLE),
		.summary = "A limit of migscope was reached.",
		.message = "objects nested more than {b} deep",
		.help = HELP_LIMIT,
	},
	[F_VIRTIO_QUEUES] = {
		"virtio-queues", ERROR(CERTAIN),
		.summary = "More virtqueues than a device can have.",
		.message = "{a} virtqueues",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "Invalid number of virtqueues: 0x{a:x}",
		.qemu_new = "Invalid number of virtqueues: 0x{a:x}",
	},
	[F_VIRTIO_QUEUE_SELECT] = {
		"virtio-queue-select", ERROR(CERTAIN),
		.summary = "The selected virtqueue does not exist.",
		.message = "virtqueue {a} is selected",
		.expected = "below {b}", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = "{B:silent}",
	},
	[F_VIRTIO_INDEX] = {
		"virtio-index", ERROR(CERTAIN),
		.summary = "A virtqueue without an address has been used.",
		.message = "virtqueue {a} has no address and index {b}",
		.help = HELP_DAMAGED,
		.qemu_old = "VQ {a} address 0x0 inconsistent with Host index 0x{b:x}",
		.qemu_new = "VQ {a} address 0x0 inconsistent with Host index 0x{b:x}",
	},
	[F_VIRTIO_CONFIG_LENGTH] = {
		"virtio-config-length", ERROR(CERTAIN),
		.summary = "A virtio configuration is longer than what is left.",
		.message = "virtio configuration of {a} bytes, {b} are left",
		.help = "QEMU skips what it has no use for and may take very "
			"long to do so. " HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = "{B:silent}",
	},
	[F_VIRTIO_QUEUE_SIZE] = {
		"virtio-queue-size", ERROR(LIKELY),
		.refused_from = RELEASE_11_0,
		.summary = "A virtqueue has a size that no device offers.",
		.message = "virtqueue {a} has {b} entries",
		.expected = "a power of two up to 1024", .actual = "{b}",
		.help = "Releases before 11.0 take any size and fail when the "
			"guest runs. " HELP_DAMAGED,
		.qemu_new = "VQ {a} vring.num {b} exceeds allocated max",
	},
	[F_VIRTIO_VECTOR] = {
		"virtio-vector", ERROR(CERTAIN),
		.summary = "A virtqueue uses an MSI-X vector that is not there.",
		.message = "MSI-X vector {a} of {b}",
		.expected = "below {b}, or 65535 for none", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = "{B:silent}",
	},
	[F_VIRTIO_PORTS] = {
		"virtio-ports", ERROR(CERTAIN),
		.summary = "The serial ports are not those of the port map.",
		.message = "the map of serial ports is 0x{a:x}, 0x{b:x} follow",
		.help = HELP_DAMAGED,
		.qemu_old = "{X}",
		.qemu_new = "{B:silent}",
	},
	[F_BLOCK_FLAGS] = {
		"block-flags", ERROR(CERTAIN),
		.summary = "A block record has unknown flags.",
		.message = "block record with flags 0x{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unknown block migration flags: 0x{a:x}",
		.qemu_new = "Unknown block migration flags: 0x{a:x}",
	},
	[F_BITMAP_FLAGS] = {
		"dirty-bitmap-flags", WARNING,
		.summary = "A dirty-bitmap record says nothing.",
		.message = "dirty-bitmap record with flags 0x{a:x}",
		.help = "QEMU passes over it. No QEMU writes it.",
	},
	[F_HTAB_INDEX] = {
		"htab-index", ERROR(CERTAIN),
		.summary = "A hash-table chunk lies outside the table.",
		.message = "hash-table chunk at index {a} is outside the table",
		.help = HELP_DAMAGED,
		.qemu_old = "htab_load() bad index {a:d} ({b:hi}+{b:lo} entries) "
			    "in htab stream (htab_shift={b:top})",
		.qemu_new = "htab_load() bad index {a:d} ({b:hi}+{b:lo} entries) "
			    "in htab stream (htab_shift={b:top})",
	},
	[F_HTAB_SHIFT] = {
		"htab-shift", ERROR(LIKELY),
		.summary = "The hash table's size is impossible.",
		.message = "hash table of 2^{a} bytes",
		.help = HELP_DAMAGED,
	},
	[F_SKEYS_FLAGS] = {
		"s390-skeys-flags", ERROR(CERTAIN),
		.summary = "A storage-key record has unknown flags.",
		.message = "storage-key record with flags 0x{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unexpected storage key flag data: {a:#x}",
		.qemu_new = "Unexpected storage key flag data: {a:#x}",
	},
	[F_SKEYS_CUT] = {
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
	[F_STATTR_FLAGS] = {
		"s390-stattrib-flags", ERROR(CERTAIN),
		.summary = "A storage-attribute record has unknown flags.",
		.message = "storage-attribute record with flags 0x{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "Unexpected storage attribute flag data: {a:#x}",
		.qemu_new = "Unexpected storage attribute flag data: {a:#x}",
	},
	[F_STATTR_CUT] = {
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
	[F_VFIO_TAG] = {
		"vfio-tag", ERROR(CERTAIN),
		.summary = "A VFIO record has an unknown tag.",
		.message = "VFIO tag {a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "{S}: Unknown tag 0x{a:x}",
		.qemu_new = "{S}: Unknown tag 0x{a:x}",
	},
	[F_RUNSTATE] = {
		"runstate", ERROR(CERTAIN),
		.summary = "The run state is not one QEMU has.",
		.message = "unknown run state '{n}'",
		.help = HELP_DAMAGED,
		.qemu_old = "invalid parameter value: {n}",
		.qemu_new = "invalid parameter value: {n}",
	},
	[F_DESC_TYPE] = {
		"description-type", WARNING,
		.summary = "Another byte stands where the description should start.",
		.message = "expected the description, found type {a}",
		.expected = "6", .actual = "{a}",
		.help = "QEMU prints a message and goes on.",
	},
	[F_DESC_LENGTH] = {
		"description-length", WARNING,
		.summary = "The description's length is wrong.",
		.message = "description of {a} bytes, {b} are there",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_ACCEPTED,
	},
	[F_DESC_JSON] = {
		"description-json", WARNING,
		.summary = "The description is damaged.",
		.message = "the description cannot be read: {n}",
		.help = "QEMU never reads it, but then nobody can tell the "
			"devices apart: those behind the damage are not checked.",
	},
	[F_DESC_SIZE] = {
		"description-size", WARNING,
		.summary = "The description contradicts itself.",
		.message = "'{n}' is described with {a} bytes, a {o} has {b}",
		.expected = "{b}", .actual = "{a}",
		.help = "The description is damaged, not the device; QEMU "
			"never reads it.",
	},
	[F_DESC_MISSING] = {
		"description-missing", NOTE,
		.summary = "The stream carries no description.",
		.message = "no description behind the end marker",
		.help = "QEMU does not need it. Machine types up to 2.2 and "
			"suppress-vmdesc=on do not send it.",
	},
	[F_PAGE_SIZE_DIFFERS] = {
		"description-page-size", WARNING,
		.summary = "The description names another page size.",
		.message = "the description says pages of {a} bytes, the stream {b}",
		.expected = "{b}", .actual = "{a}",
		.help = HELP_ACCEPTED,
	},
	[F_CHANNEL_MAGIC] = {
		"channel-magic", ERROR(CERTAIN),
		.summary = "A channel recording has a wrong magic.",
		.message = "multifd packet with magic {a:x}",
		.expected = "11223344", .actual = "{a:x}",
		.help = HELP_DAMAGED,
		.qemu_old = "multifd: received packet magic {a:x} expected 11223344",
		.qemu_new = "multifd: received packet magic {a:x} expected 11223344",
	},
	[F_CHANNEL_VERSION] = {
		"channel-version", ERROR(CERTAIN),
		.summary = "A channel recording has an unknown version.",
		.message = "multifd packet of version {a}",
		.expected = "1", .actual = "{a}",
		.help = HELP_DAMAGED,
		.qemu_old = "multifd: received packet version {a} expected 1",
		.qemu_new = "multifd: received packet version {a} expected 1",
	},
	[F_CHANNEL_PACKET] = {
		"channel-packet", ERROR(CERTAIN),
		.summary = "A multifd packet does not fit.",
		.message = "multifd packet: {n} {a}, at most {b}",
		.help = HELP_DAMAGED,
	},
	[F_CHANNEL_UNPACK] = {
		"channel-unpack", ERROR(CERTAIN),
		.summary = "The pages of a multifd packet do not decompress.",
		.message = "multifd payload, {n}: {o}",
		.help = HELP_DAMAGED,
	},
	[F_RP_TYPE] = {
		"return-path-type", ERROR(CERTAIN),
		.summary = "A message of the return path is of no known type.",
		.message = "message of type {a}, which there is none of",
		.expected = "1 to 7", .actual = "{a}",
		.help = "The source ends the migration there, or pauses it in "
			"postcopy. 7 is SWITCHOVER_ACK, of 8.1 and newer. "
			"Is this the recording of a return path?",
	},
	[F_RP_LENGTH] = {
		"return-path-length", ERROR(CERTAIN),
		.summary = "A message of the return path has a wrong length.",
		.message = "{o} with a length of {b}",
		.expected = "{a}", .actual = "{b}",
		.help = "The source takes no other length, and nothing above "
			"512, and ends the migration or pauses it.",
	},
	[F_RP_CUT] = {
		"return-path-cut", ERROR(CERTAIN),
		.summary = "The recording ends inside a message.",
		.message = "cut short: {o} needs {a} bytes, {b} are left",
		.expected = "{a} bytes", .actual = "{b} bytes",
		.help = "The recording was not written to its end, or the "
			"connection broke off. Where the migration was "
			"resumed, give the recording of the next connection's "
			"return path as well.",
	},
	[F_RP_SHUT] = {
		"return-path-shut", ERROR(CERTAIN),
		.summary = "The destination says that it failed.",
		.message = "SHUT with the value {a:d}: the destination failed",
		.expected = "0", .actual = "{a:d}",
		.help = "What went wrong is in the log of the destination; its "
			"first line is what \"check --dest\" predicts.",
	},
	[F_RP_RESUME] = {
		"return-path-resume", ERROR(CERTAIN),
		.summary = "RESUME_ACK does not carry 1.",
		.message = "RESUME_ACK with the value {a}",
		.expected = "1", .actual = "{a}",
		.help = "The source does not resume then: the migration stays "
			"paused.",
	},
	[F_RP_NO_BLOCK] = {
		"request-block", ERROR(CERTAIN),
		.summary = "Pages are asked for of a block that is not known.",
		.message = "pages from 0x{a:x} on are asked for before any "
			   "block was named",
		.help = "REQ_PAGES means the block that the last REQ_PAGES_ID "
			"named. The source ends the connection.",
	},
	[F_RP_BLOCK] = {
		"request-block", ERROR(CERTAIN),
		.summary = "Pages are asked for of a block that is not known.",
		.message = "{o}: no RAM block of the stream is called '{n}'",
		.help = "Source and destination do not have the same RAM "
			"blocks, or this is the return path of another "
			"migration.",
	},
	[F_RP_ALIGN] = {
		"request-range", ERROR(CERTAIN),
		.summary = "Pages are asked for that cannot be sent.",
		.message = "request for {b} bytes at 0x{a:x} of {n}: no whole pages",
		.help = "The source wants whole pages of its host, and ends "
			"the connection.",
	},
	[F_RP_BEYOND] = {
		"request-range", ERROR(CERTAIN),
		.summary = "Pages are asked for that cannot be sent.",
		.message = "request at 0x{a:x} of {n} goes beyond its end at "
			   "0x{b:x}",
		.help = "The source ends the connection. A block is larger at "
			"the destination, or this is the return path of "
			"another migration.",
	},
	[F_RP_BITMAP_SIZE] = {
		"received-bitmap", ERROR(CERTAIN),
		.summary = "A bitmap of received pages is malformed.",
		.message = "the bitmap of {n} takes {a} bytes",
		.expected = "{b} bytes", .actual = "{a} bytes",
		.help = "One bit for each target page of the block, in whole 8 "
			"bytes. The source does not resume with another one.",
	},
	[F_RP_BITMAP_END] = {
		"received-bitmap", ERROR(CERTAIN),
		.summary = "A bitmap of received pages is malformed.",
		.message = "the bitmap of {n} has no end mark",
		.expected = "123456789abcdef", .actual = "{a:x}",
		.help = "The source does not resume with it: bytes were lost "
			"or are too many. " HELP_DAMAGED,
	},
	[F_RP_BEHIND] = {
		"return-path-behind", WARNING,
		.summary = "Messages follow SHUT.",
		.message = "messages follow SHUT; the source does not read them",
		.help = "The source has ended its side by then. Recordings of "
			"several connections are given one by one.",
	},
	[F_RP_PONG] = {
		"return-path-pong", WARNING,
		.summary = "PINGs and PONGs do not fit together.",
		.message = "PONG {a} answers no PING of the stream",
		.help = "The recording is of another migration, or the stream "
			"was not recorded whole. QEMU does not compare them.",
	},
	[F_RP_PING] = {
		"return-path-pong", WARNING,
		.summary = "PINGs and PONGs do not fit together.",
		.message = "PINGs without PONG: {a}, the first with the value "
			   "{b}",
		.help = "The destination did not get there, or the recording of "
			"the return path is not whole.",
	},
	[F_RP_UNANSWERED] = {
		"request-unanswered", WARNING,
		.summary = "Pages that were asked for never came.",
		.message = "{a} of {b} pages that were asked for were never "
			   "sent; the first is this one, of {n}",
		.help = "The stream came to its end all the same. A recording "
			"of a channel is missing (preempt, a resumed "
			"connection: --channel), or a guest thread at the "
			"destination waits for the page for ever.",
	},
	[F_RP_UNFINISHED] = {
		"request-unanswered", NOTE,
		.summary = "Pages that were asked for never came.",
		.message = "{a} of {b} pages that were asked for were never "
			   "sent; the first is this one, of {n}",
		.help = "The stream is not whole, or was not all read: they may "
			"have been sent behind its end.",
	},
	[F_RP_SHUT_EARLY] = {
		"return-path-shut-early", WARNING,
		.summary = "The destination ended before the stream did.",
		.message = "SHUT says that all was received; the stream has no "
			   "end",
		.help = "The recording of the stream is not whole, or one of a "
			"resumed connection is missing (--channel).",
	},
	[F_LIMIT] = {
		"limit", ERROR(POSSIBLE),
		.summary = "A limit of migscope was reached.",
		.message = "{n}: {a} is over the limit of {b}",
		.help = HELP_LIMIT,
	},
};

const struct rule *rule_of(enum fault_code code)
{
	return code < F_DEST_FIRST ? &rules[code] : rule_of_dest(code);
}

static bool first_of_its_id(enum fault_code code)
{
	const struct rule *r = rule_of(code);

	if (!r->id)
		return false;
	for (enum fault_code k = 0; k < code; k++)
		if (rule_of(k)->id && !strcmp(rule_of(k)->id, r->id))
			return false;
	return true;
}

size_t rule_count(void)
{
	size_t n = 0;

	for (enum fault_code k = 0; k < FAULT_COUNT; k++)
		n += first_of_its_id(k);
	return n + COMPAT_COUNT;
}

const struct rule *rule_at(size_t i)
{
	for (enum fault_code k = 0; k < FAULT_COUNT; k++)
		if (first_of_its_id(k) && !i--)
			return rule_of(k);
	return i < COMPAT_COUNT ? rule_of_compat((enum compat_code)i) : NULL;
}

const struct rule *rule_find(const char *id)
{
	for (enum fault_code k = 0; k < FAULT_COUNT; k++)
		if (rule_of(k)->id && !strcmp(rule_of(k)->id, id))
			return rule_of(k);
	for (size_t i = 0; i < COMPAT_COUNT; i++)
		if (!strcmp(rule_of_compat((enum compat_code)i)->id, id))
			return rule_of_compat((enum compat_code)i);
	return NULL;
}
