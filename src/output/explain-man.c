/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* migscope-rules(7), in mdoc(7). man/migscope-rules.7 is what this prints. */
#include "config.h"
#include "output/explain.h"

#include "check/rules-says.h"

#define WIDTH 76

static void put_word(struct out *o, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] == '\\')
			out_puts(o, "\\e");
		else if (i && p[i] == '(') /* no name of a function to link */
			out_puts(o, "\\&(");
		else
			out_putc(o, p[i]);
}

/* A sentence begins a line, and none is longer than WIDTH; see mdoc(7). */
static void prose(struct out *o, struct ms_text t)
{
	size_t column = 0;

	for (size_t i = 0, n; i < t.length; i += n + 1) {
		for (n = 0; i + n < t.length && t.bytes[i + n] != ' '; n++)
			;
		if (column && column + 1 + n > WIDTH)
			column = 0, out_putc(o, '\n');
		else if (column)
			column++, out_putc(o, ' ');
		if (!column && (t.bytes[i] == '.' || t.bytes[i] == '\''))
			out_puts(o, "\\&");
		put_word(o, t.bytes + i, n);
		column += n;
		if (n && i + n < t.length && strchr(".?!", t.bytes[i + n - 1]))
			column = 0, out_putc(o, '\n');
	}
	if (column)
		out_putc(o, '\n');
}

static void part(struct out *o, const char *title, const char *text)
{
	bool in_list = false;
	struct ms_text t;

	if (!text)
		return;
	out_printf(o, ".Pp\n.Em %s .\n", title);
	while (explain_paragraph(&text, &t)) {
		const bool item = text_starts(t, TEXT("- "));

		if (item && !in_list)
			out_puts(o, ".Bl -dash -compact\n");
		else if (!item && in_list)
			out_puts(o, ".El\n");
		if (item)
			out_puts(o, ".It\n");
		prose(o, item ? text_make(t.bytes + 2, t.length - 2) : t);
		in_list = item;
		if (!item && *text && text[0] != '-')
			out_puts(o, ".Pp\n");
	}
	if (in_list)
		out_puts(o, ".El\n");
}

struct lines {
	struct out *o;
	bool any;
};

static void message(void *ctx, const char *pattern, const char *when)
{
	struct lines *l = ctx;
	struct buf b = { 0 };

	if (!l->any)
		out_puts(l->o, ".Pp\n.Em What QEMU prints .\n"
			       ".Bl -dash -compact\n");
	l->any = true;
	says_print(&b, pattern);
	if (*when)
		buf_printf(&b, " (%s)", when);
	out_puts(l->o, ".It\n");
	if (b.data && !b.failed)
		prose(l->o, text_make(b.data, b.length));
	buf_free(&b);
}

static void rule(struct out *o, const struct rule *r)
{
	const struct rule_help h = rule_help_of(r);
	struct explain_part parts[EXPLAIN_PARTS];
	struct lines l = { o, false };

	out_printf(o, ".It Cm %s Pq %s\n", r->id, explain_severity(r));
	prose(o, text_of(h.summary));
	explain_parts(parts, &h);
	for (size_t i = 0; i < EXPLAIN_PARTS; i++) {
		part(o, parts[i].title, parts[i].text);
		if (strcmp(parts[i].key, "qemu"))
			continue;
		says_of(r, message, &l);
		if (l.any)
			out_puts(o, ".El\n");
	}
}

static void print(struct out *o, const struct explain_report *r)
{
	const char *subject = "";

	out_puts(o,
		 ".\\\" SPDX-License-Identifier: LGPL-2.1-or-later\n"
		 ".\\\" Made of doc/rules by: migscope explain --format man\n"
		 ".Dd January 10, 2026\n"
		 ".Dt MIGSCOPE-RULES 7\n"
		 ".Os\n"
		 ".Sh NAME\n"
		 ".Nm migscope-rules\n"
		 ".Nd what the rules of migscope mean\n"
		 ".Sh DESCRIPTION\n"
		 "Each finding of\n"
		 ".Xr migscope-check 1 ,\n"
		 ".Xr migscope-matrix 1 ,\n"
		 ".Xr migscope-compat 1\n"
		 "and\n"
		 ".Xr migscope-diff 1\n"
		 "names a rule.\n"
		 "These are all of them, as\n"
		 ".Xr migscope-explain 1\n"
		 "prints them too.\n"
		 "In what QEMU prints, N stands for a number and NAME for a "
		 "name.\n");
	for (size_t i = 0; i < r->count; i++) {
		const char *now = rule_help_of(r->list[i].rule).subject;

		if (strcmp(subject, now)) {
			out_printf(o, "%s.Ss %s\n.Bl -tag -width Ds\n",
				   i ? ".El\n" : "", now);
			subject = now;
		}
		rule(o, r->list[i].rule);
	}
	out_printf(o,
		   "%s.Sh SEE ALSO\n"
		   ".Xr migscope 1 ,\n"
		   ".Xr migscope-check 1 ,\n"
		   ".Xr migscope-compat 1 ,\n"
		   ".Xr migscope-diff 1 ,\n"
		   ".Xr migscope-explain 1 ,\n"
		   ".Xr migscope-stream 5 ,\n"
		   ".Xr migscope-waivers 5\n",
		   r->count ? ".El\n" : "");
}

const struct explain_format explain_man = {
	.name = "man",
	.print = print,
};
