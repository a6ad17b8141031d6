/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A second thread that enters the pages of a mapped window, from its end
 * towards the walk that comes from its start: for a file in small folios that
 * is most of what a walk costs, and two processors do it in half the time.
 *
 * It stops at what the page cache does not hold: to read that, or to skip it,
 * is for the walk. All signals are blocked in the thread but SIGBUS, which its
 * own loads may raise. */
#ifndef IO_POPULATE_H
#define IO_POPULATE_H

#include <stddef.h>
#include <stdint.h>

struct populate;

/* For mappings of fd, which is borrowed. NULL: no memory, no thread, or no
 * second processor. */
struct populate *populate_new(int fd);
/* The walk is now in [mem, mem + length), which shows the file from its offset
 * from on; the window before it is unmapped, as is this one with the next call
 * or with populate_free(). */
void populate_move(struct populate *p, void *mem, size_t length, uint64_t from);
void populate_free(struct populate *p);

#endif
