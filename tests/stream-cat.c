/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the stream that stands in a container, as the readers see it:
 *
 *	stream-cat FILE [SNAPSHOT] > stream
 *
 * For tests that compare it with what QEMU or dd gives. */
#include "config.h"

#include "base/limits.h"
#include "container/container.h"

#include <stdio.h>

static int copy(struct reader *rd)
{
	while (rd_peek(rd, 1)) {
		const size_t n = (size_t)(rd->end - rd->cur);

		if (fwrite(rd->cur, 1, n, stdout) != n)
			return 2;
		rd_skip(rd, n);
	}
	if (!rd->failed)
		return fflush(stdout) ? 2 : 0;
	fprintf(stderr, "stream-cat: %s\n", rd->src->error);
	return 2;
}

int main(int argc, char **argv)
{
	struct faults faults;
	struct arena arena;
	const struct container_options o = {
		.snapshot = argc > 2 ? argv[2] : NULL,
		.faults = &faults,
		.arena = &arena,
	};
	struct container c = { .name = NULL };
	struct reader rd = { .src = NULL };
	char why[256] = "no FILE given";
	struct source *src =
		argc > 1 ? source_open(argv[1], NULL, why, sizeof(why)) : NULL;
	int status = 2;

	faults_init(&faults);
	arena_init(&arena, MIB(96));
	if (!src || !rd_init(&rd, src))
		fprintf(stderr, "stream-cat: %s\n", why);
	else if (!container_open(&rd, &o, &c) || c.refused)
		fprintf(stderr, "stream-cat: %s\n",
			c.problem.data ? c.problem.data : "not readable");
	else
		status = copy(&rd);
	rd_free(&rd);
	container_free(&c);
	faults_free(&faults);
	arena_free(&arena);
	return status;
}
