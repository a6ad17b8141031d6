/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/table.h"

#include <errno.h>
#include <stdio.h>

/* Columns a text takes; our names are nearly always ASCII, and each
 * character beyond it counts as one. */
static unsigned columns_of(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

void table_start(struct table *t, const struct table_column *columns,
		 unsigned n)
{
	*t = (struct table){
		.columns = columns,
		.column_count = n,
		.indent = 2,
	};
	for (unsigned i = 0; columns[0].heading && i < n; i++)
		t->width[i] = columns_of(columns[i].heading);
}

static void end_cell(struct table *t, size_t start)
{
	const size_t column = t->cells++ % t->column_count;
	unsigned width;

	buf_putc(&t->text, '\0');
	if (t->text.failed)
		return;
	width = columns_of(t->text.data + start);
	if (width > t->width[column])
		t->width[column] = width;
}

void table_text(struct table *t, struct ms_text cell)
{
	const size_t start = t->text.length;

	buf_escape(&t->text, cell);
	end_cell(t, start);
}

void table_cell(struct table *t, const char *fmt, ...)
{
	const size_t start = t->text.length;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&t->text, fmt, ap);
	va_end(ap);
	end_cell(t, start);
}

/* blanks: owed since the last cell, so that no line ends in any. */
static size_t print_cell(const struct table *t, unsigned column, const char *s,
			 struct out *o, size_t blanks)
{
	const size_t pad = t->width[column] - columns_of(s);

	if (!*s)
		return blanks + pad + 2;
	out_fill(o, ' ', blanks + (t->columns[column].right ? pad : 0));
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
