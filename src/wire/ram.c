/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "wire/unpack.h"

#include <stdlib.h>

/* Body of START, PART and END (migration/ram.c: ram_load_precopy,
 * ram_load_postcopy): records up to EOS, each
 *   be64 address | flags, flags below the target page size
 *   ZERO           [name] u8 fill
 *   PAGE           [name] one target page
 *   XBZRLE         [name] u8 1 | be16 length | delta
 *   COMPRESS_PAGE  [name] be32 length | zlib stream
 *   MEM_SIZE       block list, see ram-list.c; address = total bytes
 *   EOS, HOOK, MULTIFD_FLUSH  nothing
 * [name] = str8 block, unless CONTINUE: the block named last. */
#define WORD 8

struct ram *ram_new(void)
{
	struct ram *r = mem_zero(1, sizeof(*r));

	if (r)
		r->run.offset = UINT64_MAX;
	return r;
}

void ram_free(struct ram *r)
{
	if (!r)
		return;
	names_free(&r->names);
	free(r->blocks);
	free(r->room);
	free(r);
}

static unsigned name_hash(struct ms_text t)
{
	unsigned h = 5381;

	for (size_t i = 0; i < t.length; i++)
		h = h * 33 ^ (unsigned char)t.bytes[i];
	return h % RAM_HASH;
}

struct ram_block *ram_find(const struct ram *r, struct ms_text name)
{
	size_t i;

	return r && names_find(&r->names, name, &i) ? r->blocks[i] : NULL;
}

bool ram_has_block(const struct ram *r, struct ms_text name)
{
	return ram_find(r, name) != NULL;
}

static bool room_for_block(struct ram *r)
{
	const size_t room = r->blocks_room ? 2 * r->blocks_room : 64;
	struct ram_block **more;

	if (r->block_count < r->blocks_room)
		return true;
	more = mem_resize(r->blocks, room * sizeof(struct ram_block *));
	if (!more)
		return false;
	r->blocks = more;
	r->blocks_room = room;
	return true;
}

struct ram_block *ram_add(struct walk *w, struct ms_text name, bool *ret_new)
{
	struct ram_block *b = ram_find(w->ram, name);
	unsigned h = name_hash(name);

	*ret_new = !b;
	if (b)
		return b;
	if (!w->ram || w->ram->block_count >= MAX_RAM_BLOCKS)
		return NULL;
	b = room_for_block(w->ram) ? arena_alloc(&w->arena, sizeof(*b)) : NULL;
	if (!b)
		return NULL;
	b->name = arena_text(&w->arena, name);
	if (!b->name.bytes)
		return NULL;
	if (!names_add(&w->ram->names, b->name, w->ram->block_count))
		return NULL;
	w->ram->blocks[w->ram->block_count++] = b;
	b->next_same_hash = w->ram->by_name[h];
	w->ram->by_name[h] = b;
	return b;
}

/* ---- runs: one record for many pages ---- */

void ram_flush(struct walk *w)
{
	struct ram_run *r = &w->ram->run;
	struct ms_record rec = { .kind = MS_PAGES };

	if (r->offset == UINT64_MAX)
		return;
	rec.offset = r->offset;
	rec.length = r->count * r->record_length;
	if (r->block) {
		rec.name = r->block->name;
		r->block->paged = true;
		r->block->from_start |= !r->address;
	}
	rec.u.pages.kind = r->kind;
	rec.u.pages.address = r->address;
	rec.u.pages.count = r->count;
	rec.u.pages.page_size = w->page_size;
	rec.u.pages.fill = r->fill;
	rec.u.pages.ascending = true;
	r->offset = UINT64_MAX;
	sink_emit(&w->sink, &rec);
}

