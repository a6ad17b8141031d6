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

bool ram_resizable(struct ms_text name)
{
	return text_starts(name, TEXT("/rom@")) ||
	       text_starts(name, TEXT("/ram@"));
}

static enum body_end list_cut(struct walk *w, uint64_t wanted,
			      struct ms_text name, struct ms_text stale,
			      const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = F_RAM_LIST_CUT,
				   .offset = rd_tell(w->rd),
				   .length = rd_left(w->rd),
				   .a = wanted,
				   .b = rd_left(w->rd),
				   .name = name,
				   .other = stale },
		  where);
	return BODY_STOP;
}

/* The input ends in a name. QEMU takes what there is (migration/ram.c:
 * parse_ramblocks); up to 9.0, over what its buffer still holds of the name
 * before. */
static enum body_end cut_name(struct walk *w, const struct where *where)
{
	struct ms_text before = w->ram->named;
	const uint8_t *p = rd_peek(w->rd, 1);
	size_t n = p ? p[0] : 0, left = (size_t)rd_left(w->rd);
	char name[256] = "", stale[256] = "";

	if (before.bytes)
		memcpy(stale, before.bytes, before.length);
	if (p && (p = rd_peek(w->rd, left))) {
		memcpy(name, p + 1, left - 1);
		memcpy(stale, p + 1, left - 1);
	}
	stale[n] = '\0';
	return list_cut(w, 1 + n, text_of(name), text_of(stale), where);
}

/* The length at n is cut off, so QEMU reads zeros for what lacks. It takes it
 * for a block that can be resized, and if what lacks is zero: lengths are
 * whole pages. Then, unless `left` is reached, an empty name comes next. */
static bool length_passes(struct walk *w, size_t n, uint64_t left)
{
	uint8_t bytes[8] = { 0 };
	size_t have = (size_t)rd_left(w->rd);
	const uint8_t *p = rd_peek(w->rd, have);

	if (!p)
		return false;
	memcpy(bytes, p + n, have - n);
	if (load_be64(bytes) == left)
		return false;
	return load_be64(bytes) || ram_resizable(text_make(p + 1, n - 1));
}

static enum body_end cut(struct walk *w, uint64_t wanted,
			 const struct where *where)
{
	walk_truncated(w, where, "RAM block list entry", wanted);
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

static enum body_end read_entry(struct walk *w, bool again, uint64_t left,
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

	if (!p || !rd_peek(w->rd, 1u + p[0]))
		return cut_name(w, where);
	p = rd_peek(w->rd, 1);
	n = p[0];
	used = 9 + n;
	p = rd_peek(w->rd, used);
	if (!p)
		return length_passes(w, 1 + n, left) ?
			       list_cut(w, used, TEXT(""), TEXT(""), where) :
			       cut(w, used, where);
	rec.u.block.used_length = load_be64(p + 1 + n);
	if (!n) {
		list_fault(w, F_RAM_LIST_NAME, at, 0, 0, TEXT(""), where);
		return BODY_LOST;
	}
	b = ram_add(w, text_make(p + 1, n), &fresh);
	if (!b) {
		list_fault(w, F_LIMIT, at, w->ram->block_count + 1,
			   MAX_RAM_BLOCKS, TEXT("RAM blocks"), where);
		return BODY_LOST;
	}
	if (!fresh && !again)
		list_fault(w, F_RAM_BLOCK_TWICE, at, 0, 0, b->name, where);
	if (!fresh && b->used_length != rec.u.block.used_length)
		list_fault(w, F_RAM_BLOCK_RESIZED, at + 1 + n,
			   rec.u.block.used_length, b->used_length, b->name,
			   where);
	w->ram->named = b->name;
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
			return cut(w, used + 8, where);
		rec.u.block.has_address = true;
		rec.u.block.address = load_be64(p + used);
		b->has_address = true;
		b->address = rec.u.block.address;
		used += 8;
	}
	if (w->mapped_ram) {
		p = rd_peek(w->rd, used + MAPPED_HEADER);
		if (!p)
			return cut(w, used + MAPPED_HEADER, where);
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
	uint64_t word = p ? load_be64(p + at) : 0;

	return word == RAM_EOS || word == RAM_MULTIFD_FLUSH;
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

uint64_t ram_most(struct ms_text name)
{
	if (text_is(name, "/rom@etc/acpi/tables"))
		return UINT64_C(0x200000);
	if (text_is(name, "/rom@etc/table-loader"))
		return 0x10000;
	return text_is(name, "/rom@etc/acpi/rsdp") ? 0x1000 : 0;
}

/* One entry of the list at p + at, without anything behind its length. What
 * has a NUL for a name is behind the list. */
static bool peek_entry(struct walk *w, size_t at, struct ms_text *ret_name,
		       uint64_t *ret_length)
{
	const uint8_t *p = rd_peek(w->rd, at + 1);
	size_t n = p ? p[at] : 0;

	if (!n || at > 65536 || !(p = rd_peek(w->rd, at + 9 + n)) ||
	    memchr(p + at + 1, 0, n))
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
	if (length > 2 * total || !length)
		return true;
	if (length > total)
		return __builtin_popcountll(fixed) <= ones;
	if (ones == 1 && fixed == 2 * length)
		return length >= KIB(64);
	return __builtin_popcountll(fixed) < ones;
}

/* QEMU rounds up what it compares (system/physmem.c: qemu_ram_resize). */
static bool is_same_pages(uint64_t length, uint64_t fixed)
{
	return length < fixed && fixed - length < 4096 && !(fixed % 4096);
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
	w->ram->off = total - sum; /* wraps: only added to a length again */
	off = w->ram->off;
	for (at = 0; off && peek_entry(w, at, &name, &length);
	     at += 9 + name.length) {
		struct fault f = { .code = F_RAM_LENGTH,
				   .offset = rd_tell(w->rd) + at + 1 +
					     name.length,
				   .length = 8,
				   .a = length,
				   .b = length + off,
				   .name = name };

		if (ram_most(name) && length > ram_most(name)) {
			f.code = F_RAM_TOO_LARGE;
			f.b = ram_most(name);
		} else if ((length + off) % w->page_size ||
			   is_same_pages(length, length + off) ||
			   !is_rounder(length, length + off, total)) {
			continue;
		} else if (ram_resizable(name)) {
			return;
		}
		w->ram->off = 0;
		fault_add(w->faults, &f, where);
		return;
	}
}

void ram_list_explain(struct walk *w, struct ram_block *b, uint64_t address,
		      const struct where *where)
{
	uint64_t length = b->used_length + w->ram->off;

	if (!w->ram->off || !b->listed || ram_resizable(b->name) ||
	    length <= address)
		return;
	w->ram->off = 0;
	list_fault(w, F_RAM_LENGTH, b->listed_at + 1 + b->name.length,
		   b->used_length, length, b->name, where);
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
		enum body_end end = read_entry(w, again, left, &length, where);

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
