/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only way of text into the page. */
#include "config.h"
#include "output/html.h"
#include "output/table.h"

#include <errno.h>

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Printable UTF-8, as buf_escape() leaves it. */
static void put(struct out *o, const char *p, size_t n)
{
	size_t plain = 0;

	for (size_t i = 0; i < n; i++) {
		const char *e = entity(p[i]);

		if (!e)
			continue;
		out_add(o, p + plain, i - plain);
		out_puts(o, e);
		plain = i + 1;
	}
	if (plain < n)
		out_add(o, p + plain, n - plain);
}

static bool is_plain(struct ms_text t)
{
	for (size_t i = 0; i < t.length; i++)
		if (t.bytes[i] < ' ' || t.bytes[i] > '~' || t.bytes[i] == '\\')
			return false;
	return true;
}

void html_name(struct out *o, struct ms_text t)
{
	struct buf b = { 0 };

	if (is_plain(t)) {
		put(o, t.bytes, t.length);
		return;
	}
	buf_escape(&b, t);
	if (b.failed && !o->error)
		o->error = ENOMEM;
	put(o, b.data, b.length);
	buf_free(&b);
}

/* The backslash starts an escape, which is not to be escaped again; all else
 * that is not printable should have been, and is here. */
void html_text(struct out *o, const char *s)
{
	while (s && *s) {
		size_t n = strcspn(s, "\\");

		html_name(o, text_make(s, n));
		s += n;
		if (*s) {
			out_putc(o, '\\');
			s++;
		}
	}
}

void html_number(struct out *o, uint64_t v)
{
	char text[32], *p = text + sizeof(text);
	unsigned digits = 0;

	*--p = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + v % 10);
		v /= 10;
		digits++;
	} while (v);
	out_puts(o, p);
}

void html_human(struct out *o, const char *human)
{
	for (; *human; human++)
		if (*human == ' ')
			out_puts(o, "&nbsp;");
		else
			out_putc(o, *human);
}

void html_size(struct out *o, uint64_t bytes)
{
	char human[16];

	html_counted(o, bytes, "byte");
	if (!human_size(human, bytes))
		return;
	out_puts(o, " (");
	html_human(o, human);
	out_putc(o, ')');
}

void html_counted(struct out *o, uint64_t n, const char *what)
{
	html_number(o, n);
	out_putc(o, ' ');
	out_puts(o, what);
	if (n != 1)
		out_putc(o, 's');
}
