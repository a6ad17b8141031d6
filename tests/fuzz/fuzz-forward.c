/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams that come through a pipe, in pieces of odd sizes. The first byte
 * of an input chooses the size, the rest is the stream. */
#include "config.h"

#include "api/stream.h"
#include "../chunks.h"
#include "output/names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_DEPTH 1024

struct seen {
	enum ms_record_kind open[MAX_DEPTH];
	size_t depth;
	uint64_t size;
	volatile uint8_t sum;
};

static void check(bool right)
{
	if (!right)
		abort();
}

static bool visit(void *ctx, const struct ms_record *rec)
{
	struct seen *s = ctx;

	check(rec->offset <= s->size && rec->length <= s->size - rec->offset);
	for (size_t i = 0; i < rec->name.length; i++)
		s->sum ^= (uint8_t)rec->name.bytes[i];
	for (uint64_t i = 0; rec->data && i < rec->data_length; i++)
		s->sum ^= rec->data[i];
	if (record_shape(rec->kind) == RECORD_OPENS) {
		check(s->depth < MAX_DEPTH);
		s->open[s->depth++] = rec->kind;
	} else if (record_shape(rec->kind) == RECORD_CLOSES) {
		check(s->depth &&
		      s->open[--s->depth] == record_opener(rec->kind));
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = { .size = size ? size - 1 : 0 };
	struct source *src;
	char *why = NULL;
	ms_stream *s;

	if (!size)
		return 0;
	src = source_chunks(data + 1, size - 1, 1 + (size_t)data[0] * 16);
	if (!src)
		return 0;
	s = stream_open(src, NULL, &why);
	check(!s == !!why);
	free(why);
	if (s && ms_walk(s, visit, &seen))
		check(!seen.depth);
	ms_close(s);
	return 0;
}
