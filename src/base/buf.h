/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing piece of text. Failure to grow sticks: later calls do nothing,
 * and buf_take() returns NULL, so only the end needs a check. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/text.h"
#include <stdarg.h>

struct buf {
	char *data; /* NUL-terminated once anything was added */
	size_t length, room;
	bool failed;
};

void buf_free(struct buf *b);
void buf_clear(struct buf *b);
/* Back to an earlier length. */
void buf_cut(struct buf *b, size_t length);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* Lower-case hex digits; sep is put between bytes, 0 = nothing. */
void buf_hex(struct buf *b, const uint8_t *p, size_t n, char sep);
/* Bytes from a stream as printable UTF-8: valid UTF-8 stays, everything
 * else (controls, escapes, broken sequences, bidi controls, the backslash)
 * becomes \xNN, one per byte. */
void buf_escape(struct buf *b, struct ms_text t);
/* The text, to free(); NULL when memory ran out. Empty text is "". */
char *buf_take(struct buf *b);
/* A text by itself, likewise. */
char *buf_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
