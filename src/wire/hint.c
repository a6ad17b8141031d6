/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Before the walk, on seekable input: page size and release of the writer
 * stand only in the description at the end, so it is looked for from there.
 *
 * A volume may hold what was left by an older, longer save behind the stream,
 * with a description of its own. Where that is to be feared, a first walk
 * without any visitor goes as far as the end mark, and the description that
 * follows it is the one. */
#include "config.h"

#include "wire/walk.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/items.h"

/* Where trailing zeros begin. */
static uint64_t end_of_data(struct walk *w)
{
	uint64_t end = rd_size(w->rd);

	while (end > w->start) {
		size_t n = end - w->start < 65536 ? (size_t)(end - w->start) :
						    65536;
		const uint8_t *p = rd_view(w->rd, end - n, n);

		if (!p)
			return w->start;
		while (n && !p[n - 1])
			n--, end--;
		if (n)
			break;
	}
	return end;
}

static void adopt(struct walk *w, struct desc *hint)
{
	w->hint = hint;
	w->page_size_known = hint && page_size_possible(hint->page_size);
	if (w->page_size_known)
		w->page_size = (uint32_t)hint->page_size;
}

static bool ignore(void *ctx, const struct ms_record *rec)
{
	(void)ctx;
	(void)rec;
	return true;
}

/* A walk beside the walk, from the same place; scout_end() is due. */
static bool scout_begin(struct walk *scout, struct walk *w,
			struct faults *faults, struct desc *hint)
{
	faults_init(faults);
	if (!walk_init(scout, w->rd, faults, ignore, NULL))
		return false;
	scout->scouting = true;
	scout->start = w->start;
	scout->sink.claimed = w->start;
	adopt(scout, hint);
	return walk_header(scout) && walk_configuration(scout);
}

static void scout_end(struct walk *scout, struct walk *w, struct faults *faults)
{
	/* what is not the scout's */
	if (scout->hint == w->hint)
		scout->hint = NULL;
	if (scout->desc == w->hint)
		scout->desc = NULL;
	walk_free(scout);
	faults_free(faults);
	rd_seek(w->rd, w->start);
}

/* Is the configuration the same to who knows this description and to who
 * knows none? */
static bool hint_agrees(struct walk *w)
{
	struct faults faults[2];
	struct walk scouts[2];
	bool read[2], same;

	for (unsigned i = 0; i < 2; i++) {
		read[i] = scout_begin(&scouts[i], w, &faults[i],
				      i ? w->hint : NULL);
		rd_seek(w->rd, w->start);
	}
	same = read[0] == read[1] && faults[0].count == faults[1].count &&
	       scouts[0].mapped_ram == scouts[1].mapped_ram &&
	       scouts[0].ignore_shared == scouts[1].ignore_shared;
	for (unsigned i = 0; i < 2; i++)
		scout_end(&scouts[i], w, &faults[i]);
	return same;
}

/* The description that stands behind the end mark, or NULL. */
static struct desc *find_own(struct walk *w)
{
	struct faults faults;
	struct walk scout;
	struct desc *own = NULL;
	const uint8_t *p;

	if (scout_begin(&scout, w, &faults, NULL))
		walk_items(&scout);
	p = scout.has_eof ? rd_peek(w->rd, 5) : NULL;
	if (p && p[0] == ITEM_DESCRIPTION)
		own = description_at(w->rd, rd_tell(w->rd) + 5);
	scout_end(&scout, w, &faults);
	return own;
}

/* In the last n bytes before end; *ret_placed as of description_find(). */
static struct desc *look_in(struct walk *w, uint64_t end, uint64_t n,
			    unsigned *ret_placed)
{
	const uint64_t from = end - w->start > n ? end - n : w->start;

	return description_find(w, from, end, true, ret_placed);
}

void walk_hint(struct walk *w)
{
	uint64_t end;
	struct desc *own;
	unsigned placed;

	if (!rd_seekable(w->rd))
		return;
	end = end_of_data(w);
	adopt(w, look_in(w, end, TAIL_LIKELY, &placed));
	if (!placed) {
		/* looking through all of it takes as long as the walk */
		desc_free(w->hint);
		w->hint = NULL;
		adopt(w, look_in(w, end, TAIL_SCAN, &placed));
	}
	if (!w->hint || (placed == 1 && hint_agrees(w)))
		return;
	own = find_own(w);
	if (!own)
		return;
	desc_free(w->hint);
	adopt(w, own);
}
