/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/explain.h"
#include "output/style.h"
#include "output/table.h"

#include "check/rules-says.h"

#define INDENT 2

static void paragraph(struct out *o, struct ms_text t, unsigned width)
{
	const bool item = text_starts(t, TEXT("- "));
	struct buf b = { 0 };

	buf_add(&b, t.bytes + (item ? 2 : 0), t.length - (item ? 2 : 0));
	out_puts(o, item ? "  - " : "  ");
	if (b.data && !b.failed)
		out_wrap(o, b.data, item ? 2 * INDENT : INDENT, width);
	out_putc(o, '\n');
	buf_free(&b);
}

struct lines {
	struct out *o;
	unsigned width;
	bool any;
};

static void message(void *ctx, const char *pattern, const char *when)
{
	struct lines *l = ctx;
	struct buf b = { 0 };

	if (!l->any)
		out_puts(l->o, "\nWhat QEMU prints\n");
	l->any = true;
	says_print(&b, pattern);
	if (*when)
		buf_printf(&b, "   (%s)", when);
	out_puts(l->o, "  ");
	if (b.data && !b.failed)
		out_wrap(l->o, b.data, 2 * INDENT, l->width);
	out_putc(l->o, '\n');
	buf_free(&b);
}

static void full(struct out *o, const struct rule *r, unsigned width)
{
	const struct rule_help h = rule_help_of(r);
	struct explain_part parts[EXPLAIN_PARTS];
	struct lines l = { o, width, false };
	struct ms_text t;

	out_printf(o, "%s (", r->id);
	style_severities(o, explain_severity(r));
	out_puts(o, ")\n");
	out_wrap(o, h.summary, 0, width);
	out_putc(o, '\n');
	explain_parts(parts, &h);
	for (size_t i = 0; i < EXPLAIN_PARTS; i++) {
		const char *text = parts[i].text;

		if (text)
			out_printf(o, "\n%s\n", parts[i].title);
		while (explain_paragraph(&text, &t))
			paragraph(o, t, width);
		if (!strcmp(parts[i].key, "qemu"))
			says_of(r, message, &l);
	}
}

/* Rules of one subject, or those that a message belongs to. */
static void lines_of(struct out *o, const struct explained *list, size_t n)
{
	static const struct table_column columns[] = {
		{ NULL, false },
		{ NULL, false },
		{ NULL, false },
	};
	struct table t;

	table_start(&t, columns, sizeof(columns) / sizeof(columns[0]));
	t.painted = 1;
	t.paint = style_severities;
	for (size_t i = 0; i < n; i++) {
		table_cell(&t, "%s", list[i].rule->id);
		table_cell(&t, "%s", explain_severity(list[i].rule));
		table_cell(&t, "%s", rule_help_of(list[i].rule).summary);
	}
	table_print(&t, o);
}

static const char *heading(const struct explained *e, bool behind)
{
	if (e->why == EXPLAIN_SAYS)
		return behind ? "Other rules with a message like this" :
				"Several rules have this message";
	if (e->why == EXPLAIN_ALIKE)
		return "No rule has quite this message; the nearest";
	return rule_help_of(e->rule).subject;
}

/* How many lines go under one heading. */
static size_t run_of(const struct explained *list, size_t n)
{
	const char *title = heading(list, false);
	size_t i = 1;

	while (i < n && !list[i].full && list[i].why == list->why &&
	       !strcmp(heading(&list[i], false), title))
		i++;
	return i;
}

static void print(struct out *o, const struct explain_report *r)
{
	for (size_t i = 0; i < r->count;) {
		const struct explained *e = &r->list[i];
		size_t n = 1;

		if (i)
			out_putc(o, '\n');
		if (e->full) {
			full(o, e->rule, r->width);
		} else {
			n = run_of(e, r->count - i);
			out_printf(o, "%s\n", heading(e, i && e[-1].full));
			lines_of(o, e, n);
		}
		i += n;
	}
}

const struct explain_format explain_text = {
	.name = "text",
	.print = print,
};
