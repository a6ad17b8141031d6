/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers of x86 CPUs, picked out of the fields of their sections. */
#ifndef RAM_CPU_X86_H
#define RAM_CPU_X86_H

#include "migscope.h"

struct x86_segment {
	uint64_t base;
	uint32_t selector, limit, flags;
};

/* Numbered as the fields of QEMU's vmstate are (target/i386/cpu.h). */
enum { X86_AX, X86_CX, X86_DX, X86_BX, X86_SP, X86_BP, X86_SI, X86_DI };
enum { X86_ES, X86_CS, X86_SS, X86_DS, X86_FS, X86_GS };

struct x86_cpu {
	uint32_t index;
	uint64_t regs[16], ip, flags, cr[5], kernel_gs_base;
	struct x86_segment segs[6], ldt, tr, gdt, idt;
	bool has_ip; /* its section was read field by field */
};

struct x86_cpus {
	struct x86_cpu *list;
	size_t count, room;
	bool failed, cut; /* out of memory; over MAX_CORE_CPUS */
	/* private */
	bool inside;    /* a section named cpu */
	unsigned depth; /* of structs and subsections in it */
	char outer[32]; /* name of the outermost */
	int64_t outer_index;
};

void x86_cpus_free(struct x86_cpus *c);
/* Were registers of any of them found? */
bool x86_cpus_known(const struct x86_cpus *c);
/* To be called with every record. */
void x86_cpus_see(struct x86_cpus *c, const struct ms_record *rec);

#endif
