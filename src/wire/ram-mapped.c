/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

/* mapped-ram, 9.0 and newer (migration/ram.c: mapped_ram_setup_ramblock,
 * mapped_ram_read_header):
 *   be32 version 1 | be64 page size | be64 bitmap offset | be64 pages offset
 * then, at those places: the bitmap (longs of the writing host, bit set =
 * page present), a gap, and the pages where they lie in the block. A clear
 * bit is a zero page, whatever bytes stand in its place. The next list entry
 * follows behind the last page. Offsets count from the start of the file, or
 * of the stream where it was cut out of its container. */
#define MAPPED_VERSION 1
#define BITMAP_CHUNK 4096

static enum body_end misplaced(struct walk *w, const char *what, uint64_t at,
			       const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = F_RAM_MAPPED_PLACE,
				   .offset = at,
				   .length = 8,
				   .name = text_of(what) },
		  where);
	return BODY_LOST;
}

/* The writer puts the bitmap right behind the block's header, which tells
 * what its offsets count from: the start of the input, that of the stream
 * (as in a qcow2 snapshot), or that of a file which the stream was cut out
 * of. Without any fit they are taken as they are. */
static void choose_base(struct walk *w, const struct mapped_header *h,
			uint64_t behind, const struct where *where)
{
	struct fault f = { .offset = behind - 16, .length = 8 };

	w->mapped_placed = true;
	if (h->bitmap_at == behind)
		return;
	if (h->bitmap_at == behind - w->start) {
		f.code = F_RAM_MAPPED_RELATIVE;
		f.a = w->start;
		w->mapped_base = w->start;
	} else if (h->bitmap_at > behind && h->pages_at > h->bitmap_at) {
		f.code = F_RAM_MAPPED_CUT_OUT;
		f.a = h->bitmap_at - behind;
		w->mapped_base = behind - h->bitmap_at;
	} else {
		return;
	}
	fault_add(w->faults, &f, where);
}

enum body_end ram_mapped_header(struct walk *w, const uint8_t *p, uint64_t at,
				struct ms_record *rec,
				struct mapped_header *ret,
				const struct where *where)
{
	uint32_t version = load_be32(p);
	uint64_t behind = at + 28;

	if (version > MAPPED_VERSION) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_RAM_MAPPED_VERSION,
					   .offset = at,
					   .length = 4,
					   .a = version,
					   .b = MAPPED_VERSION,
					   .name = rec->name },
			  where);
		return BODY_LOST;
	}
	ret->page_size = load_be64(p + 4);
	ret->bitmap_at = load_be64(p + 12);
	ret->pages_at = load_be64(p + 20);
	rec->u.block.mapped = true;
	rec->u.block.bitmap_offset = ret->bitmap_at;
	rec->u.block.pages_offset = ret->pages_at;
	if (!ret->bitmap_at && !ret->pages_at)
		return BODY_DONE; /* a shared block that is not in the file */
	if (ret->page_size < 256 || ret->page_size > MIB(1024) ||
	    ret->page_size & (ret->page_size - 1)) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_RAM_MAPPED_PAGE_SIZE,
					   .offset = at + 4,
					   .length = 8,
					   .a = ret->page_size,
					   .b = w->page_size },
			  where);
		return BODY_LOST;
	}
	if (ret->pages_at % w->page_size) {
		fault_add(w->faults,
			  &(struct fault){ .code = F_RAM_MAPPED_ALIGN,
					   .offset = at + 20,
					   .length = 8,
					   .a = ret->pages_at,
					   .name = rec->name },
			  where);
		return BODY_LOST;
	}
	if (!w->mapped_placed)
		choose_base(w, ret, behind, where);
	/* Wraps where the base is negative, and is compared next. */
	ret->bitmap_at += w->mapped_base;
	ret->pages_at += w->mapped_base;
	if (ret->bitmap_at < behind || ret->bitmap_at > INT64_MAX)
		return misplaced(w, "bitmap", at + 12, where);
	if (ret->pages_at > INT64_MAX)
		return misplaced(w, "page area", at + 20, where);
	ret->present = true;
	return BODY_DONE;
}

static bool pass_over(struct walk *w, uint64_t to, const char *name)
{
	struct ms_record rec = { .kind = MS_OPAQUE,
				 .offset = rd_tell(w->rd),
				 .name = text_of(name) };

	rec.length = to - rec.offset;
	if (!rec.length)
		return true;
	if (!rd_skip(w->rd, rec.length))
		return false;
	sink_emit(&w->sink, &rec);
	return true;
}

