/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/out.h"

#include "base/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OUT_BUFFER ((size_t)256 << 10)
/* In front of memory it only gathers what is small. */
#define MEMORY_BUFFER ((size_t)8 << 10)

static const char digits[] = "0123456789abcdef";

/* The two digits of each byte. */
#define ROW(h)                                                                 \
	h "0" h "1" h "2" h "3" h "4" h "5" h "6" h "7" h "8" h "9" h "a" h    \
	  "b" h "c" h "d" h "e" h "f"
static const char pairs[] = ROW("0") ROW("1") ROW("2") ROW("3") ROW("4")
	ROW("5") ROW("6") ROW("7") ROW("8") ROW("9") ROW("a") ROW("b") ROW("c")
		ROW("d") ROW("e") ROW("f");
#undef ROW

static bool open_out(struct out *o, size_t room)
{
	o->used = 0;
	o->room = room;
	o->data = mem_alloc(o->room);
	o->error = o->data ? 0 : ENOMEM;
	o->why = NULL;
	o->colour = o->ascii = false;
	o->width = 0;
	return o->data;
}

bool out_to_fd(struct out *o, int fd)
{
	o->fd = fd;
	o->memory = NULL;
	return open_out(o, OUT_BUFFER);
}

void out_to_buf(struct out *o, struct buf *b)
{
	o->fd = -1;
	o->memory = b;
	open_out(o, MEMORY_BUFFER);
}

static void put(struct out *o, const char *p, size_t n)
{
	if (o->memory) {
		buf_add(o->memory, p, n);
		if (o->memory->failed)
			o->error = ENOMEM;
		return;
	}
	while (n && !o->error) {
		ssize_t did = write(o->fd, p, n);

		if (did < 0) {
			if (errno != EINTR)
				o->error = errno;
			continue;
		}
		p += did;
		n -= (size_t)did;
	}
}

bool out_flush(struct out *o)
{
	if (!o->error && o->used)
		put(o, o->data, o->used);
	o->used = 0;
	return !o->error;
}

bool out_finish(struct out *o)
{
	bool ok = out_flush(o);

	free(o->data);
	o->data = NULL;
	o->room = 0;
	if (!o->error)
		o->error = EBADF; /* nothing may be added any more */
	return ok;
}

char *out_room(struct out *o, size_t n)
{
	if (o->error)
		return NULL;
	if (o->room - o->used < n && !out_flush(o))
		return NULL;
	return o->data + o->used;
}

/* Ours, that have a look-alike. */
static const struct {
	const char *utf8, *ascii;
} look_alikes[] = {
	{ "\xe2\x80\xa6", "..." }, /* ellipsis */
	{ "\xe2\x80\x93", "-" },   /* en dash */
	{ "\xe2\x80\x94", "-" },   /* em dash */
	{ "\xe2\x86\x92", "->" },  /* arrow */
	{ "\xc3\x97", "x" },       /* times */
};

static size_t add_ascii(struct out *o, const char *p, size_t n)
{
	char escape[5];

	for (size_t i = 0; i < sizeof(look_alikes) / sizeof(*look_alikes);
	     i++) {
		const size_t length = strlen(look_alikes[i].utf8);

		if (length > n || memcmp(p, look_alikes[i].utf8, length))
			continue;
		out_puts(o, look_alikes[i].ascii);
		return length;
	}
	snprintf(escape, sizeof(escape), "\\x%02x", (unsigned char)*p);
	out_add(o, escape, 4);
	return 1;
}

static size_t ascii_length(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && !((unsigned char)p[i] & 0x80))
		i++;
	return i;
}

unsigned out_columns(const struct out *o, const char *s)
{
	unsigned n = 0;

	for (; *s; s++) {
		if (o->ascii && (unsigned char)*s & 0x80)
			n += 4;
		else
			n += ((unsigned char)*s & 0xc0) != 0x80;
	}
	return n;
}

