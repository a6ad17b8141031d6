/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/image.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "wire/ram.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Packets and records of one page sent twice stand in different turns: between
 * them the writer has synchronised all channels, which shows as a flag in one
 * packet of each channel, and on the main channel as a MULTIFD_FLUSH record,
 * from 8.1 on, and before that as the end of each section (migration/ram.c:
 * ram_save_iterate; migration/multifd.c: multifd_send_sync_main). */
#define PACKET_SYNC 1
#define COMMAND_DISCARD 6

void image_init(struct image *im)
{
	*im = (struct image){ 0 };
	/* names of MAX_RAM_BLOCKS, and of the machine */
	arena_init(&im->arena, SIZE_MAX);
}

void image_free(struct image *im)
{
	for (size_t i = 0; i < im->count; i++)
		pages_close(&im->blocks[i].pages);
	free(im->blocks);
	names_free(&im->names);
	arena_free(&im->arena);
	*im = (struct image){ 0 };
}

bool image_fail(struct image *im, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!im->why[0])
		vsnprintf(im->why, sizeof(im->why), fmt, ap);
	va_end(ap);
	return false;
}

static bool fail_block(struct image *im, struct ms_text name, const char *what)
{
	struct buf b = { 0 };

	buf_escape(&b, name);
	image_fail(im, "RAM block '%.160s' %s", b.data ? b.data : "", what);
	buf_free(&b);
	return false;
}

static bool fail_over(struct image *im, struct ms_text name, const char *what,
		      uint64_t n, uint64_t limit)
{
	char text[120];

	snprintf(text, sizeof(text),
		 "is too large: %s %" PRIu64 " are over the limit of %" PRIu64,
		 what, n, limit);
	return fail_block(im, name, text);
}

struct image_block *image_find(struct image *im, struct ms_text name)
{
	size_t i;

	return names_find(&im->names, name, &i) ? &im->blocks[i] : NULL;
}

static struct image_block *add(struct image *im, struct ms_text name)
{
	struct image_block *b;

	if (im->count == im->room) {
		size_t more = im->room ? 2 * im->room : 32;

		b = im->count < MAX_RAM_BLOCKS ?
			    mem_resize(im->blocks, more * sizeof(*b)) :
			    NULL;
		if (!b)
			return NULL;
		im->blocks = b;
		im->room = more;
	}
	b = &im->blocks[im->count];
	*b = (struct image_block){ .name = arena_text(&im->arena, name) };
	if (!b->name.bytes || !names_add(&im->names, b->name, im->count))
		return NULL;
	im->count++;
	return b;
}

static bool see_block(struct image *im, const struct ms_record *rec)
{
	struct image_block *b = image_find(im, rec->name);

	if (b && b->listed) {
		if (b->length == rec->u.block.used_length)
			return true;
		return fail_block(im, rec->name, "changes its length");
	}
	if (!b)
		b = add(im, rec->name);
	if (!b)
		return im->count == MAX_RAM_BLOCKS ?
			       image_fail(im,
					  "RAM blocks are over the limit of %d",
					  MAX_RAM_BLOCKS) :
			       image_fail(im, "out of memory");
	b->listed = true;
	b->length = rec->u.block.used_length;
	b->told_page_size = rec->u.block.page_size;
	b->address = rec->u.block.address;
	b->has_address = rec->u.block.has_address;
	b->mapped = rec->u.block.mapped;
	if (b->length > MAX_RAM_BYTES - im->total)
		return fail_over(im, rec->name, "bytes up to its end",
				 im->total + b->length, MAX_RAM_BYTES);
	im->total += b->length;
	im->unplaced = true;
	return true;
}

/* The first page record tells the size of all. */
static bool open_pages(struct image *im, struct image_block *b,
		       uint32_t page_size)
{
	uint64_t n;

	if (b->page_size == page_size)
		return true;
	if (b->page_size)
		return fail_block(im, b->name, "has pages of several sizes");
	n = b->length / page_size + (b->length % page_size != 0);
	if (n > MAX_RAM_PAGES)
		return fail_over(im, b->name, "pages", n, MAX_RAM_PAGES);
	if (!pages_open(&b->pages, n,
			(im->channels ? PAGES_TURNS : 0) |
				(im->input ? PAGES_PLACES : 0)))
		return fail_block(im, b->name, "does not fit in memory");
	b->page_size = page_size;
	return true;
}

