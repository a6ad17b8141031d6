/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line per finding, in the form that editors and CI systems know from
 * compilers, then the verdict. */
#include "config.h"
#include "output/report.h"
#include "output/style.h"

void finding_line(struct out *o, const struct ms_finding *f)
{
	style_severity(o, f->severity);
	out_printf(o, ": [%s] %s @0x%llx: %s", f->rule,
		   f->path && *f->path ? f->path : "stream",
		   (unsigned long long)f->offset, f->message);
}

static void detail(struct out *o, const char *label, const char *text)
{
	const unsigned indent = 14;

	if (!text || !*text)
		return;
	out_printf(o, "    %-9s ", label);
	out_wrap(o, text, indent, style_width(o));
	out_putc(o, '\n');
}

static void destination(struct out *o, const struct report *r)
{
	if (!r->dest)
		return;
	out_puts(o, " (destination: ");
	out_escape(o, text_of(r->dest));
	if (r->dest_about) {
		out_puts(o, ", ");
		out_escape(o, text_of(r->dest_about));
	}
	out_putc(o, ')');
}

static void print(struct out *o, const struct report *r)
{
	const ms_stream *s = r->stream;
	const struct ms_finding *f;

	for (size_t i = 0; s && i < ms_finding_count(s); i++) {
		f = ms_finding_at(s, i);
		out_escape(o, text_of(r->file));
		out_puts(o, ": ");
		finding_line(o, f);
		out_putc(o, '\n');
		detail(o, "expected:", f->expected);
		detail(o, "actual:", f->actual);
		detail(o, "help:", f->help);
	}
	if (s && ms_findings_dropped(s)) {
		out_escape(o, text_of(r->file));
		out_printf(o, ": %llu more findings are not shown\n",
			   (unsigned long long)ms_findings_dropped(s));
	}
	out_escape(o, text_of(r->file));
	out_puts(o, ": ");
	style_verdict(o, s && !r->error ? ms_verdict_of(s) : MS_UNKNOWN);
	destination(o, r);
	out_putc(o, '\n');
	if (s && ms_predicted_error(s))
		out_printf(o, "    QEMU says: %s\n", ms_predicted_error(s));
}

const struct report_format report_text = {
	.name = "text",
	.print = print,
};
