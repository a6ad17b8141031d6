/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings of the return path: alone, as `migscope dump --return-path FILE`
 * has it, and beside a postcopy stream that is compared with it. */
#include "config.h"

#include "api/stream.h"
#include "../chunks.h"
#include "check/requests.h"
#include "output/names.h"
#include "wire/return-path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two blocks; LISTEN outside of a package will do. */
#define STREAM                                                                 \
	"QEVM\0\0\0\3\7\0\0\0\1m"                                              \
	"\x08\0\1\0\0\x08\0\2\0\4\0\0\0\1"                                     \
	"\x08\0\3\0\x10\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x10\0"                   \
	"\1\0\0\0\1\3ram\0\0\0\0\0\0\0\4"                                      \
	"\0\0\0\0\0\2\0\4\3ram\0\0\0\0\0\1\0\0\3rom\0\0\0\0\0\1\0\0"           \
	"\0\0\0\0\0\0\0\x10\x7e\0\0\0\1"                                       \
	"\x08\0\4\0\0\x08\0\5\0\0"                                             \
	"\2\0\0\0\1\0\0\0\0\0\0\x30\2\3ram\0\0\0\0\0\0\0\x40\x22\0"            \
	"\0\0\0\0\0\0\0\2\3rom\0\0\0\0\0\0\0\0\x10\x7e\0\0\0\1\0"

struct seen {
	struct requests *requests;
	bool again;
	struct faults *faults;
	size_t depth, size, claimed;
};

static void check(bool right)
{
	if (!right)
		abort();
}

static bool see_stream(void *ctx, const struct ms_record *rec)
{
	requests_see(ctx, rec);
	return true;
}

static bool see_message(void *ctx, const struct ms_record *rec)
{
	struct seen *s = ctx;
	struct ms_record related = *rec;

	check(rec->offset <= s->size && rec->length <= s->size - rec->offset);
	check(rec->offset == s->claimed || !rec->length);
	s->claimed += rec->length;
	s->depth += record_shape(rec->kind) == RECORD_OPENS;
	if (record_shape(rec->kind) == RECORD_CLOSES)
		check(s->depth--);
	if (s->again)
		requests_answer(s->requests, &related, s->faults);
	else
		requests_collect(s->requests, rec);
	return true;
}

static void hear(struct walk *w, struct seen *seen, const uint8_t *data,
		 bool resumable)
{
	struct sink sink = { .visit = see_message,
			     .ctx = seen,
			     .faults = seen->faults };
	struct return_path p = { .sink = &sink,
				 .faults = seen->faults,
				 .ram = w->ram,
				 .page_size = w->page_size,
				 .resumable = resumable };
	struct reader rd;

	seen->claimed = 0;
	if (rd_init(&rd, source_chunks(data, seen->size, 700))) {
		p.rd = &rd;
		return_path_walk(&p, 1);
		check(!seen->depth && seen->claimed == seen->size);
	}
	rd_free(&rd);
}

static void beside(const uint8_t *data, size_t size, bool resumable)
{
	struct faults faults;
	struct seen seen = { .size = size,
			     .faults = &faults,
			     .requests = requests_new(1) };
	struct reader rd;
	struct walk w;

	faults_init(&faults);
	check(rd_init(&rd, source_memory(STREAM, sizeof(STREAM) - 1)) &&
	      walk_init(&w, &rd, &faults, see_stream, seen.requests) &&
	      seen.requests);
	hear(&w, &seen, data, resumable);
	requests_sort(seen.requests);
	walk_stream(&w);
	seen.again = true;
	hear(&w, &seen, data, resumable);
	requests_report(seen.requests, w.has_eof, &faults);
	walk_free(&w);
	rd_free(&rd);
	faults_free(&faults);
	requests_free(seen.requests);
}

static bool ignore(void *ctx, const struct ms_record *rec)
{
	(void)ctx;
	(void)rec;
	return true;
}

static void alone(const uint8_t *data, size_t size)
{
	const struct ms_options opts = { .is_return_path = true };
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, &opts, &why);

	free(why);
	if (s) {
		check(ms_walk(s, ignore, NULL));
		check(ms_summary_of(s)->size == size);
	}
	ms_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	beside(data, size, false);
	beside(data, size, true);
	alone(data, size);
	return 0;
}
