/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One object per direction, each on a line of its own. */
#include "config.h"
#include "output/compat.h"
#include "output/names.h"

static void text_member(struct json_writer *w, const char *key,
			struct ms_text t)
{
	json_key(w, key);
	if (t.length)
		json_text(w, t);
	else
		json_null(w);
}

static void count_member(struct json_writer *w, const char *key, uint64_t n)
{
	json_key(w, key);
	json_uint(w, n);
}

static void side(struct json_writer *w, const char *key, const char *given,
		 const struct schema *s)
{
	json_key(w, key);
	json_object(w);
	report_string(w, "schema", given);
	text_member(w, "qemu_version", s->qemu_version);
	text_member(w, "target", s->target);
	json_key(w, "notes");
	json_array(w);
	for (uint32_t i = 0; i < s->note_count; i++)
		json_text(w, s->notes[i]);
	json_end(w);
	json_end(w);
}

static void finding(struct json_writer *w, const struct compat *c,
		    const struct compat_finding *found,
		    const struct waiver *waiver)
{
	const struct ms_finding *f = &found->f;
	const struct schema_device *d;
	uint32_t next = 0;

	json_object(w);
	report_string(w, "rule", f->rule);
	report_string(w, "severity", severity_name(f->severity));
	report_string(w, "certainty", certainty_name(f->certainty));
	report_string(w, "path", f->path);
	text_member(w, "description", found->top ? found->top->name : TEXT(""));
	json_key(w, "devices");
	json_array(w);
	while ((d = compat_user(c->src, found->top, &next)))
		if (d->how != BIND_TYPE_GUESS)
			json_text(w, d->name);
	json_end(w);
	report_string(w, "message", f->message);
	report_string(w, "expected", f->expected);
	report_string(w, "actual", f->actual);
	report_string(w, "help", f->help);
	report_waived_json(w, waiver);
	json_end(w);
}

static void print(struct out *o, const struct compat_report_of *r)
{
	const struct compat *c = r->compat;
	struct json_writer w;

	json_start(&w, o);
	json_object(&w);
	side(&w, "source", r->source, c->src);
	side(&w, "destination", r->destination, c->dst);
	report_string(&w, "verdict", verdict_name(compat_verdict(c)));
	count_member(&w, "compared", c->judged);
	count_member(&w, "not_compared", c->unjudged);
	json_key(&w, "complete");
	json_bool(&w, !c->why);
	report_string(&w, "incomplete", c->why);
	json_key(&w, "findings");
	json_array(&w);
	for (size_t i = 0; i < c->count; i++)
		finding(&w, c, &c->findings[i], r->findings[i].waiver);
	json_end(&w);
	json_end(&w);
	out_putc(o, '\n');
}

const struct compat_format compat_json = {
	.name = "json",
	.print = print,
	.end = report_waivers_line,
};
