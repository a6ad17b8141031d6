/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Releases by machine types, as release notes have it: for each machine type a
 * table, in it a line for each release that wrote streams of it, a column for
 * each destination, in a cell the direction and whether it works. Streams of
 * one machine type and release share a line. Refusals, and known issues, are
 * numbered and told below the table. In Markdown (GitHub's tables) and in reStructuredText. */
#include "config.h"
#include "output/matrix.h"
#include "output/names.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

struct form {
	const char *title, *behind_title;
	void (*begin_line)(struct out *o);
	void (*begin_cell)(struct out *o, bool first);
	void (*end_cell)(struct out *o);
	void (*end_line)(struct out *o, size_t cells, bool heading);
	const char *special; /* characters that need a backslash */
	const char *literal; /* around text that is to stay as it is */
};

/* A refusal or a known issue, below the table. */
struct note {
	const char *file, *rule, *says;
	const char *about; /* of a known issue; or NULL */
	bool more;         /* files with the same */
};

struct item {
	size_t file;
	const struct matrix_stream *stream;
};

struct grid {
	const struct matrix *m;
	const struct form *form;
	struct out *o;
	struct item *order; /* by machine type and release */
	struct note *notes;
	size_t note_count;
	size_t works[WAY_BACKWARD + 1], all[WAY_BACKWARD + 1];
};

/* ---- text ---- */

static void prose(const struct grid *g, const char *s)
{
	struct buf b = { 0 };

	buf_escape(&b, text_of(s));
	for (const char *p = b.data; p && *p; p++) {
		if (strchr(g->form->special, *p))
			out_putc(g->o, '\\');
		out_putc(g->o, *p);
	}
	if (b.failed && !g->o->error)
		g->o->error = ENOMEM;
	buf_free(&b);
}

/* A quote inside would end it. */
static void literal(const struct grid *g, const char *s)
{
	struct buf b = { 0 };

	buf_escape(&b, text_of(s));
	out_puts(g->o, g->form->literal);
	for (const char *p = b.data; p && *p; p++)
		out_putc(g->o, *p == '`' ? '\'' : *p);
	out_puts(g->o, g->form->literal);
	if (b.failed && !g->o->error)
		g->o->error = ENOMEM;
	buf_free(&b);
}

/* ---- Markdown ---- */

static void md_begin_line(struct out *o)
{
	out_putc(o, '|');
}

static void md_begin_cell(struct out *o, bool first)
{
	(void)first;
	out_putc(o, ' ');
}

static void md_end_cell(struct out *o)
{
	out_puts(o, " |");
}

static void md_end_line(struct out *o, size_t cells, bool heading)
{
	out_putc(o, '\n');
	if (!heading)
		return;
	out_putc(o, '|');
	while (cells--)
		out_puts(o, " --- |");
	out_putc(o, '\n');
}

/* ---- reStructuredText: a list-table ---- */

static void rst_begin_line(struct out *o)
{
	(void)o;
}

static void rst_begin_cell(struct out *o, bool first)
{
	out_puts(o, first ? "   * - " : "     - ");
}

static void rst_end_cell(struct out *o)
{
	out_putc(o, '\n');
}

static void rst_end_line(struct out *o, size_t cells, bool heading)
{
	(void)o;
	(void)cells;
	(void)heading;
}

/* ---- rows ---- */

static const struct matrix_stream *stream(const struct grid *g, size_t i)
{
	return g->order[i].stream;
}

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare(const struct matrix_stream *a, const struct matrix_stream *b)
{
	const int machine = compare_text(a->machine, b->machine);

	if (machine)
		return machine;
	if (a->writer.first != b->writer.first)
		return a->writer.first < b->writer.first ? -1 : 1;
	return (a->writer.last > b->writer.last) -
	       (a->writer.last < b->writer.last);
}

static int compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	const int c = compare(x->stream, y->stream);

	return c ? c : (x->file > y->file) - (x->file < y->file);
}

static void sort(struct grid *g)
{
	for (size_t i = 0; i < g->m->file_count; i++)
		g->order[i] = (struct item){ i, &g->m->streams[i] };
	qsort(g->order, g->m->file_count, sizeof(*g->order), compare_items);
}

static const struct matrix_mark *mark(const struct grid *g, size_t i,
				      size_t dest)
{
	return &g->m->marks[g->order[i].file * g->m->dest_count + dest];
}

/* Its number. */
static size_t note(struct grid *g, const char *file,
		   const struct matrix_mark *mark)
{
	const bool known = mark->verdict == MS_ACCEPT;
	const char *rule = known        ? mark->known->id :
			   mark->failed ? "not judged" :
			   mark->rule   ? mark->rule :
					  verdict_name(mark->verdict);
	size_t i = 0;

	while (i < g->note_count &&
	       (strcmp(g->notes[i].rule, rule) ||
		compare_text(g->notes[i].says, mark->says)))
		i++;
	if (i == g->note_count)
		g->notes[g->note_count++] =
			(struct note){ file, rule, mark->says,
				       known ? mark->known->summary : NULL,
				       false };
	else if (strcmp(g->notes[i].file, file))
		g->notes[i].more = true;
	return i + 1;
}

