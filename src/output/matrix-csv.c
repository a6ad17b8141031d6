/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comma-separated values (RFC 4180) with a line of names, one line for each
 * stream and destination. */
#include "config.h"
#include "output/matrix.h"
#include "output/names.h"

static void put(struct out *o, const char *s)
{
	const bool quoted = s && strpbrk(s, ",\"\r\n");

	if (quoted)
		out_putc(o, '"');
	for (; s && *s; s++) {
		if (*s == '"')
			out_putc(o, '"');
		out_putc(o, *s);
	}
	if (quoted)
		out_putc(o, '"');
}

static void value(struct out *o, const char *s)
{
	put(o, s);
	out_putc(o, ',');
}

static void start(struct matrix *m, struct out *o)
{
	(void)m;
	out_puts(o, "file,dest,verdict,rule,path,predicted_error,error,waived,"
		    "machine,written_by,direction\r\n");
}

static void row(struct matrix *m, size_t file, const struct matrix_cell *cells,
		struct out *o)
{
	for (size_t i = 0; i < m->dest_count; i++) {
		const struct matrix_cell *c = &cells[i];
		struct buf writer = { 0 };

		value(o, m->files[file]);
		value(o, m->dests[i]);
		value(o, verdict_name(c->verdict));
		value(o, c->rule);
		value(o, c->path);
		value(o, c->predicted);
		value(o, c->error);
		out_printf(o, "%zu,", c->waived);
		value(o, c->machine);
		if (c->writer.last)
			matrix_releases_print(&writer, c->writer);
		value(o, writer.failed ? NULL : writer.data);
		put(o, matrix_way_name(c->way));
		out_puts(o, "\r\n");
		buf_free(&writer);
	}
}

static void end(struct matrix *m, struct out *o)
{
	(void)m;
	(void)o;
}

const struct matrix_format matrix_csv = {
	.name = "csv",
	.start = start,
	.row = row,
	.end = end,
};
