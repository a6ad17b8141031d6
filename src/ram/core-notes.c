/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/core-notes.h"

#include "base/store.h"

/* target/i386/arch_dump.c: x86_64_write_elf64_note, cpu_write_qemu_note */
#define NT_PRSTATUS 1
#define PRSTATUS_SIZE 336
#define QEMU_STATE_VERSION 1
#define QEMU_STATE_SIZE 440

/* name: 4 letters, with their NUL padded to 8 */
static void store_header(struct store *s, const char *name, uint32_t size,
			 uint32_t type)
{
	store_u32(s, 5);
	store_u32(s, size);
	store_u32(s, type);
	memcpy(s->p, name, 4);
	s->p += 4;
	store_u32(s, 0);
}

static void store_prstatus(struct store *s, const struct x86_cpu *c)
{
	const uint64_t *r = c->regs;
	const struct x86_segment *seg = c->segs;
	const uint64_t regs[27] = {
		r[15],
		r[14],
		r[13],
		r[12],
		r[X86_BP],
		r[X86_BX],
		r[11],
		r[10],
		r[9],
		r[8],
		r[X86_AX],
		r[X86_CX],
		r[X86_DX],
		r[X86_SI],
		r[X86_DI],
		0 /* orig_rax */,
		c->ip,
		seg[X86_CS].selector,
		c->flags,
		r[X86_SP],
		seg[X86_SS].selector,
		seg[X86_FS].base,
		seg[X86_GS].base,
		seg[X86_DS].selector,
		seg[X86_ES].selector,
		seg[X86_FS].selector,
		seg[X86_GS].selector,
	};

	store_header(s, "CORE", PRSTATUS_SIZE, NT_PRSTATUS);
	store_zeros(s, 32);
	store_u32(s, c->index + 1); /* as pid: debuggers want none to be 0 */
	store_zeros(s, 76);
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		store_u64(s, regs[i]);
	store_zeros(s, 8);
}

static void store_segment(struct store *s, const struct x86_segment *seg)
{
	store_u32(s, seg->selector);
	store_u32(s, seg->limit);
	store_u32(s, seg->flags);
	store_u32(s, 0);
	store_u64(s, seg->base);
}

static void store_qemu(struct store *s, const struct x86_cpu *c)
{
	static const uint8_t order[8] = { X86_AX, X86_BX, X86_CX, X86_DX,
					  X86_SI, X86_DI, X86_SP, X86_BP };
	static const uint8_t segs[6] = { X86_CS, X86_DS, X86_ES,
					 X86_FS, X86_GS, X86_SS };

	store_header(s, "QEMU", QEMU_STATE_SIZE, 0);
	store_u32(s, QEMU_STATE_VERSION);
	store_u32(s, QEMU_STATE_SIZE);
	for (size_t i = 0; i < sizeof(order); i++)
		store_u64(s, c->regs[order[i]]);
	for (size_t i = 8; i < 16; i++)
		store_u64(s, c->regs[i]);
	store_u64(s, c->ip);
	store_u64(s, c->flags);
	for (size_t i = 0; i < sizeof(segs); i++)
		store_segment(s, &c->segs[segs[i]]);
	store_segment(s, &c->ldt);
	store_segment(s, &c->tr);
	store_segment(s, &c->gdt);
	store_segment(s, &c->idt);
	for (size_t i = 0; i < 5; i++)
		store_u64(s, c->cr[i]);
	store_u64(s, c->kernel_gs_base);
}

uint8_t *core_notes_x86(uint8_t *p, const struct x86_cpus *cpus)
{
	struct store s = { .p = p };

	for (size_t i = 0; i < cpus->count; i++)
		if (cpus->list[i].has_ip)
			store_prstatus(&s, &cpus->list[i]);
	for (size_t i = 0; i < cpus->count; i++)
		if (cpus->list[i].has_ip)
			store_qemu(&s, &cpus->list[i]);
	return s.p;
}