/* Streams [from, to) of the order are of one release and machine type. */
static void cell(struct grid *g, size_t from, size_t to, size_t dest)
{
	const enum matrix_way way = mark(g, from, dest)->way;
	size_t works = 0, unjudged = 0, last = 0;

	for (size_t i = from; i < to; i++) {
		works += mark(g, i, dest)->verdict == MS_ACCEPT;
		unjudged += mark(g, i, dest)->failed;
	}
	g->works[way] += works;
	g->all[way] += to - from;
	if (matrix_way_name(way))
		out_printf(g->o, "%s: ", matrix_way_name(way));
	if (works == to - from)
		out_puts(g->o, "works");
	else if (unjudged == to - from)
		out_puts(g->o, "not judged");
	else if (!works)
		out_puts(g->o, "fails");
	else
		out_printf(g->o, "%zu of %zu work", works, to - from);
	for (size_t i = from; i < to; i++) {
		const struct matrix_mark *m = mark(g, i, dest);
		size_t number;

		if (m->verdict == MS_ACCEPT && !m->known)
			continue;
		number = note(g, g->m->files[g->order[i].file], m);
		if (number == last)
			continue;
		if (!last && works == to - from)
			out_puts(g->o, ", but see");
		out_printf(g->o, " (%zu)", number);
		last = number;
	}
}

static void line(struct grid *g, size_t from, size_t to)
{
	const struct form *f = g->form;
	struct buf b = { 0 };

	f->begin_line(g->o);
	f->begin_cell(g->o, true);
	matrix_releases_print(&b, stream(g, from)->writer);
	prose(g, b.failed ? "" : b.data);
	buf_free(&b);
	f->end_cell(g->o);
	for (size_t d = 0; d < g->m->dest_count; d++) {
		f->begin_cell(g->o, false);
		cell(g, from, to, d);
		f->end_cell(g->o);
	}
	f->end_line(g->o, g->m->dest_count + 1, false);
}

static void heading(struct grid *g, const char *machine)
{
	const struct form *f = g->form;

	out_puts(g->o, f->title);
	prose(g, machine ? machine : "machine type not known");
	out_puts(g->o, f->behind_title);
	f->begin_line(g->o);
	f->begin_cell(g->o, true);
	out_puts(g->o, "saved by");
	f->end_cell(g->o);
	for (size_t d = 0; d < g->m->dest_count; d++) {
		f->begin_cell(g->o, false);
		prose(g, g->m->dests[d]);
		f->end_cell(g->o);
	}
	f->end_line(g->o, g->m->dest_count + 1, true);
}

static void notes(struct grid *g)
{
	out_putc(g->o, '\n');
	for (size_t i = 0; i < g->note_count; i++) {
		const struct note *n = &g->notes[i];

		out_printf(g->o, "%zu. ", i + 1);
		literal(g, n->file);
		if (n->more)
			out_puts(g->o, " and others");
		out_puts(g->o, ": ");
		prose(g, n->rule);
		if (n->about) {
			out_puts(g->o, ": ");
			prose(g, n->about);
		} else if (n->says) {
			out_puts(g->o, ": ");
			literal(g, n->says);
		}
		out_putc(g->o, '\n');
	}
	if (g->note_count)
		out_putc(g->o, '\n');
	g->note_count = 0;
}

/* All lines of one machine type. Returns where the next begins. */
static size_t table(struct grid *g, size_t from)
{
	const char *machine = stream(g, from)->machine;
	size_t to = from;

	heading(g, machine);
	while (from < g->m->file_count &&
	       !compare_text(stream(g, from)->machine, machine)) {
		for (to = from + 1; to < g->m->file_count &&
				    !compare(stream(g, from), stream(g, to));)
			to++;
		line(g, from, to);
		from = to;
	}
	notes(g);
	return from;
}

static void totals(struct grid *g)
{
	const char *between = "";

	for (int way = WAY_SAME; way <= WAY_BACKWARD; way++) {
		if (!g->all[way])
			continue;
		out_printf(g->o, "%s%s: %zu of %zu work", between,
			   matrix_way_name((enum matrix_way)way), g->works[way],
			   g->all[way]);
		between = ", ";
	}
	if (*between)
		out_putc(g->o, '\n');
}

static void print(const struct matrix *m, const struct form *form,
		  struct out *o)
{
	struct grid g = {
		.m = m,
		.form = form,
		.o = o,
		.order = mem_zero(m->file_count, sizeof(*g.order)),
		.notes = mem_zero(m->file_count * m->dest_count,
				  sizeof(*g.notes)),
	};

	if (g.order && g.notes) {
		sort(&g);
		for (size_t i = 0; i < m->file_count;)
			i = table(&g, i);
		totals(&g);
	} else {
		o->error = o->error ? o->error : ENOMEM;
	}
	free(g.order);
	free(g.notes);
}

static void end_markdown(struct matrix *m, struct out *o)
{
	static const struct form form = {
		.title = "### ",
		.behind_title = "\n\n",
		.begin_line = md_begin_line,
		.begin_cell = md_begin_cell,
		.end_cell = md_end_cell,
		.end_line = md_end_line,
		.special = "\\|<>*_[]&#",
		.literal = "`",
	};

	print(m, &form, o);
}

static void end_rst(struct matrix *m, struct out *o)
{
	static const struct form form = {
		.title = ".. list-table:: ",
		.behind_title = "\n   :header-rows: 1\n\n",
		.begin_line = rst_begin_line,
		.begin_cell = rst_begin_cell,
		.end_cell = rst_end_cell,
		.end_line = rst_end_line,
		.special = "\\|*_`",
		.literal = "``",
	};

	print(m, &form, o);
}

static void start(struct matrix *m, struct out *o)
{
	(void)m;
	(void)o;
}

const struct matrix_format matrix_markdown = {
	.name = "markdown",
	.start = start,
	.row = matrix_keep_row,
	.end = end_markdown,
};

const struct matrix_format matrix_rst = {
	.name = "rst",
	.start = start,
	.row = matrix_keep_row,
	.end = end_rst,
};
