/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far long work has come: one line on standard error that is written over
 * and cleared in the end. Only on a terminal, and only once the work has
 * lasted for half a second.
 *
 *	progress_begin("guest.mig");
 *	… progress_bytes(NULL, done, size), now and then …
 *	progress_clear();
 *
 * One thread at a time. */
#ifndef TOOL_PROGRESS_H
#define TOOL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is there a terminal that can show it? */
bool progress_possible(void);
/* what: a file's name, or what else is worked on; kept until the end. */
void progress_begin(const char *what);
/* As ms_options.progress. size: 0: not known. */
void progress_bytes(void *ctx, uint64_t done, uint64_t size);
void progress_count(size_t done, size_t all);
/* Before anything else goes to the terminal. */
void progress_clear(void);

#endif
