/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/rules-compat.h"

#include "check/rules-list.h"

#define ERROR .severity = MS_ERROR
#define WARNING .severity = MS_WARNING
#define NOTE .severity = MS_NOTE
#define CERTAIN .certainty = MS_CERTAIN
#define LIKELY .certainty = MS_LIKELY
#define POSSIBLE .certainty = MS_POSSIBLE

/* What most of them come to. */
#define HELP_LENGTH                                                            \
	"Device state carries no names: all that follows is read from the "    \
	"wrong place, and the load ends in \"Missing section footer\" or in "  \
	"a value that is refused."
#define HELP_TEST                                                              \
	"Only where a test decides about the field may a machine type that "   \
	"both sides know keep it back."
#define HELP_GATE                                                              \
	"A machine type both sides know may keep it from being sent; check "   \
	"a stream of that machine type to be sure."

static const struct rule rows[COMPAT_COUNT] = {
	[COMPAT_SECTION_UNKNOWN] = {
		"compat-section-unknown", ERROR, LIKELY,
		.summary = "The destination has no description of that name.",
		.message = "the destination knows no section '{n}'",
		.help = "QEMU ends the load with \"Unknown savevm section or "
			"instance\". Unplug the device before migrating, or use "
			"a destination that was built with it.",
	},
	[COMPAT_DEVICE_UNKNOWN] = {
		"compat-device-unknown", WARNING, LIKELY,
		.summary = "The destination lists no device type of that name.",
		.message = "the destination lists no device type '{n}'; others "
			   "use its description there",
		.help = "A command line that names the device will not start "
			"there, although its state could be loaded.",
	},
	[COMPAT_MACHINE_UNKNOWN] = {
		"compat-machine-unknown", WARNING, CERTAIN,
		.summary = "The destination has no machine type of that name.",
		.message = "the destination has no machine type '{n}'",
		.help = "Guests of this machine type cannot be started there. "
			"A machine type is changed with the guest shut down.",
	},
	[COMPAT_MACHINE_DIFFERS] = {
		"compat-machine-differs", NOTE, CERTAIN,
		.summary = "The dumps were made with different machine types.",
		.message = "made with machine type '{n}', the other with '{o}'",
		.help = "The descriptions are those of all machine types; only "
			"the guest has to have the same one on both sides.",
	},
	[COMPAT_COMMAND_UNKNOWN] = {
		"compat-command-unknown", ERROR, POSSIBLE,
		.summary = "The destination does not know a migration command.",
		.message = "the destination does not know command {a:d} ({n})",
		.help = "It is sent only where a capability or a newer machine "
			"type asks for it; the destination then ends the load "
			"with \"MIG_CMD unknown\".",
	},
	[COMPAT_COMMAND_LENGTH] = {
		"compat-command-length", ERROR, POSSIBLE,
		.summary = "A migration command has another length.",
		.message = "command {n} is sent with {a:d} bytes, the "
			   "destination wants {b}",
		.help = "The destination ends the load with \"received with "
			"bad length\".",
	},
	[COMPAT_VERSION_TOO_NEW] = {
		"compat-version-too-new", ERROR, CERTAIN,
		.summary = "The source's version is above the destination's.",
		.message = "'{n}' is sent as version {a:d}, the destination "
			   "loads up to {b}",
		.help = "QEMU compares these two numbers before anything else. "
			"Only a newer destination helps.",
	},
	[COMPAT_VERSION_TOO_OLD] = {
		"compat-version-too-old", ERROR, CERTAIN,
		.summary = "The source's version is below what the destination "
			   "still loads.",
		.message = "'{n}' is sent as version {a:d}, the destination "
			   "loads from {b} on",
		.help = "Migrate by way of a release that loads the old and "
			"writes the new version.",
	},
	[COMPAT_STRUCT_VERSION] = {
		"compat-struct-version", NOTE, CERTAIN,
		.summary = "A nested description has another version.",
		.message = "'{n}' has version {a:d} in the source and {b} in "
			   "the destination",
		.help = "The version of a nested object is not on the wire and "
			"refuses nothing; what it changes in the layout is "
			"reported by itself.",
	},
	[COMPAT_SUBSECTION_UNKNOWN] = {
		"compat-subsection-unknown", ERROR, POSSIBLE,
		.summary = "The destination does not know a subsection.",
		.message = "the destination knows no subsection '{n}' here",
		.help = "A subsection is sent only when the device needs it; "
			"when it is, the load fails (\"VM subsection ... does "
			"not exist\" from 10.2 on). " HELP_GATE,
	},
	[COMPAT_FIELD_UNREAD] = {
		"compat-field-unread", ERROR, CERTAIN,
		.summary = "The source sends a field that the destination does "
			   "not read.",
		.message = "the destination does not read {n}",
		.help = HELP_LENGTH " " HELP_TEST,
	},
	[COMPAT_FIELD_MISSING] = {
		"compat-field-missing", ERROR, CERTAIN,
		.summary = "The destination reads a field that the source does "
			   "not send.",
		.message = "the source does not send {n}",
		.help = HELP_LENGTH " " HELP_TEST,
	},
	[COMPAT_FIELD_SIZE] = {
		"compat-field-size", ERROR, CERTAIN,
		.summary = "A field has another size.",
		.message = "{n} has another size",
		.help = HELP_LENGTH,
	},
	[COMPAT_FIELD_TYPE] = {
		"compat-field-type", WARNING, POSSIBLE,
		.summary = "Bytes of the same number are read as something else.",
		.message = "the same bytes are read as something else: {n}",
		.help = "The load goes through. Whether the value means the "
			"same on both sides, the layout cannot tell.",
	},
	[COMPAT_FIELD_ORDER] = {
		"compat-field-order", ERROR, CERTAIN,
		.summary = "Fields stand in another order.",
		.message = "{n} stand in another order",
		.help = HELP_LENGTH,
	},
	[COMPAT_FIELD_SWAPPED] = {
		"compat-field-swapped", ERROR, LIKELY,
		.summary = "Two fields of one size have changed places.",
		.message = "'{n}' and '{o}' have changed places",
		.help = "Nothing is refused: the guest goes on with the two "
			"values exchanged.",
	},
	[COMPAT_FIELD_LAYOUT] = {
		"compat-field-layout", ERROR, CERTAIN,
		.summary = "Fields were replaced by others of another length.",
		.message = "the source sends {n} where the destination reads {o}",
		.help = HELP_LENGTH,
	},
	[COMPAT_FIELD_CONDITION] = {
		"compat-field-condition", ERROR, POSSIBLE,
		.summary = "Only one side makes a field depend on a test.",
		.message = "only the {o} lets a test decide about {n}",
		.help = "The two agree as long as the test says yes, which "
			"machine types usually see to. " HELP_GATE,
	},
	[COMPAT_FIELD_EQUAL] = {
		"compat-field-equal", ERROR, POSSIBLE,
		.summary = "The destination compares a field with its own value.",
		.message = "the destination compares {n} with its own value",
		.help = "The load fails when the two sides are configured "
			"differently.",
	},
	[COMPAT_ARRAY_LENGTH] = {
		"compat-array-length", ERROR, CERTAIN,
		.summary = "An array has another number of elements.",
		.message = "{n} has another number of elements",
		.help = HELP_LENGTH,
	},
	[COMPAT_POINTER_MARKERS] = {
		"compat-pointer-markers", ERROR, CERTAIN,
		.summary = "An array of pointers is sent in another form.",
		.message = "only the {o} has a marker before each element of {n}",
		.help = "From 11.1 on some arrays say before each element "
			"whether it is there; before, only a missing one was "
			"marked. " HELP_LENGTH,
	},
	[COMPAT_MUST_EXIST] = {
		"compat-must-exist", ERROR, CERTAIN,
		.summary = "The destination demands a field that this version "
			   "lacks.",
		.message = "the destination demands {n}, which is newer than "
			   "what is sent",
		.help = "QEMU ends the load with \"Input validation failed\".",
	},
	[COMPAT_NEW_TEST] = {
		"compat-new-test", WARNING, POSSIBLE,
		.summary = "The destination tests a value that the source does "
			   "not.",
		.message = "the destination tests what it loaded: {n}",
		.help = "A state that fails the test is refused with \"Input "
			"validation failed\".",
	},
	[COMPAT_UNMIGRATABLE] = {
		"compat-unmigratable", WARNING, CERTAIN,
		.summary = "Only the source can migrate a device.",
		.message = "the destination cannot migrate '{n}' any further",
		.help = "A guest with the device is stuck there: saving it "
			"again is refused.",
	},
	[COMPAT_EARLY_SETUP] = {
		"compat-early-setup", NOTE, CERTAIN,
		.summary = "A section moved to or from the start of a migration.",
		.message = "only the {o} sends '{n}' before RAM",
		.help = "The order of sections is up to the sender and refuses "
			"nothing.",
	},
};

const struct rule_group rules_compat = RULE_GROUP(FAULT_COUNT, rows);

const struct rule *rule_of_compat(enum compat_code code)
{
	return &rows[code];
}
