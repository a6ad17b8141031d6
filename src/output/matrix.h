/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `matrix`: what each destination does with each stream.
 *
 *	format->start(&m, out);
 *	for each file: fill m.row, format->row(&m, i, out);
 *	format->end(&m, out);
 */
#ifndef OUTPUT_MATRIX_H
#define OUTPUT_MATRIX_H

#include "output/report.h"

/* One stream into one destination. */
struct matrix_cell {
	enum ms_verdict verdict;
	size_t errors, warnings;
	const char *rule; /* that decides; lives as long as the program */
	char *path;       /* in the stream; NULL like the two below */
	char *predicted;  /* first line that QEMU prints */
	char *error;      /* why it could not be read */
	enum outcome outcome;
	size_t waived; /* findings */
	/* One finding for reports: of those that count the first that decides,
	 * else the first, else a waived one that decides. .lead.f is NULL: none;
	 * else &what, whose texts are the cell's own. */
	struct report_finding lead;
	struct ms_finding what;
	enum report_places places;
};

/* What the grid keeps of a cell: rows are many. */
struct matrix_mark {
	enum ms_verdict verdict;
	bool failed;
	bool waived; /* all that counts */
	const char *rule;
};

struct matrix {
	const char *const *files, *const *dests;
	size_t file_count, dest_count;
	struct matrix_mark *marks;     /* row by row, zeroed at first */
	unsigned width;                /* columns of the terminal; 0: any */
	const struct waivers *waivers; /* NULL: none were given */
};

/* As a report of one finding. */
struct report matrix_report(const struct matrix *m, size_t file, size_t dest,
			    const struct matrix_cell *cell);

struct matrix_format {
	const char *name;
	void (*start)(struct matrix *m, struct out *o);
	/* cells: one for each destination. */
	void (*row)(struct matrix *m, size_t file,
		    const struct matrix_cell *cells, struct out *o);
	void (*end)(struct matrix *m, struct out *o);
};

extern const struct matrix_format matrix_text, matrix_csv, matrix_json;
/* NULL: there is none. */
const struct matrix_format *matrix_format_find(const char *name);

#endif
