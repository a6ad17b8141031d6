/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/json-writer.h"

#include "base/utf8.h"

#include <errno.h>

/* What a level of the nesting is. */
enum {
	LEVEL_OBJECT = 1,
	LEVEL_USED = 2, /* has a member: the next needs a comma */
};

void json_start(struct json_writer *w, struct out *out)
{
	w->out = out;
	w->indent = 0;
	w->wrap = JSON_MAX_DEPTH;
	w->ascii = false;
	w->depth = 0;
	w->keyed = false;
}

static bool wrapped(const struct json_writer *w)
{
	return w->indent && w->depth <= w->wrap;
}

static void break_line(struct json_writer *w, unsigned depth)
{
	const size_t n = 1 + (size_t)depth * w->indent;
	char *p = n <= OUT_PIECE ? out_room(w->out, n) : NULL;

	if (p) {
		p[0] = '\n';
		memset(p + 1, ' ', n - 1);
		w->out->used += n;
	} else {
		out_putc(w->out, '\n');
		out_fill(w->out, ' ', n - 1);
	}
}

/* Whatever stands between the last member and the one to come. */
static void separate(struct json_writer *w)
{
	uint8_t *level;

	if (!w->depth)
		return;
	level = &w->level[w->depth - 1];
	if (*level & LEVEL_USED)
		out_putc(w->out, ',');
	if (wrapped(w))
		break_line(w, w->depth);
	else if (w->indent && (*level & LEVEL_USED))
		out_putc(w->out, ' ');
	*level |= LEVEL_USED;
}

static void value(struct json_writer *w)
{
	if (!w->keyed)
		separate(w);
	w->keyed = false;
}

static void open_level(struct json_writer *w, uint8_t level)
{
	value(w);
	if (w->depth == JSON_MAX_DEPTH) {
		if (!w->out->error)
			w->out->error = EOVERFLOW;
		return;
	}
	w->level[w->depth++] = level;
	out_putc(w->out, level & LEVEL_OBJECT ? '{' : '[');
}

void json_object(struct json_writer *w)
{
	open_level(w, LEVEL_OBJECT);
}

void json_array(struct json_writer *w)
{
	open_level(w, 0);
}

void json_end(struct json_writer *w)
{
	uint8_t level;

	if (!w->depth)
		return;
	level = w->level[w->depth - 1];
	if ((level & LEVEL_USED) && wrapped(w))
		break_line(w, w->depth - 1);
	w->depth--;
	out_putc(w->out, level & LEVEL_OBJECT ? '}' : ']');
}

/* Characters that a terminal acts on, or that JavaScript takes for an end
 * of line. */
static bool acts(uint32_t c)
{
	return c < 0xa0 || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0x61c || c == 0xfeff;
}

static void put_u(struct json_writer *w, uint32_t c)
{
	static const char digits[] = "0123456789abcdef";
	char text[6] = { '\\',
			 'u',
			 digits[c >> 12 & 15],
			 digits[c >> 8 & 15],
			 digits[c >> 4 & 15],
			 digits[c & 15] };

	if (c < 0x10000) {
		out_add(w->out, text, sizeof(text));
		return;
	}
	c -= 0x10000;
	put_u(w, 0xd800 + (c >> 10));
	put_u(w, 0xdc00 + (c & 0x3ff));
}

static size_t put_special(struct json_writer *w, const uint8_t *p, size_t n)
{
	static const char shorts[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *found;
	uint32_t c = p[0];
	size_t length;

	if (c < 0x80) {
		found = c ? strchr(shorts, (int)c) : NULL;
		if (found) {
			out_putc(w->out, '\\');
			out_putc(w->out, letters[found - shorts]);
		} else {
			put_u(w, c);
		}
		return 1;
	}
	length = utf8_length(p, n, &c);
	if (!length) {
		out_puts(w->out, "\\\\x");
		out_hex(w->out, p, 1, 0);
		return 1;
	}
	if (w->ascii || acts(c))
		put_u(w, c);
	else
		out_add(w->out, p, length);
	return length;
}

static void put_text(struct json_writer *w, struct ms_text t)
{
	const uint8_t *p = (const uint8_t *)t.bytes;
	size_t plain = 0, i = 0;

	out_putc(w->out, '"');
	while (i < t.length) {
		if (p[i] >= 0x20 && p[i] < 0x7f && p[i] != '"' &&
		    p[i] != '\\') {
			i++;
			continue;
		}
		out_add(w->out, p + plain, i - plain);
		i += put_special(w, p + i, t.length - i);
		plain = i;
	}
	if (i > plain)
		out_add(w->out, p + plain, i - plain);
	out_putc(w->out, '"');
}

static void after_key(struct json_writer *w)
{
	out_putc(w->out, ':');
	if (w->indent)
		out_putc(w->out, ' ');
	w->keyed = true;
}

void json_key(struct json_writer *w, const char *literal)
{
	separate(w);
	out_putc(w->out, '"');
	out_puts(w->out, literal);
	out_putc(w->out, '"');
	after_key(w);
}

void json_key_text(struct json_writer *w, struct ms_text t)
{
	separate(w);
	put_text(w, t);
	after_key(w);
}

void json_text(struct json_writer *w, struct ms_text t)
{
	value(w);
	put_text(w, t);
}

void json_string(struct json_writer *w, const char *s)
{
	if (s)
		json_text(w, text_of(s));
	else
		json_null(w);
}

void json_uint(struct json_writer *w, uint64_t v)
{
	value(w);
	out_decimal(w->out, v);
}

void json_int(struct json_writer *w, int64_t v)
{
	value(w);
	if (v < 0)
		out_putc(w->out, '-');
	out_decimal(w->out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void json_hex(struct json_writer *w, uint64_t v, unsigned least)
{
	value(w);
	out_putc(w->out, '"');
	out_hex_number(w->out, v, least);
	out_putc(w->out, '"');
}

void json_bytes(struct json_writer *w, const uint8_t *p, size_t n, char sep)
{
	value(w);
	out_putc(w->out, '"');
	out_hex(w->out, p, n, sep);
	out_putc(w->out, '"');
}

void json_bool(struct json_writer *w, bool v)
{
	value(w);
	out_puts(w->out, v ? "true" : "false");
}

void json_null(struct json_writer *w)
{
	value(w);
	out_puts(w->out, "null");
}

void json_raw(struct json_writer *w, const char *p, size_t n)
{
	value(w);
	out_add(w->out, p, n);
}