static inline void run_add(struct walk *w, enum ms_page_kind kind,
			   uint64_t offset, uint64_t address, uint32_t length,
			   uint8_t fill)
{
	struct ram_run *r = &w->ram->run;

	if (r->offset != UINT64_MAX) {
		if (r->kind == kind && r->record_length == length &&
		    r->block == w->ram->last && r->fill == fill &&
		    r->address + r->count * w->page_size == address) {
			r->count++;
			return;
		}
		ram_flush(w);
	}
	*r = (struct ram_run){ .kind = kind,
			       .block = w->ram->last,
			       .offset = offset,
			       .address = address,
			       .count = 1,
			       .record_length = length,
			       .fill = fill };
}

/* ---- single records ---- */

static void report(struct walk *w, enum fault_code code, uint64_t a, uint64_t b,
		   uint64_t at, uint64_t length, const struct where *where)
{
	struct fault f = {
		.code = code, .offset = at, .length = length, .a = a, .b = b
	};

	if (w->ram->last)
		f.name = w->ram->last->name;
	fault_add(w->faults, &f, where);
}

/* Names that QEMU itself gives to RAM blocks (hw/, softmmu/): a page of one
 * of these loads if the destination has the block, listed or not. */
static const char *const known_blocks[] = {
	"pc.ram",
	"pc.bios",
	"pc.rom",
	"isa-bios",
	"microvm.ram",
	"system.flash0",
	"system.flash1",
	"vga.vram",
	"vga.ram",
	"smram",
	"/rom@etc/acpi/tables",
	"/rom@etc/table-loader",
	"/rom@etc/acpi/rsdp",
	"mach-virt.ram",
	"virt.flash0",
	"virt.flash1",
	"ppc_spapr.ram",
	"pnv.ram",
	"s390.ram",
	"riscv_virt_board.ram",
	"riscv_virt_board.mrom",
	"loongarch.ram",
	"ppc_core99.ram",
};

static bool is_known_block(struct ms_text name)
{
	for (size_t i = 0; i < sizeof(known_blocks) / sizeof(known_blocks[0]);
	     i++) {
		struct ms_text known = text_of(known_blocks[i]);

		/* alone, or behind the path of its device */
		if (text_eq(name, known) ||
		    (text_ends(name, known) &&
		     name.bytes[name.length - known.length - 1] == '/'))
			return true;
	}
	return false;
}

/* A listed block whose name differs by one byte, if possible one that no page
 * came for. */
static struct ram_block *namesake(const struct ram *r, struct ms_text name)
{
	struct ram_block *found = NULL;

	for (size_t i = 0; i < RAM_HASH; i++)
		for (struct ram_block *b = r->by_name[i]; b;
		     b = b->next_same_hash) {
			size_t differ = 0;

			if (!b->listed || b->name.length != name.length)
				continue;
			for (size_t k = 0; k < name.length && differ < 2; k++)
				differ += b->name.bytes[k] != name.bytes[k];
			if (differ == 1 && (!found || found->paged))
				found = b;
		}
	return found;
}

static bool name_possible(struct ms_text name)
{
	for (size_t i = 0; i < name.length; i++)
		if (name.bytes[i] < 0x20 || name.bytes[i] > 0x7e)
			return false;
	return name.length > 0;
}

static void report_unlisted(struct walk *w, enum fault_code code,
			    struct ms_text name, uint64_t address, uint64_t at,
			    const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = code,
				   .offset = at,
				   .length = 1 + name.length,
				   .a = address,
				   .name = name },
		  where);
}

/* A block that is in no list: QEMU looks among its own, so it loads if the
 * list alone leaves it out, and does not if it is another block's name that
 * is damaged. The first round goes through all blocks, each from its start
 * on: a page in the middle is the namesake's, and so is the first one if the
 * namesake has none to the end. The walk goes on if it is a name at all. */
