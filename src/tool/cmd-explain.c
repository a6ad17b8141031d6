/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "check/rules.h"
#include "output/names.h"
#include "output/table.h"

#define TEXT_WIDTH 80
#define MAX_ID 64      /* of what is compared; ids are shorter */
#define CLOSE_ENOUGH 3 /* changed letters in a mistyped id */
#define MAX_HINTS 4

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to change, add or drop to make a into b. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[MAX_ID + 1];
	const size_t n = strlen(b);

	if (n > MAX_ID)
		return MAX_ID;
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; *a; a++, i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			const unsigned above = row[j];

			row[j] = least(least(row[j - 1], above) + 1,
				       diagonal + (b[j - 1] != *a));
			diagonal = above;
		}
	}
	return row[n];
}

static bool close_to(const char *wanted, const char *id)
{
	if (strlen(wanted) > 2 && (strstr(id, wanted) || strstr(wanted, id)))
		return true;
	return distance(wanted, id) <= CLOSE_ENOUGH;
}

static enum exit_status unknown(struct arguments *a, const char *wanted)
{
	struct buf hints = { 0 };
	unsigned n = 0;

	for (size_t i = 0; i < rule_count() && n < MAX_HINTS; i++) {
		const char *id = rule_at(i)->id;

		if (close_to(wanted, id))
			buf_printf(&hints, "%s%s",
				   n++ ? ", " : " (close: ", id);
	}
	usage_error(a->command, "no rule '%s'%s%s", wanted,
		    hints.data ? hints.data : "", hints.data ? ")" : "");
	buf_free(&hints);
	return EXIT_TROUBLE;
}

static void list(struct out *o)
{
	static const struct table_column columns[] = {
		{ NULL, false },
		{ NULL, false },
		{ NULL, false },
	};
	struct table t;

	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	t.indent = 0;
	for (size_t i = 0; i < rule_count(); i++) {
		const struct rule *r = rule_at(i);

		table_cell(&t, "%s", r->id);
		table_cell(&t, "%s", severity_name(r->severity));
		table_cell(&t, "%s", r->summary);
	}
	table_print(&t, o);
}

static enum exit_status run(struct arguments *a)
{
	const struct rule *r;

	if (!a->operand_count) {
		list(a->out);
		return EXIT_CLEAN;
	}
	r = rule_find(a->operands[0]);
	if (!r)
		return unknown(a, a->operands[0]);
	out_printf(a->out, "%s (%s)\n\n", r->id, severity_name(r->severity));
	out_wrap(a->out, r->summary, 0, TEXT_WIDTH);
	if (r->help && *r->help) {
		out_puts(a->out, "\n\n");
		out_wrap(a->out, r->help, 0, TEXT_WIDTH);
	}
	out_putc(a->out, '\n');
	return EXIT_CLEAN;
}

const struct command cmd_explain = {
	.name = "explain",
	.synopsis = "explain [RULE]",
	.summary = "What a rule of check or compat means and what mends it",
	.options = (const struct option_row *const[]){ NULL },
	.examples = (const char *const[]){ "migscope explain",
					   "migscope explain footer-missing",
					   NULL },
	.least = 0,
	.most = 1,
	.run = run,
};
