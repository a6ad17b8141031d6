/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay/priv.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "decode/items.h"

#include <stdlib.h>

struct replay *replay_new(const struct dest *d, struct walk *w,
			  struct locals *learn)
{
	struct replay *r = mem_zero(1, sizeof(*r));
	size_t n = d->reference ? d->reference->section_count : 0;

	if (!r)
		return NULL;
	r->dest = d;
	r->w = w;
	r->learn = learn;
	load_cache_init(&r->cache, d->schema);
	faults_init(&r->scratch);
	r->brought = mem_zero(n + 1, sizeof(*r->brought));
	if (r->brought)
		return r;
	replay_free(r);
	return NULL;
}

void replay_free(struct replay *r)
{
	if (!r)
		return;
	registry_free(&r->source);
	faults_free(&r->scratch);
	load_cache_free(&r->cache);
	free(r->judged);
	free(r->brought);
	free(r);
}

void replay_fault(struct replay *r, const struct fault *f,
		  const struct where *w)
{
	struct fault x = *f;

	x.by_dest = true;
	if (!r->learn)
		fault_add(r->w->faults, &x, w);
}

void replay_over(struct replay *r, uint64_t at)
{
	r->over = true;
	r->over_at = at;
}

const struct schema *replay_schema(const struct replay *r)
{
	return r ? r->dest->schema : NULL;
}

enum release replay_release(const struct replay *r)
{
	return r->dest->release;
}

/* ---- what is judged ---- */

static struct judged *judged_add(struct replay *r)
{
	if (r->judged_count == r->judged_room) {
		size_t room = r->judged_room ? 2 * r->judged_room : 64;
		struct judged *p = mem_resize(r->judged, room * sizeof(*p));

		if (!p) {
			r->w->faults->failed = true;
			return NULL;
		}
		r->judged = p;
		r->judged_room = room;
	}
	return &r->judged[r->judged_count++];
}

void replay_judged(struct replay *r, uint64_t from, uint64_t to, bool refused)
{
	struct judged *j = judged_add(r);

	if (j)
		*j = (struct judged){ .from = from,
				      .to = to,
				      .refused = refused };
}

/* A section reaches to the next one: where it ends is what the walk and the
 * destination may not agree on. */
static bool covers(const struct judged *j, const struct fault *f)
{
	if (f->offset < j->from)
		return false;
	if (j->section)
		return f->section.length && f->section_id == j->section_id;
	return f->offset < j->to;
}

enum replay_cover replay_cover(const struct replay *r, const struct fault *f)
{
	size_t low = 0, high = r->judged_count;

	if (r->over && f->offset >= r->over_at)
		return REPLAY_BEHIND;
	if (replay_knows(r, f))
		return REPLAY_PASSED;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (r->judged[mid].from <= f->offset)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || !covers(&r->judged[low - 1], f))
		return REPLAY_SILENT;
	return r->judged[low - 1].refused ? REPLAY_REFUSED : REPLAY_PASSED;
}

/* ---- device sections ---- */

static struct where where_of(const struct section *s)
{
	return (struct where){ .kind = WHERE_PART,
			       .name = s->name,
			       .index = s->instance ? (int64_t)s->instance :
						      -1 };
}

/* The destination expects a footer if it sends them itself. */
static bool expects_footer(const struct replay *r)
{
	const struct walk *w = r->dest->reference ? r->dest->reference : r->w;

	return w->footers == 1 || (w->footers < 0 && w->configured);
}

/* Footer (migration/savevm.c: check_section_footer): u8 0x7e | be32 id */
static bool footer_ok(struct replay *r, const struct handler *h,
		      const struct section *s, const struct where *w,
		      uint64_t body)
{
	uint8_t foot[5] = { 0 };
	uint64_t at = rd_tell(r->w->rd);
	struct fault f = { .offset = at, .length = 1, .name = s->name };
	const uint8_t *p = rd_peek(r->w->rd, sizeof(foot));
	size_t n = p ? sizeof(foot) : (size_t)rd_left(r->w->rd);

	if (!p)
		p = n ? rd_peek(r->w->rd, n) : NULL;
	if (p)
		memcpy(foot, p, n);
	f.a = load_be32(foot + 1);
	f.b = s->id;
	if (n == sizeof(foot) && foot[0] == ITEM_FOOTER && f.a == f.b)
		return true;
	if (n && foot[0] != ITEM_FOOTER) {
		f.code = F_FOOTER_MISSING;
		f.a = foot[0];
		f.b = 0;
	} else if (n == sizeof(foot)) {
		f.code = F_FOOTER_ID;
		f.offset++;
		f.length = 4;
	} else {
		f.length = n;
		f.code = !n         ? F_FOOTER_CUT :
			 f.a != f.b ? F_FOOTER_CUT_ID :
				      F_FOOTER_CUT_ZEROS;
	}
	if (f.code == F_FOOTER_MISSING) {
		struct buf b = { 0 };

		parting_tell(r, h, s, w, body, &b);
		if (b.length)
			f.code = F_DEST_MISREAD;
		f.other = text_make(b.data ? b.data : "", b.length);
		replay_fault(r, &f, w);
		buf_free(&b);
		return false;
	}
	replay_fault(r, &f, w);
	return false;
}

/* Behind a section without a footer. What is there may be another section, or
 * nothing that the destination takes; a zero byte ends its load, and all that
 * follows never arrives. */
