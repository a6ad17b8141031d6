/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/elf-dynamic.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"

#include <elf.h>
#include <stdlib.h>

#ifndef DT_RELR
#define DT_RELRSZ 35
#define DT_RELR 36
#endif

#define SYMBOL_SIZE 24
#define RELA_SIZE 24

/* Tags that matter, by place in struct tags. */
enum tag {
	TAG_STRTAB,
	TAG_STRSZ,
	TAG_SYMTAB,
	TAG_HASH,
	TAG_GNU_HASH,
	TAG_RELA,
	TAG_RELASZ,
	TAG_RELSZ,
	TAG_RELR,
	TAG_RELRSZ,
	TAG_COUNT
};

static const uint64_t tag_values[TAG_COUNT] = {
	DT_STRTAB, DT_STRSZ,  DT_SYMTAB, DT_HASH, DT_GNU_HASH,
	DT_RELA,   DT_RELASZ, DT_RELSZ,  DT_RELR, DT_RELRSZ,
};

struct dynamic {
	struct elf_image *im;
	uint64_t tags[TAG_COUNT]; /* 0: not there */
	const uint8_t *strings;
	uint64_t string_bytes;
	const uint8_t *symbols;
	uint64_t symbol_count;
	int32_t *outside_of; /* symbol -> number + 1 of im->outside */
};

static const char no_memory[] = "out of memory";

static uint64_t load64(const struct elf_image *im, const uint8_t *p)
{
	return im->big_endian ? load_be64(p) : load_le64(p);
}

static uint32_t load32(const struct elf_image *im, const uint8_t *p)
{
	return im->big_endian ? load_be32(p) : load_le32(p);
}

static uint32_t load16(const struct elf_image *im, const uint8_t *p)
{
	return im->big_endian ? load_be16(p) : load_le16(p);
}

/* Elf64_Dyn: u64 tag | u64 value */
static void read_tags(struct dynamic *d, uint64_t offset, uint64_t length)
{
	const struct elf_image *im = d->im;

	for (uint64_t at = offset; length >= 16; at += 16, length -= 16) {
		const uint64_t tag = load64(im, im->bytes + at);

		if (!tag)
			break;
		for (int i = 0; i < TAG_COUNT; i++)
			if (tag_values[i] == tag && !d->tags[i])
				d->tags[i] = load64(im, im->bytes + at + 8);
	}
}

/* ---- symbols ---- */

/* DT_HASH: u32 buckets | u32 chains (= symbols) | … */
static uint64_t count_by_hash(const struct dynamic *d)
{
	uint32_t n;

	return elf_u32(d->im, d->tags[TAG_HASH] + 4, &n) ? n : 0;
}

/* DT_GNU_HASH: u32 buckets | u32 first symbol | u32 words of filter |
 * u32 shift | u64 filter[] | u32 bucket[] | u32 chain[]; a chain's last
 * entry is odd. The last chain ends with the last symbol. */
static uint64_t count_by_gnu_hash(const struct dynamic *d)
{
	const uint64_t at = d->tags[TAG_GNU_HASH];
	uint32_t buckets, first, words, top = 0, v;
	uint64_t chains;

	if (!elf_u32(d->im, at, &buckets) || !elf_u32(d->im, at + 4, &first) ||
	    !elf_u32(d->im, at + 8, &words) || buckets > MAX_PROGRAM_SYMBOLS ||
	    words > MAX_PROGRAM_SYMBOLS)
		return 0;
	chains = at + 16 + 8 * (uint64_t)words;
	for (uint32_t i = 0; i < buckets; i++, chains += 4)
		if (elf_u32(d->im, chains, &v) && v > top)
			top = v;
	if (top < first)
		return first;
	while (top < MAX_PROGRAM_SYMBOLS &&
	       elf_u32(d->im, chains + 4 * (uint64_t)(top - first), &v) &&
	       !(v & 1))
		top++;
	return (uint64_t)top + 1;
}

static struct ms_text string_at(const struct dynamic *d, uint64_t at)
{
	const uint8_t *p, *end;

	if (!d->strings || at >= d->string_bytes)
		return text_make(NULL, 0);
	p = d->strings + at;
	end = memchr(p, 0, (size_t)(d->string_bytes - at));
	return end ? text_make(p, (size_t)(end - p)) : text_make(NULL, 0);
}

/* Elf64_Sym: u32 name | u8 info | u8 other | u16 section | u64 value |
 * u64 size */
struct symbol {
	struct ms_text name;
	unsigned type, section;
	uint64_t value, size;
};

