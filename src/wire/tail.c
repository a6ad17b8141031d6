/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/items.h"

/* End of the stream (migration/savevm.c: qemu_savevm_state_complete_precopy,
 * qemu_loadvm_state):
 *   u8 0x00 | u8 0x06 | be32 length | length bytes of JSON
 * The loader reads type and length, skips the JSON and complains about
 * nothing, so the JSON is found by how it looks, not by these six bytes. */
#define DESC_HEADER 5

static const char page_size_key[] = "\"page_size\"";
static const char config_key[] = "\"configuration\"";

/* Offset of the '{' that opens the description whose "page_size" key stands
 * at key; UINT64_MAX: this is no description. */
static uint64_t opening_brace(struct reader *rd, uint64_t key, uint64_t from)
{
	uint64_t low = key - from > MAX_DESCRIPTION_HEAD ?
			       key - MAX_DESCRIPTION_HEAD :
			       from;
	const char *p = (const char *)rd_view(rd, low, (size_t)(key - low));
	size_t i = (size_t)(key - low);

	if (!p)
		return UINT64_MAX;
	while (i && (p[i - 1] == ' ' || p[i - 1] == '\n'))
		i--;
	if (i && p[i - 1] == '{')
		return low + i - 1;
	for (; i >= sizeof(config_key); i--) {
		size_t k = i - (sizeof(config_key) - 1);

		if (memcmp(p + k, config_key, sizeof(config_key) - 1))
			continue;
		while (k && (p[k - 1] == ' ' || p[k - 1] == '\n'))
			k--;
		if (k && p[k - 1] == '{')
			return low + k - 1;
	}
	return UINT64_MAX;
}

/* Does it stand where QEMU puts it: 06, its length, or at least behind the
 * end marker? Old data behind a stream can look just as good otherwise. */
static bool well_placed(struct reader *rd, const struct desc *d, uint64_t from)
{
	const uint8_t *p;

	if (d->offset - from < DESC_HEADER + 1)
		return false;
	p = rd_view(rd, d->offset - DESC_HEADER - 1, DESC_HEADER + 1);
	return p &&
	       ((p[1] == ITEM_DESCRIPTION && load_be32(p + 2) == d->length) ||
		p[0] == ITEM_EOF);
}

struct desc *description_at(struct reader *rd, uint64_t at)
{
	uint64_t left = rd_size(rd) - at;
	uint64_t most = rd_limit(rd, LIMIT_DESCRIPTION);
	size_t n = (size_t)(left < most ? left : most + 1);
	const char *why = NULL;
	size_t used = 0;
	const uint8_t *p = rd_view(rd, at, n);
	struct desc *d =
		p ? desc_parse_embedded((const char *)p, n, &rd->src->limits,
					&used, &why) :
		    NULL;

	if (d) {
		d->offset = at;
		d->length = used;
	}
	return d;
}

/* What costs nothing to see of well_placed(). */
static bool maybe_placed(struct reader *rd, uint64_t brace, uint64_t from)
{
	const uint8_t *p;

	if (brace - from < DESC_HEADER + 1)
		return false;
	p = rd_view(rd, brace - DESC_HEADER - 1, DESC_HEADER + 1);
	return p && (p[0] == ITEM_EOF || p[1] == ITEM_DESCRIPTION);
}

static void drop(struct walk *w, struct desc *d)
{
	if (d != w->hint)
		desc_free(d);
}

struct desc *description_find(struct walk *w, uint64_t from, uint64_t to,
			      bool last, unsigned *ret_placed)
{
	struct desc *best = NULL;
	uint64_t at = from;

	*ret_placed = 0;

	for (unsigned tries = 0, hits = 0;
	     tries < MAX_DESCRIPTION_TRIES && hits < MAX_DESCRIPTION_HITS;
	     hits++) {
		uint64_t key = rd_find(w->rd, at, to, page_size_key,
				       sizeof(page_size_key) - 1);
		uint64_t brace;
		struct desc *d;

		if (key == UINT64_MAX)
			break;
		at = key + 1;
		brace = opening_brace(w->rd, key, from);
		if (brace == UINT64_MAX ||
		    (best && !maybe_placed(w->rd, brace, from)))
			continue;
		tries++;
		d = w->hint && w->hint->offset == brace ?
			    w->hint :
			    description_at(w->rd, brace);
		if (!d)
			continue;
		if (well_placed(w->rd, d, from)) {
			drop(w, best);
			best = d;
			++*ret_placed;
			if (!last)
				break;
			if (d->offset + d->length > at)
				at = d->offset + d->length;
		} else if (!best) {
			best = d;
		} else {
			drop(w, d);
		}
	}
	return best;
}

/* At the first device section. What follows from here to the description is
 * device state, so the first description found is the stream's own; before
 * any RAM went by (an early-setup device) it is the last one instead, as
 * guest memory could hold another stream's; but when what is sought is where
 * the stream ends, old data may be all there is behind it. */
bool walk_seek_description(struct walk *w)
{
	unsigned placed;

	if (w->desc_sought)
		return w->desc != NULL;
	if (!rd_hold(w->rd))
		return false;
	w->desc_sought = true;
	if (!w->parted && w->hint)
		w->desc = w->hint;
	else
		w->desc = description_find(w, rd_tell(w->rd), rd_size(w->rd),
					   !w->parted && !w->scouting, &placed);
	return w->desc != NULL;
}

static void note(struct walk *w, enum fault_code code, uint64_t at,
		 uint64_t length, uint64_t a, uint64_t b)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("description"),
			       .index = -1 };

	fault_add(w->faults,
		  &(struct fault){ .code = code,
				   .offset = at,
				   .length = length,
				   .a = a,
				   .b = b },
		  &where);
}

