/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aligned columns for people. Cells are added row by row; the table is
 * printed once all widths are known.
 *
 *	table_start(&t, columns, n);
 *	table_text(&t, name), table_cell(&t, "%u", id) …
 *	table_print(&t, out);           // also frees
 */
#ifndef OUTPUT_TABLE_H
#define OUTPUT_TABLE_H

#include "output/out.h"

#define TABLE_COLUMNS 12

struct table_column {
	const char *heading; /* NULL in the first: no headings at all */
	bool right;          /* numbers */
};

struct table {
	const struct table_column *columns;
	unsigned column_count;
	unsigned indent; /* blanks before each row; 2 at first */
	/* What puts the cells of a column in colour, or NULL. */
	void (*paint)(struct out *o, const char *cell);
	unsigned painted; /* that column */
	unsigned width[TABLE_COLUMNS];
	size_t cells;
	struct buf text; /* all cells, each ended by NUL */
};

void table_start(struct table *t, const struct table_column *columns,
		 unsigned n);
void table_text(struct table *t, struct ms_text cell);
void table_cell(struct table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void table_print(struct table *t, struct out *o);

/* "1.5 GiB"; false below 1 KiB, where the number itself reads well. */
bool human_size(char ret[16], uint64_t bytes);

#endif
