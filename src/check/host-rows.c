/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which field becomes which MSR, and on what condition, is QEMU's
 * target/i386/kvm/kvm.c: kvm_put_msrs, kvm_put_msr_feature_control and
 * kvm_put_tscdeadline_msr; which ones it has is read by kvm_get_supported_msrs
 * (10.x; 5.2 and 7.2 have fewer of them). Names, and what is sent when:
 * target/i386/machine.c. What else it puts with which capability:
 * kvm_put_vcpu_events, kvm_put_sregs2.
 *
 * A Linux release is the first whose KVM_GET_MSR_INDEX_LIST has the MSR, or
 * that reports the capability or the feature (arch/x86/kvm/x86.c and cpuid.c);
 * distributions bring some of them back to older kernels, so it is a hint for
 * people. What decides is the profile.
 *
 * Not here, as each KVM that QEMU can run on takes them (QEMU does not start
 * without VCPU_EVENTS, DEBUGREGS, XSAVE, MP_STATE and MCE, see
 * kvm_arch_required_capabilities): general and segment registers, debug
 * registers, SYSENTER, STAR and its like, PAT, TSC, MTRRs, MCE banks. */
#include "config.h"
#include "check/host-rows.h"

#define MSR(p, f, number, text, why)                                           \
	.part = p, .field = f, .need = NEED_MSR, .msr = number, .what = text,  \
	.loss = why
#define CAPABILITY(p, f, name, text, why)                                      \
	.part = p, .field = f, .need = NEED_CAP, .cap = HOST_CAP_##name,       \
	.what = "KVM_CAP_" #name text, .loss = why
#define FEATURE(p, f, number, fn, ix, r, b, text, why)                         \
	.part = p, .field = f, .need = NEED_FEATURE, .msr = number,            \
	.feature = { .function = fn, .index = ix, .reg = r, .bits = b },       \
	.what = text, .loss = why

/* CPUID leaf of KVM's own features, Documentation/virt/kvm/x86/cpuid.rst. */
#define PV(p, f, number, bit, text, why)                                       \
	FEATURE(p, f, number, 0x40000001, 0, HOST_EAX, bit, text, why)
#define BIT(n) (UINT32_C(1) << (n))

#define LOSS_PT "the guest's trace stops"
#define LOSS_HV_SYNIC                                                          \
	"the guest, a Windows or a Hyper-V one, gets no more of its messages " \
	"and timers"
#define LOSS_CET "the guest's shadow stacks break: it dies of #CP"
#define LOSS_FRED "the guest's exceptions go nowhere"