static bool item_ok(struct replay *r, const struct where *w)
{
	uint64_t at = rd_tell(r->w->rd);
	const uint8_t *p = rd_peek(r->w->rd, 2);

	if (!p || p[0] == ITEM_COMMAND ||
	    (p[0] >= ITEM_START && p[0] <= ITEM_FULL) ||
	    (p[0] == ITEM_EOF && p[1] == ITEM_DESCRIPTION))
		return true;
	if (p[0] == ITEM_EOF) {
		r->over = true;
		r->over_at = at + 1;
		replay_fault(r,
			     &(struct fault){ .code = F_DEST_LOAD_ENDS,
					      .offset = at,
					      .length = 1 },
			     w);
		return true;
	}
	replay_fault(r,
		     &(struct fault){ .code = F_SECTION_TYPE,
				      .offset = at,
				      .length = 1,
				      .a = p[0] },
		     w);
	return false;
}

static bool version_ok(struct replay *r, const struct handler *h,
		       const struct section *s, const struct where *w,
		       uint64_t body)
{
	int64_t local = h->vmsd ? h->vmsd->version :
			h->reference && !h->reference->legacy ?
				  h->reference->object.version :
				  -1;

	if (local < 0 || s->version <= local)
		return true;
	replay_fault(r,
		     &(struct fault){ .code = F_DEST_SECTION_TOO_NEW,
				      .offset = body - 4,
				      .length = 4,
				      .a = s->version,
				      .b = (uint64_t)local,
				      .name = s->name },
		     w);
	return false;
}

static void judged_section(struct replay *r, const struct section *s,
			   uint64_t head, bool refused)
{
	struct judged *j = judged_add(r);

	if (j)
		*j = (struct judged){ .from = head,
				      .to = rd_tell(r->w->rd),
				      .section = true,
				      .section_id = s->id,
				      .refused = refused };
}

static void load_body(struct replay *r, const struct handler *h,
		      const struct section *s, const struct where *w,
		      uint64_t head)
{
	uint64_t body = rd_tell(r->w->rd);
	enum load_end end = load_section(r, h, s, w);
	bool refused = end == LOAD_REFUSED;

	if (end == LOAD_OK) {
		r->w->body_end = rd_tell(r->w->rd);
		refused = !(expects_footer(r) ? footer_ok(r, h, s, w, body) :
						item_ok(r, w));
	}
	if (end != LOAD_UNKNOWN)
		judged_section(r, s, head, refused);
}

static void no_handler(struct replay *r, const struct section *s, uint64_t head,
		       bool doubtful, const struct where *w)
{
	replay_fault(r,
		     &(struct fault){ .code = F_DEST_SECTION_UNKNOWN,
				      .offset = head,
				      .a = s->instance,
				      .name = s->name,
				      .doubtful = doubtful },
		     w);
	if (!doubtful)
		judged_section(r, s, head, true);
}

/* The reader stands at the header; it stands there again afterwards. */
static void device(struct replay *r, const struct ms_record *rec)
{
	struct section *s = section_by_id(r->w, rec->u.section.id);
	bool full = rec->u.section.type == MS_SECTION_START ||
		    rec->u.section.type == MS_SECTION_FULL;
	uint64_t head = rec->offset, body = head + rec->length;
	enum handler_found found;
	struct handler h;
	struct where w;

	r->w->body_end = 0;
	if (!s)
		return;
	w = where_of(s);
	r->w->faults->section = s->name;
	r->w->faults->section_id = s->id;
	r->w->faults->instance = s->instance;
	r->w->faults->section_type = rec->u.section.type;
	if (s->kind == &kind_device && r->w->postcopy < POSTCOPY_DISCARD)
		walk_seek_description(r->w);
	found = handler_find(r, s->name, s->instance, &h);
	if (full && found != HANDLER_FOUND && !r->learn)
		no_handler(r, s, head, found == HANDLER_UNKNOWN, &w);
	if (s->kind != &kind_device || found == HANDLER_NONE)
		return;
	if (full && !version_ok(r, &h, s, &w, body)) {
		judged_section(r, s, head, true);
		return;
	}
	/* without a description of either side the walk tries all ways */
	if ((h.vmsd && (h.reference || h.witness)) ||
	    (h.reference && !h.reference->legacy)) {
		if (!rd_hold(r->w->rd) || !rd_seek(r->w->rd, body))
			return;
		w.vmsd = h.vmsd ? h.vmsd->name : h.reference->object.vmsd;
		load_body(r, &h, s, &w, head);
		rd_seek(r->w->rd, head);
	}
}

void replay_visit(struct replay *r, const struct ms_record *rec)
{
	if (r->over)
		return;
	switch (rec->kind) {
	case MS_SECTION_BEGIN:
		if (!r->w->package_depth || r->dest->schema)
			device(r, rec);
		break;
	case MS_SECTION_END:
		if (!r->learn)
			replay_footer(r, rec);
		break;
	case MS_RAM_SIZES:
		if (!r->learn)
			replay_ram_sizes(r, rec);
		break;
	case MS_RAM_MARK:
		if (!r->learn)
			replay_ram_mark(r, rec);
		break;
	case MS_RAM_BLOCK:
		if (!r->learn)
			replay_ram_block(r, rec);
		break;
	case MS_PAGES:
		if (!r->learn)
			replay_pages(r, rec);
		break;
	case MS_COMMAND:
		if (!r->learn)
			replay_command(r, rec);
		break;
	default:
		if (!r->learn && !r->w->section_count)
			replay_configuration(r, rec);
		break;
	}
}

void replay_end(struct replay *r)
{
	if (!r->learn && !r->over)
		replay_missing(r);
}
