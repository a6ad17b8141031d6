/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A container alone: whatever its headers say, opening ends, and what is read
 * then lies within bounds, twice the same, forward and by views. A qcow2
 * image can name one cluster many times, so what is read is capped. */
#ifndef FUZZ_READ_CONTAINER_H
#define FUZZ_READ_CONTAINER_H

#include "../chunks.h"
#include "base/limits.h"
#include "container/container.h"

#define MAX_READ MIB(2)
#define STEP 4099 /* no divisor of a cluster */

struct opened {
	struct reader rd;
	struct faults faults;
	struct arena arena;
	struct container c;
	bool ok;
};

static inline void check(bool right)
{
	if (!right)
		abort();
}

static inline void open_one(struct opened *o, struct source *src,
			    const char *snapshot)
{
	const struct container_options options = { .snapshot = snapshot,
						   .faults = &o->faults,
						   .arena = &o->arena };

	faults_init(&o->faults);
	arena_init(&o->arena, (size_t)MIB(96));
	check(src && rd_init(&o->rd, src));
	o->ok = container_open(&o->rd, &options, &o->c) && !o->c.refused;
	check(!o->c.refused || o->c.problem.data);
}

static inline void close_one(struct opened *o)
{
	rd_free(&o->rd);
	container_free(&o->c);
	faults_free(&o->faults);
	arena_free(&o->arena);
}

/* A sum of what can be read. */
static inline uint64_t read_forward(struct reader *rd)
{
	uint64_t sum = 0, done = 0;
	const uint8_t *p;

	while (done < MAX_READ && (p = rd_peek(rd, 1))) {
		const size_t n = (size_t)(rd->end - rd->cur);

		for (size_t i = 0; i < n && done < MAX_READ; i++, done++)
			sum = sum * 31 + p[i];
		rd_skip(rd, n);
	}
	return sum;
}

static inline uint64_t read_views(struct reader *rd, bool *ret_whole)
{
	const uint64_t end = rd_size(rd);
	uint64_t sum = 0, done = 0;

	*ret_whole = true;
	for (uint64_t at = rd_tell(rd); done < MAX_READ && at < end;) {
		const size_t n = end - at < STEP ? (size_t)(end - at) : STEP;
		const uint8_t *p = rd_view(rd, at, n);

		*ret_whole = p != NULL;
		if (!p)
			break;
		for (size_t i = 0; i < n && done < MAX_READ; i++, done++)
			sum = sum * 31 + p[i];
		at += n;
	}
	return sum;
}

static inline void read_container(const uint8_t *data, size_t size)
{
	static const char *const snapshots[] = { NULL, "1", "s" };
	struct opened o;

	for (size_t i = 0; i < sizeof(snapshots) / sizeof(*snapshots); i++) {
		bool whole = false;
		uint64_t views = 0;

		open_one(&o, source_memory(data, size), snapshots[i]);
		if (o.ok && rd_seekable(&o.rd)) {
			views = read_views(&o.rd, &whole);
			whole = whole && !o.rd.failed;
		}
		if (o.ok && read_forward(&o.rd) != views)
			check(!whole);
		close_one(&o);
	}
	open_one(&o, source_chunks(data, size, 113), NULL);
	if (o.ok)
		read_forward(&o.rd);
	close_one(&o);
}

#endif
