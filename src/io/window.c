/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "io/window.h"

#include "base/limits.h"
#include "base/mem.h"
#include "io/source-priv.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* NULL: there is no room for it, or no such file. Its blocks are taken now: a
 * disk that is full later would be a signal. */
static void *map_file(size_t n)
{
	const int fd = source_temporary();
	void *p = MAP_FAILED;

	if (fd < 0)
		return NULL;
	if (n <= INT64_MAX && !fallocate(fd, 0, 0, (off_t)n))
		p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

void *windows_alloc(void *windows, size_t n)
{
	struct windows *w = windows;
	size_t i = 0;

	while (i < WINDOWS_MAPPED && w->mapped[i].p)
		i++;
	if (n > WINDOW_MEMORY && i < WINDOWS_MAPPED) {
		w->mapped[i].p = map_file(n);
		w->mapped[i].n = n;
		if (w->mapped[i].p)
			return w->mapped[i].p;
	}
	return mem_alloc(n);
}

void *windows_alloc_array(void *windows, size_t n, size_t size)
{
	return size && n > SIZE_MAX / size ? NULL :
					     windows_alloc(windows, n * size);
}

void windows_free(void *windows, void *p)
{
	struct windows *w = windows;

	for (size_t i = 0; p && i < WINDOWS_MAPPED; i++) {
		if (w->mapped[i].p != p)
			continue;
		munmap(p, w->mapped[i].n);
		w->mapped[i].p = NULL;
		return;
	}
	free(p);
}
