/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a section: is there a footer, and is it the right one? */
#include "config.h"

#include "wire/walk.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "decode/items.h"

#include <inttypes.h>

/* Footers are a property of the whole stream (migration property
 * send-section-footer, off for machine types up to 2.3, which send no
 * configuration either): decided at the end of the first body. */
void footers_decide(struct walk *w, const struct section *s,
		    const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, FOOTER_SIZE);

	if (w->footers >= 0)
		return;
	w->footers = w->configured ||
		     (p && p[0] == ITEM_FOOTER && load_be32(p + 1) == s->id);
	if (w->footers && !w->configured &&
	    !(w->hint && w->hint->configuration))
		walk_config_missing(w, where);
}

/* Footers come with the configuration, but send-section-footer=off takes
 * them alone away. The first body that has none and is followed by an item
 * is believed, until a footer shows up after all. */
static bool footers_off(struct walk *w, const struct section *s)
{
	const uint8_t *p = rd_peek(w->rd, 6);

	if (w->footers != 1 || w->footer_seen || !p)
		return false;
	if (p[0] != ITEM_START && p[0] != ITEM_PART && p[0] != ITEM_END)
		return false;
	if (p[0] == ITEM_START ? !p[5] : !section_by_id(w, load_be32(p + 1)))
		return false;
	w->footers = 0;
	w->footerless = s;
	w->footerless_at = rd_tell(w->rd);
	w->footerless_type = p[0];
	return true;
}

static void footers_on(struct walk *w, const struct section *s,
		       const struct where *where)
{
	const uint8_t *p = rd_peek(w->rd, FOOTER_SIZE);

	if (!p || p[0] != ITEM_FOOTER || load_be32(p + 1) != s->id)
		return;
	w->footers = 1;
	fault_add(w->faults,
		  &(struct fault){ .code = F_FOOTER_MISSING,
				   .offset = w->footerless_at,
				   .length = 1,
				   .a = w->footerless_type,
				   .name = w->footerless->name },
		  where);
	w->footerless = NULL;
}

/* For a device that does not end where it should: the field whose length is
 * not as described, else the one read last. Its text lives in b. */
static struct ms_text where_it_went(const struct walk *w,
				    const struct section *s, struct buf *b)
{
	const struct decode_trace *t = &w->trace;

	if (s->kind != &kind_device || !t->last_field.length)
		return TEXT("");
	if (t->parted) {
		buf_add(b, t->part_vmsd.bytes, t->part_vmsd.length);
		buf_putc(b, ':');
		buf_add(b, t->part_field.bytes, t->part_field.length);
		buf_printf(b,
			   " at 0x%" PRIx64 " takes %" PRIu64
			   " bytes, described are %" PRIu64,
			   t->part_at, t->part_read, t->part_described);
	} else {
		buf_puts(b, "last field read: ");
		buf_add(b, t->last_vmsd.bytes, t->last_vmsd.length);
		buf_putc(b, ':');
		buf_add(b, t->last_field.bytes, t->last_field.length);
		buf_printf(b, " at 0x%" PRIx64, t->last_at);
	}
	return b->failed ? TEXT("") : text_make(b->data, b->length);
}

/* QEMU reads zeros past the end of its input, so an id that is cut off is
 * still compared. */
static uint32_t cut_footer_id(struct walk *w)
{
	uint8_t footer[FOOTER_SIZE] = { 0 };
	size_t n = (size_t)rd_left(w->rd);
	const uint8_t *p = n < sizeof(footer) ? rd_peek(w->rd, n) : NULL;

	if (p && n)
		memcpy(footer, p, n);
	return load_be32(footer + 1);
}

/* Footer (migration/savevm.c: check_section_footer): u8 0x7e | be32 id */
bool footer_read(struct walk *w, struct section *s, uint64_t body,
		 const struct where *where)
{
	struct ms_record rec = { .kind = MS_SECTION_END,
				 .offset = rd_tell(w->rd),
				 .name = s->name };
	const uint8_t *p;
	struct fault f = { .offset = rec.offset, .name = s->name };
	struct buf hint = { 0 };

	rec.u.section.id = s->id;
	rec.u.section.instance = s->instance;
	footers_decide(w, s, where);
	if (w->footerless)
		footers_on(w, s, where);
	if (!w->footers || footers_off(w, s)) {
		sink_emit(&w->sink, &rec);
		return true;
	}
	p = rd_peek(w->rd, FOOTER_SIZE);
	if (p && p[0] == ITEM_FOOTER) {
		f.code = F_FOOTER_ID;
		f.offset++;
		f.length = 4;
		f.a = load_be32(p + 1);
		f.b = s->id;
		if (f.a != f.b)
			fault_add(w->faults, &f, where);
		w->footer_seen = true;
		rec.length = FOOTER_SIZE;
		sink_emit(&w->sink, &rec);
		return rd_skip(w->rd, FOOTER_SIZE);
	}
	p = rd_peek(w->rd, 1);
	if (!p || p[0] == ITEM_FOOTER) {
		f.length = rd_left(w->rd);
		f.a = cut_footer_id(w);
		f.b = s->id;
		f.code = !p         ? F_FOOTER_CUT :
			 f.a != f.b ? F_FOOTER_CUT_ID :
				      F_FOOTER_CUT_ZEROS;
		fault_add(w->faults, &f, where);
		return false;
	}
	f.code = F_FOOTER_MISSING;
	f.a = p[0];
	f.length = 1;
	f.other = where_it_went(w, s, &hint);
	if (rd_hold(w->rd)) {
		uint64_t real =
			item_find_footer(w->rd, body,
					 rec.offset + rd_left(w->rd), s->id);

		if (real != UINT64_MAX) {
			f.b = rec.offset - real; /* two's complement */
			f.length = real > rec.offset ? real - rec.offset : 1;
		}
	}
	fault_add(w->faults, &f, where);
	buf_free(&hint);
	if (!rd_seekable(w->rd))
		return false;
	if (f.b == 0 && item_plausible(w->rd, rec.offset, UINT64_MAX, false)) {
		sink_emit(&w->sink, &rec); /* the footer alone is missing */
		return true;
	}
	return walk_resync_footer(w, s, body, where);
}
