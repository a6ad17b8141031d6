/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One object per FILE, each on a line of its own. */
#include "config.h"
#include "output/names.h"
#include "output/report.h"

static void string_member(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static void finding_json(struct json_writer *w, const struct ms_finding *f)
{
	json_object(w);
	string_member(w, "rule", f->rule);
	string_member(w, "severity", severity_name(f->severity));
	string_member(w, "certainty", certainty_name(f->certainty));
	string_member(w, "path", f->path);
	json_key(w, "offset");
	json_uint(w, f->offset);
	json_key(w, "length");
	json_uint(w, f->length);
	string_member(w, "message", f->message);
	string_member(w, "expected", f->expected);
	string_member(w, "actual", f->actual);
	string_member(w, "help", f->help);
	json_end(w);
}

void findings_json(struct json_writer *w, const ms_stream *s)
{
	json_key(w, "findings");
	json_array(w);
	for (size_t i = 0; s && i < ms_finding_count(s); i++)
		finding_json(w, ms_finding_at(s, i));
	json_end(w);
	if (s && ms_findings_dropped(s)) {
		json_key(w, "findings_dropped");
		json_uint(w, ms_findings_dropped(s));
	}
}

static void print(struct out *o, const struct report *r)
{
	struct json_writer w;

	json_start(&w, o);
	json_object(&w);
	string_member(&w, "file", r->file);
	string_member(&w, "verdict",
		      verdict_name(r->stream && !r->error ?
					   ms_verdict_of(r->stream) :
					   MS_UNKNOWN));
	string_member(&w, "dest", r->dest);
	string_member(&w, "predicted_error",
		      r->stream ? ms_predicted_error(r->stream) : NULL);
	if (r->error)
		string_member(&w, "error", r->error);
	findings_json(&w, r->stream);
	json_end(&w);
	out_putc(o, '\n');
}

const struct report_format report_json = {
	.name = "json",
	.print = print,
};
