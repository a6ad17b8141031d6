/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

#include "base/bytes.h"

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

void ram_report(struct walk *w, enum fault_code code, uint64_t a, uint64_t b,
		uint64_t at, uint64_t length, const struct where *where)
{
	struct fault f = {
		.code = code, .offset = at, .length = length, .a = a, .b = b
	};

	if (w->ram->last)
		f.name = w->ram->last->name;
	fault_add(w->faults, &f, where);
}

/* Records that depend on the release come in thousands. */
static void report_once(struct walk *w, enum fault_code code, uint64_t flags,
			const struct where *where)
{
	unsigned kind = (unsigned)flags & ~(unsigned)RAM_CONTINUE;

	if (!(w->ram->told & kind))
		ram_report(w, code, flags, 0, rd_tell(w->rd), RAM_WORD, where);
	w->ram->told |= kind;
}

static void emit_mark(struct walk *w, const char *name, uint64_t word)
{
	struct ms_record rec = { .kind = MS_RAM_MARK,
				 .offset = rd_tell(w->rd),
				 .length = RAM_WORD,
				 .name = text_of(name) };

	ram_flush(w);
	rec.u.pages.address = word & ~(uint64_t)(w->page_size - 1);
	sink_emit(&w->sink, &rec);
	rd_skip(w->rd, RAM_WORD);
}

static enum body_end bad_flags(struct walk *w, uint64_t word, uint64_t flags,
			       const struct where *where)
{
	(void)word;
	ram_flush(w);
	ram_report(w, F_RAM_FLAGS, flags, 0, rd_tell(w->rd), RAM_WORD, where);
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
		ram_report(w, F_RAM_MAPPED_FLAGS, flags, 0, rd_tell(w->rd),
			   RAM_WORD, where);
		return BODY_LOST;
	}
	/* releases that do not know it do not look at the block either */
	if ((flags & RAM_NAMED) == RAM_COMPRESS_PAGE &&
	    w->page_size > RAM_COMPRESS_PAGE) {
		ram_flush(w);
		first = !(w->ram->told & RAM_COMPRESS_PAGE);
		report_once(w, F_RAM_COMPRESSED, flags, where);
	}
	/* those that know it look at nothing else (migration/ram.c:
	 * ram_load_precopy, up to 9.0) */
	else if (flags & RAM_COMPRESS_PAGE &&
		 w->page_size > RAM_COMPRESS_PAGE &&
		 w->postcopy < POSTCOPY_LISTENING)
		report_once(w, F_RAM_COMPRESSED_TOO, flags, where);
	if (flags & RAM_NAMED) {
		end = ram_page_place(w, word, address, &name, where);
		if (end != BODY_DONE)
			return end;
	}
	switch (flags & ~(uint64_t)RAM_CONTINUE) {
	case RAM_ZERO:
		return ram_read_zero(w, address, RAM_WORD + name, where);
	case RAM_PAGE:
		return ram_read_page(w, address, RAM_WORD + name, where);
	case RAM_XBZRLE:
		return ram_read_xbzrle(w, address, RAM_WORD + name, where);
	case RAM_COMPRESS_PAGE:
		if (w->page_size <= RAM_COMPRESS_PAGE)
			return bad_flags(w, word, flags, where);
		return ram_read_compressed(w, address, RAM_WORD + name, first,
					   where);
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
		const uint8_t *p = rd_peek(rd, RAM_WORD + 1);
		uint64_t word, flags, address;
		enum body_end end;
		bool plain;

		if (!p && !(p = rd_peek(rd, RAM_WORD))) {
			ram_flush(w);
			if (stop_at_end && !rd_left(rd) && !rd->failed)
				return BODY_DONE;
			ram_report(w, F_RAM_CUT, RAM_WORD, rd_left(rd),
				   rd_tell(rd), rd_left(rd), where);
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
		plain = w->ram->last && address < w->ram->last->used_length &&
			!w->mapped_ram;
		if (plain && flags == (RAM_PAGE | RAM_CONTINUE))
			end = ram_read_page(w, address, RAM_WORD, where);
		else if (plain && flags == (RAM_ZERO | RAM_CONTINUE))
			end = ram_read_zero(w, address, RAM_WORD, where);
		else
			end = read_other(w, word, &eos, where);
		if (end != BODY_DONE)
			return end;
		if (plain)
			ram_run_on(w);
	}
	ram_flush(w);
	return BODY_DONE;
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
		ram_report(w, F_RAM_VERSION, s->version, 4, rd_tell(w->rd) - 4,
			   4, where);
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
