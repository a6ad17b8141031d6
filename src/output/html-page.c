/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page: its head, an index where there are several reports, the reports,
 * its end. A single report is written straight out; several wait in a
 * temporary file, as the index above them needs their verdicts. */
#include "config.h"
#include "output/html.h"
#include "output/info.h"

#include "base/limits.h"
#include "base/mem.h"
#include "output/html-assets.inc"
#include "ram/sparse.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct index_row {
	char *file, *dest; /* as given; dest: NULL, none */
	const char *verdict, *class_;
	size_t errors, warnings;
};

struct page {
	struct out *out; /* where the page goes */
	size_t count, done;
	size_t budget; /* that trees may still take */
	struct html_item item;
	/* of several reports */
	struct index_row *rows;
	struct sparse scratch;
	struct out spool;
};

/* ---- the frame ---- */

static void head(struct out *o, void (*title)(struct out *, const void *),
		 const void *arg)
{
	out_puts(o,
		 "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		 "<meta charset=\"utf-8\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" "
		 "content=\"default-src 'none'; style-src '" HTML_CSS_HASH
		 "'; script-src '" HTML_JS_HASH
		 "'; base-uri 'none'; form-action 'none'\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width, "
		 "initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n"
		 "<meta name=\"referrer\" content=\"no-referrer\">\n"
		 "<meta name=\"generator\" content=\"migscope " PACKAGE_VERSION
		 "\">\n<title>");
	title(o, arg);
	out_puts(o, "</title>\n<style>");
	out_add(o, html_css, sizeof(html_css));
	out_puts(o, "</style>\n</head>\n<body>\n"
		    "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
		    "<header><p>migscope</p></header>\n<main id=\"main\">\n");
}

static void foot(struct out *o)
{
	out_puts(o, "</main>\n<footer><p>Made by migscope " PACKAGE_VERSION
		    ". All offsets and sizes are in bytes.</p></footer>\n"
		    "<script>");
	out_add(o, html_js, sizeof(html_js));
	out_puts(o, "</script>\n</body>\n</html>\n");
}

/* ---- the index ---- */

static void index_title(struct out *o, const void *arg)
{
	const struct page *p = arg;

	html_counted(o, p->done, "report");
	out_puts(o, " – migscope");
}

static void index_cells(struct out *o, const struct index_row *r, size_t n)
{
	out_printf(o, "<tr><th scope=\"row\"><a href=\"#r%zu\">", n);
	html_name(o, text_of(r->file));
	out_puts(o, "</a></th><td>");
	if (r->dest)
		html_name(o, text_of(r->dest));
	else
		out_puts(o, "the release that wrote it");
	out_printf(o,
		   "</td><td><span class=\"badge %s\">%s</span></td>"
		   "<td class=\"n\">%zu</td><td class=\"n\">%zu</td></tr>\n",
		   r->class_, r->verdict, r->errors, r->warnings);
}

static void index_print(struct out *o, const struct page *p)
{
	out_puts(o, "<h1>");
	html_counted(o, p->done, "report");
	out_puts(o,
		 "</h1>\n<nav aria-label=\"Reports\"><p class=\"tools\" "
		 "hidden><label for=\"search\">Search reports</label> "
		 "<input type=\"search\" id=\"search\" data-search=\"index\" "
		 "autocomplete=\"off\" spellcheck=\"false\"> <output "
		 "for=\"search\" aria-live=\"polite\"></output></p>\n"
		 "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		 "aria-label=\"Reports\"><table class=\"index\" "
		 "id=\"index\">\n<thead><tr><th scope=\"col\">File</th>"
		 "<th scope=\"col\">Destination</th>"
		 "<th scope=\"col\">Verdict</th><th scope=\"col\">Errors"
		 "</th><th scope=\"col\">Warnings</th></tr></thead>\n"
		 "<tbody>\n");
	for (size_t i = 0; i < p->done; i++)
		index_cells(o, &p->rows[i], i + 1);
	out_puts(o, "</tbody></table></div></nav>\n");
}

static void index_add(struct page *p, const struct report *r)
{
	struct index_row *row = &p->rows[p->done - 1];
	row->file = mem_strdup(r->file);
	row->dest = r->dest ? mem_strdup(r->dest) : NULL;
	if (!row->file || (r->dest && !row->dest))
		p->out->error = ENOMEM;
	row->verdict = html_verdict(r);
	row->class_ = html_verdict_class(r);
	for (size_t i = 0; i < html_finding_count(r); i++) {
		const struct report_finding f = html_finding(r, i);

		row->errors += !f.waiver && f.f->severity == MS_ERROR;
		row->warnings += !f.waiver && f.f->severity == MS_WARNING;
	}
}

/* ---- a report ---- */

static void start_item(struct page *p)
{
	struct html_item *x = &p->item;

	if (x->seen)
		return;
	x->seen = true;
	x->n = (unsigned)p->done + 1;
	x->several = p->count > 1;
	x->heading = x->several ? 3 : 2;
	html_map_init(&x->map);
	/* what one leaves, those behind it may take */
	html_tree_init(&x->tree, p->budget / (p->count - p->done));
	image_init(&x->image);
	x->image_ok = true;
}

static void end_item(struct page *p)
{
	struct html_item *x = &p->item;
	const size_t used = x->tree.text.length;

	p->budget -= used < p->budget ? used : p->budget;
	html_map_free(&x->map);
	html_tree_free(&x->tree);
	image_free(&x->image);
	*x = (struct html_item){ 0 };
}

