/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One object for each stream and destination, each on a line of its own. */
#include "config.h"
#include "output/json-writer.h"
#include "output/matrix.h"
#include "output/names.h"

static void nothing(struct matrix *m, struct out *o)
{
	(void)m;
	(void)o;
}

static void cell(const struct matrix_cell *c, const char *file,
		 const char *dest, struct out *o)
{
	struct buf writer = { 0 };
	struct json_writer w;

	json_start(&w, o);
	json_object(&w);
	report_string(&w, "file", file);
	report_string(&w, "dest", dest);
	report_string(&w, "verdict", verdict_name(c->verdict));
	report_string(&w, "rule", c->rule);
	report_string(&w, "path", c->path);
	report_string(&w, "predicted_error", c->predicted);
	report_string(&w, "machine", c->machine);
	matrix_releases_print(&writer, c->writer);
	report_string(&w, "written_by",
		      c->writer.last && !writer.failed ? writer.data : NULL);
	report_string(&w, "direction", matrix_way_name(c->way));
	json_key(&w, "errors");
	json_uint(&w, c->errors);
	json_key(&w, "warnings");
	json_uint(&w, c->warnings);
	json_key(&w, "waived");
	json_uint(&w, c->waived);
	if (c->error)
		report_string(&w, "error", c->error);
	json_end(&w);
	out_putc(o, '\n');
	buf_free(&writer);
}

static void row(struct matrix *m, size_t file, const struct matrix_cell *cells,
		struct out *o)
{
	for (size_t i = 0; i < m->dest_count; i++)
		cell(&cells[i], m->files[file], m->dests[i], o);
}

static void end(struct matrix *m, struct out *o)
{
	report_waivers_line(o, m->waivers);
}

const struct matrix_format matrix_json = {
	.name = "json",
	.start = nothing,
	.row = row,
	.end = end,
};
