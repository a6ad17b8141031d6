/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded into a program: lets the n-th call of one kind fail.
 *
 *	FAULT=KIND:N       alloc  malloc(), calloc(), realloc(): ENOMEM
 *	                   open   open(), mkostemp(): EMFILE
 *	                   map    mmap(): ENOMEM
 *	                   read   read(), pread(): EIO
 *	                   short  read(), pread() of at most N bytes, each
 *	                   write  write(), pwrite(), pwritev(), ftruncate(): ENOSPC
 *	FAULT_REPORT=FD    at exit, there: how many calls of that kind there
 *	                   were and how much allocated memory was not freed
 *
 * Counted from main() on: what happens to a library that cannot even start is
 * not ours.
 */
#include "config.h"

/* Both names of a function are defined here, as a program may use either. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

enum kind { ALLOC, OPEN, MAP, READ, SHORT, WRITE, KINDS };

static const char *const kinds[KINDS] = { "alloc", "open",  "map",
					  "read",  "short", "write" };
static enum kind kind = KINDS; /* KINDS: nothing fails */
static unsigned long wanted;
static atomic_ulong calls;
static atomic_long blocks, bytes;
static bool started;

/* The next definition of the function this stands in. */
#define NEXT(type, name)                                                       \
	static __typeof__(type) *next;                                         \
	if (!next) {                                                           \
		void *sym = dlsym(RTLD_NEXT, name);                            \
		memcpy(&next, &sym, sizeof(next));                             \
	}

static bool fails(enum kind k, int error)
{
	if (!started || kind != k || atomic_fetch_add(&calls, 1) + 1 != wanted)
		return false;
	errno = error;
	return true;
}

static size_t at_most(size_t n)
{
	if (!started || kind != SHORT)
		return n;
	atomic_fetch_add(&calls, 1);
	return n < wanted ? n : wanted;
}

/* ---- memory ---- */

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void __libc_free(void *);

static void *taken(void *p)
{
	if (started && p) {
		atomic_fetch_add(&blocks, 1);
		atomic_fetch_add(&bytes, (long)malloc_usable_size(p));
	}
	return p;
}

static void returned(void *p)
{
	if (started && p) {
		atomic_fetch_sub(&blocks, 1);
		atomic_fetch_sub(&bytes, (long)malloc_usable_size(p));
	}
}

PUBLIC void *malloc(size_t n)
{
	return fails(ALLOC, ENOMEM) ? NULL : taken(__libc_malloc(n));
}

PUBLIC void *calloc(size_t n, size_t size)
{
	return fails(ALLOC, ENOMEM) ? NULL : taken(__libc_calloc(n, size));
}

PUBLIC void *realloc(void *p, size_t n)
{
	long had = p ? (long)malloc_usable_size(p) : 0;
	void *q;

	if (fails(ALLOC, ENOMEM))
		return NULL;
	q = __libc_realloc(p, n);
	if (started && (q || !n)) {
		atomic_fetch_sub(&blocks, p != NULL);
		atomic_fetch_sub(&bytes, had);
		taken(q);
	}
	return q;
}

PUBLIC void free(void *p)
{
	returned(p);
	__libc_free(p);
}

PUBLIC void *mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
	NEXT(void *(void *, size_t, int, int, int, off_t), "mmap")
	return fails(MAP, ENOMEM) ? MAP_FAILED :
				    next(at, n, prot, flags, fd, off);
}

PUBLIC void *mmap64(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
	return mmap(at, n, prot, flags, fd, off);
}

/* ---- files ---- */

PUBLIC int open(const char *path, int flags, ...)
{
	NEXT(int(const char *, int, ...), "open")
	va_list ap;
	mode_t mode = 0;

	if (flags & (O_CREAT | O_TMPFILE)) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return fails(OPEN, EMFILE) ? -1 : next(path, flags, mode);
}

PUBLIC int open64(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	return open(path, flags, mode);
}

PUBLIC int mkostemp(char *path, int flags)
{
	NEXT(int(char *, int), "mkostemp")
	return fails(OPEN, EMFILE) ? -1 : next(path, flags);
}

PUBLIC int mkostemp64(char *path, int flags)
{
	return mkostemp(path, flags);
}

PUBLIC ssize_t read(int fd, void *p, size_t n)
{
	NEXT(ssize_t(int, void *, size_t), "read")
	return fails(READ, EIO) ? -1 : next(fd, p, at_most(n));
}

PUBLIC ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	NEXT(ssize_t(int, void *, size_t, off_t), "pread")
	return fails(READ, EIO) ? -1 : next(fd, p, at_most(n), at);
}

PUBLIC ssize_t pread64(int fd, void *p, size_t n, off_t at)
{
	return pread(fd, p, n, at);
}

/* Standard error is how a failure is told, and stays as it is. */
PUBLIC ssize_t write(int fd, const void *p, size_t n)
{
	NEXT(ssize_t(int, const void *, size_t), "write")
	return fd != STDERR_FILENO && fails(WRITE, ENOSPC) ? -1 :
							     next(fd, p, n);
}

PUBLIC ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	NEXT(ssize_t(int, const void *, size_t, off_t), "pwrite")
	return fails(WRITE, ENOSPC) ? -1 : next(fd, p, n, at);
}

PUBLIC ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return pwrite(fd, p, n, at);
}

PUBLIC ssize_t pwritev(int fd, const struct iovec *v, int n, off_t at)
{
	NEXT(ssize_t(int, const struct iovec *, int, off_t), "pwritev")
	return fails(WRITE, ENOSPC) ? -1 : next(fd, v, n, at);
}

PUBLIC ssize_t pwritev64(int fd, const struct iovec *v, int n, off_t at)
{
	return pwritev(fd, v, n, at);
}

PUBLIC int ftruncate(int fd, off_t size)
{
	NEXT(int(int, off_t), "ftruncate")
	return fails(WRITE, ENOSPC) ? -1 : next(fd, size);
}

PUBLIC int ftruncate64(int fd, off_t size)
{
	return ftruncate(fd, size);
}

/* ---- start and end ---- */

static void report(void)
{
	const char *fd = getenv("FAULT_REPORT");
	char line[96];
	int n;

	started = false;
	if (!fd)
		return;
	n = snprintf(line, sizeof(line), "%lu %ld %ld\n", calls, blocks, bytes);
	if (write(atoi(fd), line, (size_t)n) != n)
		abort();
}

static int (*real_main)(int, char **, char **);

static int counted_main(int argc, char **argv, char **envp)
{
	const char *spec = getenv("FAULT");
	int status;

	for (int k = 0; spec && k < KINDS; k++) {
		size_t n = strlen(kinds[k]);

		if (!strncmp(spec, kinds[k], n) && spec[n] == ':') {
			kind = (enum kind)k;
			wanted = strtoul(spec + n + 1, NULL, 10);
		}
	}
	started = true;
	status = real_main(argc, argv, envp);
	report();
	return status;
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
		      void (*init)(void), void (*fini)(void),
		      void (*rtld_fini)(void), void *stack_end);

PUBLIC int __libc_start_main(int (*main)(int, char **, char **), int argc,
			     char **argv, void (*init)(void),
			     void (*fini)(void), void (*rtld_fini)(void),
			     void *stack_end)
{
	NEXT(int(int (*)(int, char **, char **), int, char **, void (*)(void),
		 void (*)(void), void (*)(void), void *),
	     "__libc_start_main")
	real_main = main;
	return next(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
