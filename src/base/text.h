/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names from a stream: slices of bytes that are neither terminated nor
 * UTF-8. Compare them here, escape them with buf_escape() before printing. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "migscope.h"
#include <string.h>

/* A slice of a string literal. */
#define TEXT(s) ((struct ms_text){ (s), sizeof(s) - 1 })

static inline struct ms_text text_of(const char *s)
{
	return (struct ms_text){ s, s ? strlen(s) : 0 };
}

static inline struct ms_text text_make(const void *p, size_t n)
{
	return (struct ms_text){ p, n };
}

/* As C reads it: up to its first NUL. */
static inline struct ms_text text_c(struct ms_text t)
{
	const char *nul =
		t.length ? (const char *)memchr(t.bytes, '\0', t.length) : NULL;

	if (nul)
		t.length = (size_t)(nul - t.bytes);
	return t;
}

static inline bool text_eq(struct ms_text a, struct ms_text b)
{
	return a.length == b.length &&
	       (!a.length || !memcmp(a.bytes, b.bytes, a.length));
}

static inline bool text_is(struct ms_text a, const char *s)
{
	return text_eq(a, text_of(s));
}

static inline bool text_starts(struct ms_text a, struct ms_text prefix)
{
	return a.length >= prefix.length &&
	       (!prefix.length ||
		!memcmp(a.bytes, prefix.bytes, prefix.length));
}

static inline bool text_ends(struct ms_text a, struct ms_text suffix)
{
	return a.length >= suffix.length &&
	       (!suffix.length || !memcmp(a.bytes + a.length - suffix.length,
					  suffix.bytes, suffix.length));
}

/* Is part in it? An empty one is in all. */
static inline bool text_has(struct ms_text a, struct ms_text part)
{
	return !part.length ||
	       (a.length && memmem(a.bytes, a.length, part.bytes, part.length));
}

#endif