static struct ram_block *unlisted(struct walk *w, struct ms_text name,
				  uint64_t address, uint64_t at,
				  const struct where *where)
{
	const struct ram_block *other = namesake(w->ram, name);
	struct ram_block *b = NULL;
	bool fresh;

	w->ram->unlisted = true;
	if (name_possible(name))
		b = ram_add(w, name, &fresh);
	if (b) {
		b->used_length = UINT64_MAX;
		b->unlisted_at = at;
	}
	if (!b || (other && address && !is_known_block(name)))
		report_unlisted(w, F_RAM_BLOCK_UNKNOWN, name, address, at,
				where);
	else if (!other || is_known_block(name))
		report_unlisted(w, F_RAM_BLOCK_UNLISTED, name, address, at,
				where);
	else
		b->doubted = true;
	return b;
}

/* Which block a page belongs to, and whether it lies inside
 * (migration/ram.c: ram_block_from_stream, host_from_ram_block_offset).
 * *ret_length is what the name takes on the wire. */
static enum body_end page_place(struct walk *w, uint64_t word, uint64_t address,
				uint32_t *ret_length, const struct where *where)
{
	uint64_t at = rd_tell(w->rd);
	struct ram_block *b;
	const uint8_t *p;
	size_t n;

	*ret_length = 0;
	if (!(word & RAM_CONTINUE)) {
		p = rd_peek(w->rd, WORD + 1);
		n = p ? p[WORD] : 0;
		p = rd_peek(w->rd, WORD + 1 + n);
		if (!p) {
			ram_flush(w);
			walk_truncated(w, where, "RAM block name",
				       WORD + 1 + n);
			return BODY_STOP;
		}
		*ret_length = 1 + (uint32_t)n;
		b = ram_find(w->ram, text_make(p + WORD + 1, n));
		if (!b)
			ram_flush(w); /* marks the block before as seen */
		if (!b && !(b = unlisted(w, text_make(p + WORD + 1, n), address,
					 at + WORD, where)))
			return BODY_LOST;
		w->ram->last = b;
	}
	b = w->ram->last;
	if (!b) {
		ram_flush(w);
		report(w, F_RAM_CONTINUE, address, 0, at, WORD, where);
		return BODY_LOST;
	}
	if (address >= b->used_length ||
	    w->page_size > b->used_length - address) {
		/* QEMU tests the first byte only; what sticks out past the
		 * end of a block is no page of it either. */
		if (address >= b->used_length) {
			ram_flush(w);
			ram_list_explain(w, b, address, where);
			report(w, F_RAM_OFFSET, address, b->used_length, at,
			       WORD, where);
			return BODY_LOST;
		}
	}
	return BODY_DONE;
}

static enum body_end cut(struct walk *w, const char *what, uint64_t wanted,
			 uint64_t at, const struct where *where)
{
	ram_flush(w);
	walk_truncated_at(w, where, what, wanted, at);
	return BODY_STOP;
}

static enum body_end read_zero(struct walk *w, uint64_t address, uint32_t head,
			       const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, (size_t)head + 1);
	uint64_t at = rd_tell(w->rd);

	if (!p)
		return cut(w, "zero page", head + 1, at, where);
	if (p[head]) {
		ram_flush(w);
		report(w, F_RAM_ZERO_FILL, p[head], 0, at + head, 1, where);
		p = rd_peek(w->rd, (size_t)head + 1);
	}
	run_add(w, MS_PAGE_ZERO, at, address, head + 1, p[head]);
	rd_skip(w->rd, head + 1);
	return BODY_DONE;
}

static enum body_end read_page(struct walk *w, uint64_t address, uint32_t head,
			       const struct where *where)
{
	uint64_t at = rd_tell(w->rd);
	uint32_t length = head + w->page_size;

	if (w->page_bytes) {
		const uint8_t *p = rd_peek(w->rd, length);

		if (p)
			ram_hand_out(w, MS_PAGE_DATA, address, length, p + head,
				     w->page_size);
		if (!p || !rd_skip(w->rd, length))
			return cut(w, "page", length, at, where);
		return BODY_DONE;
	}
	if (!rd_skip(w->rd, length))
		return cut(w, "page", length, at, where);
	run_add(w, MS_PAGE_DATA, at, address, length, 0);
	return BODY_DONE;
}

