/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "decode/items.h"

/* The way back after damage. QEMU gives up at the first fault; we look for
 * the next place where the grammar fits, so that one bad section does not
 * hide the rest. What lies between is a gap and counted as unclaimed. */

/* A package's damage does not lead out of the package. */
static uint64_t window_end(struct reader *rd)
{
	return rd_tell(rd) + rd_left(rd);
}

static bool move_to(struct walk *w, uint64_t to, const struct where *where)
{
	if (to < w->sink.claimed)
		sink_rewind(&w->sink, to);
	else if (to > w->sink.claimed)
		sink_gap(&w->sink, to, where);
	return rd_seek(w->rd, to);
}

bool walk_resync_footer(struct walk *w, const struct section *s, uint64_t body,
			const struct where *where)
{
	struct ms_record rec = { .kind = MS_SECTION_END, .name = s->name };
	uint64_t at = UINT64_MAX;

	if (!rd_hold(w->rd))
		return false;
	if (w->footers)
		at = item_find_footer(w->rd, body, window_end(w->rd), s->id);
	if (at == UINT64_MAX)
		return walk_resync_header(w, where);
	if (!move_to(w, at, where))
		return false;
	rec.offset = at;
	rec.length = FOOTER_SIZE;
	rec.u.section.id = s->id;
	rec.u.section.instance = s->instance;
	sink_emit(&w->sink, &rec);
	return rd_skip(w->rd, FOOTER_SIZE);
}

bool walk_resync_header(struct walk *w, const struct where *where)
{
	uint64_t at, end;

	if (w->rd->failed || !rd_hold(w->rd))
		return false;
	if (!w->desc_sought)
		walk_seek_description(w);
	end = window_end(w->rd);
	if (w->desc && w->desc->offset >= rd_tell(w->rd) &&
	    w->desc->offset < end)
		end = w->desc->offset;
	/* A real header that follows one byte of damage is found even if the
	 * damaged byte looks like its start. */
	at = item_find_header(w->rd, rd_tell(w->rd) + 1, end);
	if (at == UINT64_MAX)
		return false;
	return move_to(w, at, where);
}
