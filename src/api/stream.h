/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A handle on any source, for tests and fuzz targets that make their own. */
#ifndef API_STREAM_H
#define API_STREAM_H

#include "io/source.h"
#include "migscope.h"

/* As ms_open(). Takes src over, also on failure. */
ms_stream *stream_open(struct source *src, const struct ms_options *opts,
		       char **ret_why);

#endif
