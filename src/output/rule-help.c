/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/rule-help.h"

/* What Markdown (CommonMark, 2.4; GitHub's with tables, strikes and formulas)
 * would take for something else than itself: hw_compat_* has three of them. */
#define MARKS "\\`*_[]<>#|~&$"
/* The same where a line begins, as "-machine" and "10." may. */
#define MARKS_FIRST "-+.)"

static void put_markdown(struct buf *b, const char *text, size_t n)
{
	size_t first = strspn(text, "0123456789");

	for (size_t i = 0; i < n; i++) {
		if (strchr(MARKS, text[i]) ||
		    (i == first && strchr(MARKS_FIRST, text[i])))
			buf_putc(b, '\\');
		buf_putc(b, text[i]);
	}
}

static void paragraph(struct buf *b, const char *text, size_t n, bool markdown)
{
	const size_t mark = strncmp(text, "- ", 2) ? 0 : 2;

	buf_add(b, text, markdown ? mark : n);
	if (markdown)
		put_markdown(b, text + mark, n - mark);
}

/* A blank line between paragraphs, none between the items of a list. */
static void paragraphs(struct buf *b, const char *text, bool markdown)
{
	for (size_t n; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		paragraph(b, text, n, markdown);
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
	size_t n;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!parts[i].text)
			continue;
		buf_printf(b, markdown ? "## %s\n\n" : "%s:\n\n",
			   parts[i].title);
		paragraphs(b, parts[i].text, markdown);
	}
	/* no blank lines at the end */
	for (n = b->length; n && b->data[n - 1] == '\n'; n--)
		;
	buf_cut(b, n);
}
