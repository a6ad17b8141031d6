/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole streams: the walk, every form of dump, and the report. What must
 * hold for any input: records nest, and they stay within the input. */
#include "config.h"

#include "../json-check.h"
#include "../reported.h"
#include "base/buf.h"
#include "output/dump.h"
#include "output/info.h"
#include "output/names.h"
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const unsigned mutate_parts = 0;

/* Deeper than any sequence of brackets that the sink allows. */
#define MAX_DEPTH 1024

struct nesting {
	enum ms_record_kind open[MAX_DEPTH];
	size_t depth;
	uint64_t end; /* of the records so far */
};

static void check(bool right)
{
	if (!right)
		abort();
}

/* Touches every byte, so that a slice past its memory shows. */
static void touch(const void *p, uint64_t n)
{
	const volatile uint8_t *bytes = p;
	volatile uint8_t sum = 0;

	check(p || !n);
	for (uint64_t i = 0; i < n; i++)
		sum = (uint8_t)(sum ^ bytes[i]);
}

static bool visit(void *ctx, const struct ms_record *rec)
{
	struct nesting *n = ctx;

	touch(rec->name.bytes, rec->name.length);
	touch(rec->type.bytes, rec->type.length);
	touch(rec->data, rec->data ? rec->data_length : 0);
	check(rec->length <= UINT64_MAX - rec->offset);
	if (n->end < rec->offset + rec->length)
		n->end = rec->offset + rec->length;
	switch (record_shape(rec->kind)) {
	case RECORD_OPENS:
		check(n->depth < MAX_DEPTH);
		n->open[n->depth++] = rec->kind;
		break;
	case RECORD_CLOSES:
		check(n->depth > 0);
		check(n->open[--n->depth] == record_opener(rec->kind));
		break;
	case RECORD_LEAF:
	default:
		break;
	}
	return true;
}

static void check_nesting(const uint8_t *data, size_t size)
{
	struct nesting n = { 0 };
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, NULL, &why);

	check(!s == !!why);
	free(why);
	if (s && ms_walk(s, visit, &n))
		check(n.depth == 0);
	/* not that of the input: what a container holds may be compressed */
	check(!s || n.end <= ms_summary_of(s)->size);
	ms_close(s);
}

static void check_json(const char *form, const struct buf *text)
{
	if (text->data && !strcmp(form, "json"))
		check(json_check(text->data, text->length));
	else if (text->data && !strcmp(form, "ndjson"))
		check(json_check_lines(text->data, text->length));
}

static void print(const uint8_t *data, size_t size,
		  const struct dump_format *format, size_t forms)
{
	const struct dump_request request = { .file = "f", .offsets = true };
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, NULL, &why);
	struct buf text = { 0 };
	struct out o;
	struct dump d;

	free(why);
	if (!s)
		return;
	out_to_buf(&o, &text);
	if (dump_open(&d, format, &o, &request))
		dump_close(&d, s, ms_walk(s, dump_visit, &d));
	out_flush(&o);
	check_json(format->name, &text);
	info_text(&o, "f", s);
	out_finish(&o);
	buf_free(&text);
	check(reported_well(s, forms));
	out_to_buf(&o, &text);
	info_json(&o, "f", s);
	out_finish(&o);
	check_json("json", &text);
	buf_free(&text);
	ms_close(s);
}

static bool visit_report(void *ctx, const struct ms_record *rec)
{
	return reporting_visit(ctx, rec);
}

/* How often a tag, or anything else, stands in a page. */
static size_t count(const struct buf *text, const char *what)
{
	const char *p = text->data, *end = p + text->length;
	size_t times = 0;

	while ((p = memmem(p, (size_t)(end - p), what, strlen(what)))) {
		times++;
		p++;
	}
	return times;
}

/* Whatever a stream holds, its page is closed as it was opened, and has no
 * more scripts than ours. */
static void check_html(const struct buf *text)
{
	check(count(text, "<details") == count(text, "</details>"));
	check(count(text, "<ul") == count(text, "</ul>"));
	check(count(text, "<li") == count(text, "</li>"));
	check(count(text, "<code>") == count(text, "</code>"));
	check(count(text, "<script") == 1);
}

static void report(const uint8_t *data, size_t size,
		   const struct report_format *format)
{
	struct buf text = { 0 };
	struct out o;
	struct reporting to = {
		.format = format, .out = &o, .command = "check", .expected = 1
	};
	struct report r = { .file = "f" };
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, NULL, &why);

	free(why);
	if (!s)
		return;
	out_to_buf(&o, &text);
	reporting_begin(&to);
	ms_walk(s, visit_report, &to);
	r.stream = s;
	r.verdict = ms_verdict_of(s);
	r.predicted = ms_predicted_error(s);
	reporting_add(&to, &r);
	reporting_end(&to, 0);
	out_finish(&o);
	check_json(format->name, &text);
	if (!strcmp(format->name, "html"))
		check_html(&text);
	buf_free(&text);
	ms_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t forms = forms_of(data, size);
	const size_t reports = formats_in(report_formats);
	size_t dumps = 0;

	check_nesting(data, size);
	while (dump_formats[dumps])
		dumps++;
	for (size_t i = 0; i < dumps + reports; i++) {
		if (!takes_form(forms, i, dumps + reports))
			continue;
		if (i < dumps)
			print(data, size, dump_formats[i], forms);
		else
			report(data, size, report_formats[i - dumps]);
	}
	return 0;
}
