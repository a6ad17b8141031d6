/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The findings, each with the bytes around its offset. */
#include "config.h"
#include "output/html.h"
#include "output/names.h"

#define MAX_SHOWN 300 /* of a stream: nobody reads as many */
#define ROW 8         /* bytes in a row: fits a phone */

typedef unsigned long long ull;

static void detail(struct out *o, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	out_printf(o, "<div><dt>%s</dt><dd>", label);
	html_text(o, text);
	out_puts(o, "</dd></div>\n");
}

/* ---- bytes ---- */

static bool meant(const struct ms_finding *f, uint64_t at)
{
	return at >= f->offset && at - f->offset < f->length;
}

/* One row in hex or as characters; what is meant is marked. */
static void row_part(struct out *o, const struct ms_finding *f, size_t from,
		     size_t n, bool hex)
{
	bool marked = false;

	for (size_t i = from; i < from + n; i++) {
		const bool mark = meant(f, f->bytes_offset + i);
		const uint8_t c = f->bytes[i];

		if (marked && !mark)
			out_puts(o, "</mark>");
		if (hex && i > from)
			out_putc(o, ' ');
		if (mark && !marked)
			out_puts(o, "<mark>");
		marked = mark;
		if (hex)
			out_hex(o, &c, 1, 0);
		else if (c >= ' ' && c <= '~')
			html_text(o, (const char[]){ (char)c, '\0' });
		else
			out_putc(o, '.');
	}
	if (marked)
		out_puts(o, "</mark>");
}

/* Rows start at multiples of ROW. */
static void bytes(struct out *o, const struct ms_finding *f)
{
	size_t i = 0;

	out_puts(o, "<pre class=\"hex scroll\" tabindex=\"0\" "
		    "aria-label=\"Bytes around the offset\">");
	while (i < f->bytes_length) {
		const uint64_t at = f->bytes_offset + i;
		const size_t skip = at % ROW;
		size_t n = ROW - skip;

		if (n > f->bytes_length - i)
			n = f->bytes_length - i;
		out_printf(o, "<b>%08llx</b>  ", (ull)(at - skip));
		out_fill(o, ' ', 3 * skip);
		row_part(o, f, i, n, true);
		out_fill(o, ' ', 3 * (ROW - skip - n) + 2 + skip);
		row_part(o, f, i, n, false);
		out_putc(o, '\n');
		i += n;
	}
	out_puts(o, "</pre>\n");
	if (f->offset >= f->bytes_offset + f->bytes_length)
		out_puts(o, "<p class=\"about\">The stream ends before the "
			    "offset.</p>\n");
}

static void context(struct out *o, const struct ms_finding *f)
{
	if (f->bytes)
		bytes(o, f);
	else
		out_puts(o, "<p class=\"about\">The bytes around it are not "
			    "shown: they had passed when it was found, as the "
			    "input is compressed or a pipe, or the finding is "
			    "about no byte of the stream.</p>\n");
}

/* ---- one finding ---- */

static void place(struct out *o, unsigned n, const struct html_map *m,
		  const struct ms_finding *f)
{
	const struct html_part *p = html_map_find(m, f->offset);

	out_puts(o, "<p class=\"place\">");
	if (p && p->in_tree) {
		out_puts(o, "<a ");
		html_part_link(o, n, p);
		out_putc(o, '>');
	}
	html_text(o, f->path && *f->path ? f->path : "stream");
	out_printf(o, "%s at <code>0x%llx</code>",
		   p && p->in_tree ? "</a>" : "", (ull)f->offset);
	if (f->length) {
		out_puts(o, ", ");
		html_counted(o, f->length, "byte");
	}
	out_puts(o, "</p>\n");
}

static void finding(struct out *o, const struct html_item *item, size_t i,
		    const struct ms_finding *f, const struct waiver *waiver)
{
	const char *severity = severity_name(f->severity);

	out_printf(o,
		   "<li class=\"%s\" id=\"r%u-f%zu\">\n"
		   "<h%u><span class=\"severity\">%s</span> <span "
		   "class=\"rule\">",
		   severity, item->n, i + 1, item->heading + 1, severity);
	html_text(o, f->rule);
	out_printf(o,
		   "</span> <span class=\"certainty\">%s%s</span></h%u>\n<p>",
		   certainty_name(f->certainty), waiver ? ", waived" : "",
		   item->heading + 1);
	html_text(o, f->message);
	out_puts(o, "</p>\n");
	place(o, item->n, &item->map, f);
	out_puts(o, "<dl>\n");
	detail(o, "Expected", f->expected);
	detail(o, "Actual", f->actual);
	detail(o, "QEMU says", f->qemu);
	detail(o, "What to do", f->help);
	detail(o, "Waived", waiver ? waiver->reason : NULL);
	out_puts(o, "</dl>\n");
	context(o, f);
	out_puts(o, "</li>\n");
}

size_t html_finding_count(const struct report *r)
{
	return r->findings ? r->count :
	       r->stream   ? ms_finding_count(r->stream) :
			     0;
}

struct report_finding html_finding(const struct report *r, size_t i)
{
	return r->findings ?
		       r->findings[i] :
		       (struct report_finding){ .f = ms_finding_at(r->stream,
								   i) };
}

static void more(struct out *o, uint64_t n, const char *why)
{
	if (!n)
		return;
	out_puts(o, "<p class=\"more\">… ");
	html_counted(o, n, "more finding");
	out_printf(o, ", %s</p>\n", why);
}

/* Those of one severity, at most so many; returns how many may still be. */
static size_t print_all(struct out *o, const struct html_item *item,
			enum ms_severity severity, size_t most)
{
	const size_t count = html_finding_count(item->report);

	for (size_t i = 0; i < count && most; i++) {
		const struct report_finding f = html_finding(item->report, i);

		if (f.f->severity != severity)
			continue;
		finding(o, item, i, f.f, f.waiver);
		most--;
	}
	return most;
}

void html_findings_print(struct out *o, const struct html_item *item)
{
	const ms_stream *s = item->report->stream;
	const size_t count = html_finding_count(item->report);
	size_t left = MAX_SHOWN;

	html_section(o, item, "findings", "Findings");
	if (!count)
		out_puts(o, "<p>None.</p>\n");
	else
		out_puts(o, "<ol class=\"findings\">\n");
	for (unsigned severity = MS_ERROR + 1; severity-- > 0;)
		left = print_all(o, item, (enum ms_severity)severity, left);
	if (count)
		out_puts(o, "</ol>\n");
	more(o, count > MAX_SHOWN ? count - MAX_SHOWN : 0,
	     "which <code>migscope check</code> shows");
	more(o, ms_findings_dropped(s), "counted but not kept");
	out_puts(o, "</section>\n");
}
