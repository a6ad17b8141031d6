/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind a handle: opened and closed in stream.c, walked in
 * stream-walk.c. */
#ifndef API_STREAM_PRIV_H
#define API_STREAM_PRIV_H

#include "api/context.h"
#include "api/host.h"
#include "api/stream.h"
#include "check/host-check.h"
#include "check/inventory.h"
#include "check/judge.h"
#include "check/known-scan.h"
#include "check/postcopy.h"
#include "check/requests.h"
#include "container/container.h"
#include "wire/walk.h"

struct ms_stream {
	struct reader rd;
	struct reader *channels, *return_paths;
	size_t channel_count, return_path_count;
	struct container container;
	char *container_name; /* with the compression around it */
	struct faults faults;
	struct arena arena;
	struct inventory inventory;
	struct postcopy postcopy;
	struct known_scan known;
	struct requests *requests; /* NULL: no return path was recorded */
	bool in_return_path, has_stream;
	struct walk walk;
	struct judgement judgement;
	struct context context; /* of the reader that is walked */
	struct ms_summary summary;
	bool walked;
	const struct schema *schema; /* borrowed, or NULL */
	const struct dest *dest;     /* borrowed, or NULL */
	struct locals *learn;        /* this is a reference stream */
	struct replay *replay;
	const struct host *host; /* borrowed, or NULL */
	struct host_check host_check;
	bool page_bytes;
	const char *read_error;
	const char *outer; /* compression of the whole input, or NULL */
	ms_visit visit;
	void *ctx;
	void (*progress)(void *ctx, uint64_t done, uint64_t size);
	void *progress_ctx;
	uint64_t progress_base, progress_size;
};

#endif
