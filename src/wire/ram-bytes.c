/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/ram.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

/* Without a visitor that wants the bytes, pages are counted in runs and
 * nothing behind a record's head is looked at: see run_add() in ram-page.c. */

void ram_hand_out(struct walk *w, enum ms_page_kind kind, uint64_t address,
		  uint32_t length, const uint8_t *data, size_t n)
{
	struct ms_record rec = { .kind = MS_PAGES,
				 .offset = rd_tell(w->rd),
				 .length = length,
				 .data = data,
				 .data_length = n };

	ram_flush(w);
	if (w->ram->last) {
		rec.name = w->ram->last->name;
		w->ram->last->paged = true;
	}
	rec.u.pages.kind = kind;
	rec.u.pages.address = address;
	rec.u.pages.count = 1;
	rec.u.pages.page_size = w->page_size;
	rec.u.pages.ascending = true;
	sink_emit(&w->sink, &rec);
}

uint8_t *ram_page_room(struct walk *w)
{
	if (!w->ram->room)
		w->ram->room = mem_alloc(MAX_TARGET_PAGE);
	return w->ram->room;
}
