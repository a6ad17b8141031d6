/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static _Thread_local unsigned long failures;

static void *counted(void *p)
{
	failures += !p;
	return p;
}

/* None of them has a size of 0: some C libraries answer that with NULL. */
void *mem_alloc(size_t n)
{
	return counted(malloc(n ? n : 1));
}

void *mem_zero(size_t n, size_t size)
{
	return counted(calloc(n ? n : 1, size ? size : 1));
}

void *mem_resize(void *p, size_t n)
{
	return counted(realloc(p, n ? n : 1));
}

void *mem_resize_array(void *p, size_t n, size_t size)
{
	return counted(reallocarray(p, n ? n : 1, size ? size : 1));
}

char *mem_strdup(const char *s)
{
	return counted(strdup(s));
}

char *mem_strndup(const char *s, size_t n)
{
	return counted(strndup(s, n));
}

void *mem_zlib_alloc(void *unused, unsigned n, unsigned size)
{
	(void)unused;
	return mem_resize_array(NULL, n, size);
}

void mem_zlib_free(void *unused, void *p)
{
	(void)unused;
	free(p);
}

unsigned long mem_failures(void)
{
	return failures;
}