/* u8 1 | be16 length | delta against the page's earlier content */
static enum body_end read_xbzrle(struct walk *w, uint64_t address,
				 uint32_t head, const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, (size_t)head + 3);
	uint64_t at = rd_tell(w->rd);
	const char *why = NULL;
	uint32_t length;

	if (!p)
		return cut(w, "XBZRLE header", head + 3, at, where);
	length = load_be16(p + head + 1);
	if (p[head] != 1)
		why = "wrong compression";
	else if (length > w->page_size)
		why = "len overflow";
	else if (!(p = rd_peek(w->rd, (size_t)head + 3 + length)))
		return cut(w, "XBZRLE page", head + 3 + length, at, where);
	else
		why = ram_xbzrle_fault(p + head + 3, length, w->page_size);
	if (why) {
		ram_flush(w);
		fault_add(w->faults,
			  &(struct fault){ .code = F_RAM_XBZRLE,
					   .offset = at + head,
					   .length = 3 + length,
					   .a = address,
					   .name = text_of(why) },
			  where);
		return BODY_LOST;
	}
	if (w->page_bytes)
		ram_hand_out(w, MS_PAGE_XBZRLE, address, head + 3 + length,
			     p + head + 3, length);
	else
		run_add(w, MS_PAGE_XBZRLE, at, address, head + 3 + length, 0);
	rd_skip(w->rd, head + 3 + length);
	return BODY_DONE;
}

/* For QEMU, too, a page that does not inflate is no page of another length
 * (migration/ram-compress.c: do_data_decompress). */
static void hand_inflated(struct walk *w, uint64_t address, uint32_t head,
			  const uint8_t *p, uint32_t n,
			  const struct where *where)
{
	uint8_t *page = ram_page_room(w);
	bool whole = page && inflate_page(p, n, page, w->page_size);

	ram_flush(w);
	if (!whole)
		report(w, F_RAM_INFLATE, address, 0, rd_tell(w->rd) + head, n,
		       where);
	ram_hand_out(w, MS_PAGE_COMPRESSED, address, head + n,
		     whole ? page : NULL, whole ? w->page_size : 0);
}

/* be32 length | zlib stream of one page; zlib's compressBound() of a page
 * bounds it (migration/ram-compress.c, up to 9.0) */
static enum body_end read_compressed(struct walk *w, uint64_t address,
				     uint32_t head, bool first,
				     const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, (size_t)head + 4);
	uint64_t at = rd_tell(w->rd);
	uint32_t ps = w->page_size, length;
	uint32_t bound = ps + (ps >> 12) + (ps >> 14) + (ps >> 25) + 13;

	if (!p)
		return cut(w, "compressed page", head + 4, at, where);
	length = load_be32(p + head);
	if (length > bound) {
		ram_flush(w);
		/* alone, it is no stream that was made with compression */
		report(w, first ? F_RAM_COMPRESS_ALONE : F_RAM_COMPRESS_LENGTH,
		       length, bound, at + head, 4, where);
		return BODY_LOST;
	}
	if (w->page_bytes) {
		p = rd_peek(w->rd, (size_t)head + 4 + length);
		if (p)
			hand_inflated(w, address, head + 4, p + head + 4,
				      length, where);
	}
	if (!rd_skip(w->rd, head + 4 + length))
		return cut(w, "compressed page", head + 4 + length, at, where);
	if (!w->page_bytes)
		run_add(w, MS_PAGE_COMPRESSED, at, address, head + 4 + length,
			0);
	return BODY_DONE;
}