/* ---- what pages hold ---- */

/* GATHER: as WRITE, and what is written stays until settle(). */
enum access { WRITE, GATHER, READ, CLEAR };

static bool access_bytes(struct image *im, const struct image_block *b,
			 enum access how, uint64_t at, uint64_t n, uint8_t *p,
			 const uint8_t *from)
{
	for (unsigned i = 0; i < b->extent_count; i++) {
		const struct extent *x = &b->extents[i];
		uint64_t skip = at > x->from ? 0 : x->from - at;
		uint64_t first = at + skip, step, to;
		bool done;

		if (skip >= n || first - x->from >= x->length)
			continue;
		step = x->length - (first - x->from);
		step = step < n - skip ? step : n - skip;
		to = x->at + (first - x->from);
		switch (how) {
		case WRITE:
			done = sparse_write(im->file, to, from + skip,
					    (size_t)step);
			break;
		case GATHER:
			done = sparse_gather(im->file, to, from + skip,
					     (size_t)step);
			break;
		case READ:
			done = sparse_read(im->file, to, p + skip,
					   (size_t)step);
			break;
		case CLEAR:
		default:
			done = sparse_clear(im->file, to, step);
			break;
		}
		if (!done)
			return image_fail(im, "%s", im->file->why);
	}
	return true;
}

bool image_read(struct image *im, const struct image_block *b, uint64_t at,
		void *p, size_t n)
{
	return access_bytes(im, b, READ, at, n, p, NULL);
}

bool image_pack(void *ctx, struct image *im)
{
	uint64_t *end = ctx;

	for (size_t i = 0; i < im->count; i++) {
		struct image_block *b = &im->blocks[i];

		if (b->extent_count || !b->length)
			continue;
		b->extents[0] =
			(struct extent){ .length = b->length, .at = *end };
		b->extent_count = 1;
		*end += (b->length + 4095) & ~UINT64_C(4095);
	}
	return true;
}

/* A place in the input: its channel, and one more so that 0 is none, over the
 * offset. */
#define PLACE_BITS 52
#define PLACE_CHANNELS ((1u << (64 - PLACE_BITS)) - 1)

static uint64_t place_of(const struct image *im, const struct ms_record *rec,
			 uint64_t skip)
{
	const uint64_t at = rec->offset + (rec->length - rec->data_length);

	if (!im->input || rec->u.pages.kind != MS_PAGE_DATA ||
	    rec->channel >= PLACE_CHANNELS || at >> PLACE_BITS ||
	    (at + skip) >> PLACE_BITS ||
	    !im->input->stays(im->input->ctx, rec->channel))
		return 0;
	return ((uint64_t)rec->channel + 1) << PLACE_BITS | (at + skip);
}

#define PLACE_OFFSET ((UINT64_C(1) << PLACE_BITS) - 1)

bool image_where(const struct image_block *b, uint64_t at, uint64_t *ret)
{
	const uint64_t place =
		b->page_size ? pages_place(&b->pages, at / b->page_size) : 0;

	*ret = (place & PLACE_OFFSET) + (place ? at % b->page_size : 0);
	return place >> PLACE_BITS == 1; /* the first channel */
}

const uint8_t *image_page(struct image *im, const struct image_block *b,
			  uint64_t at, size_t n, uint8_t *room)
{
	const uint64_t place = pages_place(&b->pages, at / b->page_size);
	const uint64_t offset = place & PLACE_OFFSET;
	const uint8_t *p;

	if (!place)
		return access_bytes(im, b, READ, at, n, room, NULL) ? room :
								      NULL;
	p = im->input->view(im->input->ctx, (unsigned)(place >> PLACE_BITS) - 1,
			    offset + at % b->page_size, n);
	if (!p)
		image_fail(im, "the input cannot be read again");
	return p;
}

static bool all_zero(const uint8_t *p, size_t n)
{
	return !n || (!p[0] && !memcmp(p, p + 1, n - 1));
}

/* A page becomes zeros. */
static bool clear_page(struct image *im, struct image_block *b, uint64_t n,
		       enum page_state state)
{
	uint64_t at = n * b->page_size, length = b->page_size;
	bool held = pages_at(&b->pages, n) == PAGE_DATA;

