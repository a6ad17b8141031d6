#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Profile of a KVM host out of a kernel's source: what a release lists and
reports, as far as no processor decides.

    derive.py SOURCE intel|amd NAME KERNEL ABOUT ORIGIN >NAME.json

SOURCE is a folder with arch/x86/kvm and arch/x86/include of that kernel, KERNEL
its release and ORIGIN where the source is from. Only names and numbers are
taken over:

- arch/x86/kvm/x86.c: the lists of MSRs (msrs_to_save*, emulated_msrs*), the
  capabilities that kvm_vm_ioctl_check_extension answers with 1, the bits of
  KVM_SUPPORTED_XCR0;
- arch/x86/kvm/cpuid.c: the bits of KVM's own leaf, KVM_CPUID_FEATURES;
- arch/x86/include: their numbers.

Those of msrs_to_save* are in a host's list only if the processor lets them be
read, so all but the ones that each 64-bit processor of the maker has go into
msrs_by_processor. Of emulated_msrs*, vmx_has_emulated_msr and
svm_has_emulated_msr leave out some: NEVER and SWITCHED below. Counters of the
PMU are not taken over.

What an option of the build or of a module decides is taken as distributions
have it: KVM_HYPERV, KVM_SMM, SCHED_INFO on, nested=1 not assumed."""

import json
import pathlib
import re
import sys

EVERY_PROCESSOR = set("""
MSR_IA32_SYSENTER_CS MSR_IA32_SYSENTER_ESP MSR_IA32_SYSENTER_EIP MSR_STAR
MSR_CSTAR MSR_KERNEL_GS_BASE MSR_SYSCALL_MASK MSR_LSTAR MSR_IA32_TSC
MSR_IA32_CR_PAT""".split())
# KVM does not start without VMX, whose switch is the first; SVM's saved state
# area is the second.
ALWAYS = {"intel": {"MSR_IA32_FEAT_CTL"}, "amd": {"MSR_VM_HSAVE_PA"}}
NEVER = {
    "intel": r"MSR_VM_HSAVE_PA|MSR_AMD64_VIRT_SPEC_CTRL|MSR_AMD64_TSC_RATIO",
    "amd": r"MSR_IA32_FEAT_CTL|MSR_IA32_BNDCFGS|MSR_IA32_RTIT_|MSR_IA32_TSX_CTRL|"
           r"MSR_IA32_UMWAIT_CONTROL|MSR_IA32_MCG_EXT_CTL|MSR_IA32_VMX_",
}
SWITCHED = r"MSR_IA32_VMX_"  # nested=1
# QEMU goes by CPUID for the counters, and not by this list.
COUNTERS = r"MSR_ARCH_PERFMON|MSR_CORE_PERF|MSR_IA32_PEBS|MSR_IA32_DS_AREA|" \
           r"MSR_PEBS_DATA_CFG|MSR_K7_(EVNTSEL|PERFCTR)|MSR_F15H_PERF|" \
           r"MSR_AMD64_PERF_CNTR"
# struct kvm_nested_state with its data: KVM_GET_NESTED_STATE's two formats.
NESTED = {"intel": 128 + 2 * 4096, "amd": 128 + 4096}
# Answered by the processor, or by an option that is not as sure.
BY_PROCESSOR = {"XCRS", "TSC_CONTROL", "VM_TSC_CONTROL", "XSAVE2", "STEAL_TIME",
                "NR_VCPUS", "MAX_VCPUS", "MAX_VCPU_ID", "ADJUST_CLOCK",
                "XEN_HVM", "X2APIC_API"}


class Kernel:
    def __init__(self, top, vendor):
        self.top = pathlib.Path(top)
        self.vendor = vendor
        self.x86 = self.read("arch/x86/kvm/x86.c")
        self.numbers = {}
        for header in sorted(self.top.glob("arch/x86/include/**/*.h")) + \
                sorted(self.top.glob("arch/x86/kvm/*.h")):
            self.learn(header.relative_to(self.top))

    def read(self, path):
        text = (self.top / path).read_text(errors="replace")
        return re.sub(r"/\*.*?\*/", "", text, flags=re.S)

    def learn(self, path):
        for line in self.read(path).splitlines():
            m = re.match(r"#define\s+(\w+)\s+(\(?\w+\)?(?:\s*\+\s*\w+)?)\s*$",
                         line)
            if m:
                self.numbers[m[1]] = m[2].strip("()")

    def number(self, text):
        total = 0
        for term in text.split("+"):
            term = term.strip().strip("()")
            while term in self.numbers:
                term = self.numbers[term]
            total += int(re.sub(r"[uUlL]+$", "", term), 0)
        return total

    def lists(self, pattern):
        names = []
        for m in re.finditer(r"^static (?:const )?u32 (" + pattern +
                             r")\[\] = \{(.*?)^\};", self.x86, re.S | re.M):
            body = re.sub(r"^#.*$", "", m[2], flags=re.M)
            names += [" ".join(n.split()) for n in body.split(",") if n.strip()]
        return names

    def msrs(self):
        sure, maybe = set(), set()
        for name in self.lists("msrs_to_save_(?:all|base)"):
            if re.match(NEVER[self.vendor] + "|" + COUNTERS, name):
                continue
            known = name in EVERY_PROCESSOR or name in ALWAYS[self.vendor]
            (sure if known else maybe).add(self.number(name))
        for name in self.lists("emulated_msrs(?:_all)?"):
            if re.match(NEVER[self.vendor], name):
                continue
            (maybe if re.match(SWITCHED, name) else sure).add(self.number(name))
        return sorted(sure), sorted(maybe - sure)

    def body(self, start):
        at = self.x86.index(start)
        return self.x86[at:self.x86.index("\n}", at)]

    def capabilities(self, wanted):
        m = re.search(r"^int kvm_vm_ioctl_check_extension\(", self.x86, re.M)
        body = self.body(m[0])
        ones = body[:body.index("r = 1;")]
        found = {}
        for name in wanted:
            has = re.search(r"\bKVM_CAP_%s\b" % name, body)
            if name == "NESTED_STATE":
                found[name] = NESTED[self.vendor] if has else 0
            elif name == "MCE":
                found[name] = 32
            elif name == "X86_SMM":
                found[name] = 1
            elif not has:
                found[name] = 0
            elif name not in BY_PROCESSOR and \
                    re.search(r"case KVM_CAP_%s:" % name, ones):
                found[name] = 1
        return {"KVM_CAP_" + n: v for n, v in found.items()}

    def features(self):
        text = self.read("arch/x86/kvm/cpuid.c")
        at = text.index("case KVM_CPUID_FEATURES:")
        names = re.findall(r"1 << (KVM_FEATURE_\w+)",
                           text[at:text.index("break;", at)])
        return sum(1 << self.number(n) for n in set(names))

    def xcr0(self):
        bits = {"FP": 0x1, "SSE": 0x2, "YMM": 0x4, "BNDREGS": 0x8,
                "BNDCSR": 0x10, "AVX512": 0xe0, "PKRU": 0x200,
                "XTILE": 0x60000}
        m = re.search(r"#define KVM_SUPPORTED_XCR0((?:.*\\\n)*.*)", self.x86)
        return sum(bits[n] for n in re.findall(r"XFEATURE_MASK_(\w+)", m[1]))


def main():
    source, vendor, name, kernel, about, origin = sys.argv[1:]
    here = pathlib.Path(__file__).resolve().parent
    caps = re.findall(r"^CAP\((\w+),", (here / "../../src/host/caps.def")
                      .read_text(), re.M)
    k = Kernel(source, vendor)
    sure, maybe = k.msrs()
    out = {
        "migscope_host": 1,
        "name": name,
        "about": about,
        "kernel": kernel,
        "vendor": {"intel": "GenuineIntel", "amd": "AuthenticAMD"}[vendor],
        "derived": True,
        "sources": [origin + ": arch/x86/kvm/x86.c (msrs_to_save, emulated_msrs,"
                    " kvm_vm_ioctl_check_extension, KVM_SUPPORTED_XCR0),"
                    " arch/x86/kvm/cpuid.c (KVM_CPUID_FEATURES)",
                    "arch/x86/kvm/%s: which emulated MSRs are left out" % (
                        "vmx/vmx.c (vmx_has_emulated_msr)" if vendor == "intel"
                        else "svm/svm.c (svm_has_emulated_msr)"),
                    "assumed as distributions build it: Hyper-V, SMM and "
                    "SCHED_INFO on"],
        "api_version": 12,
        "capabilities": k.capabilities(caps),
        "msrs": ["0x%x" % n for n in sure],
        "msrs_by_processor": ["0x%x" % n for n in maybe],
        "cpuid": [{"function": "0x40000001", "index": "0x0",
                   "eax": "0x%x" % k.features(), "ebx": "0x0", "ecx": "0x0",
                   "edx": "0x0"}],
        "xcr0": "0x%x" % k.xcr0(),
    }
    print(json.dumps(out, indent=1))


main()