/* Records that depend on the release come in thousands. */
static void report_once(struct walk *w, enum fault_code code, uint64_t flags,
			const struct where *where)
{
	unsigned kind = (unsigned)flags & ~(unsigned)RAM_CONTINUE;

	if (!(w->ram->told & kind))
		report(w, code, flags, 0, rd_tell(w->rd), WORD, where);
	w->ram->told |= kind;
}

static void emit_mark(struct walk *w, const char *name, uint64_t word)
{
	struct ms_record rec = { .kind = MS_RAM_MARK,
				 .offset = rd_tell(w->rd),
				 .length = WORD,
				 .name = text_of(name) };

	ram_flush(w);
	rec.u.pages.address = word & ~(uint64_t)(w->page_size - 1);
	sink_emit(&w->sink, &rec);
	rd_skip(w->rd, WORD);
}

static enum body_end bad_flags(struct walk *w, uint64_t word, uint64_t flags,
			       const struct where *where)
{
	(void)word;
	ram_flush(w);
	report(w, F_RAM_FLAGS, flags, 0, rd_tell(w->rd), WORD, where);
	return BODY_LOST;
}

/* Records other than a plain page or zero page of the block named last.
 * Flags are compared whole, as QEMU's switch does: one kind, or none. */
static enum body_end read_other(struct walk *w, uint64_t word, bool *ret_eos,
				const struct where *where)
{
	uint64_t mask = w->page_size - 1;
	uint64_t flags = word & mask, address = word & ~mask;
	uint32_t name = 0;
	bool first = false;
	enum body_end end;

	if (w->mapped_ram &&
	    flags & (RAM_NAMED | RAM_HOOK | RAM_MULTIFD_FLUSH)) {
		ram_flush(w);
		report(w, F_RAM_MAPPED_FLAGS, flags, 0, rd_tell(w->rd), WORD,
		       where);
		return BODY_LOST;
	}
	/* releases that do not know it do not look at the block either */
	if ((flags & RAM_NAMED) == RAM_COMPRESS_PAGE &&
	    w->page_size > RAM_COMPRESS_PAGE) {
		ram_flush(w);
		first = !(w->ram->told & RAM_COMPRESS_PAGE);
		report_once(w, F_RAM_COMPRESSED, flags, where);
	}
	if (flags & RAM_NAMED) {
		end = page_place(w, word, address, &name, where);
		if (end != BODY_DONE)
			return end;
	}
	switch (flags & ~(uint64_t)RAM_CONTINUE) {
	case RAM_ZERO:
		return read_zero(w, address, WORD + name, where);
	case RAM_PAGE:
		return read_page(w, address, WORD + name, where);
	case RAM_XBZRLE:
		return read_xbzrle(w, address, WORD + name, where);
	case RAM_COMPRESS_PAGE:
		if (w->page_size <= RAM_COMPRESS_PAGE)
			return bad_flags(w, word, flags, where);
		return read_compressed(w, address, WORD + name, first, where);
	case RAM_MEM_SIZE:
		ram_flush(w);
		return ram_list(w, address, where);
	case RAM_EOS:
		emit_mark(w, "EOS", word);
		*ret_eos = true;
		return BODY_DONE;
	case RAM_HOOK:
		report_once(w, F_RAM_HOOK, flags, where);
		emit_mark(w, "HOOK", word);
		return BODY_DONE;
	case RAM_MULTIFD_FLUSH:
		report_once(w, F_RAM_FLUSH, flags, where);
		emit_mark(w, "MULTIFD_FLUSH", word);
		return BODY_DONE;
	default:
		return bad_flags(w, word, flags, where);
	}
}

/* Before a record whose page size is only assumed. The total of a block list
 * is a whole number of pages, so a flag beside MEM_SIZE belongs to it. */
static void settle_page_size(struct walk *w, uint64_t word)
{
	uint64_t above = word & (w->page_size - 1) & ~(uint64_t)RAM_FLAGS;

	if (word & RAM_MEM_SIZE && above)
		w->page_size = (uint32_t)(above & -above);
	else if (!w->ram->sized && w->ram->listed && word & RAM_NAMED)
		ram_page_size(w);
}

