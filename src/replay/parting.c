/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which field of the destination got the bytes of which other field of the
 * source: both read the section once more, and their leaves are compared. */
#include "config.h"

#include "replay/priv.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

struct leaf {
	uint64_t offset, length; /* bytes */
	struct ms_text name;
};

struct leaves {
	struct leaf *items;
	size_t count, room;
};

static bool collect(void *ctx, const struct ms_record *rec)
{
	struct leaves *l = ctx;

	if (rec->kind != MS_FIELD || !rec->length)
		return true;
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 256;
		struct leaf *p =
			l->room < MAX_PARTING_LEAVES ?
				mem_resize(l->items, room * sizeof(*p)) :
				NULL;

		if (!p)
			return false;
		l->items = p;
		l->room = room;
	}
	l->items[l->count++] =
		(struct leaf){ rec->offset, rec->length, rec->name };
	return true;
}

static void source_leaves(struct replay *r, const struct handler *h,
			  const struct section *s, const struct where *w,
			  struct leaves *ret)
{
	struct sink sink = { .visit = collect,
			     .ctx = ret,
			     .faults = &r->scratch,
			     .claimed = rd_tell(r->w->rd) };
	struct decoder d = walk_decoder(r->w, s);

	d.sink = &sink;
	decode_object(&d, &h->witness->object, w);
}

static void tell(struct buf *b, const struct leaf *dest,
		 const struct leaf *source)
{
	buf_printf(b,
		   "the destination reads %" PRIu64 " byte%s at 0x%" PRIx64
		   " as '",
		   dest->length, dest->length == 1 ? "" : "s", dest->offset);
	buf_escape(b, dest->name);
	buf_puts(b, "', ");
	if (!source) {
		buf_puts(b, "behind all that the source wrote");
		return;
	}
	buf_printf(b, "the source wrote %" PRIu64 " byte%s of '",
		   source->length, source->length == 1 ? "" : "s");
	buf_escape(b, source->name);
	buf_puts(b, "' there");
}

void parting_tell(struct replay *r, const struct handler *h,
		  const struct section *s, const struct where *w, uint64_t body,
		  struct buf *b)
{
	uint64_t at = rd_tell(r->w->rd);
	struct leaves dest = { 0 }, source = { 0 };
	size_t i = 0;

	if (!h->witness || h->witness->legacy)
		return;
	rd_seek(r->w->rd, body);
	load_look(r, h, s, w, collect, &dest);
	rd_seek(r->w->rd, body);
	source_leaves(r, h, s, w, &source);
	rd_seek(r->w->rd, at);
	while (i < dest.count && i < source.count &&
	       dest.items[i].offset == source.items[i].offset &&
	       dest.items[i].length == source.items[i].length)
		i++;
	if (i < dest.count)
		tell(b, &dest.items[i],
		     i < source.count ? &source.items[i] : NULL);
	else if (i < source.count) {
		buf_puts(b, "the destination does not read '");
		buf_escape(b, source.items[i].name);
		buf_printf(b, "' at 0x%" PRIx64, source.items[i].offset);
	}
	free(dest.items);
	free(source.items);
}