static void check_json(struct walk *w, const struct desc *d)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("description"),
			       .index = -1 };

	if (d->error)
		fault_add(w->faults,
			  &(struct fault){ .code = F_DESC_JSON,
					   .offset = d->offset + d->error_at,
					   .a = d->error_at,
					   .name = text_of(d->error) },
			  &where);
	if (d->page_size && w->page_size_known && d->page_size != w->page_size)
		note(w, F_PAGE_SIZE_DIFFERS, d->offset, d->length, d->page_size,
		     w->page_size);
}

/* Claims type, length and JSON at the reader's place, which is behind EOF. */
static bool read_description(struct walk *w)
{
	uint64_t at = rd_tell(w->rd), left, end, length;
	const uint8_t *p = rd_peek(w->rd, 1);
	struct ms_record rec = { .kind = MS_DESCRIPTION, .offset = at };
	uint8_t type;

	if (!p) {
		if (w->postcopy < POSTCOPY_DISCARD)
			note(w, F_DESC_MISSING, at, 0, 0, 0);
		return true;
	}
	type = p[0];
	if (!rd_hold(w->rd))
		return false;
	if (!w->desc_sought)
		walk_seek_description(w);
	p = rd_peek(w->rd, DESC_HEADER);
	left = rd_size(w->rd) - at;
	if (w->desc && w->desc->offset == at + DESC_HEADER && p) {
		length = load_be32(p + 1);
		end = w->desc->offset + w->desc->length;
		if (type != ITEM_DESCRIPTION)
			note(w, F_DESC_TYPE, at, 1, type, 0);
		if (w->desc->cut && length <= left - DESC_HEADER)
			end = at + DESC_HEADER + length;
		else if (length != w->desc->length)
			note(w, F_DESC_LENGTH, at + 1, 4, length,
			     w->desc->length);
		/* a length that reaches further covers what it covers */
		if (type == ITEM_DESCRIPTION && length > w->desc->length &&
		    length <= left - DESC_HEADER)
			end = w->desc->offset + length;
	} else if (type == ITEM_DESCRIPTION && p) {
		length = load_be32(p + 1);
		if (length > left - DESC_HEADER) {
			note(w, F_DESC_LENGTH, at + 1, 4, length,
			     left - DESC_HEADER);
			length = left - DESC_HEADER;
		}
		end = at + DESC_HEADER + length;
		note(w, F_DESC_JSON, at + DESC_HEADER, length, 0, 0);
	} else {
		if (type == ITEM_DESCRIPTION)
			note(w, F_DESC_LENGTH, at, left, 0, 0);
		else if (w->postcopy < POSTCOPY_DISCARD)
			note(w, F_DESC_TYPE, at, 1, type, 0);
		return true;
	}
	rec.length = end - at;
	if (rec.length - DESC_HEADER <= rd_limit(w->rd, LIMIT_DESCRIPTION)) {
		rec.data = rd_view(w->rd, at + DESC_HEADER,
				   (size_t)(end - at - DESC_HEADER));
		rec.data_length = rec.data ? end - at - DESC_HEADER : 0;
	}
	sink_emit(&w->sink, &rec);
	w->end = end;
	return rd_skip(w->rd, rec.length);
}

/* Zeros are padding of a volume, anything else old data; QEMU looks at
 * neither. More sections behind the end marker are worth a word. */
static void read_trailing(struct walk *w)
{
	uint64_t at = rd_tell(w->rd), end = at, content = UINT64_MAX;
	struct ms_record rec = { .kind = MS_TRAILING, .offset = at };
	bool sections = false;

	if (rd_seekable(w->rd))
		sections = item_header_at(w->rd, at, UINT64_MAX);
	for (;;) {
		const uint8_t *p = rd_peek(w->rd, 1);
		size_t n, i;

		if (!p)
			break;
		n = (size_t)(w->rd->end - w->rd->cur);
		for (i = 0; content == UINT64_MAX && i < n; i++)
			if (p[i])
				content = end + i;
		end += n;
		rd_skip(w->rd, n);
	}
	if (end == at)
		return;
	rec.length = end - at;
	sink_emit(&w->sink, &rec);
	if (sections)
		note(w, F_DATA_AFTER_EOF, at, end - at, 1, 0);
	else
		note(w,
		     content == UINT64_MAX ? F_TRAILING_ZEROS : F_TRAILING_DATA,
		     content == UINT64_MAX ? at : content,
		     content == UINT64_MAX ? end - at : end - content, 0, 0);
}

/* After damage that ended the walk early: everything up to the description
 * is a gap, the description itself is still shown. */
static void give_up(struct walk *w)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("stream"),
			       .index = -1 };
	uint64_t here = rd_tell(w->rd), to;

	if (!rd_seekable(w->rd) && !rd_hold(w->rd))
		return;
	to = rd_size(w->rd);
	if (!w->desc_sought)
		walk_seek_description(w);
	if (w->desc && w->desc->offset >= DESC_HEADER &&
	    w->desc->offset - DESC_HEADER >= here)
		to = w->desc->offset - DESC_HEADER;
	if (to < w->sink.claimed)
		return;
	sink_gap(&w->sink, to, &where);
	rd_seek(w->rd, to);
}

void walk_tail(struct walk *w)
{
	sink_unwind(&w->sink, 0);
	if (!w->has_eof) {
		give_up(w);
		if (rd_peek(w->rd, 1))
			read_description(w);
	} else if (!read_description(w)) {
		return;
	}
	if (w->desc)
		check_json(w, w->desc);
	read_trailing(w);
}
