/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/buf.h"
#include "base/mem.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

static const char digits[] = "0123456789abcdef";

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

void buf_clear(struct buf *b)
{
	b->length = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = '\0';
}

void buf_cut(struct buf *b, size_t length)
{
	if (b->failed || length >= b->length)
		return;
	b->length = length;
	b->data[length] = '\0';
}

/* Room for n more bytes and the NUL. */
static bool buf_reserve(struct buf *b, size_t n)
{
	size_t room = b->room;
	char *data;

	if (b->failed)
		return false;
	if (n < room - b->length)
		return true;
	if (n > SIZE_MAX / 2 - 64 - b->length) {
		b->failed = true;
		return false;
	}
	room = room ? room : 64;
	while (room <= b->length + n)
		room *= 2;
	data = mem_resize(b->data, room);
	if (!data) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->room = room;
	return true;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (!buf_reserve(b, n))
		return;
	if (n)
		memcpy(b->data + b->length, p, n);
	b->length += n;
	b->data[b->length] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	size_t room;
	int n;

	if (!buf_reserve(b, 0))
		return;
	room = b->room - b->length;
	va_copy(again, ap);
	n = vsnprintf(b->data + b->length, room, fmt, ap);
	if (n < 0) {
		b->failed = true;
	} else if ((size_t)n < room) {
		b->length += (size_t)n;
	} else if (buf_reserve(b, (size_t)n)) {
		vsnprintf(b->data + b->length, (size_t)n + 1, fmt, again);
		b->length += (size_t)n;
	}
	/* whatever happened: nothing half-written stays visible */
	b->data[b->length] = '\0';
	va_end(again);
}

void buf_hex(struct buf *b, const uint8_t *p, size_t n, char sep)
{
	for (size_t i = 0; i < n; i++) {
		if (sep && i)
			buf_putc(b, sep);
		buf_putc(b, digits[p[i] >> 4]);
		buf_putc(b, digits[p[i] & 15]);
	}
}

void buf_escape(struct buf *b, struct ms_text t)
{
	const unsigned char *p = (const unsigned char *)t.bytes;
	size_t plain = 0, i = 0;

	while (i < t.length) {
		uint32_t c = 0;
		size_t n = utf8_length(p + i, t.length - i, &c);

		if (n && utf8_printable(c)) {
			i += n;
			continue;
		}
		buf_add(b, t.bytes + plain, i - plain);
		for (n = n ? n : 1; n; n--, i++) {
			buf_add(b, "\\x", 2);
			buf_hex(b, p + i, 1, 0);
		}
		plain = i;
	}
	if (plain < t.length)
		buf_add(b, t.bytes + plain, t.length - plain);
}

char *buf_take(struct buf *b)
{
	char *s;

	buf_reserve(b, 0);
	if (b->failed) {
		buf_free(b);
		return NULL;
	}
	s = b->data;
	s[b->length] = '\0';
	*b = (struct buf){ 0 };
	return s;
}

char *buf_text(const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	return buf_take(&b);
}
