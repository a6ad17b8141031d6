/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest memory out of any stream, in every format, into a file without a
 * name; and out of any channel beside a main stream that lists a block. */
#include "config.h"

#include "../chunks.h"
#include "ram/digest.h"
#include "ram/export.h"
#include "wire/channel.h"
#include "wire/walk.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAIN_STREAM                                                            \
	"QEVM\0\0\0\3\7\0\0\0\13pc-q35-10.0"                                   \
	"\1\0\0\0\1\3ram\0\0\0\0\0\0\0\4"                                      \
	"\0\0\0\0\0\1\0\4\6pc.ram\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\x10"           \
	"\x7e\0\0\0\1\0"

/* Made streams name their block so. */
static const char *const block[] = { "ram" };

static void check(bool right)
{
	if (!right)
		abort();
}

static void finish(struct ram_export *x, bool walked)
{
	bool done = walked && export_finish(x);

	check(done || !walked || x->why[0]);
	if (done) {
		struct image_block *b = &x->image.blocks[x->mains[0]];
		uint8_t digest[DIGEST_SIZE];

		check(x->main_count);
		/* holes that no one wrote would be hashed for hours */
		if (digest_available() && b->length < 1 << 20)
			check(digest_block(&x->image, b, digest));
	}
	export_close(x);
}

static void whole(const uint8_t *data, size_t size,
		  const struct export_request *r)
{
	const struct ms_options o = { .page_bytes = true };
	struct ram_export x;
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, &o, &why);

	free(why);
	if (!s)
		return;
	if (export_open(&x, r, NULL))
		finish(&x, ms_walk(s, export_visit, &x));
	else
		export_close(&x);
	ms_close(s);
}

static void beside(const uint8_t *data, size_t size)
{
	const struct export_request r = { .format = &format_elf,
					  .channels = true };
	struct source *main =
		source_memory(MAIN_STREAM, sizeof(MAIN_STREAM) - 1);
	struct source *channel = source_chunks(data, size, 700);
	struct reader rd, other;
	struct ram_export x;
	struct faults faults;
	struct walk w;

	if (!main || !channel)
		abort();
	check(rd_init(&rd, main));
	check(rd_init(&other, channel));
	faults_init(&faults);
	check(export_open(&x, &r, NULL));
	check(walk_init(&w, &rd, &faults, export_visit, &x));
	w.page_bytes = true;
	walk_stream(&w);
	check(w.ram && !faults.failed);
	walk_channel(&w, &other, 1);
	finish(&x, !w.sink.stopped);
	walk_free(&w);
	rd_free(&other);
	rd_free(&rd);
	faults_free(&faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct export_request requests[] = {
		{ .format = &format_raw, .blocks = block, .block_count = 1 },
		{ .format = &format_raw },
		{ .format = &format_elf },
		{ .format = &format_lime, .channels = true },
	};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		whole(data, size, &requests[i]);
	beside(data, size);
	return 0;
}