enum body_end ram_records(struct walk *w, bool stop_at_end,
			  const struct where *where)
{
	uint64_t mask = w->page_size - 1;
	struct reader *rd = w->rd;
	bool eos = false;

	while (!eos && !w->sink.stopped) {
		const uint8_t *p = rd_peek(rd, WORD + 1);
		uint64_t word, flags, address;
		enum body_end end;

		if (!p && !(p = rd_peek(rd, WORD))) {
			ram_flush(w);
			if (stop_at_end && !rd_left(rd) && !rd->failed)
				return BODY_DONE;
			report(w, F_RAM_CUT, WORD, rd_left(rd), rd_tell(rd),
			       rd_left(rd), where);
			return BODY_STOP;
		}
		word = load_be64(p);
		if (!w->page_size_known) {
			settle_page_size(w, word);
			mask = w->page_size - 1;
		}
		flags = word & mask;
		address = word & ~mask;
		/* The two that make up a stream: pages and zero pages that
		 * go on in the same block. */
		if (flags == (RAM_PAGE | RAM_CONTINUE) && w->ram->last &&
		    address < w->ram->last->used_length && !w->mapped_ram)
			end = read_page(w, address, WORD, where);
		else if (flags == (RAM_ZERO | RAM_CONTINUE) && w->ram->last &&
			 address < w->ram->last->used_length && !w->mapped_ram)
			end = read_zero(w, address, WORD, where);
		else
			end = read_other(w, word, &eos, where);
		if (end != BODY_DONE)
			return end;
	}
	ram_flush(w);
	return BODY_DONE;
}

/* Pages came of blocks that are in no list. */
static void check_unlisted(struct walk *w, struct ram_block *b,
			   const struct where *where)
{
	struct ram_block *other = b->doubted ? namesake(w->ram, b->name) : NULL;
	enum fault_code code = F_RAM_BLOCK_UNLISTED;

	if (!other)
		return;
	if (!other->from_start) {
		other->paged = true; /* these were its pages */
		code = F_RAM_BLOCK_UNKNOWN;
	}
	report_unlisted(w, code, b->name, 0, b->unlisted_at, where);
}

/* The first round sends every page of every listed block. One without any,
 * while pages of another one came that is not listed: the list is wrong. */
static void check_pageless(struct walk *w, struct ram_block *b,
			   const struct where *where)
{
	if (b->listed && !b->paged && b->used_length)
		report_unlisted(w, F_RAM_BLOCK_PAGELESS, b->name, 0,
				b->listed_at, where);
}

static void each_block(struct walk *w,
		       void (*check)(struct walk *w, struct ram_block *b,
				     const struct where *where))
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("ram"),
			       .index = -1 };

	for (size_t i = 0; i < RAM_HASH; i++)
		for (struct ram_block *b = w->ram->by_name[i]; b;
		     b = b->next_same_hash)
			check(w, b, &where);
}

void ram_check_end(struct walk *w)
{
	if (!w->ram || !w->ram->unlisted || w->ram->lost)
		return;
	each_block(w, check_unlisted);
	each_block(w, check_pageless);
}

static enum body_end ram_body(struct walk *w, struct section *s,
			      enum ms_section_type type,
			      const struct where *where)
{
	enum body_end end;

	if (!w->ram)
		return BODY_STOP;
	if (s->version < 4 &&
	    (type == MS_SECTION_START || type == MS_SECTION_FULL))
		report(w, F_RAM_VERSION, s->version, 4, rd_tell(w->rd) - 4, 4,
		       where);
	end = ram_records(w, false, where);
	w->ram->lost |= end != BODY_DONE;
	return end;
}

const struct section_kind kind_ram = {
	.idstr = "ram",
	.newest = 4,
	.live = true,
	.body = ram_body,
};
