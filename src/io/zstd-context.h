/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context of libzstd whose window is memory of ours, where the library lets
 * us say so. The library's header comes with this one. */
#ifndef IO_ZSTD_CONTEXT_H
#define IO_ZSTD_CONTEXT_H

#include "io/window.h"

/* not promised to be in a shared library */
#ifdef HAVE_ZSTD_CREATEDCTX_ADVANCED
#define ZSTD_STATIC_LINKING_ONLY
#endif
#include <zstd.h>
#include <zstd_errors.h>

/* windows must stay as long. NULL: out of memory. */
static inline ZSTD_DCtx *zstd_context(struct windows *windows)
{
#ifdef HAVE_ZSTD_CREATEDCTX_ADVANCED
	return ZSTD_createDCtx_advanced(
		(ZSTD_customMem){ windows_alloc, windows_free, windows });
#else
	(void)windows;
	return ZSTD_createDCtx();
#endif
}

#endif
