/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory of decompressors. Who compressed the data says how much of the output
 * has to be kept; what is over WINDOW_MEMORY is that of an unlinked temporary
 * file, which the system can write out and take back.
 *
 *	struct windows w = { 0 };
 *	lzma_allocator a = { .alloc = windows_alloc_array,
 *			     .free = windows_free, .opaque = &w };
 *	z.allocator = &a;
 *
 * Each decompressor has its own. Once it is closed, nothing is left. */
#ifndef IO_WINDOW_H
#define IO_WINDOW_H

#include <stddef.h>

/* A library asks for one, and for the next before it frees that; more would be
 * on the heap. */
#define WINDOWS_MAPPED 4

struct windows {
	/* private; p NULL: free */
	struct {
		void *p;
		size_t n;
	} mapped[WINDOWS_MAPPED];
};

/* As the libraries' allocators want them; NULL: out of memory. */
void *windows_alloc(void *windows, size_t n);
void *windows_alloc_array(void *windows, size_t n, size_t size);
void windows_free(void *windows, void *p);

#endif
