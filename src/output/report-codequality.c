/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GitLab's Code Quality: an array of objects with description, check_name,
 * fingerprint, severity and location
 * (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format").
 * What is waived is left out: the format has no other way to say so. */
#include "config.h"
#include "output/report.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

static void begin(struct reporting *to)
{
	struct json_writer *w = mem_alloc(sizeof(*w));

	to->state = w;
	if (!w) {
		to->out->error = to->out->error ? to->out->error : ENOMEM;
		return;
	}
	json_start(w, to->out);
	w->indent = 2;
	w->wrap = 1;
	json_array(w);
}

/* Sure refusals stand out. */
static const char *severity(const struct ms_finding *f)
{
	static const char *const errors[] = { [MS_POSSIBLE] = "major",
					      [MS_LIKELY] = "critical",
					      [MS_CERTAIN] = "blocker" };

	if (f->severity == MS_ERROR)
		return errors[f->certainty];
	return f->severity == MS_WARNING ? "minor" : "info";
}

static void put_text(struct json_writer *w, const char *key, struct buf *b)
{
	json_key(w, key);
	json_text(w, text_make(b->data ? b->data : "", b->length));
	if (b->failed && !w->out->error)
		w->out->error = ENOMEM;
	buf_free(b);
}

static void issue(struct reporting *to, const struct report *r,
		  const struct report_finding *found)
{
	const struct ms_finding *f = found->f;
	struct json_writer *w = to->state;
	struct buf b = { 0 };

	json_object(w);
	if (f->path && *f->path)
		buf_printf(&b, "%s: ", f->path);
	buf_puts(&b, f->message);
	report_against(&b, r);
	put_text(w, "description", &b);
	report_string(w, "check_name", f->rule);
	report_fingerprint(&b, to, r, f);
	put_text(w, "fingerprint", &b);
	report_string(w, "severity", severity(f));
	json_key(w, "location");
	json_object(w);
	report_string(w, "path", report_file(r, found));
	json_key(w, "lines");
	json_object(w);
	/* A stream has no lines, but one must be named. */
	json_key(w, "begin");
	json_uint(w, 1);
	json_end(w);
	json_end(w);
	json_end(w);
}

static void finding(struct reporting *to, const struct report *r,
		    const struct report_finding *f)
{
	if (!f->waiver)
		issue(to, r, f);
}

static void close(struct reporting *to, const struct report *r)
{
	char room[REPORT_DROPPED];
	const struct ms_finding dropped = { .rule = "not-shown",
					    .severity = MS_NOTE,
					    .message =
						    report_dropped(r, room) };
	const struct ms_finding untold = { .rule = "not-judged",
					   .severity = MS_ERROR,
					   .certainty = MS_CERTAIN,
					   .message = report_trouble(r) };

	to->ordinal = 0;
	if (dropped.message)
		issue(to, r, &(struct report_finding){ .f = &dropped });
	if (report_untold(to, r))
		issue(to, r, &(struct report_finding){ .f = &untold });
}

static void end(struct reporting *to, int status)
{
	(void)status;
	if (to->state)
		json_end(to->state);
	out_putc(to->out, '\n');
	free(to->state);
	to->state = NULL;
}

const struct report_format report_codequality = {
	.name = "codequality",
	.begin = begin,
	.finding = finding,
	.close = close,
	.end = end,
};
