/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A load under a KVM host whose profile is given. QEMU has read the stream by
 * then, so a release's wording is that of accel/kvm and target/i386/kvm. */
#include "config.h"
#include "check/rules-list.h"

#include "check/rules-text.h"

#define FIRST F_HOST_NOT_X86

#define GUESS .severity = MS_WARNING, .certainty = MS_POSSIBLE

/* accel/kvm/kvm-all.c: do_kvm_cpu_synchronize_post_init, with what
 * target/i386/kvm/kvm.c: kvm_arch_put_registers says (10.0.13, 11.1.3, seen
 * with KVM; 5.2.0 and 7.2.22 go on). */
#define PUT_OLD "Putting registers after init: "
#define PUT_NEW "Restoring resisters after init: "
#define REFUSED_XSAVE                                                          \
	ERROR(LIKELY), .refused_from = RELEASE_10_0, .lossy = true,            \
		       .summary = SUMMARY_XSAVE

/* migration/vmstate.c, a pointer without what it should point at; place and
 * line in front of it are the build's (5.2.0 to 11.1.3, seen with KVM). */
#define ASSERTION                                                              \
	.qemu_old = "vmstate_load_state: Assertion `first_elem || !n_elems "   \
		    "|| !size' failed.",                                       \
	.qemu_new = "vmstate_load_vmsd: Assertion `first_elem || !n_elems "    \
		    "|| !size' failed."

#define SUMMARY_APPLIED "The host's profile has nothing to say of the stream."
#define SUMMARY_MSR "A register's value that the host's KVM does not take."
#define SUMMARY_FEATURE                                                        \
	"A value for a feature that the host's KVM does not have."
#define SUMMARY_CAP "A value that the host's KVM has no way to take."
#define SUMMARY_NESTED "Nested virtualization's state that the host refuses."
#define SUMMARY_XSAVE "Registers of XSAVE that the host does not have."
#define SUMMARY_TSC "The guest's clock frequency cannot be kept."
#define SUMMARY_UNKNOWN "Whether the host takes a value is not known."
#define SUMMARY_TCG "State of software emulation that KVM has no place for."

#define HELP_DROPPED                                                           \
	"QEMU loads it and drops it without a word. Move the guest to a host " \
	"with a kernel that has it, or start it with a processor model that "  \
	"does without."
#define HELP_MINOR                                                             \
	"QEMU loads it and drops it without a word. Hardly a guest goes "      \
	"wrong by that."
#define HELP_FEATURE                                                            \
	"The host's QEMU takes the feature out of the guest's processor, with " \
	"a warning when it starts (an error with enforce), and drops the "      \
	"value. Choose a processor model that both hosts have."
#define HELP_UNKNOWN "Make a profile on that very host: migscope host -o FILE."
#define HELP_NESTED                                                            \
	"Shut the guest's own virtual machines down and unload its "           \
	"hypervisor before it is saved, or move it to a host that can go on "  \
	"with them."

