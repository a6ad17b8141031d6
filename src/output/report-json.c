/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One object per FILE, each on a line of its own, and a last one where waivers
 * were not needed. */
#include "config.h"
#include "output/names.h"
#include "output/report.h"

#include <errno.h>
#include <stdio.h>

void report_string(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

void report_waived_json(struct json_writer *w, const struct waiver *waiver)
{
	char date[32];

	if (!waiver)
		return;
	json_key(w, "waived");
	json_object(w);
	report_string(w, "reason", waiver->reason);
	snprintf(date, sizeof(date), "%04u-%02u-%02u", waiver->expires / 10000,
		 waiver->expires / 100 % 100, waiver->expires % 100);
	report_string(w, "expires", waiver->expires ? date : NULL);
	json_key(w, "line");
	json_uint(w, waiver->line);
	json_end(w);
}

static void finding_json(struct json_writer *w, const struct ms_finding *f,
			 const struct waiver *waiver)
{
	json_object(w);
	report_string(w, "rule", f->rule);
	report_string(w, "severity", severity_name(f->severity));
	report_string(w, "certainty", certainty_name(f->certainty));
	report_string(w, "path", f->path);
	json_key(w, "offset");
	json_uint(w, f->offset);
	json_key(w, "length");
	json_uint(w, f->length);
	report_string(w, "message", f->message);
	report_string(w, "expected", f->expected);
	report_string(w, "actual", f->actual);
	report_string(w, "help", f->help);
	report_waived_json(w, waiver);
	json_end(w);
}

static void begin_findings(struct json_writer *w)
{
	json_key(w, "findings");
	json_array(w);
}

static void end_findings(struct json_writer *w, uint64_t dropped)
{
	json_end(w);
	if (!dropped)
		return;
	json_key(w, "findings_dropped");
	json_uint(w, dropped);
}

void findings_json(struct json_writer *w, const ms_stream *s)
{
	begin_findings(w);
	for (size_t i = 0; s && i < ms_finding_count(s); i++)
		finding_json(w, ms_finding_at(s, i), NULL);
	end_findings(w, s ? ms_findings_dropped(s) : 0);
}

static void waiver_json(struct json_writer *w, const struct waiver *x,
			const struct buf *what)
{
	json_object(w);
	json_key(w, "line");
	json_uint(w, x->line);
	report_string(w, "rule", x->rule->id);
	json_key(w, "path");
	json_text(w, x->path);
	json_key(w, "expired");
	json_bool(w, x->expired);
	report_string(w, "message", what->data);
	json_end(w);
}

size_t report_waivers_list(struct json_writer *w, const struct waivers *all)
{
	size_t n = 0;

	json_array(w);
	for (size_t i = 0; all && i < all->count; i++) {
		struct buf b = { 0 };

		if (waiver_complaint(&all->list[i], &b)) {
			waiver_json(w, &all->list[i], &b);
			n++;
		}
		buf_free(&b);
	}
	json_end(w);
	return n;
}

void report_waivers_line(struct out *o, const struct waivers *all)
{
	struct buf text = { 0 };
	struct json_writer w;
	struct out line;
	size_t n;

	if (!all)
		return;
	out_to_buf(&line, &text);
	json_start(&w, &line);
	json_object(&w);
	report_string(&w, "waivers", all->file);
	json_key(&w, "unneeded");
	n = report_waivers_list(&w, all);
	json_end(&w);
	out_putc(&line, '\n');
	if (!out_finish(&line))
		o->error = o->error ? o->error : ENOMEM;
	else if (n)
		out_add(o, text.data, text.length);
	buf_free(&text);
}

static void print(struct reporting *to, const struct report *r)
{
	struct json_writer w;

	json_start(&w, to->out);
	json_object(&w);
	report_string(&w, "file", r->file);
	report_string(&w, "verdict", verdict_name(r->verdict));
	report_string(&w, "dest", r->dest);
	report_string(&w, "predicted_error", r->predicted);
	if (r->error)
		report_string(&w, "error", r->error);
	begin_findings(&w);
	for (size_t i = 0; i < r->count; i++)
		finding_json(&w, r->findings[i].f, r->findings[i].waiver);
	end_findings(&w, r->dropped);
	json_end(&w);
	out_putc(to->out, '\n');
}

static void end(struct reporting *to, int status)
{
	(void)status;
	report_waivers_line(to->out, to->waivers);
}

const struct report_format report_json = {
	.name = "json",
	.print = print,
	.end = end,
};