	if (length > b->length - at)
		length = b->length - at;
	pages_set(&b->pages, n, state);
	if (held)
		pages_set_place(&b->pages, n, 0);
	return !held || access_bytes(im, b, CLEAR, at, length, NULL, NULL);
}

static bool fill_page(struct image *im, struct image_block *b, uint64_t n,
		      uint8_t fill)
{
	uint64_t at = n * b->page_size, left = b->length - at;
	uint8_t piece[4096];

	memset(piece, fill, sizeof(piece));
	pages_set(&b->pages, n, PAGE_DATA);
	pages_set_place(&b->pages, n, 0);
	if (left > b->page_size)
		left = b->page_size;
	while (left) {
		size_t step =
			left < sizeof(piece) ? (size_t)left : sizeof(piece);

		if (!access_bytes(im, b, WRITE, at, step, NULL, piece))
			return false;
		at += step;
		left -= step;
	}
	return true;
}

/* Bytes of one page, or of a part of a large one. place: where the page's
 * first byte stands in the input, or 0. */
static bool put_bytes(struct image *im, struct image_block *b, uint64_t at,
		      const uint8_t *p, size_t n, uint64_t place,
		      enum access how)
{
	uint64_t page = at / b->page_size;
	bool held = pages_at(&b->pages, page) == PAGE_DATA;

	pages_set(&b->pages, page, PAGE_DATA);
	if (held || place)
		pages_set_place(&b->pages, page, place);
	if (place)
		return true;
	if (n > b->length - at)
		n = (size_t)(b->length - at);
	if (all_zero(p, n))
		return !held || access_bytes(im, b, CLEAR, at, n, NULL, NULL);
	return access_bytes(im, b, how, at, n, NULL, p);
}

static bool apply_delta(struct image *im, struct image_block *b, uint64_t at,
			const struct ms_record *rec)
{
	uint8_t page[MAX_TARGET_PAGE];
	size_t n = b->page_size;
	const uint8_t *before;

	/* The walk has held it against the page's size. */
	if (n > sizeof(page) || n > b->length - at)
		return fail_block(im, b->name, "has a delta past its end");
	before = image_page(im, b, at, n, page);
	if (!before)
		return false;
	if (before != page)
		memcpy(page, before, n);
	ram_xbzrle_apply(rec->data, (size_t)rec->data_length, page);
	pages_set(&b->pages, at / n, PAGE_DATA);
	pages_set_place(&b->pages, at / n, 0);
	return access_bytes(im, b, WRITE, at, n, NULL, page);
}

/* ---- records ---- */

static uint32_t turn_of(const struct image *im, const struct ms_record *rec)
{
	if (!rec->channel)
		return im->flushes ? im->marks : im->ends;
	return im->postcopy ? UINT32_MAX : im->syncs;
}

/* Page number i of the record. */
static bool see_page(struct image *im, struct image_block *b, uint64_t page,
		     const struct ms_record *rec, uint64_t i)
{
	const uint64_t at = page * b->page_size;
	const uint64_t skip = i * rec->u.pages.stride;
	size_t n = b->page_size;

	if (!pages_take_turn(&b->pages, page, turn_of(im, rec)))
		return true;
	if (rec->u.pages.kind == MS_PAGE_ZERO)
		return rec->u.pages.fill && b->extent_count ?
			       fill_page(im, b, page, rec->u.pages.fill) :
			       clear_page(im, b, page,
					  rec->u.pages.fill ? PAGE_DATA :
							      PAGE_ZERO);
	if (!b->extent_count) {
		pages_set(&b->pages, page, PAGE_DATA);
		return true;
	}
	if (!rec->data) {
		im->unreadable++;
		return true;
	}
	if (rec->u.pages.kind == MS_PAGE_XBZRLE)
		return apply_delta(im, b, at, rec);
	if (skip >= rec->data_length)
		return true;
	if (n > rec->data_length - skip)
		n = (size_t)(rec->data_length - skip);
	return put_bytes(im, b, at, rec->data + skip, n,
			 place_of(im, rec, skip),
			 rec->u.pages.count > 1 ? GATHER : WRITE);
}

/* Part of a page that is handed out in pieces (mapped-ram with a page size of
 * its own). */
