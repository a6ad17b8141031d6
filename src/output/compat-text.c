/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line per finding with its details below, then a summary. What a rule's
 * help says is said once. */
#include "config.h"
#include "output/compat.h"
#include "output/names.h"
#include "output/style.h"

#define DETAIL_INDENT 18
#define MAX_USERS 6 /* device types named before "and N more" */

static void detail(struct out *o, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	out_printf(o, "    %-13s ", label);
	out_wrap(o, text, DETAIL_INDENT, style_width(o));
	out_putc(o, '\n');
}

static void users(struct out *o, const struct schema *s,
		  const struct schema_vmsd *v)
{
	const struct schema_device *d;
	struct buf b = { 0 };
	uint32_t next = 0;
	unsigned n = 0;

	while ((d = compat_user(s, v, &next))) {
		if (d->how == BIND_TYPE_GUESS || n++ >= MAX_USERS)
			continue;
		buf_puts(&b, n > 1 ? ", " : "");
		buf_escape(&b, d->name);
	}
	if (n > MAX_USERS)
		buf_printf(&b, " and %u more", n - MAX_USERS);
	if (!b.failed)
		detail(o, "devices:", b.data);
	buf_free(&b);
}

static bool is_first_of_rule(const struct compat *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(c->findings[k].f.rule, c->findings[i].f.rule))
			return false;
	return true;
}

static void finding(struct out *o, const struct compat *c, size_t i,
		    const struct waiver *waiver)
{
	const struct ms_finding *f = &c->findings[i].f;

	style_severity(o, f->severity);
	out_printf(o, ": [%s] %s: %s", f->rule, f->path, f->message);
	if (f->certainty != MS_CERTAIN)
		out_printf(o, " (%s)", certainty_name(f->certainty));
	out_putc(o, '\n');
	detail(o, "source:", f->actual);
	detail(o, "destination:", f->expected);
	users(o, c->src, c->findings[i].top);
	if (is_first_of_rule(c, i))
		detail(o, "help:", f->help);
	if (waiver)
		detail(o, "waived:", waiver->reason);
}

static void origin(struct out *o, const char *given, const struct schema *s)
{
	out_escape(o, text_of(given));
	if (!s->qemu_version.length)
		return;
	out_puts(o, " (QEMU ");
	out_escape(o, s->qemu_version);
	if (s->target.length)
		out_puts(o, ", ");
	out_escape(o, s->target);
	out_putc(o, ')');
}

static void notes(struct out *o, const char *given, const struct schema *s)
{
	for (uint32_t i = 0; i < s->note_count; i++) {
		out_escape(o, text_of(given));
		out_puts(o, ": ");
		out_escape(o, s->notes[i]);
		out_putc(o, '\n');
	}
}

static void summary(struct out *o, const struct compat *c)
{
	struct compat_counts n;

	compat_counts_of(&n, c);
	style_verdict(o, compat_verdict(c));
	out_printf(o, ": %zu certain, %zu likely and %zu possible errors",
		   n.errors[MS_CERTAIN], n.errors[MS_LIKELY],
		   n.errors[MS_POSSIBLE]);
	out_printf(o, ", warnings: %zu, notes: %zu; descriptions compared: %u",
		   n.warnings, n.notes, (unsigned)c->judged);
	if (c->unjudged)
		out_printf(o, ", not told of by the destination: %u",
			   (unsigned)c->unjudged);
	out_putc(o, '\n');
	if (c->why)
		out_printf(o, "not everything was compared: %s\n", c->why);
}

static void print(struct out *o, const struct compat_report_of *r)
{
	const struct compat *c = r->compat;

	origin(o, r->source, c->src);
	out_puts(o, " -> ");
	origin(o, r->destination, c->dst);
	out_putc(o, '\n');
	notes(o, r->source, c->src);
	notes(o, r->destination, c->dst);
	for (size_t i = 0; i < c->count; i++)
		if (!r->findings[i].waiver || r->show_waived)
			finding(o, c, i, r->findings[i].waiver);
	summary(o, c);
	if (r->waived)
		out_printf(o, "waived: %zu of these findings\n", r->waived);
}

const struct compat_format compat_text = {
	.name = "text",
	.print = print,
};
