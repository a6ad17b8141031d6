/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/channel-bytes.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "wire/ram.h"

static void hand_out(struct walk *w, const struct packet_pages *k, uint32_t i,
		     enum ms_page_kind kind, uint64_t length,
		     const uint8_t *data)
{
	struct ms_record rec = { .kind = MS_PAGES,
				 .length = length,
				 .offset = length ? rd_tell(w->rd) : 0,
				 .name = k->block,
				 .data = data,
				 .data_length = data ? w->page_size : 0 };

	rec.u.pages.kind = kind;
	rec.u.pages.address = load_be64(k->offsets + 8 * (size_t)i);
	rec.u.pages.count = 1;
	rec.u.pages.page_size = w->page_size;
	rec.u.pages.stride = data ? w->page_size : 0;
	rec.u.pages.ascending = true;
	sink_emit(&w->sink, &rec);
}

bool channel_plain_pages(struct walk *w, const struct packet_pages *k)
{
	for (uint32_t i = 0; i < k->count; i++) {
		const uint8_t *p = rd_peek(w->rd, w->page_size);

		if (!p)
			return false;
		hand_out(w, k, i, MS_PAGE_DATA, w->page_size, p);
		rd_skip(w->rd, w->page_size);
	}
	return true;
}

/* The payload, piece by piece, each claimed as it is read. */
struct payload {
	struct walk *w;
	const struct packet_pages *k;
	struct unpack *unpack;
	uint64_t left;
	size_t piece; /* at the reader's place, given to unpack */
};

static bool next_piece(struct payload *p)
{
	struct ms_record rec = { .kind = MS_OPAQUE,
				 .length = p->piece,
				 .offset = rd_tell(p->w->rd),
				 .name = TEXT("payload"),
				 .type = text_of(p->k->type) };
	const uint8_t *at;

	if (p->piece) {
		sink_emit(&p->w->sink, &rec);
		rd_skip(p->w->rd, p->piece);
		p->left -= p->piece;
	}
	p->piece = p->left < PAGE_PIECE ? (size_t)p->left : PAGE_PIECE;
	if (!p->piece)
		return false;
	at = rd_peek(p->w->rd, p->piece);
	if (!at) {
		p->piece = 0;
		return false;
	}
	if (p->unpack)
		unpack_input(p->unpack, at, p->piece);
	return true;
}

static const char *unpack_pages(struct payload *p, uint8_t *page)
{
	for (uint32_t i = 0; i < p->k->count; i++) {
		enum unpack_result r = UNPACK_WRONG;

		while (page && p->unpack &&
		       (r = unpack_page(p->unpack, page, p->w->page_size)) ==
			       UNPACK_MORE &&
		       next_piece(p))
			;
		if (r != UNPACK_DONE) {
			for (; i < p->k->count; i++)
				hand_out(p->w, p->k, i, MS_PAGE_COMPRESSED, 0,
					 NULL);
			return !p->unpack       ? "not built in" :
			       r == UNPACK_MORE ? "ends within a page" :
						  "damaged";
		}
		hand_out(p->w, p->k, i, MS_PAGE_COMPRESSED, 0, page);
	}
	if (unpack_rest(p->unpack) != UNPACK_DONE)
		return "holds more than its pages";
	return NULL;
}

bool channel_packed_pages(struct walk *w, struct unpack **unpack,
			  enum unpack_kind kind, const struct packet_pages *k,
			  const struct where *where)
{
	uint64_t at = rd_tell(w->rd);
	struct payload p = { .w = w, .k = k, .left = k->payload };
	const unsigned long lost = mem_failures();
	const char *why;

	if (!*unpack)
		*unpack = unpack_new(kind);
	p.unpack = *unpack;
	next_piece(&p);
	why = unpack_pages(&p, ram_page_room(w));
	while (!why && next_piece(&p))
		if (unpack_rest(p.unpack) != UNPACK_DONE)
			why = "holds more than its pages";
	while (p.piece)
		next_piece(&p);
	if (p.left)
		return false;
	/* want of memory is no damage: the walk says so at its end */
	if (why && mem_failures() == lost) {
		/* a stream that is damaged once does not come right again */
		fault_add(w->faults,
			  &(struct fault){ .code = F_CHANNEL_UNPACK,
					   .offset = at,
					   .length = k->payload,
					   .name = text_of(k->type),
					   .other = text_of(why) },
			  where);
	}
	return true;
}
