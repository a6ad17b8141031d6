/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comma-separated values (RFC 4180) with a line of names, one line for each
 * stream and destination. */
#include "config.h"
#include "output/matrix.h"
#include "output/names.h"

static void value(struct out *o, const char *s, bool last)
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
	out_puts(o, last ? "\r\n" : ",");
}

static void start(struct matrix *m, struct out *o)
{
	(void)m;
	out_puts(o, "file,dest,verdict,rule,path,predicted_error,error\r\n");
}

static void row(struct matrix *m, size_t file, const struct matrix_cell *cells,
		struct out *o)
{
	for (size_t i = 0; i < m->dest_count; i++) {
		const struct matrix_cell *c = &cells[i];

		value(o, m->files[file], false);
		value(o, m->dests[i], false);
		value(o, verdict_name(c->verdict), false);
		value(o, c->rule, false);
		value(o, c->path, false);
		value(o, c->predicted, false);
		value(o, c->error, true);
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