static struct symbol symbol_at(const struct dynamic *d, uint64_t i)
{
	const uint8_t *p = d->symbols + i * SYMBOL_SIZE;

	return (struct symbol){
		.name = string_at(d, load32(d->im, p)),
		.type = p[4] & 15,
		.section = load16(d->im, p + 6),
		.value = load64(d->im, p + 8),
		.size = load64(d->im, p + 16),
	};
}

static int by_name(const void *a, const void *b)
{
	const struct elf_symbol *x = a, *y = b;
	const size_t n = x->name.length < y->name.length ? x->name.length :
							   y->name.length;
	int c = memcmp(x->name.bytes, y->name.bytes, n);

	if (!c)
		c = (x->name.length > y->name.length) -
		    (x->name.length < y->name.length);
	return c ? c : (x->value > y->value) - (x->value < y->value);
}

/* What may be looked up later: the descriptions and types of VMState, and
 * the stamp that ties modules to their program. All else is of no use. */
static bool worth_keeping(const struct symbol *s)
{
	return s->section && s->type <= STT_FUNC &&
	       (text_has(s->name, TEXT("vmstate")) ||
		text_has(s->name, TEXT("_compat_")) ||
		text_starts(s->name, TEXT("qemu_stamp_")));
}

static const char *read_symbols(struct dynamic *d)
{
	struct elf_image *im = d->im;
	uint64_t n = 0, kept = 0;

	if (d->tags[TAG_HASH])
		n = count_by_hash(d);
	else if (d->tags[TAG_GNU_HASH])
		n = count_by_gnu_hash(d);
	if (n > MAX_PROGRAM_SYMBOLS)
		return "symbols are over the limit of " LIMIT_TEXT(
			MAX_PROGRAM_SYMBOLS);
	d->symbols =
		n ? elf_bytes(im, d->tags[TAG_SYMTAB], n * SYMBOL_SIZE) : NULL;
	d->strings = elf_bytes(im, d->tags[TAG_STRTAB], d->tags[TAG_STRSZ]);
	d->string_bytes = d->strings ? d->tags[TAG_STRSZ] : 0;
	if (!d->symbols)
		return NULL;
	d->symbol_count = n;
	for (int pass = 0; pass < 2; pass++) {
		for (uint64_t i = 0; i < n; i++) {
			const struct symbol s = symbol_at(d, i);

			if (!worth_keeping(&s))
				continue;
			if (pass)
				im->symbols[im->symbol_count++] =
					(struct elf_symbol){ s.name, s.value,
							     s.size };
			else
				kept++;
		}
		if (pass || !kept)
			continue;
		im->symbols = mem_zero(kept, sizeof(*im->symbols));
		if (!im->symbols)
			return no_memory;
	}
	if (im->symbol_count > 1)
		qsort(im->symbols, im->symbol_count, sizeof(*im->symbols),
		      by_name);
	return NULL;
}

/* ---- relocations ---- */

static void mark(struct elf_image *im, uint64_t at)
{
	uint64_t *word = &im->pointers[at / 512];
	const uint64_t bit = UINT64_C(1) << at / 8 % 64;

	im->pointer_count += !(*word & bit);
	*word |= bit;
}

static void store64(const struct elf_image *im, uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++, v >>= 8)
		p[im->big_endian ? 7 - i : i] = (uint8_t)v;
}

/* The word at va becomes a pointer at target. Words that are not aligned or
 * not in the file cannot be members of the tables we look for. Code is not
 * written to. */
static void set_pointer(struct elf_image *im, uint64_t va, uint64_t target)
{
	const uint8_t *p = va & 7 ? NULL : elf_bytes(im, va, 8);
	uint64_t at;

	if (!p || elf_is_code(im, va))
		return;
	at = (uint64_t)(p - im->bytes);
	store64(im, im->bytes + at, target);
	mark(im, at);
}

/* Made-up address of an undefined symbol; 0: no memory. */
static uint64_t outside(struct dynamic *d, uint64_t symbol, struct ms_text name)
{
	struct elf_image *im = d->im;

	if (!d->outside_of)
		d->outside_of =
			mem_zero(d->symbol_count, sizeof(*d->outside_of));
	if (!d->outside_of)
		return 0;
	if (!d->outside_of[symbol]) {
		if (im->outside_count == im->outside_room) {
			size_t room = im->outside_room * 2 + 64;
			struct ms_text *p =
				mem_resize_array(im->outside, room, sizeof(*p));

			if (!p)
				return 0;
			im->outside = p;
			im->outside_room = room;
		}
		im->outside[im->outside_count++] = name;
		d->outside_of[symbol] = (int32_t)im->outside_count;
	}
	return ELF_OUTSIDE +
	       (uint64_t)(d->outside_of[symbol] - 1) * ELF_OUTSIDE_STEP;
}

