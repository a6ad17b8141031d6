/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/rule-help.h"

/* A blank line between paragraphs, none between the items of a list. */
static void paragraphs(struct buf *b, const char *text)
{
	for (size_t n; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		buf_add(b, text, n);
		buf_puts(b, text[n] && !strncmp(text, "- ", 2) &&
					    !strncmp(text + n + 1, "- ", 2) ?
				    "\n" :
				    "\n\n");
	}
}

void rule_help_text(struct buf *b, const struct rule_help *h, bool markdown)
{
	const struct {
		const char *title, *text;
	} parts[] = {
		{ "What QEMU does", h->qemu }, { "Usual causes", h->causes },
		{ "What mends it", h->mend },  { "Waiving it", h->waive },
		{ "Sources", h->sources },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!parts[i].text)
			continue;
		buf_printf(b, markdown ? "## %s\n\n" : "%s:\n\n",
			   parts[i].title);
		paragraphs(b, parts[i].text);
	}
	/* no blank lines at the end */
	while (b->length && b->data[b->length - 1] == '\n')
		buf_cut(b, b->length - 1);
}
