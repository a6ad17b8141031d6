/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptors that can only be read forward. */
#include "config.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/source-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pipe_source {
	struct source s;
	int fd;
	bool owned;
};

/* read(2) that waits and repeats as needed. */
static ssize_t read_some(int fd, void *p, size_t room)
{
	for (;;) {
		ssize_t n = read(fd, p, room);

		if (n >= 0)
			return n;
		if (errno == EAGAIN || errno == EWOULDBLOCK) {
			struct pollfd wait = { .fd = fd, .events = POLLIN };

			if (poll(&wait, 1, -1) < 0 && errno != EINTR)
				return -1;
		} else if (errno != EINTR) {
			return -1;
		}
	}
}

static ptrdiff_t pipe_fill(struct source *s, uint8_t *p, size_t room)
{
	struct pipe_source *f = (struct pipe_source *)s;
	ssize_t n = read_some(f->fd, p, room);
	char text[80];

	if (n < 0)
		source_fail(s, "%s",
			    source_strerror(errno, text, sizeof(text)));
	return n;
}

static void pipe_close(struct source *s)
{
	struct pipe_source *f = (struct pipe_source *)s;

	if (f->owned)
		close(f->fd);
	free(f);
}

static const struct source_ops pipe_ops = {
	.name = "pipe",
	.fill = pipe_fill,
	.close = pipe_close,
};

struct source *source_pipe(int fd, bool owned)
{
	struct pipe_source *f = mem_zero(1, sizeof(*f));

	if (!f)
		return NULL;
	f->s.ops = &pipe_ops;
	f->fd = fd;
	f->owned = owned;
	/* Fewer, larger reads. Fails on what is no pipe and past the user's
	 * quota: never mind. */
	fcntl(fd, F_SETPIPE_SZ, (int)PIPE_BUFFER);
	return &f->s;
}

/* ---- a forward source whose first bytes were looked at ---- */

struct replay {
	struct source s;
	struct source *inner;
	size_t at, end;
	uint8_t head[SOURCE_HEAD];
};

static ptrdiff_t replay_fill(struct source *s, uint8_t *p, size_t room)
{
	struct replay *r = (struct replay *)s;
	size_t n = r->end - r->at;
	ptrdiff_t got;

	if (n) {
		n = n < room ? n : room;
		memcpy(p, r->head + r->at, n);
		r->at += n;
		return (ptrdiff_t)n;
	}
	got = r->inner->ops->fill(r->inner, p, room);
	source_pass_tail(s, r->inner);
	if (got < 0)
		source_fail(s, "%s", r->inner->error);
	return got;
}

static void replay_close(struct source *s)
{
	source_close(((struct replay *)s)->inner);
	free(s);
}

static const struct source_ops replay_ops = {
	.name = "replay",
	.fill = replay_fill,
	.close = replay_close,
};

struct source *source_replay(struct source *inner, const uint8_t *head,
			     size_t n)
{
	struct replay *r = mem_zero(1, sizeof(*r));

	if (!r)
		return NULL;
	r->s.ops = &replay_ops;
	source_name_filter(&r->s, inner, NULL);
	r->inner = inner;
	r->end = n;
	memcpy(r->head, head, n);
	return &r->s;
}
