/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

/* Without a visitor that wants the bytes, pages are counted in runs and
 * nothing behind a record's head is looked at: see run_add() in ram-page.c. */

static void hand_out(struct walk *w, struct ms_record *rec)
{
	ram_flush(w);
	rec->kind = MS_PAGES;
	rec->offset = rd_tell(w->rd);
	if (w->ram->last) {
		rec->name = w->ram->last->name;
		w->ram->last->paged = true;
	}
	rec->u.pages.page_size = w->page_size;
	rec->u.pages.ascending = true;
	sink_emit(&w->sink, rec);
}

void ram_hand_out(struct walk *w, enum ms_page_kind kind, uint64_t address,
		  uint32_t length, const uint8_t *data, size_t n)
{
	struct ms_record rec = { .length = length,
				 .data = data,
				 .data_length = n };

	rec.u.pages.kind = kind;
	rec.u.pages.address = address;
	rec.u.pages.count = 1;
	rec.u.pages.stride = w->page_size;
	hand_out(w, &rec);
}

void ram_hand_run(struct walk *w, uint64_t address, uint64_t length,
		  const uint8_t *data, uint64_t count)
{
	struct ms_record rec = { .length = length, .data = data };

	rec.u.pages.kind = MS_PAGE_DATA;
	rec.u.pages.address = address;
	rec.u.pages.count = count;
	rec.u.pages.stride = RAM_WORD + w->page_size;
	rec.data_length = count * rec.u.pages.stride - RAM_WORD;
	hand_out(w, &rec);
}

uint8_t *ram_page_room(struct walk *w)
{
	if (!w->ram->room)
		w->ram->room = mem_alloc(MAX_TARGET_PAGE);
	return w->ram->room;
}
