/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Page records: where a page belongs, and what stands behind its head. */
#include "config.h"

#include "wire/ram.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "wire/unpack.h"

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

/* Records from p on that go on like the one before: each `length` bytes, of the
 * page that follows, up to `most`. This is where a walk spends its time: a head
 * that is as foreseen is compared and nothing else. */
static inline uint64_t count_alike(const struct walk *w, const uint8_t *p,
				   uint64_t flags, uint64_t address,
				   uint64_t most)
{
	const bool zero = flags == (RAM_CONTINUE | RAM_ZERO);
	const uint32_t page = w->page_size;
	const uint32_t length = RAM_WORD + (zero ? 1 : page);
	const uint64_t first = address;

	while ((size_t)(w->rd->end - p) >= length && address < most &&
	       load_be64(p) == (address | flags)) {
		if (zero && p[RAM_WORD])
			break;
		p += length;
		address += page;
	}
	return (address - first) / page;
}

void ram_run_on(struct walk *w)
{
	struct ram_run *r = &w->ram->run;
	const bool zero = r->kind == MS_PAGE_ZERO;
	const uint64_t flags = RAM_CONTINUE | (zero ? RAM_ZERO : RAM_PAGE);
	const uint32_t page = w->page_size, length = r->record_length;
	uint64_t more;

	/* no run at all, or of pages that are looked at one by one */
	if (r->offset == UINT64_MAX || r->fill ||
	    (!zero && r->kind != MS_PAGE_DATA))
		return;
	/* one whose record carries the block's name */
	if (length != RAM_WORD + (zero ? 1 : page))
		return;
	more = count_alike(w, w->rd->cur, flags, r->address + r->count * page,
			   r->block->used_length);
	r->count += more;
	w->rd->cur += more * length;
}

/* ---- single records ---- */

/* Which block a page belongs to, and whether it lies inside
 * (migration/ram.c: ram_block_from_stream, host_from_ram_block_offset).
 * *ret_length is what the name takes on the wire. */
enum body_end ram_page_place(struct walk *w, uint64_t word, uint64_t address,
			     uint32_t *ret_length, const struct where *where)
{
	uint64_t at = rd_tell(w->rd);
	struct ram_block *b;
	const uint8_t *p;
	size_t n;

	*ret_length = 0;
	if (!(word & RAM_CONTINUE)) {
		p = rd_peek(w->rd, RAM_WORD + 1);
		n = p ? p[RAM_WORD] : 0;
		p = rd_peek(w->rd, RAM_WORD + 1 + n);
		if (!p) {
			ram_flush(w);
			walk_truncated(w, where, "RAM block name",
				       RAM_WORD + 1 + n);
			return BODY_STOP;
		}
		*ret_length = 1 + (uint32_t)n;
		b = ram_find(w->ram, text_make(p + RAM_WORD + 1, n));
		if (!b)
			ram_flush(w); /* marks the block before as seen */
		if (!b && !(b = ram_unlisted(w, text_make(p + RAM_WORD + 1, n),
					     address, at + RAM_WORD, where)))
			return BODY_LOST;
		w->ram->last = b;
	}
	b = w->ram->last;
	if (!b) {
		ram_flush(w);
		ram_report(w, F_RAM_CONTINUE, address, 0, at, RAM_WORD, where);
		return BODY_LOST;
	}
	if (address >= b->used_length ||
	    w->page_size > b->used_length - address) {
		/* QEMU tests the first byte only; what sticks out past the
		 * end of a block is no page of it either. */
		if (address >= b->used_length) {
			ram_flush(w);
			ram_list_explain(w, b, address, where);
			ram_report(w, F_RAM_OFFSET, address, b->used_length, at,
				   RAM_WORD, where);
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

enum body_end ram_read_zero(struct walk *w, uint64_t address, uint32_t head,
			    const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, (size_t)head + 1);
	uint64_t at = rd_tell(w->rd);

	if (!p)
		return cut(w, "zero page", head + 1, at, where);
	if (p[head]) {
		ram_flush(w);
		ram_report(w, F_RAM_ZERO_FILL, p[head], 0, at + head, 1, where);
		p = rd_peek(w->rd, (size_t)head + 1);
	}
	run_add(w, MS_PAGE_ZERO, at, address, head + 1, p[head]);
	rd_skip(w->rd, head + 1);
	return BODY_DONE;
}

enum body_end ram_read_page(struct walk *w, uint64_t address, uint32_t head,
			    const struct where *where)
{
	uint64_t at = rd_tell(w->rd);
	uint32_t length = head + w->page_size;

	if (w->page_bytes) {
		const uint8_t *p = rd_peek(w->rd, length);
		uint64_t more, all;

		if (!p)
			return cut(w, "page", length, at, where);
		more = count_alike(w, p + length, RAM_CONTINUE | RAM_PAGE,
				   address + w->page_size,
				   w->ram->last->used_length);
		all = length + more * (RAM_WORD + w->page_size);
		ram_hand_run(w, address, all, p + head, 1 + more);
		rd_skip(w->rd, all);
		return BODY_DONE;
	}
	if (!rd_skip(w->rd, length))
		return cut(w, "page", length, at, where);
	run_add(w, MS_PAGE_DATA, at, address, length, 0);
	return BODY_DONE;
}

/* u8 1 | be16 length | delta against the page's earlier content */
enum body_end ram_read_xbzrle(struct walk *w, uint64_t address, uint32_t head,
			      const struct where *where)
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
	const unsigned long lost = mem_failures();
	uint8_t *page = ram_page_room(w);
	bool whole = page && inflate_page(p, n, page, w->page_size);

	ram_flush(w);
	/* want of memory is no damage: the walk says so at its end */
	if (!whole && mem_failures() == lost)
		ram_report(w, F_RAM_INFLATE, address, 0, rd_tell(w->rd) + head,
			   n, where);
	ram_hand_out(w, MS_PAGE_COMPRESSED, address, head + n,
		     whole ? page : NULL, whole ? w->page_size : 0);
}

/* be32 length | zlib stream of one page; zlib's compressBound() of a page
 * bounds it (migration/ram-compress.c, up to 9.0) */
enum body_end ram_read_compressed(struct walk *w, uint64_t address,
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
		ram_report(w,
			   first ? F_RAM_COMPRESS_ALONE : F_RAM_COMPRESS_LENGTH,
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
