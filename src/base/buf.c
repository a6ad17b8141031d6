/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/buf.h"
#include "base/mem.h"

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

/* Code points that change how the text around them looks, that end a line,
 * or that no XML document may hold. */
static const struct {
	uint32_t first, last;
} unprintable[] = {
	{ 0x00, 0x1f },     { '\\', '\\' },     /* ours, starts an escape */
	{ 0x7f, 0x9f },     { 0x061c, 0x061c }, /* Arabic letter mark */
	{ 0x200e, 0x200f }, /* left-to-right and right-to-left mark */
	{ 0x2028, 0x202e }, /* separators, embeddings, overrides */
	{ 0x2066, 0x2069 }, /* isolates */
	{ 0xfffe, 0xffff },
};

static bool is_printable(uint32_t c)
{
	for (size_t i = 0; i < sizeof(unprintable) / sizeof(*unprintable); i++)
		if (c >= unprintable[i].first && c <= unprintable[i].last)
			return false;
	return true;
}

/* Length of the UTF-8 sequence at p, 0 when there is none (RFC 3629: no
 * overlong forms, no surrogates, nothing past U+10FFFF). */
static size_t utf8_length(const unsigned char *p, size_t left, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = p[0];
	size_t n;

	if (c < 0x80) {
		*ret = c;
		return 1;
	}
	if (c >= 0xc2 && c <= 0xdf)
		n = 2;
	else if (c >= 0xe0 && c <= 0xef)
		n = 3;
	else if (c >= 0xf0 && c <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > left)
		return 0;
	c &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return n;
}

void buf_escape(struct buf *b, struct ms_text t)
{
	const unsigned char *p = (const unsigned char *)t.bytes;
	size_t plain = 0, i = 0;

	while (i < t.length) {
		uint32_t c = 0;
		size_t n = utf8_length(p + i, t.length - i, &c);

		if (n && is_printable(c)) {
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
