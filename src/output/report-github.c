/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Annotations of GitHub Actions: a line of output that the runner takes for a
 * command, "::error file=…,title=…::message". What must not end a line or a
 * property goes as %XX (actions/toolkit, packages/core/src/command.ts:
 * escapeData, escapeProperty). */
#include "config.h"
#include "output/report.h"

static void put(struct out *o, struct ms_text t, const char *special)
{
	for (size_t i = 0; i < t.length; i++) {
		const char c = t.bytes[i];

		if (c && strchr(special, c))
			out_printf(o, "%%%02X", (unsigned char)c);
		else
			out_putc(o, c);
	}
}

/* Names are made printable first: a runner shows them as they are. */
static void property(struct out *o, const char *key, const char *value)
{
	struct buf b = { 0 };

	buf_escape(&b, text_of(value));
	out_printf(o, "%s=", key);
	if (!b.failed)
		put(o, text_make(b.data ? b.data : "", b.length), "%\r\n:,");
	buf_free(&b);
}

static void command(struct reporting *to, const struct report *r,
		    const struct report_finding *f, const char *kind,
		    const char *title, struct buf *message)
{
	struct out *o = to->out;
	struct buf full = { 0 };

	buf_printf(&full, "%s%s%s", title, r->dest ? " -> " : "",
		   r->dest ? r->dest : "");
	out_printf(o, "::%s ", kind);
	property(o, "file", report_file(r, f));
	out_putc(o, ',');
	property(o, "title", full.failed ? title : full.data);
	out_puts(o, "::");
	if (!message->failed && message->length)
		put(o, text_make(message->data, message->length), "%\r\n");
	out_putc(o, '\n');
	buf_free(&full);
	buf_free(message);
}

static void finding(struct reporting *to, const struct report *r,
		    const struct report_finding *found)
{
	static const char *const kinds[] = { [MS_NOTE] = "notice",
					     [MS_WARNING] = "warning",
					     [MS_ERROR] = "error" };
	const struct ms_finding *f = found->f;
	struct buf m = { 0 };

	if (found->waiver)
		return;
	if (f->path && *f->path)
		buf_printf(&m, "%s: ", f->path);
	buf_puts(&m, f->message);
	if (f->expected)
		buf_printf(&m, "\nexpected: %s", f->expected);
	if (f->actual)
		buf_printf(&m, "\nactual: %s", f->actual);
	if (r->predicted && f == report_first(to, r))
		buf_printf(&m, "\nQEMU says: %s", r->predicted);
	command(to, r, found, kinds[f->severity], f->rule, &m);
}

static void close(struct reporting *to, const struct report *r)
{
	char room[REPORT_DROPPED];
	struct buf m = { 0 };

	if (report_dropped(r, room)) {
		buf_puts(&m, room);
		command(to, r, NULL, "notice", "not shown", &m);
	}
	if (report_untold(to, r)) {
		buf_escape(&m, text_of(report_trouble(r)));
		command(to, r, NULL, "error", "not judged", &m);
	}
	if (!r->waived)
		return;
	buf_printf(&m, "findings that are waived: %zu", r->waived);
	command(to, r, NULL, "notice", "waived", &m);
}

const struct report_format report_github = {
	.name = "github",
	.finding = finding,
	.close = close,
};
