/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where results go: one large buffer before a descriptor or a struct buf.
 * The first failure sticks in .error (an errno value) and later calls do
 * nothing, so only the end needs a check.
 *
 *	struct out o;
 *	out_to_fd(&o, STDOUT_FILENO);
 *	out_puts(&o, "…");
 *	if (!out_finish(&o))            // flushes, frees
 *		… o.error …
 */
#ifndef OUTPUT_OUT_H
#define OUTPUT_OUT_H

#include "base/buf.h"

struct out {
	int fd;
	struct buf *memory; /* instead of fd */
	char *data;
	size_t used, room;
	int error;
	const char *why; /* static: what is over a limit, or NULL */
	/* For text, what the terminal can show; see style.h. */
	bool colour;
	bool ascii;     /* other characters show as \xNN */
	unsigned width; /* columns; 0: as many as it takes */
};

bool out_to_fd(struct out *o, int fd);
void out_to_buf(struct out *o, struct buf *b);
/* Both return false when anything failed since the start. */
bool out_flush(struct out *o);
bool out_finish(struct out *o);
/* Room for n more bytes at the returned place, to be claimed by adding to
 * o->used; NULL after a failure. n <= OUT_PIECE. */
#define OUT_PIECE 4096
char *out_room(struct out *o, size_t n);

void out_add(struct out *o, const void *p, size_t n);
void out_puts(struct out *o, const char *s);
void out_putc(struct out *o, char c);
void out_fill(struct out *o, char c, size_t n);
void out_printf(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Lower-case hex digits; sep is put between bytes, 0 = nothing. */
void out_hex(struct out *o, const uint8_t *p, size_t n, char sep);
void out_decimal(struct out *o, uint64_t v);
/* "0x" and at least digits hex digits. */
void out_hex_number(struct out *o, uint64_t v, unsigned digits);
/* Bytes from a stream, for people: see buf_escape(). */
void out_escape(struct out *o, struct ms_text t);
/* Columns that a text takes: each character counts as one. */
unsigned out_columns(const struct out *o, const char *s);
/* Our own text, broken at blanks to lines of at most width columns, each
 * but the first after indent blanks. No newline at the end. */
void out_wrap(struct out *o, const char *text, unsigned indent, unsigned width);

#endif
