/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JUnit XML, in the form that both the schemas of Jenkins and the readers of
 * GitLab take: a test suite for each FILE, in it a test case for each
 * destination. A suite is held until it is complete, as its head counts what
 * is in it. */
#include "config.h"
#include "output/report.h"
#include "output/xml.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

/* Text that is gathered. */
struct part {
	struct buf text;
	struct out out; /* into it */
};

struct suite {
	const char *file; /* NULL: none is open */
	struct part body; /* its test cases */
	unsigned tests, failures, errors, skipped;
	/* Of the test case at hand: findings that count, and others; the rule
	 * and message of the one that its verdict rests on. */
	struct part counting, others;
	const char *rule;
	struct buf message;
	bool sure;
};

static void part_init(struct part *p)
{
	out_to_buf(&p->out, &p->text);
}

/* What was gathered, to be cleared. */
static struct ms_text part_text(struct part *p, struct out *o)
{
	if (!out_flush(&p->out))
		o->error = o->error ? o->error : p->out.error;
	return text_make(p->text.length ? p->text.data : "", p->text.length);
}

static void part_free(struct part *p)
{
	out_finish(&p->out);
	buf_free(&p->text);
}

static void begin(struct reporting *to)
{
	struct suite *s = mem_zero(1, sizeof(*s));

	to->state = s;
	if (s) {
		part_init(&s->body);
		part_init(&s->counting);
		part_init(&s->others);
	} else {
		to->out->error = to->out->error ? to->out->error : ENOMEM;
	}
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
	struct ms_text body;

	if (!s || !s->file)
		return;
	body = part_text(&s->body, o);
	out_puts(o, "  <testsuite");
	put_name(o, s->file, NULL);
	number(o, "tests", s->tests);
	number(o, "failures", s->failures);
	number(o, "errors", s->errors);
	number(o, "skipped", s->skipped);
	out_puts(o, ">\n");
	out_add(o, body.bytes, body.length);
	out_puts(o, "  </testsuite>\n");
	buf_clear(&s->body.text);
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

static void put_spot(struct out *o, const struct report_spot *at)
{
	out_puts(o, "    at:       ");
	out_escape(o, text_of(at->file));
	out_printf(o, " 0x%llx\n", (unsigned long long)at->offset);
}

/* The error that the verdict rests on, before others. */
static void keep_lead(struct suite *s, const struct ms_finding *f)
{
	const bool sure = f->severity == MS_ERROR && f->certainty >= MS_LIKELY;

	if (s->rule && (s->sure || !sure))
		return;
	s->rule = f->rule;
	s->sure = sure;
	buf_clear(&s->message);
	buf_puts(&s->message, f->message);
}

static void finding(struct reporting *to, const struct report *r,
		    const struct report_finding *f)
{
	struct suite *s = to->state;
	const bool counts = report_counts(to, f);
	struct out *o = counts ? &s->counting.out : &s->others.out;

	if (counts)
		keep_lead(s, f->f);
	finding_text(o, f->f, r->places != PLACES_NONE);
	for (size_t i = 0; i < f->spot_count; i++)
		if (f->spots[i].places != PLACES_NONE)
			put_spot(o, &f->spots[i]);
	if (f->waiver)
		out_printf(o, "    waived:   %s\n", f->waiver->reason);
}

static void failure(struct out *o, struct suite *s, const struct report *r)
{
	struct ms_text text = part_text(&s->counting, o);
	struct buf line = { 0 };
	char room[REPORT_DROPPED];

	out_puts(o, "      <failure");
	xml_attribute(o, "type", s->rule ? s->rule : "findings");
	xml_attribute(o, "message",
		      r->predicted ? r->predicted :
		      s->rule      ? s->message.data :
				     "findings that are not shown");
	out_putc(o, '>');
	if (r->predicted)
		buf_printf(&line, "QEMU says: %s\n", r->predicted);
	xml_text(o, text_make(line.length ? line.data : "", line.length));
	xml_text(o, text);
	if (report_dropped(r, room)) {
		xml_text(o, text_of(room));
		out_putc(o, '\n');
	}
	out_puts(o, "</failure>\n");
	buf_clear(&s->counting.text);
	buf_free(&line);
}

static void other(struct out *o, struct suite *s, const struct report *r)
{
	struct ms_text counting = part_text(&s->counting, o);

	out_printf(o, "      <system-out>%s: %s\n",
		   r->result ? "result" : "verdict", report_result(r));
	xml_text(o, counting);
	xml_text(o, part_text(&s->others, o));
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
		failure(o, s, r);
		break;
	case OUTCOME_CLEAN:
	default:
		break;
	}
	other(o, s, r);
	out_puts(o, "    </testcase>\n");
}

static void close(struct reporting *to, const struct report *r)
{
	struct suite *s = to->state;

	/* Of a file that is named twice, each time is a suite of its own. */
	if (s->file != r->file)
		end_suite(to);
	s->file = r->file;
	testcase(&s->body.out, s, to, r);
	buf_clear(&s->counting.text);
	buf_clear(&s->others.text);
	buf_clear(&s->message);
	s->rule = NULL;
	s->sure = false;
}

static void end(struct reporting *to, int status)
{
	struct suite *s = to->state;

	(void)status;
	end_suite(to);
	out_puts(to->out, "</testsuites>\n");
	if (!s)
		return;
	part_free(&s->body);
	part_free(&s->counting);
	part_free(&s->others);
	buf_free(&s->message);
	free(s);
	to->state = NULL;
}

const struct report_format report_junit = {
	.name = "junit",
	.begin = begin,
	.finding = finding,
	.close = close,
	.end = end,
};
