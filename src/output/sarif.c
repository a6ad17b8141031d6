/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/sarif.h"

#include "output/names.h"
#include "output/rule-help.h"

#include <errno.h>

/* Braces are doubled, or would stand for an argument (3.11.5); what looks like
 * a link is none (3.11.6). */
static void put_literal(struct json_writer *w, const char *key,
			const char *text)
{
	struct buf b = { 0 };

	for (const char *p = text; *p; p++) {
		if (*p == '{' || *p == '}')
			buf_putc(&b, *p);
		else if (*p == ']' && p[1] == '(')
			buf_putc(&b, '\\');
		buf_putc(&b, *p);
	}
	json_key(w, key);
	json_text(w, text_make(b.length ? b.data : "", b.length));
	if (b.failed && !w->out->error)
		w->out->error = ENOMEM;
	buf_free(&b);
}

void sarif_message(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	json_object(w);
	put_literal(w, "text", text);
	json_end(w);
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
}

/* RFC 3986: a relative reference, or a file URI for an absolute path. */
void sarif_uri(struct json_writer *w, const char *file)
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
	sarif_uri(w, file);
	json_end(w);
}

/* A binary region, 3.30.3; of compressed input no byte of the file is meant. */
static void put_region(struct json_writer *w, const struct report_spot *at)
{
	if (at->places != PLACES_FILE || at->offset > INT64_MAX ||
	    at->length > INT64_MAX)
		return;
	json_key(w, "region");
	json_object(w);
	json_key(w, "byteOffset");
	json_uint(w, at->offset);
	json_key(w, "byteLength");
	json_uint(w, at->length);
	json_end(w);
}

void sarif_location(struct json_writer *w, const struct report_spot *at,
		    const char *path)
{
	json_object(w);
	json_key(w, "physicalLocation");
	json_object(w);
	put_artifact(w, at->file);
	put_region(w, at);
	json_end(w);
	if (path && *path) {
		json_key(w, "logicalLocations");
		json_array(w);
		json_object(w);
		report_string(w, "fullyQualifiedName", path);
		report_string(w, "kind", "member");
		json_end(w);
		json_end(w);
	}
	json_end(w);
}

void sarif_line(struct json_writer *w, const char *file, unsigned line)
{
	json_object(w);
	json_key(w, "physicalLocation");
	json_object(w);
	put_artifact(w, file);
	json_key(w, "region");
	json_object(w);
	json_key(w, "startLine");
	json_uint(w, line);
	json_end(w);
	json_end(w);
	json_end(w);
}

static void put_help(struct json_writer *w, const char *key,
		     const struct rule_help *h, bool markdown)
{
	struct buf text = { 0 };

	rule_help_text(&text, h, markdown);
	put_literal(w, key, text.failed ? h->mend : text.data);
	buf_free(&text);
}

void sarif_rule(struct json_writer *w, const struct rule *rule)
{
	const struct rule_help help = rule_help_of(rule);

	json_object(w);
	report_string(w, "id", rule->id);
	sarif_message(w, "shortDescription", help.summary);
	sarif_message(w, "fullDescription", help.means);
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