static void mark_parts(struct html_item *x, const ms_stream *s)
{
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		const struct ms_finding *f = ms_finding_at(s, i);
		struct html_part *part = html_map_find(&x->map, f->offset);

		if (part && part->worst < f->severity + 1)
			part->worst = (uint8_t)(f->severity + 1);
	}
}

static void contents(struct out *o, const struct html_item *x)
{
	static const struct {
		const char *id, *label;
	} links[] = {
		{ "findings", "Findings" }, { "map", "Map" },
		{ "ram", "Guest memory" },  { "sections", "Sections" },
		{ "tree", "Contents" },
	};
	const struct ms_summary *m = ms_summary_of(x->report->stream);
	const bool there[] = { true, x->map.count, m->block_count,
			       m->section_count, x->tree.text.length };

	out_printf(o, "<nav aria-label=\"Parts of report %u\"><ul>", x->n);
	if (x->several)
		out_puts(o, "<li><a href=\"#main\">All reports</a></li>");
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (there[i])
			out_printf(o, "<li><a href=\"#r%u-%s\">%s</a></li>",
				   x->n, links[i].id, links[i].label);
	out_puts(o, "</ul></nav>\n");
}

static void item_print(struct out *o, struct html_item *x)
{
	const struct report *r = x->report;
	const bool walked = r->stream && ms_summary_of(r->stream)->is_stream;

	out_printf(o,
		   "<article id=\"r%u\" aria-labelledby=\"r%u-h\">\n<%s "
		   "id=\"r%u-h\">",
		   x->n, x->n, x->several ? "h2" : "h1", x->n);
	html_name(o, text_of(r->file));
	out_puts(o, x->several ? "</h2>\n" : "</h1>\n");
	html_head_print(o, x);
	if (walked || (r->stream && ms_finding_count(r->stream))) {
		html_tree_end(&x->tree);
		mark_parts(x, r->stream);
		contents(o, x);
		html_findings_print(o, x);
		html_map_print(o, x);
		html_ram_print(o, x);
		html_sections_print(o, x);
		html_tree_print(o, x);
	}
	out_puts(o, "</article>\n");
}

/* ---- what check and info call ---- */

static void item_title(struct out *o, const void *arg)
{
	const struct report *r = arg;

	html_name(o, text_of(r->file));
	out_printf(o, ": %s – migscope", html_verdict(r));
}

static void begin(struct reporting *to)
{
	struct page *p = mem_zero(1, sizeof(*p));

	to->state = p;
	if (!p) {
		to->out->error = ENOMEM;
		return;
	}
	p->out = to->out;
	p->count = to->expected;
	p->budget = (size_t)MAX_HTML_TREE;
	if (p->count < 2)
		return;
	p->rows = mem_zero(p->count, sizeof(*p->rows));
	errno = ENOMEM;
	if (!p->rows || !sparse_scratch(&p->scratch)) {
		to->out->error = errno;
		free(p->rows);
		free(p);
		to->state = NULL;
		return;
	}
	out_to_fd(&p->spool, p->scratch.fd);
}

static void visit(struct reporting *to, const struct ms_record *rec)
{
	struct page *p = to->state;
	struct html_item *x = &p->item;
	struct html_part *part;

	start_item(p);
	if (x->image_ok && !image_visit(&x->image, rec))
		x->image_ok = false;
	part = html_map_visit(&x->map, rec);
	html_tree_visit(&x->tree, x->n, part, rec);
}

static void print(struct reporting *to, const struct report *r)
{
	struct page *p = to->state;
	struct out *o = to->out;

	if (!p || p->done == p->count)
		return;
	start_item(p);
	p->item.report = r;
	p->done++;
	if (p->count > 1) {
		index_add(p, r);
		item_print(&p->spool, &p->item);
		if (p->spool.error && !o->error)
			o->error = p->spool.error;
	} else {
		head(o, item_title, r);
		item_print(o, &p->item);
		foot(o);
	}
	if ((p->item.map.failed || p->item.tree.out.error) && !o->error)
		o->error = ENOMEM;
	end_item(p);
}

static void copy_spool(struct page *p)
{
	char room[16384];
	ssize_t n = 1;
	off_t at = 0;

	if (!out_flush(&p->spool)) {
		p->out->error = p->spool.error;
		return;
	}
	while (n > 0 && !p->out->error) {
		n = pread(p->scratch.fd, room, sizeof(room), at);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n < 0)
			p->out->error = errno;
		else
			out_add(p->out, room, (size_t)n);
		at += n;
	}
}

static void end(struct reporting *to, int status)
{
	struct page *p = to->state;

	(void)status;
	if (!p)
		return;
	if (p->count > 1) {
		head(p->out, index_title, p);
		index_print(p->out, p);
		copy_spool(p);
		foot(p->out);
		out_finish(&p->spool);
		sparse_close(&p->scratch);
	}
	if (p->item.seen)
		end_item(p);
	for (size_t i = 0; p->rows && i < p->done; i++) {
		free(p->rows[i].file);
		free(p->rows[i].dest);
	}
	free(p->rows);
	free(p);
}

const struct report_format report_html = {
	.name = "html",
	.begin = begin,
	.visit = visit,
	.print = print,
	.end = end,
};
