/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/matrix.h"

#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

const struct matrix_format *matrix_format_find(const char *name)
{
	static const struct matrix_format *const formats[] = {
		&matrix_text, &matrix_csv, &matrix_json, &matrix_markdown,
		&matrix_rst
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

static char *copy(struct out *o, const char *s)
{
	char *c = s ? mem_strdup(s) : NULL;

	if (s && !c && !o->error)
		o->error = ENOMEM;
	return c;
}

void matrix_keep_row(struct matrix *m, size_t file,
		     const struct matrix_cell *cells, struct out *o)
{
	struct matrix_stream *s = &m->streams[file];

	for (size_t i = 0; i < m->dest_count; i++) {
		const struct matrix_cell *c = &cells[i];

		m->marks[file * m->dest_count + i] = (struct matrix_mark){
			.verdict = c->verdict,
			.failed = c->error,
			.waived = c->outcome == OUTCOME_CLEAN &&
				  c->verdict == MS_REFUSE && c->waived,
			.rule = c->rule,
			.way = c->way,
			.known = c->known,
			.says = copy(o, c->error ? c->error : c->predicted),
		};
		if (!s->writer.last)
			s->writer = c->writer;
		if (!s->machine)
			s->machine = copy(o, c->machine);
	}
}

void matrix_forget(struct matrix *m)
{
	for (size_t i = 0; m->marks && i < m->file_count * m->dest_count; i++)
		free(m->marks[i].says);
	for (size_t i = 0; m->streams && i < m->file_count; i++)
		free(m->streams[i].machine);
	free(m->marks);
	free(m->streams);
}

struct report matrix_report(const struct matrix *m, size_t file, size_t dest,
			    const struct matrix_cell *cell)
{
	return (struct report){
		.file = m->files[file],
		.error = cell->error,
		.dest = m->dests[dest],
		.verdict = cell->verdict,
		.predicted = cell->predicted,
		.outcome = cell->outcome,
		.places = cell->places,
		.findings = &cell->lead,
		.count = cell->lead.f != NULL,
		.waived = cell->waived,
	};
}

const char *matrix_way_name(enum matrix_way way)
{
	static const char *const names[] = {
		[WAY_SAME] = "same",
		[WAY_FORWARD] = "forward",
		[WAY_BACKWARD] = "backward",
	};

	return names[way];
}

static void print_version(struct buf *b, unsigned v)
{
	buf_printf(b, "%u.%u", v / 100, v % 100);
}

void matrix_releases_print(struct buf *b, struct matrix_releases r)
{
	if (!r.last) {
		buf_puts(b, "unknown");
		return;
	}
	buf_puts(b, "QEMU ");
	if (r.first)
		print_version(b, r.first);
	if (r.last == r.first)
		return;
	if (r.last == UINT_MAX) {
		buf_puts(b, " or newer");
		return;
	}
	if (r.first)
		buf_puts(b, " to ");
	print_version(b, r.last);
	if (!r.first)
		buf_puts(b, " or older");
}
