/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/table.h"

#include <errno.h>
#include <stdio.h>

#define LEAST_CUT 12 /* columns that a cell keeps on a narrow terminal */

void table_start(struct table *t, const struct table_column *columns,
		 unsigned n)
{
	*t = (struct table){
		.columns = columns,
		.column_count = n,
		.indent = 2,
	};
}

static void end_cell(struct table *t)
{
	t->cells++;
	buf_putc(&t->text, '\0');
}

void table_text(struct table *t, struct ms_text cell)
{
	buf_escape(&t->text, cell);
	end_cell(t);
}

void table_cell(struct table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&t->text, fmt, ap);
	va_end(ap);
	end_cell(t);
}

static void measure(struct table *t, const struct out *o)
{
	const char *s = t->text.data;

	for (unsigned i = 0; t->columns[0].heading && i < t->column_count; i++)
		t->width[i] = out_columns(o, t->columns[i].heading);
	for (size_t i = 0; i < t->cells; i++, s += strlen(s) + 1) {
		const unsigned n = out_columns(o, s);
		const size_t column = i % t->column_count;

		if (n > t->width[column])
			t->width[column] = n;
	}
}

/* Takes from the widest column of text until all fit. Numbers stay whole. */
static void narrow(struct table *t, const struct out *o)
{
	unsigned sum = t->indent + 2 * (t->column_count - 1);

	for (unsigned i = 0; i < t->column_count; i++)
		sum += t->width[i];
	for (; o->width && sum > o->width; sum--) {
		unsigned widest = t->column_count;

		for (unsigned i = 0; i < t->column_count; i++)
			if (!t->columns[i].right && t->width[i] > LEAST_CUT &&
			    (widest == t->column_count ||
			     t->width[i] > t->width[widest]))
				widest = i;
		if (widest == t->column_count)
			return;
		t->width[widest]--;
	}
}

static const char *next(const char *s)
{
	do
		s++;
	while (((unsigned char)*s & 0xc0) == 0x80);
	return s;
}

/* Of a cell that is too wide both ends are shown: what tells names apart may
 * be at either. */
static void print_cut(struct out *o, const char *s, unsigned width)
{
	const unsigned keep = width - 3, head = keep / 2;
	const char *tail = s;
	struct buf b = { 0 };

	for (const char *p = s; *p; p = next(p)) {
		const size_t length = b.length;

		buf_add(&b, p, (size_t)(next(p) - p));
		if (b.failed || out_columns(o, b.data) <= head)
			continue;
		buf_cut(&b, length);
		break;
	}
	if (b.failed) {
		o->error = o->error ? o->error : ENOMEM;
		return;
	}
	while (out_columns(o, tail) > keep - head)
		tail = next(tail);
	out_add(o, b.data, b.length);
	out_puts(o, "...");
	out_puts(o, tail);
	/* where a character did not fit in whole */
	buf_add(&b, tail, strlen(tail));
	if (!b.failed)
		out_fill(o, ' ', keep - out_columns(o, b.data));
	buf_free(&b);
}

/* blanks: owed since the last cell, so that no line ends in any. */
static size_t print_cell(const struct table *t, unsigned column, const char *s,
			 struct out *o, size_t blanks)
{
	const unsigned width = t->width[column], n = out_columns(o, s);
	const size_t pad = n < width ? width - n : 0;

	if (!*s)
		return blanks + pad + 2;
	out_fill(o, ' ', blanks + (t->columns[column].right ? pad : 0));
	if (n > width)
		print_cut(o, s, width);
	else if (t->paint && t->painted == column)
		t->paint(o, s);
	else
		out_puts(o, s);
	return 2 + (t->columns[column].right ? 0 : pad);
}

void table_print(struct table *t, struct out *o)
{
	const char *s = t->text.data;
	size_t blanks = t->indent;

	if (t->text.failed) {
		if (!o->error)
			o->error = ENOMEM;
		buf_free(&t->text);
		return;
	}
	measure(t, o);
	narrow(t, o);
	if (t->columns[0].heading) {
		for (unsigned i = 0; i < t->column_count; i++)
			blanks = print_cell(t, i, t->columns[i].heading, o,
					    blanks);
		out_putc(o, '\n');
		blanks = t->indent;
	}
	for (size_t i = 0; i < t->cells; i++) {
		const unsigned column = (unsigned)(i % t->column_count);

		blanks = print_cell(t, column, s, o, blanks);
		s += strlen(s) + 1;
		if (column + 1 == t->column_count) {
			out_putc(o, '\n');
			blanks = t->indent;
		}
	}
	buf_free(&t->text);
}

bool human_size(char ret[16], uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	uint64_t unit = 1024;
	unsigned i = 0;

	if (bytes < unit)
		return false;
	while (i < sizeof(units) - 2 && bytes / 1024 >= unit) {
		unit *= 1024;
		i++;
	}
	if (bytes % unit)
		snprintf(ret, 16, "%.1f %ciB", (double)bytes / (double)unit,
			 units[i]);
	else
		snprintf(ret, 16, "%u %ciB", (unsigned)(bytes / unit),
			 units[i]);
	return true;
}
