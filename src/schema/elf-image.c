/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Headers and segments by libelf, and access to memory. Relocations and
 * symbols: elf-dynamic.c. */
#include "config.h"
#include "schema/elf-image.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "schema/elf-dynamic.h"

#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(sizeof(((struct elf_image *)0)->segments) /
			       sizeof(struct elf_segment) ==
		       MAX_PROGRAM_SEGMENTS,
	       "one cap for segments");

/* R_*_RELATIVE and the 64-bit absolute one (glibc elf.h). */
static const struct elf_host hosts[] = {
	{ EM_X86_64, "x86_64", R_X86_64_RELATIVE, R_X86_64_64 },
	{ EM_AARCH64, "aarch64", R_AARCH64_RELATIVE, R_AARCH64_ABS64 },
	{ EM_S390, "s390x", R_390_RELATIVE, R_390_64 },
	{ EM_PPC64, "ppc64", R_PPC64_RELATIVE, R_PPC64_ADDR64 },
	{ EM_RISCV, "riscv64", R_RISCV_RELATIVE, R_RISCV_64 },
	{ 258 /* LoongArch */, "loongarch64", 3, 2 },
};

static const struct elf_host *find_host(unsigned machine)
{
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (hosts[i].machine == machine)
			return &hosts[i];
	return NULL;
}

/* ---- opening ---- */

static bool overlaps(const struct elf_image *im, const struct elf_segment *g)
{
	for (unsigned i = 0; i < im->segment_count; i++)
		if (g->start < im->segments[i].end &&
		    im->segments[i].start < g->end)
			return true;
	return false;
}

/* Whether a program header can be believed; NULL or why not. */
static const char *add_segment(struct elf_image *im, const GElf_Phdr *p)
{
	const struct elf_segment g = {
		.start = p->p_vaddr,
		.file_end = p->p_vaddr + p->p_filesz,
		.end = p->p_vaddr + p->p_memsz,
		.offset = p->p_offset,
		.code = p->p_flags & PF_X,
	};

	if (p->p_filesz > p->p_memsz || p->p_memsz > ELF_OUTSIDE ||
	    p->p_vaddr > ELF_OUTSIDE - p->p_memsz)
		return "a segment has impossible addresses";
	if (p->p_offset > im->size || p->p_filesz > im->size - p->p_offset)
		return "cut short: a segment is not all there";
	if ((p->p_vaddr ^ p->p_offset) & 7)
		return "a segment is not aligned";
	if (im->segment_count == MAX_PROGRAM_SEGMENTS)
		return "segments are over the limit of " LIMIT_TEXT(
			MAX_PROGRAM_SEGMENTS);
	if (overlaps(im, &g))
		return "segments overlap";
	im->segments[im->segment_count++] = g;
	return NULL;
}

struct dynamic {
	uint64_t offset, length;
};

static const char *read_segments(struct elf_image *im, Elf *e,
				 struct dynamic *ret)
{
	uint64_t in_file = 0;
	const char *why;
	size_t n;

	if (elf_getphdrnum(e, &n) || !n)
		return "no program headers";
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (i > INT32_MAX || !gelf_getphdr(e, (int)i, &p))
			return "the program headers cannot be read";
		if (p.p_type == PT_DYNAMIC) {
			ret->offset = p.p_offset;
			ret->length = p.p_filesz;
		} else if (p.p_type == PT_GNU_EH_FRAME) {
			im->eh_frame_header = p.p_vaddr;
		} else if (p.p_type == PT_LOAD && p.p_memsz) {
			why = add_segment(im, &p);
			if (why)
				return why;
			in_file += p.p_filesz;
		}
	}
	if (!im->segment_count)
		return "it has no segments to load";
	/* Linkers map no byte twice; work below is bounded by this. */
	return in_file > im->size ? "segments share bytes" : NULL;
}

