/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table was made from real streams: guests of 5.2, 7.2, 10.0 and 11.1
 * (pc, q35, Arm and RISC-V virt, pseries) saved, continued for no time or 50
 * ms, stopped and saved again; what differed, and what the fields' owners
 * derive from a clock. Timers have a type of their own, so most rows are for
 * numbers that hold a time. */
#include "config.h"
#include "diff/classes.h"

#include <fnmatch.h>

const struct diff_class diff_classes[] = {
	{ "clocks", DIFF_CLOCKS, "timers, clocks and what is counted by them" },
	{ "layout", DIFF_LAYOUT,
	  "how the stream was written: order, commands, capabilities, "
	  "description" },
	{ "ram", DIFF_RAM, "what pages of guest memory hold" },
	{ "runstate", DIFF_RUNSTATE, "whether the guest was running" },
	{ NULL, 0, NULL },
};

unsigned diff_class_find(struct ms_text name)
{
	for (size_t i = 0; diff_classes[i].name; i++)
		if (text_is(name, diff_classes[i].name))
			return diff_classes[i].bit;
	return 0;
}

const char *diff_class_name(unsigned bit)
{
	for (size_t i = 0; diff_classes[i].name; i++)
		if (diff_classes[i].bit == bit)
			return diff_classes[i].name;
	return NULL;
}

#define EVERY 0, UINT64_MAX