const struct host_row host_rows[] = {
	{ MSR("cpu", "env.smbase", 0x9e, "MSR_IA32_SMBASE (Linux 4.2)",
	      "the next SMI runs what lies at 0x30000"),
	  .usual = 0x30000 },
	{ MSR("cpu", "env.vm_hsave", 0xc0010117, "MSR_VM_HSAVE_PA (AMD)",
	      "nested virtualization of the guest breaks") },
	{ MSR("cpu", "env.tsc_aux", 0xc0000103,
	      "MSR_TSC_AUX (Linux 4.4, processors with RDTSCP or RDPID)",
	      "RDTSCP and RDPID tell the guest processor 0") },
	{ PV("cpu", "env.system_time_msr", 0x12, BIT(0) | BIT(3),
	     "KVM_FEATURE_CLOCKSOURCE (Linux 2.6.26)",
	     "kvmclock stands still, and the guest's time with it") },
	{ PV("cpu", "env.wall_clock_msr", 0x11, BIT(0) | BIT(3),
	     "KVM_FEATURE_CLOCKSOURCE (Linux 2.6.26)",
	     "the guest was told the time of day already"),
	  .minor = true },
	{ CAPABILITY("cpu/exception_info", "env.exception_pending",
		     EXCEPTION_PAYLOAD, " (Linux 4.20)",
		     "the exception counts as injected, and the guest's own "
		     "hypervisor cannot intercept it") },
	{ PV("cpu/async_pf_msr", "env.async_pf_en_msr", 0x4b564d02, BIT(4),
	     "KVM_FEATURE_ASYNC_PF (Linux 2.6.38)",
	     "page faults of the host are no longer told to the guest"),
	  .minor = true },
	{ PV("cpu/async_pf_int_msr", "env.async_pf_int_msr", 0x4b564d06,
	     BIT(14), "KVM_FEATURE_ASYNC_PF_INT (Linux 5.8)",
	     "tasks of the guest that wait for a page are not woken") },
	{ PV("cpu/async_pv_eoi_msr", "env.pv_eoi_en_msr", 0x4b564d04, BIT(6),
	     "KVM_FEATURE_PV_EOI (Linux 3.6)",
	     "the guest ends its interrupts the slow way"),
	  .minor = true },
	{ PV("cpu/steal_time_msr", "env.steal_time_msr", 0x4b564d03, BIT(5),
	     "KVM_FEATURE_STEAL_TIME (Linux 3.1)",
	     "the guest's count of stolen time stands still"),
	  .minor = true },
	/* 1 is what it is after reset, 0 asks the host not to poll. */
	{ PV("cpu/poll_control_msr", "env.poll_control_msr", 0x4b564d05,
	     BIT(12), "KVM_FEATURE_POLL_CONTROL (Linux 5.2)",
	     "the host polls for a halted guest as it likes"),
	  .usual = 1, .minor = true },
	{ MSR("cpu/msr_tsc_adjust", "env.tsc_adjust", 0x3b,
	      "MSR_IA32_TSC_ADJUST (Linux 3.8)",
	      "the guest reads 0 and may set its clock anew") },
	{ MSR("cpu/msr_tscdeadline", "env.tsc_deadline", 0x6e0,
	      "MSR_IA32_TSC_DEADLINE (Linux 3.2)",
	      "the guest's next timer interrupt never comes") },
	{ MSR("cpu/msr_ia32_misc_enable", "env.msr_ia32_misc_enable", 0x1a0,
	      "MSR_IA32_MISC_ENABLE", "the guest reads what KVM starts with"),
	  .usual = 1, .minor = true },
	{ MSR("cpu/msr_ia32_feature_control", "env.msr_ia32_feature_control",
	      0x3a, "MSR_IA32_FEAT_CTL (Linux 3.12, Intel)",
	      "VMX or SGX, which the guest's firmware had switched on and "
	      "locked, is off") },
	{ .part = "cpu/msr_architectural_pmu",
	  .field = "env.msr_fixed_ctr_ctrl",
	  .need = NEED_COUNTER,
	  .msr = 0x38d,
	  .what = "PMU (CPUID 0xa: version 2)",
	  .loss = "the guest's performance counters stop" },
	{ .part = "cpu/msr_architectural_pmu",
	  .field = "env.msr_global_ctrl",
	  .need = NEED_COUNTER,
	  .msr = 0x38f,
	  .what = "PMU (CPUID 0xa: version 2)",
	  .loss = "the guest's performance counters stop" },
	{ .part = "cpu/msr_architectural_pmu",
	  .field = "env.msr_fixed_counters",
	  .need = NEED_COUNTER,
	  .msr = 0x309,
	  .step = 1,
	  .what = "such a fixed counter (CPUID 0xa)",
	  .loss = "the guest's performance counters are wrong" },
	{ .part = "cpu/msr_architectural_pmu",
	  .field = "env.msr_gp_counters",
	  .need = NEED_COUNTER,
	  .msr = 0xc1,
	  .step = 1,
	  .what = "such a counter (CPUID 0xa)",
	  .loss = "the guest's performance counters are wrong" },
	{ .part = "cpu/msr_architectural_pmu",
	  .field = "env.msr_gp_evtsel",
	  .need = NEED_COUNTER,
	  .msr = 0x186,
	  .step = 1,
	  .what = "such a counter (CPUID 0xa)",
	  .loss = "the guest's performance counters are wrong" },
	/* The kernel's own use of MPX went with Linux 5.6, KVM's did not. */
	{ MSR("cpu/mpx", "env.msr_bndcfgs", 0xd90,
	      "MSR_IA32_BNDCFGS (Linux 3.15, Intel processors with MPX)",
	      "the guest's bounds are not checked any more") },
	{ MSR("cpu/msr_hyperv_hypercall", "env.msr_hv_guest_os_id", 0x40000000,
	      "HV_X64_MSR_GUEST_OS_ID (Linux 2.6.34)",
	      "the guest's calls of Hyper-V's interface fail") },
	{ MSR("cpu/msr_hyperv_hypercall", "env.msr_hv_hypercall", 0x40000000,
	      "HV_X64_MSR_HYPERCALL (Linux 2.6.34)",
	      "the guest's calls of Hyper-V's interface fail") },
	{ CAPABILITY("cpu/msr_hyperv_vapic", "env.msr_hv_vapic", HYPERV_VAPIC,
		     " (Linux 2.6.34)",
		     "the guest's short ways to its APIC are lost") },
	{ CAPABILITY("cpu/msr_hyperv_time", "env.msr_hv_tsc", HYPERV_TIME,
		     " (Linux 3.14)",
		     "the guest's reference clock stands still") },
	{ MSR("cpu/msr_hyperv_crash", "env.msr_hv_crash_params", 0x40000105,
	      "HV_X64_MSR_CRASH_CTL (Linux 4.3)",
	      "a crash of the guest is not told"),
	  .minor = true },
	{ MSR("cpu/msr_hyperv_runtime", "env.msr_hv_runtime", 0x40000010,
	      "HV_X64_MSR_VP_RUNTIME (Linux 4.4)",
	      "the guest's count of run time starts anew"),
	  .minor = true },
	{ MSR("cpu/msr_hyperv_synic", "env.msr_hv_synic_control", 0x40000080,
	      "HV_X64_MSR_SCONTROL (Linux 4.5)", LOSS_HV_SYNIC) },
	{ MSR("cpu/msr_hyperv_synic", "env.msr_hv_synic_evt_page", 0x40000080,
	      "HV_X64_MSR_SCONTROL (Linux 4.5)", LOSS_HV_SYNIC) },
	{ MSR("cpu/msr_hyperv_synic", "env.msr_hv_synic_msg_page", 0x40000080,
	      "HV_X64_MSR_SCONTROL (Linux 4.5)", LOSS_HV_SYNIC) },
	{ MSR("cpu/msr_hyperv_stimer", "env.msr_hv_stimer_config", 0x400000b0,
	      "HV_X64_MSR_STIMER0_CONFIG (Linux 4.5)",
	      "the guest's timers stop") },
	{ MSR("cpu/msr_hyperv_reenlightenment",
	      "env.msr_hv_reenlightenment_control", 0x40000106,
	      "HV_X64_MSR_REENLIGHTENMENT_CONTROL (Linux 4.17)",
	      "the guest is not told that the TSC changed its frequency") },
	/* Listed since CET; written by guests long before. */
	{ MSR("cpu/xss", "env.xss", 0xda0, "MSR_IA32_XSS (Linux 6.18)",
	      "XSAVES leaves out state that the guest wants saved") },
	{ MSR("cpu/umwait", "env.umwait", 0xe1,
	      "MSR_IA32_UMWAIT_CONTROL (Linux 5.4, processors with WAITPKG)",
	      "the guest's waits have the host's limit"),
	  .minor = true },
	{ MSR("cpu/msr_smi_count", "env.msr_smi_count", 0x34,
	      "MSR_SMI_COUNT (Linux 4.15)",
	      "the guest's count of SMIs starts anew"),
	  .minor = true },
	{ MSR("cpu/pkrs", "env.pkrs", 0x6e1,
	      "MSR_IA32_PKRS (no released KVM has it)",
	      "the guest's supervisor protection keys are open") },
	{ MSR("cpu/spec_ctrl", "env.spec_ctrl", 0x48,
	      "MSR_IA32_SPEC_CTRL (Linux 4.16, processors with IBRS, STIBP or "
	      "SSBD)",
	      "the guest is open to speculation attacks that it had shut out") },
	{ MSR("cpu/amd_tsc_scale_msr", "env.amd_tsc_scale_msr", 0xc0000104,
	      "MSR_AMD64_TSC_RATIO (Linux 5.16, AMD)",
	      "clocks of nested guests run at another speed"),
	  .usual = UINT64_C(0x100000000) },
	{ MSR("cpu/mcg_ext_ctl", "env.mcg_ext_ctl", 0x4d0,
	      "MSR_IA32_MCG_EXT_CTL (Linux 4.8, Intel)",
	      "memory errors go to all processors of the guest at once") },
	{ FEATURE("cpu/intel_pt", "env.msr_rtit_ctrl", 0x570, 7, 0, HOST_EBX,
		  BIT(25), "Intel PT (Linux 5.0, kvm_intel.pt_mode=1)",
		  LOSS_PT) },
	{ FEATURE("cpu/intel_pt", "env.msr_rtit_output_base", 0x560, 7, 0,
		  HOST_EBX, BIT(25),
		  "Intel PT (Linux 5.0, kvm_intel.pt_mode=1)", LOSS_PT) },
	{ MSR("cpu/virt_ssbd", "env.virt_ssbd", 0xc001011f,
	      "MSR_AMD64_VIRT_SPEC_CTRL (Linux 4.17, AMD)",
	      "the guest is open to speculation attacks that it had shut out") },
	{ .part = "cpu/svn_npt",
	  .field = "env.nested_cr3",
	  .need = NEED_TCG,
	  .what = "nested paging of software emulation",
	  .loss = "the nested guest does not go on" },
	{ .part = "cpu/svm_guest",
	  .field = "env.int_ctl",
	  .need = NEED_TCG,
	  .what = "nested interrupts of software emulation",
	  .loss = "the nested guest does not go on" },
	{ CAPABILITY("cpu/xen_vcpu", "env.xen_vcpu_info_gpa", XEN_HVM,
		     " (Linux 5.12)",
		     "the guest, a Xen one, gets no event any more"),
	  .usual = UINT64_MAX },
	/* KVM obeys it since Linux 5.5, and lists it since 6.4. */
	{ MSR("cpu/msr_tsx_ctrl", "env.tsx_ctrl", 0x122,
	      "MSR_IA32_TSX_CTRL (listed from Linux 6.4 on, Intel)",
	      "transactions that the guest had switched off are on") },
	{ FEATURE("cpu/intel_sgx", "env.msr_ia32_sgxlepubkeyhash", 0x8c, 7, 0,
		  HOST_ECX, BIT(30), "SGX launch control (Linux 5.13, Intel)",
		  "enclaves of the guest are not launched"),
	  .step = 1 },
	{ CAPABILITY("cpu/pdptrs", "env.pdptrs", SREGS2, " (Linux 5.14)",
		     "the guest's PAE page tables are read from memory again, "
		     "where they may have changed"),
	  .minor = true },
	{ FEATURE("cpu/msr_xfd", "env.msr_xfd", 0x1c4, 0xd, 1, HOST_EAX, BIT(4),
		  "XFD (Linux 5.17, Intel processors with AMX)",
		  "tasks of the guest use AMX without being asked for") },
	{ FEATURE("cpu/msr_xfd", "env.msr_xfd_err", 0x1c5, 0xd, 1, HOST_EAX,
		  BIT(4), "XFD (Linux 5.17, Intel processors with AMX)",
		  "a task of the guest is killed for its first use of AMX") },
	{ MSR("cpu/msr_hwcr", "env.msr_hwcr", 0xc0010015,
	      "MSR_K7_HWCR (Linux 5.2)",
	      "the guest reads what KVM starts with"),
	  .minor = true },
	{ FEATURE("cpu/fred", "env.fred_config", 0x1d4, 7, 1, HOST_EAX, BIT(17),
		  "FRED", LOSS_FRED) },
	{ FEATURE("cpu/fred", "env.fred_rsp0", 0x1cc, 7, 1, HOST_EAX, BIT(17),
		  "FRED", LOSS_FRED) },
	{ FEATURE("cpu/arch_lbr", "env.msr_lbr_ctl", 0x14ce, 7, 0, HOST_EDX,
		  BIT(19), "architectural LBR",
		  "the guest's records of branches stop"),
	  .minor = true },
	{ CAPABILITY("cpu/triple_fault", "env.triple_fault_pending",
		     X86_TRIPLE_FAULT_EVENT, " (Linux 6.1)",
		     "a guest that should be reset goes on") },
	{ MSR("cpu/msr_pl0_ssp", "env.pl0_ssp", 0x6a4,
	      "MSR_IA32_PL0_SSP (Linux 6.18, processors with CET)", LOSS_CET) },
	{ MSR("cpu/cet", "env.u_cet", 0x6a0,
	      "MSR_IA32_U_CET (Linux 6.18, processors with CET)", LOSS_CET) },
	{ MSR("cpu/cet", "env.s_cet", 0x6a2,
	      "MSR_IA32_S_CET (Linux 6.18, processors with CET)", LOSS_CET) },
	{ MSR("cpu/cet_shstk", "env.pl3_ssp", 0x6a7,
	      "MSR_IA32_PL3_SSP (Linux 6.18, processors with CET)", LOSS_CET) },
	{ .part = NULL },
};
