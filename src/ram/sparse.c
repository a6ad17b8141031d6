/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/sparse.h"

#include "base/limits.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(struct sparse *f, const char *what)
{
	char text[96];

	if (!f->why[0])
		snprintf(f->why, sizeof(f->why), "%s: %s", what,
			 strerror_r(errno, text, sizeof(text)));
	return false;
}

static bool start(struct sparse *f)
{
	*f = (struct sparse){ .fd = -1, .lost = mem_failures() };
	f->buffer = mem_alloc((size_t)SPARSE_BUFFER);
	f->pieces = mem_alloc(SPARSE_PIECES * sizeof(*f->pieces));
	if (f->buffer && f->pieces)
		return true;
	errno = ENOMEM;
	return failed(f, "cannot start");
}

/* A name beside path that nobody has; the file is to be there for a moment,
 * or, on a file system without O_TMPFILE, until the end. */
static char *beside(const char *path)
{
	static const char tail[] = ".XXXXXX";
	char *name = mem_alloc(strlen(path) + sizeof(tail));

	if (name)
		sprintf(name, "%s%s", path, tail);
	return name;
}

/* A file without a name where path is to be: whatever ends this process,
 * nothing is left. */
static int open_nameless(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) :
			       mem_strdup(".");
	int fd = -1;

	if (folder)
		fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	free(folder);
	return fd;
}

static bool open_named(struct sparse *f)
{
	mode_t mask;

	f->temporary = beside(f->path);
	if (f->temporary)
		f->fd = mkostemp(f->temporary, O_CLOEXEC);
	if (f->fd < 0) {
		free(f->temporary);
		f->temporary = NULL;
		return false;
	}
	/* as open() would have made it */
	mask = umask(0);
	umask(mask);
	return !fchmod(f->fd, 0666 & ~mask);
}

bool sparse_create(struct sparse *f, const char *path)
{
	struct stat st;

	if (!start(f))
		return false;
	/* Renaming over a device or a pipe would replace it by a file. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		snprintf(f->why, sizeof(f->why), "is no regular file");
		return false;
	}
	f->path = mem_strdup(path);
	if (f->path)
		f->fd = open_nameless(path);
	if (f->path && f->fd < 0 && errno != ENOENT && errno != EACCES)
		open_named(f);
	return f->fd >= 0 || failed(f, "cannot create");
}

bool sparse_scratch(struct sparse *f)
{
	const char *dir = secure_getenv("TMPDIR");
	char path[4096];
	int n;

	if (!start(f))
		return false;
	if (!dir || !*dir)
		dir = "/tmp";
	f->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (f->fd >= 0)
		return true;
	/* a file system without O_TMPFILE */
	n = snprintf(path, sizeof(path), "%s/migscope.XXXXXX", dir);
	errno = ENAMETOOLONG;
	if (n > 0 && (size_t)n < sizeof(path))
		f->fd = mkostemp(path, O_CLOEXEC);
	if (f->fd < 0)
		return failed(f, "cannot create a temporary file");
	unlink(path);
	return true;
}

/* Changes the pieces. */
static bool write_pieces(struct sparse *f, uint64_t at, struct iovec *v,
			 unsigned count)
{
	struct iovec *end = v + count;

	while (v < end) {
		ssize_t done = pwritev(f->fd, v, (int)(end - v), (off_t)at);

		if (done < 0 && errno == EINTR)
			continue;
		if (!done)
			errno = ENOSPC;
		if (done <= 0)
			return failed(f, "cannot write");
		at += (uint64_t)done;
		for (; v < end && (size_t)done >= v->iov_len; v++)
			done -= (ssize_t)v->iov_len;
		if (done) {
			v->iov_base = (char *)v->iov_base + done;
			v->iov_len -= (size_t)done;
		}
	}
	return true;
}

static bool write_all(struct sparse *f, uint64_t at, const void *p, size_t n)
{
	struct iovec v = { .iov_base = (void *)(uintptr_t)p, .iov_len = n };

	return !n || write_pieces(f, at, &v, 1);
}

