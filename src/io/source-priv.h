/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of sources, for source.c and the reader. Each constructor returns
 * NULL when memory ran out, and has then taken nothing over. */
#ifndef IO_SOURCE_PRIV_H
#define IO_SOURCE_PRIV_H

#include "io/source.h"

/* file.c: size bytes of fd from its offset origin on, mapped piecewise.
 * Their first byte is the source's offset base. NULL also where the file
 * cannot be mapped. */
struct source *source_file(int fd, bool owned, uint64_t origin, uint64_t base,
			   uint64_t size);
/* memory.c: like source_memory(), but free()s p, and starts at base. */
struct source *source_memory_owned(void *p, size_t n, uint64_t base);
/* pipe.c: what read(2) gives. */
struct source *source_pipe(int fd, bool owned);
/* pipe.c: the n <= SOURCE_HEAD bytes at head, then inner, which it owns. */
struct source *source_replay(struct source *inner, const uint8_t *head,
			     size_t n);

/* Decompressors own inner, also when they fail; why is filled then. name is
 * the compression, as in source.c's table. */
struct source *source_gzip(struct source *inner, const char *name, char *why,
			   size_t why_room);
struct source *source_zstd(struct source *inner, const char *name, char *why,
			   size_t why_room);
struct source *source_xz(struct source *inner, const char *name, char *why,
			 size_t why_room);
struct source *source_lzop(struct source *inner, const char *name, char *why,
			   size_t why_room);
struct source *source_archive(struct source *inner, const char *name, char *why,
			      size_t why_room);

/* archive.c: loads libarchive, if that has not been done. */
bool archive_ready(void);

/* spool.c: the n bytes at head, then the rest of src, as a seekable source
 * whose first byte is offset base. src stays the caller's. After a read
 * error, or past LIMIT_SPOOL, the result holds what was read until then
 * and its error says why. bounce is scratch space. NULL: see src->error. */
struct source *source_spool(struct source *src, uint64_t base,
			    const uint8_t *head, size_t n, uint8_t *bounce,
			    size_t bounce_room);

/* spool.c: an unlinked file, or -1 and errno. */
int source_temporary(void);

/* Sets s->error, unless an earlier reason is there. */
void source_fail(struct source *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A thread-safe strerror(). */
const char *source_strerror(int err, char *room, size_t n);

/* s->tail = what inner's is, if that is set. */
void source_pass_tail(struct source *s, const struct source *inner);

/* s->filter = what inner's is, and name behind it (which may be NULL); the
 * limits are inner's. */
void source_name_filter(struct source *s, const struct source *inner,
			const char *name);

#endif