static const struct rule rows[] = {
	[F_HOST_NOT_X86 - FIRST] = {
		"host-not-applied", WARNING,
		.summary = SUMMARY_APPLIED,
		.message = "the stream has no x86 processor's state, which the "
			   "host's profile is about",
		.help = "Profiles are of x86 hosts. Without --host the stream is "
			"judged as far as it can be.",
	},
	[F_HOST_UNREAD - FIRST] = {
		"host-not-applied", WARNING,
		.summary = SUMMARY_APPLIED,
		.message = "the state of processor {a} is not described, so it was "
			   "not compared with the host",
		.help = "Give --schema, the schema of the release that wrote the "
			"stream.",
	},
	[F_HOST_MSR - FIRST] = {
		"host-msr", WARNING,
		.summary = SUMMARY_MSR,
		.message = "'{n}' is 0x{b:x}, and the host's KVM does not list {o}",
		.expected = "MSR 0x{a:x} listed", .actual = "not listed",
		.help = HELP_DROPPED,
	},
	[F_HOST_MSR_MINOR - FIRST] = {
		"host-msr", NOTE,
		.summary = SUMMARY_MSR,
		.message = "'{n}' is 0x{b:x}, and the host's KVM does not list {o}",
		.expected = "MSR 0x{a:x} listed", .actual = "not listed",
		.help = HELP_MINOR,
	},
	[F_HOST_MSR_UNKNOWN - FIRST] = {
		"host-unknown", NOTE,
		.summary = SUMMARY_UNKNOWN,
		.message = "'{n}' is 0x{b:x}; whether the host's KVM lists {o} is "
			   "not recorded",
		.expected = "MSR 0x{a:x} listed", .actual = "not recorded",
		.help = HELP_UNKNOWN,
	},
	[F_HOST_FEATURE - FIRST] = {
		"host-feature", WARNING,
		.summary = SUMMARY_FEATURE,
		.message = "'{n}' is 0x{b:x}, and the host's KVM does not offer {o}",
		.expected = "the feature of MSR 0x{a:x}", .actual = "not offered",
		.help = HELP_FEATURE,
	},
	[F_HOST_FEATURE_MINOR - FIRST] = {
		"host-feature", NOTE,
		.summary = SUMMARY_FEATURE,
		.message = "'{n}' is 0x{b:x}, and the host's KVM does not offer {o}",
		.expected = "the feature of MSR 0x{a:x}", .actual = "not offered",
		.help = HELP_MINOR,
	},
	[F_HOST_FEATURE_UNKNOWN - FIRST] = {
		"host-unknown", NOTE,
		.summary = SUMMARY_UNKNOWN,
		.message = "'{n}' is 0x{b:x}; whether the host's KVM offers {o} is "
			   "not recorded",
		.expected = "the feature of MSR 0x{a:x}",
		.actual = "not recorded",
		.help = HELP_UNKNOWN,
	},
	[F_HOST_CAP - FIRST] = {
		"host-capability", WARNING,
		.summary = SUMMARY_CAP,
		.message = "'{n}' is 0x{b:x}, and the host lacks {o}",
		.help = HELP_DROPPED,
	},
	[F_HOST_CAP_MINOR - FIRST] = {
		"host-capability", NOTE,
		.summary = SUMMARY_CAP,
		.message = "'{n}' is 0x{b:x}, and the host lacks {o}",
		.help = HELP_MINOR,
	},
	[F_HOST_CAP_UNKNOWN - FIRST] = {
		"host-unknown", NOTE,
		.summary = SUMMARY_UNKNOWN,
		.message = "'{n}' is 0x{b:x}; whether the host has {o} is not "
			   "recorded",
		.help = HELP_UNKNOWN,
	},
	[F_HOST_TCG - FIRST] = {
		"host-software", WARNING,
		.summary = SUMMARY_TCG,
		.message = "'{n}' is 0x{b:x}, {o}",
		.help = "Load the guest with -accel tcg, as it was saved, or shut "
			"its own virtual machines down before.",
	},
	[F_HOST_NESTED_NONE - FIRST] = {
		"host-nested", ERROR(LIKELY),
		.summary = SUMMARY_NESTED,
		.message = "nested state in {n} form, {a} bytes, and the host takes "
			   "none",
		.expected = "no nested state", .actual = "{a} bytes",
		.help = HELP_NESTED " KVM_CAP_NESTED_STATE came with Linux 4.19 "
			"for Intel, 5.8 for AMD.",
		ASSERTION,
	},
	[F_HOST_NESTED_OFF - FIRST] = {
		"host-nested", ERROR(LIKELY),
		.summary = SUMMARY_NESTED,
		.message = "nested state in {n} form, {a} bytes, and nested "
			   "virtualization is off on the host",
		.expected = "no nested state", .actual = "{a} bytes",
		.help = HELP_NESTED " Option nested=1 of kvm_intel or kvm_amd "
			"switches it on.",
		ASSERTION,
	},
	[F_HOST_NESTED_VENDOR - FIRST] = {
		"host-nested", ERROR(LIKELY),
		.summary = SUMMARY_NESTED,
		.message = "nested state in {n} form, and the host is {o}",
		.expected = "{o}", .actual = "{n}",
		.help = HELP_NESTED,
		ASSERTION,
	},
	[F_HOST_NESTED_SIZE - FIRST] = {
		"host-nested", ERROR(CERTAIN),
		.summary = SUMMARY_NESTED,
		.message = "nested state in {n} form takes {a} bytes, the host "
			   "takes {b}",
		.expected = "{b} or less", .actual = "{a}",
		.help = HELP_NESTED,
		.qemu_old = "Received unsupported nested state size: "
			    "nested_state->size={a}, max={b}",
		.qemu_new = "Received unsupported nested state size: "
			    "nested_state->size={a}, max={b}",
	},
	[F_HOST_NESTED_UNKNOWN - FIRST] = {
		"host-unknown", NOTE,
		.summary = SUMMARY_UNKNOWN,
		.message = "nested state in {n} form, {a} bytes; whether nested "
			   "virtualization is on at the host is not recorded",
		.help = HELP_UNKNOWN,
	},
	[F_HOST_XCR0 - FIRST] = {
		"host-xsave", REFUSED_XSAVE,
		.message = "'{n}' is 0x{b:x}, and the host's KVM refuses bits "
			   "0x{a:x} ({o})",
		.help = "The guest has switched them on. Start it with a "
			"processor model that the host has as well.",
		.qemu_old = PUT_OLD "Failed to set XCRs: Invalid argument",
		.qemu_new = PUT_NEW "Failed to set XCRs: Invalid argument",
	},
	[F_HOST_XSTATE - FIRST] = {
		"host-xsave", REFUSED_XSAVE,
		.message = "'{n}' is 0x{b:x}, and the host's KVM refuses bits "
			   "0x{a:x} ({o})",
		.help = "The guest has values there. Start it with a processor "
			"model that the host has as well.",
		.qemu_old = PUT_OLD "Failed to set XSAVE: Invalid argument",
		.qemu_new = PUT_NEW "Failed to set XSAVE: Invalid argument",
	},
	[F_HOST_XSAVE_SIZE - FIRST] = {
		"host-xsave", WARNING,
		.summary = SUMMARY_XSAVE,
		.message = "'{n}' holds AMX tiles, which take {a} bytes of XSAVE's "
			   "area; the host takes {b}",
		.expected = "{a}", .actual = "{b}",
		.help = "The tiles are lost. AMX needs Linux 5.17 and a processor "
			"with it.",
	},
	[F_HOST_XSAVE_UNKNOWN - FIRST] = {
		"host-unknown", NOTE,
		.summary = SUMMARY_UNKNOWN,
		.message = "'{n}' is 0x{b:x}; whether the host's processor has bits "
			   "0x{a:x} ({o}) is not recorded",
		.help = HELP_UNKNOWN,
	},
	[F_HOST_TSC - FIRST] = {
		"host-tsc", GUESS,
		.summary = SUMMARY_TSC,
		.message = "the guest's TSC runs at {a} kHz, and the host cannot "
			   "scale (KVM_CAP_TSC_CONTROL)",
		.help = "If the host's own TSC has another frequency, the guest's "
			"clock runs too fast or too slow. Give the guest the host "
			"with the same one.",
	},
	[F_HOST_TSC_UNKNOWN - FIRST] = {
		"host-unknown", NOTE,
		.summary = SUMMARY_UNKNOWN,
		.message = "the guest's TSC runs at {a} kHz; whether the host can "
			   "scale (KVM_CAP_TSC_CONTROL) is not recorded",
		.help = HELP_UNKNOWN,
	},
};

const struct rule_group rules_host = RULE_GROUP(FIRST, rows);
