/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/image.h"

#include "api/stream.h"
#include "io/reader.h"

static bool stays(void *ctx, unsigned channel)
{
	const struct reader *r = stream_reader(ctx, channel);

	return r && rd_seekable(r);
}

static const uint8_t *view(void *ctx, unsigned channel, uint64_t offset,
			   size_t n)
{
	struct reader *r = stream_reader(ctx, channel);

	return r ? rd_view(r, offset, n) : NULL;
}

struct image_input image_input_of(ms_stream *s)
{
	return (struct image_input){ stays, view, s };
}