/* idstr and path are patterns of fnmatch(3), in which * also covers "/". */
static const struct {
	unsigned class_;
	const char *idstr, *path;
	uint64_t from, to; /* bytes or elements; EVERY */
} rows[] = {
	/* softmmu/cpu-timers.c: vmstate_timers */
	{ DIFF_CLOCKS, "timer", "cpu_*_offset", EVERY },
	{ DIFF_CLOCKS, "timer", "timer/icount/*", EVERY },
	/* hw/i386/kvm/clock.c: kvmclock_vmsd */
	{ DIFF_CLOCKS, "kvmclock", "clock", EVERY },
	/* target/i386/machine.c: vmstate_x86_cpu, vmstate_tsc_adjust */
	{ DIFF_CLOCKS, "cpu", "env.tsc", EVERY },
	{ DIFF_CLOCKS, "cpu", "cpu/tsc_adjust/*", EVERY },
	{ DIFF_CLOCKS, "cpu", "cpu/msr_hyperv_time/*", EVERY },
	/* target/riscv/machine.c: vmstate_riscv_cpu, vmstate_hyper; what the
	 * guest compares the time with, as firmware sets it anew each tick */
	{ DIFF_CLOCKS, "cpu", "env.stimecmp", EVERY },
	{ DIFF_CLOCKS, "cpu", "env.timecmp", EVERY },
	{ DIFF_CLOCKS, "cpu", "*/env.vstimecmp", EVERY },
	{ DIFF_CLOCKS, "cpu", "*/env.htimedelta", EVERY },
	/* target/ppc/cpu.h: SPR_DECR = 22, counted down by the time base */
	{ DIFF_CLOCKS, "cpu", "env.spr", 22, 22 },
	/* hw/intc/apic_common.c: vmstate_apic_common */
	{ DIFF_CLOCKS, "apic", "initial_count_load_time", EVERY },
	{ DIFF_CLOCKS, "apic", "next_time", EVERY },
	{ DIFF_CLOCKS, "apic", "timer_expiry", EVERY },
	/* hw/timer/i8254_common.c: vmstate_pit_channel, vmstate_pit_common */
	{ DIFF_CLOCKS, "i8254", "channels*count_load_time", EVERY },
	{ DIFF_CLOCKS, "i8254", "channels*next_transition_time", EVERY },
	/* hw/timer/hpet.c: vmstate_hpet, vmstate_hpet_offset */
	{ DIFF_CLOCKS, "hpet", "hpet_counter", EVERY },
	{ DIFF_CLOCKS, "hpet", "hpet/offset/hpet_offset", EVERY },
	/* hw/rtc/mc146818rtc.c: vmstate_rtc; its CMOS holds the time from
	 * seconds to the year in bytes 0 to 9 and the flag of an update under
	 * way in register A, byte 10 */
	{ DIFF_CLOCKS, "mc146818rtc", "base_rtc", EVERY },
	{ DIFF_CLOCKS, "mc146818rtc", "last_update", EVERY },
	{ DIFF_CLOCKS, "mc146818rtc", "offset", EVERY },
	{ DIFF_CLOCKS, "mc146818rtc", "next_alarm_time", EVERY },
	{ DIFF_CLOCKS, "mc146818rtc", "next_periodic_time", EVERY },
	{ DIFF_CLOCKS, "mc146818rtc", "cmos_data", 0, 10 },
	/* hw/rtc/goldfish_rtc.c, hw/rtc/pl031.c: offsets from the host's
	 * clock at the time of saving */
	{ DIFF_CLOCKS, "goldfish_rtc", "tick_offset*", EVERY },
	{ DIFF_CLOCKS, "goldfish_rtc", "time_high", EVERY },
	{ DIFF_CLOCKS, "pl031", "tick_offset_vmstate", EVERY },
	{ DIFF_CLOCKS, "pl031", "*/tick_offset", EVERY },
	/* hw/intc/riscv_aclint.c: vmstate_riscv_mtimer */
	{ DIFF_CLOCKS, "riscv_mtimer", "time*", EVERY },
	/* hw/ppc/ppc.c: vmstate_ppc_timebase; hw/ppc/spapr_rtc.c */
	{ DIFF_CLOCKS, "spapr", "tb/*", EVERY },
	{ DIFF_CLOCKS, "spapr/rtc", "ns_offset", EVERY },
	/* hw/s390x/tod.c: s390_tod_save */
	{ DIFF_CLOCKS, "todclock", "*", EVERY },
	/* target/s390x/machine.c: vmstate_s390_cpu */
	{ DIFF_CLOCKS, "cpu", "env.todpr", EVERY },
	{ DIFF_CLOCKS, "cpu", "env.cputm", EVERY },
	/* hw/acpi/core.c, hw/acpi/ich9_tco.c: when the PM timer's flag and the
	 * watchdog come next */
	{ DIFF_CLOCKS, "*", "*tmr.overflow_time", EVERY },
	{ DIFF_CLOCKS, "*", "*/tco_regs/expire_time", EVERY },
	/* hw/usb/hcd-ehci.c, hw/usb/hcd-uhci.c: last frame looked at */
	{ DIFF_CLOCKS, "*ehci", "*last_run_*", EVERY },
	{ DIFF_CLOCKS, "*uhci", "expire_time", EVERY },
	{ DIFF_CLOCKS, "*uhci", "frnum", EVERY },
	{ DIFF_CLOCKS, "*ehci", "*frindex", EVERY },
	/* hw/usb/hcd-xhci.c: when the microframe counter was started */
	{ DIFF_CLOCKS, "*xhci", "*mfindex_start", EVERY },
	/* hw/audio/intel-hda.c: vmstate_intel_hda */
	{ DIFF_CLOCKS, "*intel-hda", "wall_base_ns", EVERY },

	/* migration/global_state.c: vmstate_globalstate */
	{ DIFF_RUNSTATE, "globalstate", "*", EVERY },

	/* migration/savevm.c: vmstate_configuration */
	{ DIFF_LAYOUT, "configuration", "*capabilities*", EVERY },
	{ DIFF_LAYOUT, "commands", "*", EVERY },
	{ DIFF_LAYOUT, "description", "*", EVERY },
};

unsigned diff_class_of(struct ms_text idstr, const char *path,
		       struct ms_text type, uint64_t first, uint64_t last)
{
	char name[257];

	/* migration/vmstate-types.c has one, 7.2 a few: their values are the
	 * time of expiry, -1 for none */
	if (text_is(type, "timer") || text_is(type, "timer_ptr"))
		return DIFF_CLOCKS;
	if (idstr.length >= sizeof(name))
		return 0;
	memcpy(name, idstr.bytes, idstr.length);
	name[idstr.length] = '\0';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (first >= rows[i].from && last <= rows[i].to &&
		    !fnmatch(rows[i].idstr, name, 0) &&
		    !fnmatch(rows[i].path, path, 0))
			return rows[i].class_;
	return 0;
}
