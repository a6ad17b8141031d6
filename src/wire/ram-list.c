/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

#include "base/bytes.h"
#include "base/limits.h"

/* Block list behind the MEM_SIZE word (migration/ram.c: ram_save_setup,
 * parse_ramblocks), until the lengths add up to the total:
 *   str8 name | be64 used length
 *   [be64 block page size]   postcopy, blocks with other than host pages
 *   [be64 guest address]     x-ignore-shared
 *   [28-byte header, area]   mapped-ram, see ram-mapped.c
 * There is no count and no end mark. */
#define MAPPED_HEADER 28

/* The page size is there only if it differs from the host's, which is not
 * in the stream. ADVISE has told the OR of all sizes; a name cannot start
 * with the zero byte such a number starts with. */
static bool page_size_follows(const struct walk *w, const uint8_t *p)
{
	uint64_t v = load_be64(p);

	return w->advised_sizes && v && !(v & (v - 1)) &&
	       v & w->advised_sizes && v != w->page_size && v >= 4096;
}

static enum body_end cut(struct walk *w, const struct where *where)
{
	walk_truncated(w, where, "RAM block list entry", 9);
	return BODY_STOP;
}

static void list_fault(struct walk *w, enum fault_code code, uint64_t at,
		       uint64_t a, uint64_t b, struct ms_text name,
		       const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = code,
				   .offset = at,
				   .length = 8,
				   .a = a,
				   .b = b,
				   .name = name },
		  where);
}

static enum body_end read_entry(struct walk *w, bool again,
				uint64_t *ret_length, const struct where *where)
{
	uint64_t at = rd_tell(w->rd);
	struct ms_record rec = { .kind = MS_RAM_BLOCK, .offset = at };
	struct mapped_header mapped = { 0 };
	const uint8_t *p = rd_peek(w->rd, 1);
	struct ram_block *b;
	enum body_end end;
	size_t n, used;
	bool fresh;

	if (!p)
		return cut(w, where);
	n = p[0];
	used = 9 + n;
	p = rd_peek(w->rd, used);
	if (!p)
		return cut(w, where);
	rec.u.block.used_length = load_be64(p + 1 + n);
	if (!n) {
		list_fault(w, F_RAM_LIST_NAME, at, 0, 0, TEXT(""), where);
		return BODY_LOST;
	}
	b = ram_add(w, text_make(p + 1, n), &fresh);
	if (!b) {
		list_fault(w, F_LIMIT, at, w->ram->block_count, 0,
			   TEXT("RAM blocks"), where);
		return BODY_LOST;
	}
	if (!fresh && !again)
		list_fault(w, F_RAM_BLOCK_TWICE, at, 0, 0, b->name, where);
	if (!fresh && b->used_length != rec.u.block.used_length)
		list_fault(w, F_RAM_BLOCK_RESIZED, at + 1 + n,
			   rec.u.block.used_length, b->used_length, b->name,
			   where);
	b->used_length = rec.u.block.used_length;
	b->listed = true;
	b->listed_at = at;
	rec.name = b->name;
	p = rd_peek(w->rd, used + 8);
	if (p && page_size_follows(w, p + used)) {
		rec.u.block.page_size = load_be64(p + used);
		used += 8;
	}
	if (w->ignore_shared) {
		p = rd_peek(w->rd, used + 8);
		if (!p)
			return cut(w, where);
		rec.u.block.has_address = true;
		rec.u.block.address = load_be64(p + used);
		used += 8;
	}
	if (w->mapped_ram) {
		p = rd_peek(w->rd, used + MAPPED_HEADER);
		if (!p)
			return cut(w, where);
		end = ram_mapped_header(w, p + used, at + used, &rec, &mapped,
					where);
		if (end != BODY_DONE)
			return end;
		used += MAPPED_HEADER;
	}
	rec.length = used;
	sink_emit(&w->sink, &rec);
	rd_skip(w->rd, used);
	*ret_length = b->used_length;
	return mapped.present ? ram_mapped_area(w, b, &mapped, where) :
				BODY_DONE;
}

/* The list's section ends with EOS, or before that with MULTIFD_FLUSH. */
static bool ends_list(struct walk *w, size_t at)
{
	const uint8_t *p = rd_peek(w->rd, at + 8);
	uint64_t flags = p ? load_be64(p + at) & (w->page_size - 1) : 0;

	return flags == RAM_EOS || flags == RAM_MULTIFD_FLUSH;
}

/* Up to 9.1 nothing but the list itself tells whether x-ignore-shared was
 * really on: with addresses in it, or without, its lengths add up. */