static bool see_piece(struct image *im, struct image_block *b,
		      const struct ms_record *rec)
{
	const uint64_t at = rec->u.pages.address;

	if (!b->extent_count) {
		pages_set(&b->pages, at / b->page_size, PAGE_DATA);
		return true;
	}
	/* the pieces of a page follow each other in the input */
	return put_bytes(im, b, at, rec->data, (size_t)rec->data_length,
			 place_of(im, rec, 0) ?
				 place_of(im, rec, 0) - at % b->page_size :
				 0,
			 WRITE);
}

static bool see_pages(struct image *im, const struct ms_record *rec)
{
	struct image_block *b = image_find(im, rec->name);
	const uint32_t size = rec->u.pages.page_size;
	uint64_t first, last;

	/* A block in no list, an address outside: told by the walk. */
	if (!b || !b->listed || !size || rec->u.pages.address >= b->length)
		return true;
	if (im->unplaced && im->place) {
		im->unplaced = false;
		if (!im->place(im->ctx, im))
			return false;
		b = image_find(im, rec->name);
	}
	if (!open_pages(im, b, size))
		return false;
	if (rec->data && rec->u.pages.kind == MS_PAGE_DATA &&
	    (rec->data_length < size || rec->u.pages.address % size))
		return see_piece(im, b, rec);
	first = rec->u.pages.address / size;
	last = b->pages.count - first < rec->u.pages.count ?
		       b->pages.count :
		       first + rec->u.pages.count;
	for (uint64_t n = first; n < last; n++) {
		pages_near(&b->pages, n);
		if (!see_page(im, b, n, rec, n - first))
			return false;
	}
	/* the record's bytes are there during the call only */
	return !im->file || sparse_settle(im->file) ||
	       image_fail(im, "%s", im->file->why);
}

/* The pages are dirty at the source and will be sent again; until then the
 * destination has none (migration/savevm.c:
 * loadvm_postcopy_ram_handle_discard). */
static bool see_discard(struct image *im, const struct ms_record *rec)
{
	const size_t n = rec->data_length > 1 ? rec->data[1] : 0;
	struct image_block *b;

	if (rec->data_length < 3 + n)
		return true;
	b = image_find(im, text_make(rec->data + 2, n));
	if (!b || !b->page_size)
		return true;
	for (size_t at = 3 + n; rec->data_length - at >= 16; at += 16) {
		uint64_t start = load_be64(rec->data + at) / b->page_size;
		uint64_t count = load_be64(rec->data + at + 8) / b->page_size;

		if (start >= b->pages.count)
			continue;
		if (count > b->pages.count - start)
			count = b->pages.count - start;
		im->discarded += 1 + count / PAGES_CHUNK;
		if (im->discarded > MAX_DISCARDS)
			return image_fail(im,
					  "%" PRIu64
					  " ranges of pages to discard are "
					  "over the limit of %u",
					  im->discarded, MAX_DISCARDS);
		count += start;
		while ((start = pages_next_sent(&b->pages, start)) < count)
			if (!clear_page(im, b, start++, PAGE_NEVER))
				return false;
	}
	return true;
}

static void see_mark(struct image *im, const struct ms_record *rec)
{
	if (rec->channel)
		return;
	if (text_is(rec->name, "MULTIFD_FLUSH")) {
		im->flushes = true;
		im->marks++;
	} else if (text_is(rec->name, "EOS")) {
		im->ends++;
	}
}

bool image_visit(void *ctx, const struct ms_record *rec)
{
	struct image *im = ctx;

	switch (rec->kind) {
	case MS_CONFIG_BEGIN:
		im->machine = arena_text(&im->arena, rec->name);
		return true;
	case MS_RAM_BLOCK:
		return see_block(im, rec);
	case MS_PAGES:
		return see_pages(im, rec);
	case MS_RAM_MARK:
		see_mark(im, rec);
		return true;
	case MS_COMMAND:
		return rec->u.command.number != COMMAND_DISCARD ||
		       see_discard(im, rec);
	case MS_CHANNEL_BEGIN:
		im->syncs = 0;
		im->postcopy = !text_is(rec->name, "multifd");
		return true;
	case MS_PACKET:
		im->syncs += rec->u.packet.flags & PACKET_SYNC;
		return true;
	default:
		return true;
	}
}

bool image_absent(const struct image_block *b)
{
	uint64_t n[3] = { 0 };

	if (!b->has_address)
		return false;
	pages_count(&b->pages, n);
	return !n[PAGE_ZERO] && !n[PAGE_DATA];
}
