/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "diff/side.h"

#include "api/stream.h"
#include "io/reader.h"
#include "wire/walk.h"

#include <stdio.h>

void side_init(struct side *s, const char *file, ms_stream *stream)
{
	*s = (struct side){ .file = file,
			    .stream = stream,
			    .scratch = { .fd = -1 } };
	tree_init(&s->tree);
	image_init(&s->image);
}

void side_free(struct side *s)
{
	tree_free(&s->tree);
	image_free(&s->image);
	sparse_close(&s->scratch);
}

/* A failure of the image leaves the rest to be compared. */
static bool visit(void *ctx, const struct ms_record *rec)
{
	struct side *s = ctx;

	tree_visit(&s->tree, rec);
	if (s->blocks && !s->image.why[0])
		image_visit(&s->image, rec);
	return true;
}

static bool trouble(struct side *s, const char *why)
{
	snprintf(s->why, sizeof(s->why), "%s", why);
	return false;
}

bool side_walk(struct side *s, bool memory, bool channels)
{
	s->input = image_input_of(s->stream);
	s->image.input = &s->input;
	s->image.channels = channels;
	s->image.place = image_pack;
	s->image.ctx = &s->scratch_end;
	s->image.file = &s->scratch;
	s->blocks = !s->tree.device_count;
	if (memory && !sparse_scratch(&s->scratch))
		return trouble(s, s->scratch.why);
	if (!memory)
		s->image.place = NULL;
	if (!ms_walk(s->stream, visit, s))
		return trouble(s, ms_read_error(s->stream) ?
					  ms_read_error(s->stream) :
					  "not read");
	if (!ms_summary_of(s->stream)->is_stream)
		return trouble(s, "not a migration stream");
	stream_idle(s->stream);
	tree_describe(&s->tree, stream_walk(s->stream)->desc != NULL,
		      stream_walk(s->stream)->desc ?
			      stream_walk(s->stream)->desc->page_size :
			      0);
	return true;
}

const struct ms_finding *side_damage(const struct side *s, size_t *ret_count)
{
	const struct ms_finding *first = NULL;

	*ret_count = 0;
	for (size_t i = 0; i < ms_finding_count(s->stream); i++) {
		const struct ms_finding *f = ms_finding_at(s->stream, i);

		if (f->severity != MS_ERROR)
			continue;
		if (!first || f->offset < first->offset)
			first = f;
		++*ret_count;
	}
	return first;
}

bool side_whole(const struct side *s)
{
	size_t errors;

	return !side_damage(s, &errors) && !s->tree.why && !s->image.why[0] &&
	       !s->image.unreadable && !ms_findings_dropped(s->stream);
}
