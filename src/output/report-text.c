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

void finding_text(struct out *o, const struct ms_finding *f, bool placed)
{
	if (placed) {
		finding_line(o, f);
	} else {
		style_severity(o, f->severity);
		out_printf(o, ": [%s] %s: %s", f->rule, f->path, f->message);
	}
	out_putc(o, '\n');
	detail(o, "expected:", f->expected);
	detail(o, "actual:", f->actual);
	detail(o, "help:", f->help);
}

static void waived(struct out *o, const struct waiver *w)
{
	detail(o, "waived:", w->reason);
	out_printf(o, "    %-9s line %u of the waivers", "by:", w->line);
	if (w->expires)
		out_printf(o, ", until %04u-%02u-%02u", w->expires / 10000,
			   w->expires / 100 % 100, w->expires % 100);
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

/* The verdict stays QEMU's. */
static void waived_count(struct out *o, const struct report *r)
{
	if (!r->waived)
		return;
	out_printf(o, "    %zu finding%s waived", r->waived,
		   r->waived == 1 ? " is" : "s are");
	if (r->verdict == MS_REFUSE && r->outcome == OUTCOME_CLEAN)
		out_puts(o, ", all that count: QEMU refuses the stream, and "
			    "that is accepted");
	out_putc(o, '\n');
}

static void print(struct reporting *to, const struct report *r)
{
	struct out *o = to->out;
	char room[REPORT_DROPPED];

	for (size_t i = 0; i < r->count; i++) {
		const struct report_finding *f = &r->findings[i];

		if (f->waiver && !to->show_waived)
			continue;
		out_escape(o, text_of(r->file));
		out_puts(o, ": ");
		finding_text(o, f->f, true);
		if (f->waiver)
			waived(o, f->waiver);
	}
	if (r->dropped) {
		out_escape(o, text_of(r->file));
		out_printf(o, ": %s\n", report_dropped(r, room));
	}
	out_escape(o, text_of(r->file));
	out_puts(o, ": ");
	style_verdict(o, r->verdict);
	destination(o, r);
	out_putc(o, '\n');
	if (r->predicted)
		out_printf(o, "    QEMU says: %s\n", r->predicted);
	waived_count(o, r);
}

const struct report_format report_text = {
	.name = "text",
	.print = print,
};