static bool by_symbol(struct dynamic *d, uint64_t va, uint64_t symbol,
		      uint64_t addend)
{
	struct symbol s;
	uint64_t base;

	if (!symbol || symbol >= d->symbol_count)
		return true;
	s = symbol_at(d, symbol);
	base = s.section ? s.value : outside(d, symbol, s.name);
	if (!base && !s.section)
		return false;
	if (base + addend != 0)
		set_pointer(d->im, va, base + addend);
	return true;
}

/* Elf64_Rela: u64 address | u32 symbol, u32 type as one u64 | i64 addend */
static const char *apply_rela(struct dynamic *d)
{
	const struct elf_image *im = d->im;
	const uint64_t n = d->tags[TAG_RELASZ] / RELA_SIZE;
	const uint8_t *p = elf_bytes(im, d->tags[TAG_RELA], n * RELA_SIZE);
	uint8_t *copy;

	if (!n)
		return NULL;
	if (!p || n > UINT64_MAX / RELA_SIZE)
		return "cut short: the relocations are not all there";
	/* They could be told to overwrite themselves. */
	copy = mem_alloc(n * RELA_SIZE);
	if (!copy)
		return no_memory;
	memcpy(copy, p, n * RELA_SIZE);
	p = copy;
	for (uint64_t i = 0; i < n; i++, p += RELA_SIZE) {
		const uint64_t va = load64(im, p), info = load64(im, p + 8);
		const uint64_t addend = load64(im, p + 16);
		const uint32_t type = (uint32_t)info;

		if (type == im->host->relative) {
			set_pointer(d->im, va, addend);
		} else if (type == im->host->absolute &&
			   !by_symbol(d, va, info >> 32, addend)) {
			free(copy);
			return no_memory;
		}
	}
	free(copy);
	return NULL;
}

static void keep_pointer(struct elf_image *im, uint64_t va)
{
	uint64_t target;

	if (elf_u64(im, va, &target))
		set_pointer(im, va, target);
}

/* DT_RELR: an even word is an address; an odd one says which of the 63
 * words behind the last are pointers too. The file holds their targets. */
static const char *apply_relr(struct dynamic *d)
{
	struct elf_image *im = d->im;
	const uint64_t n = d->tags[TAG_RELRSZ] / 8;
	uint64_t va = 0, entry;

	if (!n)
		return NULL;
	if (!elf_bytes(im, d->tags[TAG_RELR], n * 8) || n > UINT64_MAX / 8)
		return "cut short: the relocations are not all there";
	for (uint64_t i = 0; i < n; i++) {
		elf_u64(im, d->tags[TAG_RELR] + 8 * i, &entry);
		if (!(entry & 1)) {
			keep_pointer(im, entry);
			va = entry + 8;
			continue;
		}
		for (unsigned bit = 0; entry >>= 1; bit++)
			if (entry & 1)
				keep_pointer(im, va + 8 * bit);
		va += (uint64_t)8 * 63;
	}
	return NULL;
}

/* A program for a fixed address has no relocations: every aligned word of
 * its data that could be an address is taken for one. */
static void guess_pointers(struct elf_image *im)
{
	const uint64_t low = im->segments[0].start;
	const uint64_t high = im->segments[im->segment_count - 1].end;

	elf_each_segment(im, g)
	{
		uint64_t va = (g->start + 7) & ~UINT64_C(7), v;

		for (; !g->code && va < g->file_end && g->file_end - va >= 8;
		     va += 8)
			if (elf_u64(im, va, &v) && v >= low && v < high)
				set_pointer(im, va, v);
	}
}

const char *elf_read_dynamic(struct elf_image *im, uint64_t offset,
			     uint64_t length)
{
	struct dynamic d = { .im = im };
	const char *why;

	if (length && (offset > im->size || length > im->size - offset))
		return "cut short: the dynamic section is not all there";
	read_tags(&d, offset, length);
	if (d.tags[TAG_RELSZ])
		return "relocations without addend cannot be read";
	why = read_symbols(&d);
	why = why ? why : apply_rela(&d);
	why = why ? why : apply_relr(&d);
	free(d.outside_of);
	if (!why && !im->shared)
		guess_pointers(im);
	return why;
}
