/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/store.h"
#include "ram/core-notes.h"
#include "ram/export.h"

#include <stdlib.h>

/* ELF core as QEMU's dump-guest-memory writes it without paging (dump/dump.c:
 * write_elf64_header, write_elf64_note_phdr, write_elf64_load):
 *   ELF header | PT_NOTE | PT_LOAD, one for each range | notes | memory
 * The CPUs come behind the memory in the stream and crash(8) wants the notes
 * before it in the file, so there is room for MAX_CORE_CPUS of them; what is
 * not used is a hole. The virtual address of a segment is its physical one:
 * a debugger without page tables can read memory then. */
#define EHDR_SIZE 64
#define PHDR_SIZE 56
#define MEMORY_AT MIB(2)
#define HEADERS_ROOM 4096
#define PT_LOAD 1
#define PT_NOTE 4
#define PF_RWX 7

static uint64_t place(uint64_t physical, uint64_t end)
{
	(void)physical;
	return end ? end : MEMORY_AT;
}

static void store_ehdr(struct store *s, const struct ram_export *x)
{
	const uint8_t ident[16] = {
		0x7f,
		'E',
		'L',
		'F',
		2 /* 64 bit */,
		x->rule->big_endian ? 2 : 1,
		1 /* version */
	};

	memcpy(s->p, ident, sizeof(ident));
	s->p += sizeof(ident);
	store_u16(s, 4); /* ET_CORE */
	store_u16(s, x->rule->elf_machine);
	store_u32(s, 1);
	store_u64(s, 0); /* entry */
	store_u64(s, EHDR_SIZE);
	store_u64(s, 0); /* sections */
	store_u32(s, 0); /* flags */
	store_u16(s, EHDR_SIZE);
	store_u16(s, PHDR_SIZE);
	store_u16(s, (uint16_t)(1 + x->range_count));
	store_zeros(s, 6);
}

static void store_phdr(struct store *s, uint32_t type, uint64_t at,
		       uint64_t address, uint64_t length)
{
	store_u32(s, type);
	store_u32(s, type == PT_LOAD ? PF_RWX : 0);
	store_u64(s, at);
	store_u64(s, address);
	store_u64(s, address);
	store_u64(s, length);
	store_u64(s, length);
	store_u64(s, 0);
}

/* The guest has made a note of its own for this: size bytes at paddr, header
 * and all (docs/specs/vmcoreinfo.rst). It is taken as it is, if it is one. */
#define FORMAT_ELF 1

static size_t read_vmcoreinfo(struct ram_export *x, uint8_t *p)
{
	static const char name[] = "VMCOREINFO";
	struct vmcoreinfo *v = &x->vmcoreinfo;

	if (!v->told || v->format != FORMAT_ELF || v->size < 24)
		return 0;
	v->over = v->size > MAX_VMCOREINFO;
	if (v->over || !export_read_physical(x, v->paddr, p, (size_t)v->size))
		return 0;
	if (load_le32(p) != sizeof(name) || memcmp(p + 12, name, sizeof(name)))
		return 0;
	/* a note ends on a multiple of 4, as do all before it */
	return (size_t)(v->size & ~UINT64_C(3));
}

static bool finish(struct ram_export *x)
{
	const bool x86 = x->rule->x86;
	size_t room = HEADERS_ROOM + (size_t)MAX_VMCOREINFO +
		      x->cpus.count * CORE_NOTES_SIZE;
	uint8_t *p = mem_zero(1, room);
	struct store s = { .p = p, .big_endian = x->rule->big_endian };
	uint8_t *notes, *end;
	bool done;

	if (!p)
		return false;
	notes = end = p + HEADERS_ROOM;
	if (x86 && !x->cpus.failed) {
		end = core_notes_x86(end, &x->cpus);
		end += read_vmcoreinfo(x, end);
	}
	store_ehdr(&s, x);
	store_phdr(&s, PT_NOTE, HEADERS_ROOM, 0, (uint64_t)(end - notes));
	for (unsigned i = 0; i < x->range_count; i++)
		store_phdr(&s, PT_LOAD, x->ranges[i].at, x->ranges[i].physical,
			   x->ranges[i].length);
	done = sparse_write(&x->file, 0, p, (size_t)(end - p));
	free(p);
	return done;
}

const struct export_format format_elf = { .name = "elf",
					  .place = place,
					  .finish = finish,
					  .physical_only = true,
					  .firmware = true };
