/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SARIF 2.1.0 (OASIS), one run. Results are written as they come; what needs
 * all of them stands behind: the rules that were used, and what could not be
 * judged. References such as 3.27 are to sections of the standard. */
#include "config.h"
#include "output/names.h"
#include "output/sarif.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

#define SCHEMA_URI                                                             \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"  \
	"sarif-schema-2.1.0.json"

/* A list that is written at the end: its items as JSON, commas between. */
struct later {
	struct buf text;
	struct out out;
};

struct sarif {
	struct json_writer doc;
	struct later notifications, verdicts;
	const struct rule **rules; /* in the order of their use */
	size_t rule_count;
	bool unsuccessful;
};

static bool fail(struct reporting *to)
{
	to->out->error = to->out->error ? to->out->error : ENOMEM;
	return false;
}

/* ---- lists that come later ---- */

static void later_add(struct later *l, struct json_writer *w)
{
	if (l->out.used || l->text.length)
		out_putc(&l->out, ',');
	json_start(w, &l->out);
}

static void later_put(struct later *l, struct json_writer *w, const char *key)
{
	out_finish(&l->out);
	json_key(w, key);
	json_array(w);
	if (l->text.length)
		json_raw(w, l->text.data, l->text.length);
	json_end(w);
	if (l->text.failed && !w->out->error)
		w->out->error = ENOMEM;
	buf_free(&l->text);
}

/* ---- results ---- */

/* Place in the list of rules of this document. */
static bool use_rule(struct sarif *s, const char *id, size_t *ret)
{
	const struct rule *rule = rule_find(id);

	for (*ret = 0; *ret < s->rule_count; (*ret)++)
		if (s->rules[*ret] == rule)
			return true;
	if (rule)
		s->rules[s->rule_count++] = rule;
	return rule;
}

/* 3.35; where waivers are known at all, none is an empty list (3.27.23). */
static void put_suppressions(struct json_writer *w, const struct waiver *waiver)
{
	json_key(w, "suppressions");
	json_array(w);
	if (waiver) {
		json_object(w);
		report_string(w, "kind", "external");
		report_string(w, "status", "accepted");
		report_string(w, "justification", waiver->reason);
		json_end(w);
	}
	json_end(w);
}

static void put_optional(struct json_writer *w, const char *key, const char *s)
{
	if (s)
		report_string(w, key, s);
}

static void put_offset(struct json_writer *w, const struct report_spot *at)
{
	json_key(w, "offset");
	json_uint(w, at->offset);
	json_key(w, "length");
	json_uint(w, at->length);
}

/* Where it is in the stream, of which the file may be an archive. */
static void put_places(struct json_writer *w, const struct report_spot *at,
		       size_t n)
{
	if (n == 1 && at->places != PLACES_NONE)
		put_offset(w, at);
	if (n == 1)
		return;
	json_key(w, "places");
	json_array(w);
	for (size_t i = 0; i < n; i++) {
		json_object(w);
		sarif_uri(w, at[i].file);
		if (at[i].places != PLACES_NONE)
			put_offset(w, &at[i]);
		json_end(w);
	}
	json_end(w);
}

static void put_properties(struct json_writer *w, const struct report *r,
			   const struct ms_finding *f,
			   const struct report_spot *at, size_t n)
{
	json_key(w, "properties");
	json_object(w);
	report_string(w, "certainty", certainty_name(f->certainty));
	put_optional(w, "expected", f->expected);
	put_optional(w, "actual", f->actual);
	put_places(w, at, n);
	put_optional(w, "dest", r->dest);
	if (!r->result)
		report_string(w, "verdict", verdict_name(r->verdict));
	put_optional(w, "predicted_error", r->predicted);
	json_end(w);
}

/* The first is where it is shown, 3.27.12; others are related, 3.27.22. */
static void put_locations(struct json_writer *w, const char *path,
			  const struct report_spot *at, size_t n)
{
	json_key(w, "locations");
	json_array(w);
	sarif_location(w, &at[0], path);
	json_end(w);
	if (n < 2)
		return;
	json_key(w, "relatedLocations");
	json_array(w);
	for (size_t i = 1; i < n; i++)
		sarif_location(w, &at[i], path);
	json_end(w);
}

/* What A and B are, which words of differences speak of. */
static void put_message(struct sarif *s, const struct report *r,
			const struct ms_finding *f)
{
	struct buf b = { 0 };

	buf_puts(&b, f->message);
	if (r->result)
		report_against(&b, r);
	sarif_message(&s->doc, "message", b.failed ? f->message : b.data);
	buf_free(&b);
}

static void finding(struct reporting *to, const struct report *r,
		    const struct report_finding *found)
{
	const struct ms_finding *f = found->f;
	const struct report_spot here = { r->file, r->places, f->offset,
					  f->length };
	const size_t n = found->spot_count ? found->spot_count : 1;
	const struct report_spot *at = found->spot_count ? found->spots : &here;
	struct sarif *s = to->state;
	struct json_writer *w = &s->doc;
	struct buf b = { 0 };
	size_t rule;

	json_object(w);
	report_string(w, "ruleId", f->rule);
	if (use_rule(s, f->rule, &rule)) {
		json_key(w, "ruleIndex");
		json_uint(w, rule);
	}
	report_string(w, "level", severity_name(f->severity));
	put_message(s, r, f);
	put_locations(w, f->path, at, n);
	report_fingerprint(&b, to, r, f);
	json_key(w, "partialFingerprints");
	json_object(w);
	json_key(w, "migscope/v1");
	json_text(w, text_make(b.data ? b.data : "", b.length));
	json_end(w);
	if (b.failed)
		fail(to);
	buf_free(&b);
	if (to->waivers)
		put_suppressions(w, found->waiver);
	put_properties(w, r, f, at, n);
	json_end(w);
}