static int by_address(const void *a, const void *b)
{
	const struct elf_segment *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static const char *read_headers(struct elf_image *im, Elf *e,
				struct dynamic *ret)
{
	const char *why;
	GElf_Ehdr h;

	if (!e || elf_kind(e) != ELF_K_ELF || !gelf_getehdr(e, &h))
		return "not an ELF file";
	if (gelf_getclass(e) != ELFCLASS64)
		return "only programs for 64-bit hosts can be read";
	if (h.e_type != ET_EXEC && h.e_type != ET_DYN)
		return "neither a program nor a shared object";
	im->big_endian = h.e_ident[EI_DATA] == ELFDATA2MSB;
	im->shared = h.e_type == ET_DYN;
	im->host = find_host(h.e_machine);
	if (!im->host)
		return "programs for this kind of machine cannot be read";
	why = read_segments(im, e, ret);
	qsort(im->segments, im->segment_count, sizeof(im->segments[0]),
	      by_address);
	return why;
}

static const char *read_image(struct elf_image *im)
{
	struct dynamic d = { 0 };
	const char *why;
	Elf *e;

	elf_version(EV_CURRENT);
	e = elf_memory((char *)im->bytes, im->size);
	why = read_headers(im, e, &d);
	elf_end(e);
	if (why)
		return why;
	im->pointers = mem_zero(im->size / 512 + 1, sizeof(*im->pointers));
	if (!im->pointers)
		return "out of memory";
	return elf_read_dynamic(im, d.offset, d.length);
}

bool elf_image_open(struct elf_image *im, uint8_t *bytes, size_t n, char *why,
		    size_t why_room)
{
	const char *wrong;

	*im = (struct elf_image){ .bytes = bytes, .size = n };
	arena_init(&im->arena, MAX_SCHEMA_BYTES);
	wrong = read_image(im);
	if (!wrong)
		return true;
	snprintf(why, why_room, "%s", wrong);
	elf_image_close(im);
	return false;
}

void elf_image_close(struct elf_image *im)
{
	free(im->bytes);
	free(im->pointers);
	free(im->symbols);
	free(im->outside);
	arena_free(&im->arena);
	*im = (struct elf_image){ 0 };
}

/* ---- memory ---- */

static const struct elf_segment *segment_of(const struct elf_image *im,
					    uint64_t va)
{
	for (unsigned i = im->segment_count; i--;)
		if (va >= im->segments[i].start)
			return va < im->segments[i].end ? &im->segments[i] :
							  NULL;
	return NULL;
}

const uint8_t *elf_bytes(const struct elf_image *im, uint64_t va, uint64_t n)
{
	const struct elf_segment *g = segment_of(im, va);

	if (!g || va >= g->file_end || n > g->file_end - va)
		return NULL;
	return im->bytes + g->offset + (va - g->start);
}

bool elf_mapped(const struct elf_image *im, uint64_t va, uint64_t n)
{
	const struct elf_segment *g = segment_of(im, va);

	return g && n <= g->end - va;
}

bool elf_u64(const struct elf_image *im, uint64_t va, uint64_t *ret)
{
	const uint8_t *p = elf_bytes(im, va, 8);

	*ret = 0;
	if (!p)
		return elf_mapped(im, va, 8);
	*ret = im->big_endian ? load_be64(p) : load_le64(p);
	return true;
}

bool elf_u32(const struct elf_image *im, uint64_t va, uint32_t *ret)
{
	const uint8_t *p = elf_bytes(im, va, 4);

	*ret = 0;
	if (!p)
		return elf_mapped(im, va, 4);
	*ret = im->big_endian ? load_be32(p) : load_le32(p);
	return true;
}

static bool marked(const struct elf_image *im, uint64_t offset)
{
	return im->pointers[offset / 512] >> offset / 8 % 64 & 1;
}

bool elf_pointer(const struct elf_image *im, uint64_t va, uint64_t *ret_target)
{
	const uint8_t *p = va & 7 ? NULL : elf_bytes(im, va, 8);

	if (!p || !marked(im, (uint64_t)(p - im->bytes)))
		return false;
	*ret_target = im->big_endian ? load_be64(p) : load_le64(p);
	return true;
}

bool elf_null(const struct elf_image *im, uint64_t va)
{
	uint64_t v;

	return elf_u64(im, va, &v) && !v && !elf_pointer(im, va, &v);
}

bool elf_is_code(const struct elf_image *im, uint64_t va)
{
	const struct elf_segment *g = segment_of(im, va);

	return va >= ELF_OUTSIDE || (g && g->code);
}

struct ms_text elf_string(const struct elf_image *im, uint64_t va)
{
	const struct elf_segment *g = segment_of(im, va);
	const uint8_t *p;
	size_t n, most;

	if (!g || va >= g->file_end)
		return text_make(NULL, 0);
	p = im->bytes + g->offset + (va - g->start);
	most = g->file_end - va < 256 ? (size_t)(g->file_end - va) : 256;
	for (n = 0; n < most && p[n]; n++)
		if (p[n] < 0x20 || p[n] > 0x7e)
			return text_make(NULL, 0);
	return n < most ? text_make(p, n) : text_make(NULL, 0);
}

struct ms_text elf_string_of(const struct elf_image *im, uint64_t slot)
{
	uint64_t va;

	return elf_pointer(im, slot, &va) ? elf_string(im, va) :
					    text_make(NULL, 0);
}

bool elf_next_pointer(const struct elf_image *im, const struct elf_segment *g,
		      uint64_t *io_va)
{
	/* segments and the file are aligned alike */
	uint64_t va = (*io_va + 7) & ~UINT64_C(7);

	while (va < g->file_end && g->file_end - va >= 8) {
		const uint64_t at = g->offset + (va - g->start);
		const uint64_t bits = im->pointers[at / 512] >> at / 8 % 64;

		if (bits & 1) {
			*io_va = va;
			return true;
		}
		/* to the next bit that is set, or the next group of 64 */
		va += 8 * (bits ? (unsigned)__builtin_ctzll(bits) :
				  64 - (unsigned)(at / 8 % 64));
	}
	return false;
}

static int by_name(const void *key, const void *item)
{
	const struct ms_text *a = key;
	const struct elf_symbol *b = item;
	const size_t n =
		a->length < b->name.length ? a->length : b->name.length;
	const int c = n ? memcmp(a->bytes, b->name.bytes, n) : 0;

	return c ? c :
		   (a->length > b->name.length) - (a->length < b->name.length);
}

const struct elf_symbol *elf_symbol_find(const struct elf_image *im,
					 struct ms_text name)
{
	return im->symbol_count ? bsearch(&name, im->symbols, im->symbol_count,
					  sizeof(*im->symbols), by_name) :
				  NULL;
}

struct ms_text elf_outside_name(const struct elf_image *im, uint64_t va)
{
	const uint64_t n = va >= ELF_OUTSIDE ?
				   (va - ELF_OUTSIDE) / ELF_OUTSIDE_STEP :
				   im->outside_count;

	return n < im->outside_count ? im->outside[n] : text_make(NULL, 0);
}
