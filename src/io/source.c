/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "io/source-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each layer costs buffers; nobody compresses more than twice. */
#define MAX_COMPRESSIONS 4

/* How compressed files start. None of these can start a migration stream:
 * that is 'QEVM', or zeros before it. */
static const struct magic {
	const char *name;
	size_t length;
	const char *bytes;
} magics[] = {
	{ "gzip", 3, "\x1f\x8b\x08" },
	{ "bzip2", 3, "BZh" },
	{ "xz", 6,
	  "\xfd"
	  "7zXZ\0" },
	{ "zstd", 4, "\x28\xb5\x2f\xfd" },
	{ "lz4", 4, "\x04\x22\x4d\x18" },
	{ "lz4", 4, "\x02\x21\x4c\x18" }, /* legacy frames */
	{ "lzop", 9, "\x89LZO\0\r\n\x1a\n" },
	{ "lzip", 4, "LZIP" },
};

const char *source_compression(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (n >= magics[i].length &&
		    !memcmp(p, magics[i].bytes, magics[i].length))
			return magics[i].name;
	return NULL;
}

void source_fail(struct source *s, const char *fmt, ...)
{
	va_list ap;

	if (s->error[0])
		return;
	va_start(ap, fmt);
	vsnprintf(s->error, sizeof(s->error), fmt, ap);
	va_end(ap);
}

const char *source_strerror(int err, char *room, size_t n)
{
	return strerror_r(err, room, n);
}

static void say_errno(char *why, size_t why_room, int err)
{
	char text[80];

	snprintf(why, why_room, "%s", source_strerror(err, text, sizeof(text)));
}

/* As many of the room bytes as there are; -1: s->error. */
static ptrdiff_t read_head(struct source *s, uint8_t *p, size_t room)
{
	size_t have = 0;

	while (have < room) {
		ptrdiff_t n = s->ops->fill(s, p + have, room - have);

		if (n < 0)
			return -1;
		if (!n)
			break;
		have += (size_t)n;
	}
	return (ptrdiff_t)have;
}

void source_pass_tail(struct source *s, const struct source *inner)
{
	if (inner->tail)
		s->tail = inner->tail;
}

void source_name_filter(struct source *s, const struct source *inner,
			const char *name)
{
	s->limits = inner->limits;
	if (!inner->filter && !name)
		return;
	snprintf(s->filter_room, sizeof(s->filter_room), "%s%s%s",
		 inner->filter ? inner->filter : "",
		 inner->filter && name ? "+" : "", name ? name : "");
	s->filter = s->filter_room;
}

/* Those that libarchive's filters do not do well enough. */
static const struct {
	const char *name;
	struct source *(*open)(struct source *inner, const char *name,
			       char *why, size_t why_room);
} own[] = {
	{ "gzip", source_gzip }, { "xz", source_xz },     { "lzip", source_xz },
	{ "lzop", source_lzop }, { "zstd", source_zstd },
};

/* One step of source_unpack(): NULL after a failure, else what to look at
 * next; *ret_done when no compression is left. */
