/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

#define MAGIC 0x5145564d /* "QEVM" */
#define FILE_VERSION 3
#define FILE_VERSION_COMPAT 2

bool walk_init(struct walk *w, struct reader *rd, struct faults *faults,
	       ms_visit visit, void *ctx)
{
	*w = (struct walk){
		.by_id = mem_zero(SECTION_HASH, sizeof(*w->by_id)),
		.rd = rd,
		.sink = { .visit = visit, .ctx = ctx, .faults = faults },
		.faults = faults,
		.footers = -1,
		.page_size = 4096,
		.ram = ram_new(),
	};
	arena_init(&w->arena, MIB(64));
	return w->ram && w->by_id;
}

void walk_free(struct walk *w)
{
	if (w->hint != w->desc)
		desc_free(w->hint);
	desc_free(w->desc);
	ram_free(w->ram);
	load_cache_free(&w->cache);
	arena_free(&w->arena);
	free(w->opened);
	free(w->by_id);
}

bool walk_truncated_at(struct walk *w, const struct where *where,
		       const char *what, uint64_t wanted, uint64_t at)
{
	uint64_t left = rd_tell(w->rd) + rd_left(w->rd) - at;

	fault_add(w->faults,
		  &(struct fault){ .code = F_TRUNCATED,
				   .offset = at,
				   .length = left,
				   .a = wanted,
				   .b = left,
				   .name = text_of(what) },
		  where);
	return false;
}

bool walk_truncated(struct walk *w, const struct where *where, const char *what,
		    uint64_t wanted)
{
	return walk_truncated_at(w, where, what, wanted, rd_tell(w->rd));
}

/* How a reader says that the input ends too early. */
static bool is_cut(enum fault_code code)
{
	return code == F_TRUNCATED || code == F_NO_EOF || code == F_RAM_CUT ||
	       code == F_FOOTER_CUT || code == F_FOOTER_CUT_ID ||
	       code == F_FOOTER_CUT_ZEROS;
}

bool walk_paused(struct walk *w)
{
	struct faults *f = w->faults;
	struct fault *last = f->count ? &f->list[f->count - 1] : NULL;
	struct ms_record rec = { .kind = MS_OPAQUE, .name = TEXT("cut off") };

	if (!w->resumes_left || w->postcopy < POSTCOPY_RUNNING ||
	    w->sink.stopped || w->rd->failed || !last || !is_cut(last->code))
		return false;
	last->code = F_POSTCOPY_PAUSED;
	w->postcopy = POSTCOPY_PAUSED;
	sink_unwind(&w->sink, w->sink.channel ? 1 : 0);
	while (rd_peek(w->rd, 1))
		rd_skip(w->rd, (uint64_t)(w->rd->end - w->rd->cur));
	rec.offset = w->sink.claimed;
	rec.length = rd_tell(w->rd) - rec.offset;
	if (rec.length)
		sink_emit(&w->sink, &rec);
	return true;
}

struct decoder walk_decoder(struct walk *w, const struct section *s)
{
	return (struct decoder){
		.rd = w->rd,
		.sink = &w->sink,
		.idstr = s->name,
		.footers = w->footers == 1,
		.section_id = s->id,
		.desc = w->desc,
	};
}

/* Stream header (migration/savevm.c: qemu_savevm_state_header):
 *   be32 0x5145564d | be32 version, always 3
 * A short read gives QEMU zero bytes, so a cut-off magic is a wrong magic. */
bool walk_header(struct walk *w)
{
	const struct where where = { .kind = WHERE_PART,
				     .name = TEXT("header"),
				     .index = -1 };
	uint8_t head[8] = { 0 };
	uint64_t left = rd_peek(w->rd, 8) ? 8 : rd_left(w->rd);
	const uint8_t *p = rd_peek(w->rd, (size_t)left);
	struct ms_record rec = { .kind = MS_HEADER,
				 .offset = rd_tell(w->rd),
				 .length = 8 };
	struct fault f = { .offset = rec.offset, .length = 4 };

	/* what could not be read is not wrong */
	if (w->rd->failed)
		return false;
	if (p)
		memcpy(head, p, (size_t)left);
	f.code = F_MAGIC;
	f.a = load_be32(head);
	if (f.a == MAGIC) {
		f.offset += 4;
		f.a = load_be32(head + 4);
		f.code = f.a == FILE_VERSION_COMPAT ? F_FILE_VERSION_2 :
						      F_FILE_VERSION;
	}
	if (f.code == F_MAGIC || f.a != FILE_VERSION) {
		fault_add(w->faults, &f, &where);
		return false;
	}
	rec.data = p;
	rec.data_length = 8;
	sink_emit(&w->sink, &rec);
	w->has_header = true;
	return rd_skip(w->rd, 8);
}

void walk_stream(struct walk *w)
{
	w->start = rd_tell(w->rd);
	w->sink.claimed = w->start;
	walk_hint(w);
	if (walk_header(w) && walk_configuration(w))
		walk_items(w);
	if (!w->has_eof && walk_paused(w))
		w->end = rd_tell(w->rd);
	else if (!w->sink.stopped && !w->rd->failed)
		walk_tail(w);
	/* A stream that was left early lacks sections for that reason. */
	if (w->has_eof && !w->sink.stopped && !w->rd->failed)
		sections_check_end(w);
}
