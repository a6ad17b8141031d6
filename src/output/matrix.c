/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/matrix.h"

const struct matrix_format *matrix_format_find(const char *name)
{
	static const struct matrix_format *const formats[] = { &matrix_text,
							       &matrix_csv,
							       &matrix_json };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
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