void out_add(struct out *o, const void *p, size_t n)
{
	const size_t plain = o->ascii ? ascii_length(p, n) : n;

	if (plain < n) {
		const char *s = p;

		out_add(o, s, plain);
		for (size_t i = plain; i < n;) {
			const size_t run = ascii_length(s + i, n - i);

			out_add(o, s + i, run);
			i += run;
			if (i < n)
				i += add_ascii(o, s + i, n - i);
		}
		return;
	}
	if (o->error || !n)
		return;
	if (o->room - o->used < n) {
		if (!out_flush(o))
			return;
		if (n > o->room) {
			put(o, p, n);
			return;
		}
	}
	memcpy(o->data + o->used, p, n);
	o->used += n;
}

void out_puts(struct out *o, const char *s)
{
	out_add(o, s, strlen(s));
}

void out_putc(struct out *o, char c)
{
	char *p = out_room(o, 1);

	if (p) {
		*p = c;
		o->used++;
	}
}

void out_fill(struct out *o, char c, size_t n)
{
	while (n) {
		size_t part = n < OUT_PIECE ? n : OUT_PIECE;
		char *p = out_room(o, part);

		if (!p)
			return;
		memset(p, c, part);
		o->used += part;
		n -= part;
	}
}

void out_printf(struct out *o, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	if (b.failed && !o->error)
		o->error = ENOMEM;
	out_add(o, b.data, b.length);
	buf_free(&b);
}

/* A byte's digits at to, sep behind them; returns what is behind all. */
static char *put_hex(char *to, const uint8_t *p, const uint8_t *end, char sep)
{
	const size_t each = sep ? 3 : 2;

	for (; p < end; p++, to += each) {
		memcpy(to, pairs + 2 * (size_t)*p, 2);
		if (sep)
			to[2] = sep;
	}
	return to;
}

void out_hex(struct out *o, const uint8_t *p, size_t n, char sep)
{
	const uint8_t *end = p + n;

	while (n) {
		const size_t part = n < OUT_PIECE / 3 ? n : OUT_PIECE / 3;
		char *to = out_room(o, 3 * part);

		if (!to)
			return;
		to = sep ? put_hex(to, end - n, end - n + part, sep) :
			   put_hex(to, end - n, end - n + part, 0);
		n -= part;
		/* none behind the last */
		o->used = (size_t)(to - o->data) - (sep && !n);
	}
}

void out_decimal(struct out *o, uint64_t v)
{
	char text[20], *p = text + sizeof(text);

	do {
		*--p = digits[v % 10];
		v /= 10;
	} while (v);
	out_add(o, p, (size_t)(text + sizeof(text) - p));
}

void out_hex_number(struct out *o, uint64_t v, unsigned least)
{
	char text[18], *p = text + sizeof(text);
	unsigned n = 0;

	do {
		*--p = digits[v & 15];
		v >>= 4;
		n++;
	} while (v || (n < least && n < 16));
	*--p = 'x';
	*--p = '0';
	out_add(o, p, (size_t)(text + sizeof(text) - p));
}

void out_escape(struct out *o, struct ms_text t)
{
	struct buf b = { 0 };

	buf_escape(&b, t);
	if (b.failed && !o->error)
		o->error = ENOMEM;
	out_add(o, b.data, b.length);
	buf_free(&b);
}

void out_wrap(struct out *o, const char *text, unsigned indent, unsigned width)
{
	size_t column = indent;

	for (const char *p = text; *p;) {
		size_t n = strcspn(p, " \n");

		if (column > indent && column + 1 + n > width) {
			out_putc(o, '\n');
			out_fill(o, ' ', indent);
			column = indent;
		} else if (column > indent) {
			out_putc(o, ' ');
			column++;
		}
		out_add(o, p, n);
		column += n;
		p += n;
		if (*p == '\n') {
			out_putc(o, '\n');
			out_fill(o, ' ', indent);
			column = indent;
		}
		if (*p)
			p++;
	}
}