bool sparse_settle(struct sparse *f)
{
	const unsigned count = f->piece_count;

	if (!count)
		return true;
	f->piece_count = 0;
	f->used = 0;
	return write_pieces(f, f->at, f->pieces, count);
}

static bool flush(struct sparse *f)
{
	size_t n;

	if (f->piece_count)
		return sparse_settle(f);
	n = f->used;
	f->used = 0;
	return !n || write_all(f, f->at, f->buffer, n);
}

bool sparse_write(struct sparse *f, uint64_t at, const void *p, size_t n)
{
	if (f->why[0])
		return false;
	if (at != f->at + f->used || n > SPARSE_BUFFER - f->used ||
	    f->piece_count) {
		if (!flush(f))
			return false;
		f->at = at;
	}
	if (n > SPARSE_BUFFER)
		return write_all(f, at, p, n);
	memcpy(f->buffer + f->used, p, n);
	f->used += n;
	return true;
}

bool sparse_gather(struct sparse *f, uint64_t at, const void *p, size_t n)
{
	if (f->why[0])
		return false;
	if (at != f->at + f->used || f->piece_count == SPARSE_PIECES ||
	    !f->piece_count) {
		if (!flush(f))
			return false;
		f->at = at;
	}
	f->pieces[f->piece_count++] =
		(struct iovec){ .iov_base = (void *)(uintptr_t)p,
				.iov_len = n };
	f->used += n;
	return true;
}

bool sparse_clear(struct sparse *f, uint64_t at, uint64_t n)
{
	static const uint8_t zeros[4096];

	if (f->why[0] || !flush(f))
		return false;
	if (!fallocate(f->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		       (off_t)at, (off_t)n))
		return true;
	while (n) {
		size_t step = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);

		if (!write_all(f, at, zeros, step))
			return false;
		at += step;
		n -= step;
	}
	return true;
}

bool sparse_read(struct sparse *f, uint64_t at, void *p, size_t n)
{
	uint8_t *to = p;

	if (f->why[0] || !flush(f))
		return false;
	while (n) {
		ssize_t done = pread(f->fd, to, n, (off_t)at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return failed(f, "cannot read back");
		if (!done) {
			memset(to, 0, n);
			return true;
		}
		to += done;
		at += (uint64_t)done;
		n -= (size_t)done;
	}
	return true;
}

/* Gives a nameless file one: linkat() replaces nothing, so it is another one
 * than the path. */
static bool link_temporary(struct sparse *f)
{
	char self[32], *name = beside(f->path);
	int fd = name ? mkostemp(name, O_CLOEXEC) : -1;

	if (fd < 0) {
		free(name);
		return false;
	}
	/* mkostemp() has found a name; now it is ours to use again */
	close(fd);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", f->fd);
	if (unlink(name) ||
	    linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW)) {
		free(name);
		return false;
	}
	f->temporary = name;
	return true;
}

bool sparse_commit(struct sparse *f, uint64_t size)
{
	if (f->why[0] || !flush(f))
		return false;
	errno = ENOMEM;
	if (mem_failures() != f->lost)
		return failed(f, "not complete");
	if (ftruncate(f->fd, (off_t)size))
		return failed(f, "cannot write");
	if (!f->path)
		return true;
	if (!f->temporary && !link_temporary(f))
		return failed(f, "cannot name the file");
	/* what the kernel could not put on the disk shows here */
	if (close(f->fd)) {
		f->fd = -1;
		return failed(f, "cannot write");
	}
	f->fd = -1;
	if (rename(f->temporary, f->path))
		return failed(f, "cannot rename");
	free(f->temporary);
	f->temporary = NULL;
	return true;
}

void sparse_close(struct sparse *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->temporary)
		unlink(f->temporary);
	free(f->temporary);
	free(f->path);
	free(f->buffer);
	free(f->pieces);
	*f = (struct sparse){ .fd = -1 };
}
