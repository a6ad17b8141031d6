/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All memory is asked for here, so that no caller has to remember for the
 * others that there was none.
 *
 * Much of the library does without what it could not allocate: a description
 * that cannot be kept is none, a name that cannot be copied is empty. Whoever
 * hands out a result compares mem_failures() with what it was at the start,
 * and says "out of memory" instead of something that is true by half. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* malloc(), calloc() and so on; free with free(). */
void *mem_alloc(size_t n) __attribute__((malloc));
void *mem_zero(size_t n, size_t size) __attribute__((malloc));
void *mem_resize(void *p, size_t n);
void *mem_resize_array(void *p, size_t n, size_t size);
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t n);
/* The same for zlib: members zalloc and zfree of a z_stream. */
void *mem_zlib_alloc(void *unused, unsigned n, unsigned size);
void mem_zlib_free(void *unused, void *p);
/* How often one of them failed in this thread. */
unsigned long mem_failures(void);

#endif
