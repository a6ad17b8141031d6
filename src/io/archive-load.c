/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#ifdef HAVE_LIBARCHIVE

#include "io/archive-load.h"

#ifdef LIBARCHIVE_SONAME

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static struct archive_calls calls;
static bool loaded;

/* Converting what dlsym() returns is for POSIX to allow, not for C. */
static bool find(void *library, const char *name, void *to)
{
	void *p = dlsym(library, name);

	memcpy(to, &p, sizeof(p));
	return p;
}

static void load(void)
{
	void *library = dlopen(LIBARCHIVE_SONAME, RTLD_NOW | RTLD_LOCAL);
	bool all = library;

#define X(name) all = all && find(library, #name, &calls.name);
	ARCHIVE_CALLS(X)
#undef X
	loaded = all;
}

const struct archive_calls *archive_calls(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return loaded ? &calls : NULL;
}

#else

const struct archive_calls *archive_calls(void)
{
	static const struct archive_calls calls = {
#define X(name) .name = name,
		ARCHIVE_CALLS(X)
#undef X
	};

	return &calls;
}

#endif
#endif
