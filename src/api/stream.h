/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A handle on any source, for tests and fuzz targets that make their own. */
#ifndef API_STREAM_H
#define API_STREAM_H

#include "io/source.h"
#include "migscope.h"
#include "replay/replay.h"

/* As ms_open(). Takes src over, also on failure. */
ms_stream *stream_open(struct source *src, const struct ms_options *opts,
		       char **ret_why);

struct ms_dest {
	struct dest dest;
	ms_stream *reference; /* or NULL */
};

/* As ms_dest_open(); takes reference over, also on failure. */
ms_dest *dest_open(const struct schema *schema, ms_stream *reference,
		   char **ret_why);
/* Walks a reference stream and keeps its values in *ret. False: it could not
 * be read to its end. */
bool stream_learn(ms_stream *s, const struct dest *d, struct locals *ret);
const struct walk *stream_walk(const ms_stream *s);
/* Of the channel that records name; NULL: there is none. */
struct reader *stream_reader(ms_stream *s, unsigned channel);
/* After the walk: what its readers hold of the input is given back, until they
 * are asked again. */
void stream_idle(ms_stream *s);

/* Before the walk: as ms_options.dest. */
void stream_set_dest(ms_stream *s, const ms_dest *dest);
/* Before the walk, and nothing is read away: copies the machine type's name
 * that stands behind the header. False: none does, or not within room. */
bool stream_peek_machine(ms_stream *s, char *ret, size_t room);

#endif
