/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where bytes come from: one table entry each for a mapped file, memory and
 * anything that can only be read forward (a pipe, a decompressor).
 *
 * Seekable sources hand out views of any range; forward ones only fill. */
#ifndef IO_SOURCE_H
#define IO_SOURCE_H

#include "base/limit-table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

struct source_ops {
	const char *name;
	/* Seekable: [off, off+n) as contiguous memory, or more (*ret_n >= n
	 * where the source goes on). slot 0 and 1 are two independent views;
	 * a view lives until the next call with the same slot. NULL: read
	 * error (source_error). The caller keeps off + n within the size. */
	const uint8_t *(*view)(struct source *s, unsigned slot, uint64_t off,
			       size_t n, size_t *ret_n);
	/* Forward: reads up to room bytes into p; 0 at the end, -1 on error. */
	ptrdiff_t (*fill)(struct source *s, uint8_t *p, size_t room);
	/* Or NULL: nothing will be viewed for a while, views may go. */
	void (*idle)(struct source *s);
	/* Or NULL: see source_populate(). */
	void (*populate)(struct source *s);
	void (*close)(struct source *s);
};

struct source {
	const struct source_ops *ops;
	bool seekable;
	uint64_t base;        /* first offset that can be viewed */
	uint64_t size;        /* end offset, bytes; valid when seekable */
	char error[160];      /* "" or why reading failed */
	const char *filter;   /* "gzip", "xz+gzip" (outer first), NULL */
	char filter_room[48]; /* where filter may point to */
	/* The compression whose data ended while other data followed, which
	 * were left unread; NULL: none so far. Literal. */
	const char *tail;
	/* Those of what it is made of, and of all that is read from it. */
	struct limits limits;
};

/* All return NULL on failure and fill why. */
struct source *source_memory(const void *p, size_t n); /* p is borrowed */
/* Opens path ("-": standard input), looks through compression by content.
 * A regular uncompressed file is mapped; all else is read forward. The
 * descriptor is owned by the source. limits may be NULL: the usual ones. */
struct source *source_open(const char *path, const struct limits *limits,
			   char *why, size_t why_room);
/* From the descriptor's current place. If owned, closed on failure too. */
struct source *source_fd(int fd, bool owned, const struct limits *limits,
			 char *why, size_t why_room);
/* What source_open() says of an input without a byte. */
#define SOURCE_EMPTY "is empty"
/* The compression that data starting with these n bytes have (more than
 * SOURCE_HEAD are never looked at), or NULL. */
const char *source_compression(const uint8_t *p, size_t n);
/* What has to be seen of an input to know its compression. */
#define SOURCE_HEAD 16
/* Looks through compression of what the forward source s still has; takes s
 * over also on failure. Uncompressed data pass through untouched. */
struct source *source_unpack(struct source *s, char *why, size_t why_room);
void source_close(struct source *s);
/* What is walked in windows may be so with the help of a second thread
 * (populate.h), which source_close() ends. */
void source_populate(struct source *s);

/* Before a sandbox that no library can be loaded in: loads what reading path
 * may need. Nothing else has to call it. */
void source_prepare(const char *path);

/* For the tool, once, before any input is opened: a file that shrinks while
 * it is mapped ends the process with a message and status 2 instead of a bus
 * error. Process-wide; the library never calls it. */
void source_guard_sigbus(void);

#endif