static bool adds_up(struct walk *w, uint64_t total, bool addresses)
{
	size_t at = 0, step = addresses ? 17 : 9;
	uint64_t sum = 0;

	while (sum < total) {
		const uint8_t *p = rd_peek(w->rd, at + 1);
		size_t n = p ? p[at] : 0;

		if (!n || at > 65536 || !(p = rd_peek(w->rd, at + step + n)))
			return false;
		if (load_be64(p + at + 1 + n) > total - sum)
			return false;
		sum += load_be64(p + at + 1 + n);
		at += step + n;
	}
	return ends_list(w, at);
}

static void settle_shared(struct walk *w, uint64_t total, uint64_t at,
			  const struct where *where)
{
	if (!w->ignore_shared || w->mapped_ram || adds_up(w, total, true) ||
	    !adds_up(w, total, false))
		return;
	w->ignore_shared = false;
	list_fault(w, F_CONFIG_CAPABILITY_OFF, at, 0, 0,
		   TEXT("x-ignore-shared"), where);
}

/* Blocks that the loader resizes (hw/core/loader.c: rom_set_mr). */
static bool is_resizable(struct ms_text name)
{
	return text_starts(name, TEXT("/rom@"));
}

/* One entry of the list at p + at, without anything behind its length. */
static bool peek_entry(struct walk *w, size_t at, struct ms_text *ret_name,
		       uint64_t *ret_length)
{
	const uint8_t *p = rd_peek(w->rd, at + 1);
	size_t n = p ? p[at] : 0;

	if (!n || at > 65536 || !(p = rd_peek(w->rd, at + 9 + n)))
		return false;
	*ret_name = text_make(p + at + 1, n);
	*ret_length = load_be64(p + at + 1 + n);
	return true;
}

/* Memory comes in round sizes: would `fixed` be a better one? */
static bool is_rounder(uint64_t length, uint64_t fixed, uint64_t total)
{
	int ones = __builtin_popcountll(length);

	if (!fixed || fixed > total)
		return false;
	if (length > total || !length)
		return true;
	if (ones == 1 && fixed == 2 * length)
		return length >= KIB(64);
	return __builtin_popcountll(fixed) < ones;
}

/* The list is whole and does not add up: one length is wrong if the sum says
 * what it should be, and that looks better. QEMU compares each with its own
 * block's and stops there. */
static void check_lengths(struct walk *w, uint64_t total,
			  const struct where *where)
{
	uint64_t sum = 0, length, off;
	struct ms_text name;
	size_t at = 0;

	if (w->ignore_shared || w->mapped_ram || w->advised_sizes)
		return;
	while (!ends_list(w, at)) {
		if (!peek_entry(w, at, &name, &length))
			return;
		sum += length;
		at += 9 + name.length;
	}
	off = total - sum; /* wraps: only added to a length again */
	for (at = 0; off && peek_entry(w, at, &name, &length);
	     at += 9 + name.length) {
		if ((length + off) % w->page_size ||
		    !is_rounder(length, length + off, total))
			continue;
		if (is_resizable(name))
			return;
		list_fault(w, F_RAM_LENGTH,
			   rd_tell(w->rd) + at + 1 + name.length, length,
			   length + off, name, where);
		return;
	}
}

enum body_end ram_list(struct walk *w, uint64_t total,
		       const struct where *where)
{
	struct ms_record rec = { .kind = MS_RAM_SIZES,
				 .offset = rd_tell(w->rd),
				 .length = 8 };
	bool again = w->ram->listed;
	uint64_t left = total;

	if (again)
		list_fault(w, F_RAM_LIST_REPEATED, rec.offset, 0, 0, TEXT(""),
			   where);
	w->ram->listed = true;
	rec.u.pages.address = total;
	sink_emit(&w->sink, &rec);
	rd_skip(w->rd, 8);
	settle_shared(w, total, rec.offset, where);
	check_lengths(w, total, where);
	while (left) {
		uint64_t length = 0, at = rd_tell(w->rd);
		enum body_end end = read_entry(w, again, &length, where);

		if (end != BODY_DONE)
			return end;
		if (length > left) {
			/* QEMU's counter wraps and it reads on: the next
			 * entry is then whatever stands here. */
			const uint8_t *p = rd_peek(w->rd, 1);
			struct ms_text next = TEXT("");

			if (p && (p = rd_peek(w->rd, 1u + p[0])))
				next = text_make(p + 1, p[0]);
			list_fault(w, F_RAM_TOTAL, at, total,
				   total - left + length, next, where);
			return BODY_LOST;
		}
		left -= length;
	}
	return BODY_DONE;
}