static struct source *unpack_once(struct source *s, unsigned depth,
				  bool *ret_done, char *why, size_t why_room)
{
	uint8_t head[SOURCE_HEAD];
	ptrdiff_t n = read_head(s, head, sizeof(head));
	struct source *again = NULL;
	const char *name;

	if (n < 0)
		snprintf(why, why_room, "%s", s->error);
	else if (!n)
		snprintf(why, why_room, SOURCE_EMPTY "%s",
			 s->filter ? " once decompressed" : "");
	else if (!(again = source_replay(s, head, (size_t)n)))
		snprintf(why, why_room, "out of memory");
	if (!again) {
		source_close(s);
		return NULL;
	}
	name = source_compression(head, (size_t)n);
	*ret_done = !name;
	if (!name)
		return again;
	if (depth >= MAX_COMPRESSIONS) {
		snprintf(why, why_room, "is compressed more than %d times",
			 MAX_COMPRESSIONS);
		source_close(again);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (!strcmp(name, own[i].name))
			return own[i].open(again, name, why, why_room);
	return source_archive(again, name, why, why_room);
}

struct source *source_unpack(struct source *s, char *why, size_t why_room)
{
	bool done = false;

	for (unsigned depth = 0; s && !done; depth++)
		s = unpack_once(s, depth, &done, why, why_room);
	return s;
}

/* Whether fd has a size and can be mapped; with what is left of it. */
static bool measure(int fd, const struct stat *st, uint64_t *ret_origin,
		    uint64_t *ret_left)
{
	off_t at, size = st->st_size;

	if (!S_ISREG(st->st_mode) && !S_ISBLK(st->st_mode))
		return false;
	/* standard input may have been read a part of the way */
	at = lseek(fd, 0, SEEK_CUR);
	if (at < 0)
		return false;
	if (S_ISBLK(st->st_mode)) {
		size = lseek(fd, 0, SEEK_END);
		if (lseek(fd, at, SEEK_SET) != at)
			return false;
	}
	/* size 0: empty, or a file of /proc */
	if (size <= at)
		return false;
	*ret_origin = (uint64_t)at;
	*ret_left = (uint64_t)(size - at);
	return true;
}

/* NULL: fd must be read forward (compressed, a pipe, not mappable). */
static struct source *open_mapped(int fd, bool owned, const struct stat *st)
{
	uint8_t head[SOURCE_HEAD];
	uint64_t origin, left;
	ssize_t n;

	if (!measure(fd, st, &origin, &left))
		return NULL;
	n = pread(fd, head, sizeof(head), (off_t)origin);
	if (n <= 0 || source_compression(head, (size_t)n))
		return NULL;
	return source_file(fd, owned, origin, 0, left);
}

struct source *source_fd(int fd, bool owned, const struct limits *limits,
			 char *why, size_t why_room)
{
	bool forward = false;
	struct source *s;
	struct stat st;

	if (fstat(fd, &st) < 0) {
		say_errno(why, why_room, errno);
		goto fail;
	}
	if (S_ISDIR(st.st_mode)) {
		snprintf(why, why_room, "is a directory");
		goto fail;
	}
	s = open_mapped(fd, owned, &st);
	if (!s) {
		forward = true;
		s = source_pipe(fd, owned);
	}
	if (s && limits)
		s->limits = *limits;
	if (s)
		return forward ? source_unpack(s, why, why_room) : s;
	snprintf(why, why_room, "out of memory");
fail:
	if (owned)
		close(fd);
	return NULL;
}

struct source *source_open(const char *path, const struct limits *limits,
			   char *why, size_t why_room)
{
	int fd;

	if (!strcmp(path, "-"))
		return source_fd(STDIN_FILENO, false, limits, why, why_room);
	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	while (fd < 0 && errno == EINTR);
	if (fd < 0) {
		say_errno(why, why_room, errno);
		return NULL;
	}
	return source_fd(fd, true, limits, why, why_room);
}

void source_prepare(const char *path)
{
	const bool input = strcmp(path, "-");
	int fd = STDIN_FILENO;
	struct stat st;
	char first;

	if (input ? stat(path, &st) : fstat(fd, &st))
		return;
	if (S_ISREG(st.st_mode)) {
		if (input)
			fd = open(path, O_RDONLY | O_CLOEXEC);
		/* 'QEVM', a qcow2 image, a QEMU program, or JSON */
		if (fd >= 0 && pread(fd, &first, 1, 0) == 1 &&
		    !memchr("Q\177{", first, 3))
			archive_ready();
		if (input && fd >= 0)
			close(fd);
	} else if (!S_ISDIR(st.st_mode)) {
		/* to look would be to take away, or to wait */
		archive_ready();
	}
}

void source_close(struct source *s)
{
	if (s)
		s->ops->close(s);
}

void source_populate(struct source *s)
{
	if (s->ops->populate)
		s->ops->populate(s);
}

static void on_sigbus(int sig)
{
	static const char text[] =
		"migscope: input file shrank while it was read\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)sig;
	(void)n;
	_exit(2);
}

void source_guard_sigbus(void)
{
	struct sigaction sa = { .sa_handler = on_sigbus };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGBUS, &sa, NULL);
}
