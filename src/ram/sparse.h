/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that is written page by page and stays sparse, and that has its
 * name only once it is whole.
 *
 *	if (!sparse_create(&f, "guest.raw")) … f.why …
 *	sparse_write(&f, at, p, n) …              // false: f.why
 *	if (!sparse_commit(&f, size)) … f.why …   // now it is there
 *	sparse_close(&f);                         // else nothing is left
 *
 * Writes that follow each other are gathered: copied, or, where what they are
 * of stays where it is for a while, only noted. */
#ifndef RAM_SPARSE_H
#define RAM_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* Pieces that are written at once; more than IOV_MAX the kernel refuses. */
#define SPARSE_PIECES 512

struct sparse {
	int fd;
	char *path;      /* where it is to be; NULL: nowhere */
	char *temporary; /* its name until then; mostly it has none: NULL */
	/* What is not written yet: in the buffer, or pieces elsewhere. */
	uint8_t *buffer;
	struct iovec *pieces;
	unsigned piece_count;
	uint64_t at;        /* of its first byte */
	size_t used;        /* bytes */
	unsigned long lost; /* of mem_failures(), at the start */
	char why[192];      /* first failure */
};

bool sparse_create(struct sparse *f, const char *path);
/* Without a name, in TMPDIR: gone when closed. */
bool sparse_scratch(struct sparse *f);
bool sparse_write(struct sparse *f, uint64_t at, const void *p, size_t n);
/* The same of what stays there until sparse_settle(). */
bool sparse_gather(struct sparse *f, uint64_t at, const void *p, size_t n);
bool sparse_settle(struct sparse *f);
/* [at, at + n) reads as zeros from now on; whole pages give up their room. */
bool sparse_clear(struct sparse *f, uint64_t at, uint64_t n);
/* What was never written reads as zeros. */
bool sparse_read(struct sparse *f, uint64_t at, void *p, size_t n);
/* Gives the file its size, and its name if it is to have one. */
bool sparse_commit(struct sparse *f, uint64_t size);
void sparse_close(struct sparse *f);

#endif
