/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SARIF 2.1.0 (OASIS), one run. Results are written as they come; what needs
 * all of them stands behind: the rules that were used, and what could not be
 * judged. References such as 3.27 are to sections of the standard. */
#include "config.h"
#include "output/names.h"
#include "output/report.h"
#include "output/rule-help.h"

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

/* ---- pieces ---- */

static void message(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	json_object(w);
	report_string(w, "text", text);
	json_end(w);
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
}

/* RFC 3986: a relative reference, or a file URI for an absolute path. */
static void put_uri(struct json_writer *w, const char *file)
{
	struct buf b = { 0 };

	if (file[0] == '/')
		buf_puts(&b, "file://");
	/* "//" would start the name of a host. */
	while (file[0] == '/' && file[1] == '/')
		file++;
	for (; *file; file++) {
		if (is_unreserved(*file))
			buf_putc(&b, *file);
		else
			buf_printf(&b, "%%%02X", (unsigned char)*file);
	}
	json_key(w, "uri");
	json_text(w, text_make(b.data ? b.data : "", b.length));
	if (b.failed && !w->out->error)
		w->out->error = ENOMEM;
	buf_free(&b);
}

static void put_artifact(struct json_writer *w, const char *file)
{
	json_key(w, "artifactLocation");
	json_object(w);
	put_uri(w, file);
	json_end(w);
}

/* A binary region, 3.30.3; of compressed input no byte of the file is meant. */
static void put_locations(struct json_writer *w, const struct report *r,
			  const struct ms_finding *f)
{
	json_key(w, "locations");
	json_array(w);
	json_object(w);
	json_key(w, "physicalLocation");
	json_object(w);
	put_artifact(w, r->file);
	if (f && r->places == PLACES_FILE && f->offset <= INT64_MAX &&
	    f->length <= INT64_MAX) {
		json_key(w, "region");
		json_object(w);
		json_key(w, "byteOffset");
		json_uint(w, f->offset);
		json_key(w, "byteLength");
		json_uint(w, f->length);
		json_end(w);
	}
	json_end(w);
	if (f && f->path && *f->path) {
		json_key(w, "logicalLocations");
		json_array(w);
		json_object(w);
		report_string(w, "fullyQualifiedName", f->path);
		report_string(w, "kind", "member");
		json_end(w);
		json_end(w);
	}
	json_end(w);
	json_end(w);
}

static void put_optional(struct json_writer *w, const char *key, const char *s)
{
	if (s)
		report_string(w, key, s);
}

/* ---- rules ---- */

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

static void put_help(struct json_writer *w, const char *key,
		     const struct rule_help *h, bool markdown)
{
	struct buf text = { 0 };

	rule_help_text(&text, h, markdown);
	report_string(w, key, text.failed ? h->mend : text.data);
	buf_free(&text);
}

static void put_rule(struct json_writer *w, const struct rule *rule)
{
	const struct rule_help help = rule_help_of(rule);

	json_object(w);
	report_string(w, "id", rule->id);
	message(w, "shortDescription", help.summary);
	message(w, "fullDescription", help.means);
	json_key(w, "help");
	json_object(w);
	put_help(w, "text", &help, false);
	put_help(w, "markdown", &help, true);
	json_end(w);
	json_key(w, "defaultConfiguration");
	json_object(w);
	report_string(w, "level", severity_name(rule->severity));
	json_end(w);
	json_end(w);
}

/* ---- results ---- */

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

static void put_properties(struct json_writer *w, const struct report *r,
			   const struct ms_finding *f)
{
	json_key(w, "properties");
	json_object(w);
	report_string(w, "certainty", certainty_name(f->certainty));
	put_optional(w, "expected", f->expected);
	put_optional(w, "actual", f->actual);
	if (r->places != PLACES_NONE) {
		json_key(w, "offset");
		json_uint(w, f->offset);
		json_key(w, "length");
		json_uint(w, f->length);
	}
	put_optional(w, "dest", r->dest);
	report_string(w, "verdict", verdict_name(r->verdict));
	put_optional(w, "predicted_error", r->predicted);
	json_end(w);
}

static void put_result(struct reporting *to, const struct report *r,
		       const struct report_finding *found, size_t ordinal)
{
	const struct ms_finding *f = found->f;
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
	message(w, "message", f->message);
	put_locations(w, r, f);
	report_fingerprint(&b, to, r, f, ordinal);
	json_key(w, "partialFingerprints");
	json_object(w);
	json_key(w, "migscope/v1");
	json_text(w, text_make(b.data ? b.data : "", b.length));
	json_end(w);
	if (b.failed)
		fail(to);
	buf_free(&b);
	if (to->waiving)
		put_suppressions(w, found->waiver);
	put_properties(w, r, f);
	json_end(w);
}

/* 3.58 */
static void add_notification(struct sarif *s, const struct report *r)
{
	struct json_writer w;
	struct buf b = { 0 };

	s->unsuccessful = true;
	later_add(&s->notifications, &w);
	json_object(&w);
	report_string(&w, "level", "error");
	/* A message of one line, but names of files may stand in it. */
	buf_printf(&b, "%s%snot judged: %s", r->dest ? r->dest : "",
		   r->dest ? ": " : "", report_trouble(r));
	message(&w, "message", b.failed ? "not judged" : b.data);
	put_locations(&w, r, NULL);
	json_end(&w);
	buf_free(&b);
}

static void add_verdict(struct sarif *s, const struct report *r)
{
	struct json_writer w;

	later_add(&s->verdicts, &w);
	json_object(&w);
	put_uri(&w, r->file);
	report_string(&w, "dest", r->dest);
	report_string(&w, "verdict", verdict_name(r->verdict));
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

static void print(struct reporting *to, const struct report *r)
{
	struct sarif *s = to->state;
	size_t *ordinals;

	if (!s)
		return;
	ordinals = mem_zero(r->count + 1, sizeof(*ordinals));
	if (!ordinals || !report_ordinals(r, ordinals))
		fail(to);
	for (size_t i = 0; i < r->count && !to->out->error; i++)
		put_result(to, r, &r->findings[i], ordinals[i]);
	free(ordinals);
	if (r->outcome == OUTCOME_UNKNOWN || r->outcome == OUTCOME_TROUBLE)
		add_notification(s, r);
	add_verdict(s, r);
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
		put_rule(w, s->rules[i]);
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
	.print = print,
	.end = end,
};
