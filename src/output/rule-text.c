/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/rule-text.h"

#include "output/explain.h"

/* The texts are plain, and may hold what markdown takes for markup. */
static void put_markdown(struct buf *b, struct ms_text t)
{
	for (size_t i = 0; i < t.length; i++) {
		if (strchr("*_<>[]#`\\", t.bytes[i]))
			buf_putc(b, '\\');
		buf_putc(b, t.bytes[i]);
	}
}

void rule_text(struct buf *b, const struct rule *r, bool markdown)
{
	const struct rule_help h = rule_help_of(r);
	struct explain_part parts[EXPLAIN_PARTS];
	struct ms_text t;

	explain_parts(parts, &h);
	for (size_t i = 0; i < EXPLAIN_PARTS; i++) {
		const char *text = parts[i].text;
		bool item = false;

		if (!text)
			continue;
		if (b->length)
			buf_putc(b, '\n');
		buf_printf(b, markdown ? "### %s\n" : "%s:\n", parts[i].title);
		while (explain_paragraph(&text, &t)) {
			const bool was = item;

			item = text_starts(t, TEXT("- "));
			/* Items of a list follow each other line by line. */
			if (markdown && !(was && item))
				buf_putc(b, '\n');
			if (!markdown)
				buf_add(b, t.bytes, t.length);
			else if (item)
				buf_puts(b, "- ");
			if (markdown)
				put_markdown(b, item ? text_make(t.bytes + 2,
								 t.length - 2) :
						       t);
			buf_putc(b, '\n');
		}
	}
}
