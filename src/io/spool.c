/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rest of a forward source, kept: in memory, and where that gets too
 * much, in a file that has no name. */
#include "config.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/source-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct spool {
	struct source *src;
	uint8_t *mem;
	size_t used, room;
	int fd; /* -1: still in memory */
	uint64_t written;
	char error[160]; /* why it ended early, or "" */
};

static void spool_fail(struct spool *sp, const char *what, int err)
{
	char text[80];

	snprintf(sp->error, sizeof(sp->error), "%s: %s", what,
		 source_strerror(err, text, sizeof(text)));
}

int source_temporary(void)
{
	const char *dir = secure_getenv("TMPDIR");
	char path[4096];
	int fd, n;

	if (!dir || !*dir)
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	/* a file system without O_TMPFILE */
	n = snprintf(path, sizeof(path), "%s/migscope.XXXXXX", dir);
	if (n < 0 || (size_t)n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static bool spool_write(struct spool *sp, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t done = write(sp->fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			spool_fail(sp, "temporary file", errno);
			return false;
		}
		p += done;
		n -= (size_t)done;
		sp->written += (uint64_t)done;
	}
	return true;
}

static bool spool_grow(struct spool *sp)
{
	size_t room = sp->room ? sp->room * 2 : (size_t)PIPE_BUFFER;
	uint8_t *mem;

	if (room > SPOOL_MEMORY)
		room = (size_t)SPOOL_MEMORY;
	mem = mem_resize(sp->mem, room);
	if (!mem) {
		spool_fail(sp, "cannot hold the input", ENOMEM);
		return false;
	}
	sp->mem = mem;
	sp->room = room;
	return true;
}

/* Reads into memory until the end (true, *ret_end), an error (false), or
 * until it is full (true). */
static bool spool_to_memory(struct spool *sp, bool *ret_end)
{
	*ret_end = false;
	for (;;) {
		ptrdiff_t n;

		if (sp->used == sp->room) {
			if (sp->room >= SPOOL_MEMORY)
				return true;
			if (!spool_grow(sp))
				return false;
		}
		n = sp->src->ops->fill(sp->src, sp->mem + sp->used,
				       sp->room - sp->used);
		if (n < 0)
			return false;
		if (!n) {
			*ret_end = true;
			return true;
		}
		sp->used += (size_t)n;
	}
}

static bool spool_to_file(struct spool *sp, uint8_t *bounce, size_t room)
{
	const uint64_t most = limit_of(&sp->src->limits, LIMIT_SPOOL);
	/* One more read: a source of just that size needs no file. */
	ptrdiff_t n = sp->src->ops->fill(sp->src, bounce, room);

	if (n <= 0)
		return !n;
	sp->fd = source_temporary();
	if (sp->fd < 0) {
		spool_fail(sp, "temporary file", errno);
		return false;
	}
	if (!spool_write(sp, sp->mem, sp->used))
		return false;
	free(sp->mem);
	sp->mem = NULL;
	for (; n > 0; n = sp->src->ops->fill(sp->src, bounce, room)) {
		if (most < sp->written || (uint64_t)n > most - sp->written) {
			snprintf(sp->error, sizeof(sp->error),
				 "bytes that have to be held are over the "
				 "limit of %" PRIu64 " (--limit spool=N)",
				 most);
			return false;
		}
		if (!spool_write(sp, bounce, (size_t)n))
			return false;
	}
	return !n;
}

/* What was kept, as a source; it owns the memory or the descriptor. */
static struct source *spool_source(struct spool *sp, uint64_t base)
{
	/* memory is given up only once all of it is in the file */
	if (sp->mem || sp->fd < 0)
		return source_memory_owned(sp->mem, sp->used, base);
	return source_file(sp->fd, true, 0, base, sp->written);
}

struct source *source_spool(struct source *src, uint64_t base,
			    const uint8_t *head, size_t n, uint8_t *bounce,
			    size_t bounce_room)
{
	struct spool sp = { .src = src, .fd = -1 };
	struct source *s;
	bool end, ok;

	/* the head is what is left in a reader's buffer: PIPE_BUFFER at most */
	if (!spool_grow(&sp)) {
		source_fail(src, "%s", sp.error);
		return NULL;
	}
	memcpy(sp.mem, head, n);
	sp.used = n;
	ok = spool_to_memory(&sp, &end);
	if (ok && !end)
		ok = spool_to_file(&sp, bounce, bounce_room);
	if (!ok && !sp.error[0])
		snprintf(sp.error, sizeof(sp.error), "%s", src->error);
	s = spool_source(&sp, base);
	if (!s) {
		source_fail(src, "%s", ok ? "out of memory" : sp.error);
		free(sp.mem);
	}
	/* the descriptor is of use only to a file source */
	if (sp.fd >= 0 && (!s || sp.mem))
		close(sp.fd);
	if (s) {
		source_name_filter(s, src, NULL);
		source_pass_tail(s, src);
	}
	if (s && !ok)
		source_fail(s, "%s", sp.error);
	return s;
}
