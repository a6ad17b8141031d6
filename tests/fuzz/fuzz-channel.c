/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings of further channels, multifd and preempt, beside a main stream
 * that lists one RAM block; connections that resume a postcopy, behind one
 * that broke off; and alone, as `migscope info CHANNEL` has it. */
#include "config.h"

#include "api/stream.h"
#include "../chunks.h"
#include "output/names.h"
#include "wire/channel.h"
#include "wire/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAIN_STREAM                                                            \
	"QEVM\0\0\0\3\7\0\0\0\1m"                                              \
	"\1\0\0\0\1\3ram\0\0\0\0\0\0\0\4"                                      \
	"\0\0\0\0\0\1\0\4\6pc.ram\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\x10"           \
	"\x7e\0\0\0\1\0"

/* Cut off behind RUN. */
#define PAUSED_STREAM                                                          \
	"QEVM\0\0\0\3\7\0\0\0\1m"                                              \
	"\x08\0\1\0\0"                                                         \
	"\x08\0\3\0\x10\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x10\0"                   \
	"\1\0\0\0\1\3ram\0\0\0\0\0\0\0\4"                                      \
	"\0\0\0\0\0\1\0\4\6pc.ram\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\x10"           \
	"\x7e\0\0\0\1"                                                         \
	"\x08\0\4\0\0\x08\0\5\0\0\2\0\0\0\1\0"

struct seen {
	size_t depth, size;
};

static void check(bool right)
{
	if (!right)
		abort();
}

static bool visit(void *ctx, const struct ms_record *rec)
{
	struct seen *s = ctx;

	if (rec->channel)
		check(rec->offset <= s->size &&
		      rec->length <= s->size - rec->offset);
	s->depth += record_shape(rec->kind) == RECORD_OPENS;
	if (record_shape(rec->kind) == RECORD_CLOSES)
		check(s->depth--);
	return true;
}

static void beside(struct source *main, struct source *channel, size_t size)
{
	struct seen seen = { .size = size };
	struct faults faults;
	struct reader rd, other;
	struct walk w;
	bool ready = rd_init(&rd, main);

	ready = rd_init(&other, channel) && ready;
	faults_init(&faults);
	if (ready) {
		if (walk_init(&w, &rd, &faults, visit, &seen)) {
			w.resumes_left = channel_resumes(&other);
			walk_stream(&w);
			check(w.ram && !faults.failed);
			walk_channel(&w, &other, 1);
			check(!seen.depth);
		}
		walk_free(&w);
	}
	rd_free(&other);
	rd_free(&rd);
	faults_free(&faults);
}

static void alone(const uint8_t *data, size_t size)
{
	struct seen seen = { .size = size };
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, NULL, &why);

	free(why);
	if (s)
		check(!ms_walk(s, visit, &seen) || !seen.depth);
	ms_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source *main =
		source_memory(MAIN_STREAM, sizeof(MAIN_STREAM) - 1);
	struct source *channel = source_chunks(data, size, 700);

	if (main && channel)
		beside(main, channel, size);
	main = source_memory(PAUSED_STREAM, sizeof(PAUSED_STREAM) - 1);
	channel = source_chunks(data, size, 700);
	if (main && channel)
		beside(main, channel, size);
	alone(data, size);
	return 0;
}