/* 3.58; line: of a text file, or 0 */
static void notify(struct sarif *s, const char *level, struct buf *text,
		   const char *file, unsigned line)
{
	const struct report_spot at = { .file = file };
	struct json_writer w;

	later_add(&s->notifications, &w);
	json_object(&w);
	report_string(&w, "level", level);
	sarif_message(&w, "message",
		      text->failed ? "out of memory" : text->data);
	json_key(&w, "locations");
	json_array(&w);
	if (line)
		sarif_line(&w, file, line);
	else
		sarif_location(&w, &at, NULL);
	json_end(&w);
	json_end(&w);
	buf_free(text);
}

/* One line, but names of files may stand in it. */
static void notify_of(struct sarif *s, const struct report *r,
		      const char *level, const char *what, const char *why)
{
	struct buf b = { 0 };

	buf_printf(&b, "%s%s%s%s", r->dest ? r->dest : "", r->dest ? ": " : "",
		   what, why);
	notify(s, level, &b, r->file, 0);
}

static void add_verdict(struct sarif *s, const struct report *r)
{
	struct json_writer w;

	later_add(&s->verdicts, &w);
	json_object(&w);
	sarif_uri(&w, r->file);
	report_string(&w, "dest", r->dest);
	report_string(&w, "verdict", report_result(r));
	report_string(&w, "predicted_error", r->predicted);
	json_key(&w, "waived");
	json_uint(&w, r->waived);
	json_end(&w);
}

/* ---- the document ---- */

static void state_free(struct reporting *to)
{
	struct sarif *s = to->state;

	if (s)
		free(s->rules);
	free(s);
	to->state = NULL;
}

static void begin(struct reporting *to)
{
	struct sarif *s = mem_zero(1, sizeof(*s));

	to->state = s;
	if (s)
		s->rules = mem_zero(rule_count(), sizeof(*s->rules));
	if (!s || !s->rules) {
		fail(to);
		state_free(to);
		return;
	}
	out_to_buf(&s->notifications.out, &s->notifications.text);
	out_to_buf(&s->verdicts.out, &s->verdicts.text);
	json_start(&s->doc, to->out);
	s->doc.indent = 2;
	s->doc.wrap = 4;
	json_object(&s->doc);
	report_string(&s->doc, "$schema", SCHEMA_URI);
	report_string(&s->doc, "version", "2.1.0");
	json_key(&s->doc, "runs");
	json_array(&s->doc);
	json_object(&s->doc);
	json_key(&s->doc, "results");
	json_array(&s->doc);
}

static void close(struct reporting *to, const struct report *r)
{
	struct sarif *s = to->state;
	char room[REPORT_DROPPED];

	if (report_dropped(r, room))
		notify_of(s, r, "warning", "", room);
	if (r->outcome == OUTCOME_UNKNOWN || r->outcome == OUTCOME_TROUBLE) {
		s->unsuccessful = true;
		notify_of(s, r, "error", "not judged: ", report_trouble(r));
	}
	add_verdict(s, r);
}

/* Waivers that nobody needs hide what comes next. */
static void notify_waivers(struct sarif *s, const struct waivers *all)
{
	for (size_t i = 0; all && i < all->count; i++) {
		struct buf b = { 0 };

		if (waiver_complaint(&all->list[i], &b))
			notify(s, "warning", &b, all->file, all->list[i].line);
	}
}

static void put_tool(struct sarif *s, struct json_writer *w)
{
	json_key(w, "tool");
	json_object(w);
	json_key(w, "driver");
	json_object(w);
	report_string(w, "name", "migscope");
	report_string(w, "version", PACKAGE_VERSION);
	report_string(w, "semanticVersion", PACKAGE_VERSION);
	json_key(w, "rules");
	json_array(w);
	for (size_t i = 0; i < s->rule_count; i++)
		sarif_rule(w, s->rules[i]);
	json_end(w);
	json_end(w);
	json_end(w);
}

static void end(struct reporting *to, int status)
{
	struct sarif *s = to->state;
	struct json_writer *w = s ? &s->doc : NULL;

	if (!s)
		return;
	notify_waivers(s, to->waivers);
	json_end(w); /* results */
	put_tool(s, w);
	json_key(w, "invocations");
	json_array(w);
	json_object(w);
	json_key(w, "executionSuccessful");
	json_bool(w, !s->unsuccessful);
	json_key(w, "exitCode");
	json_int(w, status);
	later_put(&s->notifications, w, "toolExecutionNotifications");
	json_end(w);
	json_end(w);
	json_key(w, "automationDetails");
	json_object(w);
	json_key(w, "id");
	json_text(w, text_of(to->command));
	json_end(w);
	json_key(w, "properties");
	json_object(w);
	later_put(&s->verdicts, w, "verdicts");
	json_end(w);
	while (w->depth)
		json_end(w);
	out_putc(to->out, '\n');
	state_free(to);
}

const struct report_format report_sarif = {
	.name = "sarif",
	.begin = begin,
	.finding = finding,
	.close = close,
	.end = end,
};