static void emit_pages(struct walk *w, const struct ram_block *b,
		       const struct mapped_header *h, uint64_t first,
		       uint64_t count, bool present)
{
	struct ms_record rec = { .kind = MS_PAGES,
				 .offset = h->pages_at + first * h->page_size,
				 .length = count * h->page_size,
				 .name = b->name };

	if (first * h->page_size + rec.length > b->used_length)
		rec.length = b->used_length - first * h->page_size;
	rec.u.pages.kind = present ? MS_PAGE_DATA : MS_PAGE_ZERO;
	rec.u.pages.address = first * h->page_size;
	rec.u.pages.count = count;
	rec.u.pages.page_size = (uint32_t)h->page_size;
	rec.u.pages.ascending = true;
	sink_emit(&w->sink, &rec);
}

/* The same with their bytes, for which the reader stands at the first page;
 * it is moved behind the last. Pieces of a large page count it once. */
static bool hand_pages(struct walk *w, const struct ram_block *b,
		       const struct mapped_header *h, uint64_t first,
		       uint64_t count, bool present)
{
	uint64_t at = first * h->page_size, left = count * h->page_size;

	if (left > b->used_length - at)
		left = b->used_length - at;
	if (!present) {
		if (!rd_skip(w->rd, left))
			return false;
		emit_pages(w, b, h, first, count, false);
		return true;
	}
	while (left && !w->sink.stopped) {
		size_t n = left < PAGE_PIECE ? (size_t)left : PAGE_PIECE;
		struct ms_record rec = { .kind = MS_PAGES,
					 .offset = rd_tell(w->rd),
					 .length = n,
					 .name = b->name,
					 .data = rd_peek(w->rd, n),
					 .data_length = n };

		if (!rec.data)
			return false;
		rec.u.pages.kind = MS_PAGE_DATA;
		rec.u.pages.address = at;
		rec.u.pages.count =
			(at + n - 1) / h->page_size - (at - 1) / h->page_size;
		if (!at)
			rec.u.pages.count = (n - 1) / h->page_size + 1;
		rec.u.pages.page_size = (uint32_t)h->page_size;
		rec.u.pages.stride = (uint32_t)h->page_size;
		rec.u.pages.ascending = true;
		sink_emit(&w->sink, &rec);
		rd_skip(w->rd, n);
		at += n;
		left -= n;
	}
	return true;
}

/* The bitmap stands before the pages, so it is kept until they come. Memory
 * grows with bytes that were really there. */
static uint8_t *read_bitmap(struct walk *w, uint64_t bytes)
{
	struct ms_record rec = { .kind = MS_FIELD,
				 .offset = rd_tell(w->rd),
				 .length = bytes,
				 .name = TEXT("bitmap"),
				 .type = TEXT("host bitmap") };
	uint8_t *map = NULL, *grown;
	uint64_t have = 0, room = 0;

	while (have < bytes) {
		size_t n = bytes - have < BITMAP_CHUNK ?
				   (size_t)(bytes - have) :
				   BITMAP_CHUNK;
		const uint8_t *p = rd_peek(w->rd, n);

		if (p && have + n > room) {
			room = room ? 2 * room : BITMAP_CHUNK;
			grown = mem_resize(map, (size_t)room);
			if (!grown)
				p = NULL;
			else
				map = grown;
		}
		if (!p) {
			free(map);
			return NULL;
		}
		memcpy(map + have, p, n);
		have += n;
		rd_skip(w->rd, n);
	}
	rec.data = map;
	rec.data_length = bytes;
	rec.u.value.index = -1;
	sink_emit(&w->sink, &rec);
	return map;
}

enum body_end ram_mapped_area(struct walk *w, const struct ram_block *b,
			      const struct mapped_header *h,
			      const struct where *where)
{
	uint64_t pages = b->used_length / h->page_size +
			 (b->used_length % h->page_size != 0);
	uint64_t bytes = (pages / 64 + (pages % 64 != 0)) * 8;
	uint64_t first = 0;
	uint8_t *map;

	if (!pages)
		return BODY_DONE;
	if (h->pages_at < h->bitmap_at || h->pages_at - h->bitmap_at < bytes)
		return misplaced(w, "page area", h->pages_at, where);
	if (!pass_over(w, h->bitmap_at, "padding") ||
	    !(map = read_bitmap(w, bytes))) {
		walk_truncated(w, where, "mapped-ram bitmap", bytes);
		return BODY_STOP;
	}
	if (!pass_over(w, h->pages_at, "padding") ||
	    (!w->page_bytes && !rd_skip(w->rd, b->used_length))) {
		free(map);
		walk_truncated(w, where, "mapped-ram pages", b->used_length);
		return BODY_STOP;
	}
	for (uint64_t i = 1; i <= pages; i++) {
		bool now = map[first >> 3] >> (first & 7) & 1;

		if (i < pages && (map[i >> 3] >> (i & 7) & 1) == now)
			continue;
		if (!w->page_bytes) {
			emit_pages(w, b, h, first, i - first, now);
		} else if (!hand_pages(w, b, h, first, i - first, now)) {
			free(map);
			walk_truncated(w, where, "mapped-ram pages",
				       b->used_length);
			return BODY_STOP;
		}
		first = i;
	}
	free(map);
	return BODY_DONE;
}
