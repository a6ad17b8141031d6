/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A regular file, mapped a window at a time: address space and resident
 * memory do not follow its size. */
#include "config.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/populate.h"
#include "io/source-priv.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Views beside the walk are few and short; together with the walk's window
 * they decide how much of the file is resident. */
#define SIDE_WINDOW MIB(8)

struct map {
	void *mem; /* NULL: nothing is mapped */
	size_t length;
	uint64_t from; /* offset in the file */
};

struct file {
	struct source s;
	int fd;
	bool owned;
	uint64_t origin; /* offset in the file of the first byte */
	uint64_t page;
	struct map maps[2];
	bool populate;
	struct populate *populator; /* of maps[0], or NULL */
};

static void drop(struct file *f, unsigned slot)
{
	struct map *m = &f->maps[slot];

	if (!slot && f->populator)
		populate_free(f->populator);
	else if (m->mem)
		munmap(m->mem, m->length);
	if (!slot)
		f->populator = NULL;
	m->mem = NULL;
}

static bool map_has(const struct map *m, uint64_t at, size_t n)
{
	return m->mem && at >= m->from && at - m->from <= m->length &&
	       n <= m->length - (at - m->from);
}

static void help(struct file *f)
{
	const struct map *m = &f->maps[0];

	if (!f->populator)
		f->populator = populate_new(f->fd);
	if (f->populator)
		populate_move(f->populator, m->mem, m->length, m->from);
	else
		f->populate = false;
}

/* Maps at least [at, at+n). */
static bool map_move(struct file *f, unsigned slot, uint64_t at, size_t n)
{
	struct map *m = &f->maps[slot];
	uint64_t end = f->origin + (f->s.size - f->s.base);
	uint64_t from = at - at % f->page;
	uint64_t length = slot ? SIDE_WINDOW : MAP_WINDOW;
	/* and not, perhaps, the only window that is looked at */
	const bool goes_on = !slot && m->mem && from > m->from &&
			     from <= m->from + m->length;

	if (length < at - from + n)
		length = at - from + n;
	if (length > end - from)
		length = end - from;
	if (!goes_on || !f->populator)
		drop(f, slot);
	if (length > SIZE_MAX) {
		errno = ENOMEM;
		return false;
	}
	/* MAP_POPULATE was measured: no faster where the file is cached, and
	 * it reads what a walk may be about to skip */
	m->mem = mmap(NULL, (size_t)length, PROT_READ, MAP_SHARED, f->fd,
		      (off_t)from);
	if (m->mem == MAP_FAILED) {
		m->mem = NULL;
		return false;
	}
	m->from = from;
	m->length = (size_t)length;
	if (!slot)
		madvise(m->mem, m->length, MADV_SEQUENTIAL);
	if (goes_on && f->populate)
		help(f);
	return true;
}

static const uint8_t *file_view(struct source *s, unsigned slot, uint64_t off,
				size_t n, size_t *ret_n)
{
	struct file *f = (struct file *)s;
	struct map *m = &f->maps[slot];
	uint64_t at = f->origin + (off - s->base);
	char text[80];

	if (!map_has(m, at, n) && !map_move(f, slot, at, n)) {
		source_fail(s, "%zu bytes cannot be mapped: %s", n,
			    source_strerror(errno, text, sizeof(text)));
		return NULL;
	}
	*ret_n = m->length - (size_t)(at - m->from);
	return (const uint8_t *)m->mem + (at - m->from);
}

static void file_idle(struct source *s)
{
	struct file *f = (struct file *)s;

	drop(f, 0);
	drop(f, 1);
}

static void file_populate(struct source *s)
{
	((struct file *)s)->populate = true;
}

static void file_close(struct source *s)
{
	struct file *f = (struct file *)s;

	file_idle(s);
	if (f->owned)
		close(f->fd);
	free(f);
}

static const struct source_ops file_ops = {
	.name = "file",
	.view = file_view,
	.idle = file_idle,
	.populate = file_populate,
	.close = file_close,
};

struct source *source_file(int fd, bool owned, uint64_t origin, uint64_t base,
			   uint64_t size)
{
	struct file *f = mem_zero(1, sizeof(*f));

	if (!f)
		return NULL;
	f->s.ops = &file_ops;
	f->s.seekable = true;
	f->s.base = base;
	f->s.size = base + size;
	f->fd = fd;
	f->owned = owned;
	f->origin = origin;
	f->page = (uint64_t)sysconf(_SC_PAGESIZE);
	/* some file systems cannot map: better known now than later */
	if (size && !map_move(f, 0, origin, 1)) {
		free(f);
		return NULL;
	}
	return &f->s;
}
