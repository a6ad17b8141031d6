/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A grid: a line for each stream, a column for each destination, in a cell the
 * verdict and the rule that decides. Where the terminal is too narrow for it,
 * destinations are numbered, rules are cut short, and at last left out. */
#include "config.h"
#include "output/matrix.h"
#include "output/names.h"
#include "output/style.h"

#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define GAP 2
#define VERDICT 7 /* columns of the longest word */
#define LEAST_FILE 16
#define CUT "..."

struct grid {
	size_t file;    /* columns */
	size_t *widths; /* of the destinations */
	bool numbered;
};

/* Each character counts as one column. */
static size_t columns_of(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static char *escaped(const char *s)
{
	struct buf b = { 0 };

	buf_escape(&b, text_of(s));
	return buf_take(&b);
}

static size_t escaped_columns(const char *s)
{
	char *e = escaped(s);
	const size_t n = e ? columns_of(e) : 0;

	free(e);
	return n;
}

static const char *reason(const struct matrix_mark *mark)
{
	if (mark->failed)
		return "not judged";
	if (mark->waived)
		return "waived";
	return mark->rule ? mark->rule : "";
}

static size_t mark_columns(const struct matrix_mark *mark)
{
	const size_t n = strlen(reason(mark));

	return strlen(verdict_name(mark->verdict)) + (n ? 1 + n : 0);
}

static size_t sum(const struct matrix *m, const struct grid *l)
{
	size_t n = l->file;

	for (size_t i = 0; i < m->dest_count; i++)
		n += GAP + l->widths[i];
	return n;
}

static size_t heading_columns(const struct matrix *m, const struct grid *l,
			      size_t i)
{
	char number[24];

	if (!l->numbered)
		return escaped_columns(m->dests[i]);
	return (size_t)snprintf(number, sizeof(number), "[%zu]", i + 1);
}

static void natural_widths(const struct matrix *m, struct grid *l)
{
	for (size_t i = 0; i < m->dest_count; i++) {
		l->widths[i] = heading_columns(m, l, i);
		for (size_t k = 0; k < m->file_count; k++) {
			const size_t n =
				mark_columns(&m->marks[k * m->dest_count + i]);

			if (n > l->widths[i])
				l->widths[i] = n;
		}
	}
}

/* Takes from the widest column until all fit, or none can give more. */
static void narrow(const struct matrix *m, struct grid *l)
{
	for (size_t over = sum(m, l); over > m->width; over--) {
		size_t widest = 0;

		for (size_t i = 1; i < m->dest_count; i++)
			if (l->widths[i] > l->widths[widest])
				widest = i;
		if (l->widths[widest] <= VERDICT ||
		    l->widths[widest] <= heading_columns(m, l, widest))
			return;
		l->widths[widest]--;
	}
}

static bool lay_out(const struct matrix *m, struct grid *l)
{
	size_t over;

	*l = (struct grid){
		.file = 0,
		.widths = mem_zero(m->dest_count, sizeof(*l->widths)),
	};
	if (!l->widths)
		return false;
	for (size_t k = 0; k < m->file_count; k++) {
		const size_t n = escaped_columns(m->files[k]);

		if (n > l->file)
			l->file = n;
	}
	natural_widths(m, l);
	if (!m->width || sum(m, l) <= m->width)
		return true;
	narrow(m, l);
	if (sum(m, l) <= m->width)
		return true;
	l->numbered = true;
	natural_widths(m, l);
	narrow(m, l);
	over = sum(m, l) > m->width ? sum(m, l) - m->width : 0;
	if (l->file > LEAST_FILE)
		l->file -= over < l->file - LEAST_FILE ? over :
							 l->file - LEAST_FILE;
	return true;
}

/* Of a name that is too long the end tells more. */
static size_t put_file(struct out *o, const char *name, size_t width)
{
	char *e = escaped(name);
	const char *p = e ? e : "";
	size_t n = columns_of(p);

	if (n > width) {
		size_t drop = n - width + sizeof(CUT) - 1;

		while (drop--) {
			do
				p++;
			while (((unsigned char)*p & 0xc0) == 0x80);
		}
		out_puts(o, CUT);
		n = width;
	}
	out_puts(o, p);
	free(e);
	return width - n;
}

/* Returns the columns left. */
static size_t put_mark(struct out *o, const struct matrix_mark *mark,
		       size_t width)
{
	const char *why = reason(mark);
	const size_t length = strlen(why);
	size_t left = width - strlen(verdict_name(mark->verdict));

	style_verdict(o, mark->verdict);
	if (!length || left < sizeof(CUT) + 1)
		return left;
	out_putc(o, ' ');
	left--;
	if (length <= left) {
		out_puts(o, why);
		return left - length;
	}
	out_add(o, why, left - (sizeof(CUT) - 1));
	out_puts(o, CUT);
	return 0;
}

static void headings(const struct matrix *m, const struct grid *l,
		     struct out *o)
{
	size_t blanks = l->file;

	for (size_t i = 0; i < m->dest_count; i++) {
		out_fill(o, ' ', blanks + GAP);
		if (l->numbered)
			out_printf(o, "[%zu]", i + 1);
		else
			out_escape(o, text_of(m->dests[i]));
		blanks = l->widths[i] - heading_columns(m, l, i);
	}
	out_putc(o, '\n');
}

static void legend(const struct matrix *m, struct out *o)
{
	for (size_t i = 0; i < m->dest_count; i++) {
		out_printf(o, "[%zu] ", i + 1);
		out_escape(o, text_of(m->dests[i]));
		out_putc(o, '\n');
	}
}

static void totals(const struct matrix *m, struct out *o)
{
	size_t count[MS_UNKNOWN + 1] = { 0 };

	for (size_t i = 0; i < m->file_count * m->dest_count; i++)
		count[m->marks[i].verdict]++;
	out_printf(o, "accept: %zu, refuse: %zu, unknown: %zu\n",
		   count[MS_ACCEPT], count[MS_REFUSE], count[MS_UNKNOWN]);
}

static void end(struct matrix *m, struct out *o)
{
	struct grid l;

	if (!lay_out(m, &l)) {
		o->error = o->error ? o->error : ENOMEM;
		return;
	}
	if (l.numbered)
		legend(m, o);
	headings(m, &l, o);
	for (size_t k = 0; k < m->file_count; k++) {
		size_t blanks = put_file(o, m->files[k], l.file);

		for (size_t i = 0; i < m->dest_count; i++) {
			out_fill(o, ' ', blanks + GAP);
			blanks = put_mark(o, &m->marks[k * m->dest_count + i],
					  l.widths[i]);
		}
		out_putc(o, '\n');
	}
	totals(m, o);
	free(l.widths);
}

static void start(struct matrix *m, struct out *o)
{
	(void)m;
	(void)o;
}

const struct matrix_format matrix_text = {
	.name = "text",
	.start = start,
	.row = matrix_keep_row,
	.end = end,
};
