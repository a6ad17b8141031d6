/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JUnit XML, in the form that both the schemas of Jenkins and the readers of
 * GitLab take: a test suite for each FILE, in it a test case for each
 * destination. A suite is held until it is complete, as its head counts what
 * is in it. */
#include "config.h"
#include "output/names.h"
#include "output/report.h"
#include "output/xml.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

struct suite {
	const char *file; /* NULL: none is open */
	struct buf text;
	struct out body; /* into text */
	unsigned tests, failures, errors, skipped;
};

static void begin(struct reporting *to)
{
	struct suite *s = mem_zero(1, sizeof(*s));

	to->state = s;
	if (s)
		out_to_buf(&s->body, &s->text);
	else
		to->out->error = to->out->error ? to->out->error : ENOMEM;
	out_puts(to->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			  "<testsuites name=\"migscope\">\n");
}

static void number(struct out *o, const char *name, unsigned n)
{
	out_printf(o, " %s=\"%u\"", name, n);
}

static void put_name(struct out *o, const char *file, const char *dest)
{
	struct buf b = { 0 };

	buf_escape(&b, text_of(file));
	if (dest) {
		buf_puts(&b, " -> ");
		buf_escape(&b, text_of(dest));
	}
	if (b.failed && !o->error)
		o->error = ENOMEM;
	xml_attribute(o, "name", b.data ? b.data : "");
	buf_free(&b);
}

static void end_suite(struct reporting *to)
{
	struct suite *s = to->state;
	struct out *o = to->out;

	if (!s || !s->file)
		return;
	if (!out_flush(&s->body))
		o->error = o->error ? o->error : s->body.error;
	out_puts(o, "  <testsuite");
	put_name(o, s->file, NULL);
	number(o, "tests", s->tests);
	number(o, "failures", s->failures);
	number(o, "errors", s->errors);
	number(o, "skipped", s->skipped);
	out_puts(o, ">\n");
	out_add(o, s->text.data, s->text.length);
	out_puts(o, "  </testsuite>\n");
	buf_clear(&s->text);
	s->file = NULL;
	s->tests = s->failures = s->errors = s->skipped = 0;
}

/* ---- a test case ---- */

static void head(struct out *o, const struct reporting *to,
		 const struct report *r)
{
	out_puts(o, "    <testcase");
	put_name(o, r->file, r->dest);
	/* Ours, and plain. */
	out_printf(o, " classname=\"migscope.%s\">\n", to->command);
}

/* As text: those that a failure is made of, or the others. */
static void findings(struct buf *b, const struct reporting *to,
		     const struct report *r, bool failing)
{
	struct out text;

	out_to_buf(&text, b);
	for (size_t i = 0; i < r->count; i++) {
		const struct report_finding *f = &r->findings[i];

		if ((r->outcome == OUTCOME_FINDINGS && report_counts(to, f)) !=
		    failing)
			continue;
		finding_text(&text, f->f, r->places != PLACES_NONE);
		if (f->waiver)
			out_printf(&text, "    waived:   %s\n",
				   f->waiver->reason);
	}
	if (failing && r->dropped)
		out_printf(&text, "%llu more findings are not shown\n",
			   (unsigned long long)r->dropped);
	if (!out_finish(&text))
		b->failed = true;
}

static void content(struct out *o, struct buf *b)
{
	if (b->failed)
		o->error = o->error ? o->error : ENOMEM;
	else if (b->length)
		xml_text(o, text_make(b->data, b->length));
	buf_free(b);
}

static void failure(struct out *o, const struct reporting *to,
		    const struct report *r)
{
	const struct ms_finding *first = report_first(to, r);
	struct buf b = { 0 };

	out_puts(o, "      <failure");
	xml_attribute(o, "type", first ? first->rule : "findings");
	xml_attribute(o, "message",
		      r->predicted ? r->predicted :
		      first        ? first->message :
				     "findings that are not shown");
	out_putc(o, '>');
	if (r->predicted)
		buf_printf(&b, "QEMU says: %s\n", r->predicted);
	findings(&b, to, r, true);
	content(o, &b);
	out_puts(o, "</failure>\n");
}

static void other(struct out *o, const struct reporting *to,
		  const struct report *r)
{
	struct buf b = { 0 };

	buf_printf(&b, "verdict: %s\n", verdict_name(r->verdict));
	findings(&b, to, r, false);
	out_puts(o, "      <system-out>");
	content(o, &b);
	out_puts(o, "</system-out>\n");
}

static void testcase(struct out *o, struct suite *s, const struct reporting *to,
		     const struct report *r)
{
	s->tests++;
	head(o, to, r);
	switch (r->outcome) {
	case OUTCOME_UNKNOWN:
		s->skipped++;
		out_puts(o, "      <skipped>");
		xml_text(o, text_of(report_trouble(r)));
		out_puts(o, "</skipped>\n");
		break;
	case OUTCOME_TROUBLE:
		s->errors++;
		out_puts(o, "      <error type=\"not-judged\"");
		xml_attribute(o, "message", report_trouble(r));
		out_puts(o, "/>\n");
		break;
	case OUTCOME_FINDINGS:
		s->failures++;
		failure(o, to, r);
		break;
	case OUTCOME_CLEAN:
	default:
		break;
	}
	other(o, to, r);
	out_puts(o, "    </testcase>\n");
}

static void print(struct reporting *to, const struct report *r)
{
	struct suite *s = to->state;

	if (!s)
		return;
	/* Of a file that is named twice, each time is a suite of its own. */
	if (s->file != r->file)
		end_suite(to);
	s->file = r->file;
	testcase(&s->body, s, to, r);
}

static void end(struct reporting *to, int status)
{
	struct suite *s = to->state;

	(void)status;
	end_suite(to);
	out_puts(to->out, "</testsuites>\n");
	if (!s)
		return;
	out_finish(&s->body);
	buf_free(&s->text);
	free(s);
	to->state = NULL;
}

const struct report_format report_junit = {
	.name = "junit",
	.begin = begin,
	.print = print,
	.end = end,
};
