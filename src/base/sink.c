/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/sink.h"

#include <assert.h>

/* END record of each bracket; 0 (MS_LEADING) = no bracket. */
static const enum ms_record_kind end_of[] = {
	[MS_CONFIG_BEGIN] = MS_CONFIG_END,
	[MS_SECTION_BEGIN] = MS_SECTION_END,
	[MS_PACKAGE_BEGIN] = MS_PACKAGE_END,
	[MS_SUBSECTION_BEGIN] = MS_SUBSECTION_END,
	[MS_STRUCT_BEGIN] = MS_STRUCT_END,
	[MS_ARRAY_BEGIN] = MS_ARRAY_END,
	[MS_CHANNEL_BEGIN] = MS_CHANNEL_END,
	[MS_MESSAGE] = 0,
};

static void track_brackets(struct sink *s, enum ms_record_kind kind)
{
	if (end_of[kind]) {
		assert(s->open_count < MAX_OPEN);
		s->open[s->open_count++] = kind;
	} else if (s->open_count &&
		   kind == end_of[s->open[s->open_count - 1]]) {
		s->open_count--;
	}
}

static inline void sink_visit(struct sink *s, struct ms_record *rec)
{
	rec->channel = s->channel;
	/* most are neither a bracket nor an end of one */
	if (rec->kind != MS_FIELD)
		track_brackets(s, rec->kind);
	if (s->visit && !s->visit(s->ctx, rec))
		s->stopped = true;
}

void sink_unwind(struct sink *s, unsigned count)
{
	while (s->open_count > count && !s->stopped) {
		struct ms_record rec = {
			.kind = end_of[s->open[s->open_count - 1]],
			.offset = s->claimed,
		};

		sink_visit(s, &rec);
	}
}

void sink_rewind(struct sink *s, uint64_t to)
{
	if (to < s->claimed)
		s->claimed = to;
}

void sink_gap(struct sink *s, uint64_t to, const struct where *w)
{
	struct ms_record gap = { .kind = MS_GAP, .offset = s->claimed };

	if (s->stopped || to <= s->claimed)
		return;
	gap.length = to - s->claimed;
	s->claimed = to;
	s->unclaimed += gap.length;
	fault_add(s->faults,
		  &(struct fault){ .code = F_GAP,
				   .offset = gap.offset,
				   .length = gap.length },
		  w);
	sink_visit(s, &gap);
}

void sink_emit(struct sink *s, struct ms_record *rec)
{
	/* brackets need not know where they stand */
	if (!rec->length && rec->offset < s->claimed)
		rec->offset = s->claimed;
	/* a byte claimed twice is our own mistake, no stream can cause it */
	assert(s->stopped || rec->offset >= s->claimed);
	if (rec->offset > s->claimed)
		sink_gap(s, rec->offset, NULL);
	if (s->stopped)
		return;
	s->claimed += rec->length;
	sink_visit(s, rec);
}
