/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One object with all that was asked for. */
#include "config.h"
#include "output/explain.h"

#include "check/rules-says.h"

static void string_member(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static void message(void *ctx, const char *pattern, const char *when)
{
	struct json_writer *w = ctx;
	struct buf b = { 0 };

	says_print(&b, pattern);
	json_object(w);
	string_member(w, "text", b.data && !b.failed ? b.data : "");
	string_member(w, "releases", *when ? when : "all");
	json_end(w);
	buf_free(&b);
}

static void rule(struct json_writer *w, const struct explained *e)
{
	static const char *const match[] = { NULL, NULL, "whole", "alike" };
	const struct rule_help h = rule_help_of(e->rule);
	struct explain_part parts[EXPLAIN_PARTS];

	json_object(w);
	string_member(w, "rule", e->rule->id);
	string_member(w, "subject", h.subject);
	string_member(w, "severity", explain_severity(e->rule));
	string_member(w, "summary", h.summary);
	if (match[e->why])
		string_member(w, "match", match[e->why]);
	explain_parts(parts, &h);
	for (size_t i = 0; i < EXPLAIN_PARTS; i++)
		string_member(w, parts[i].key, parts[i].text);
	json_key(w, "messages");
	json_array(w);
	says_of(e->rule, message, w);
	json_end(w);
	json_end(w);
}

static void print(struct out *o, const struct explain_report *r)
{
	struct json_writer w;

	json_start(&w, o);
	json_object(&w);
	json_key(&w, "rules");
	json_array(&w);
	for (size_t i = 0; i < r->count; i++)
		rule(&w, &r->list[i]);
	json_end(&w);
	json_end(&w);
	out_putc(o, '\n');
}

const struct explain_format explain_json = {
	.name = "json",
	.print = print,
};
