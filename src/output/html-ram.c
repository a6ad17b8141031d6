/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest memory: for each block the kinds of its pages, as a bar and in
 * figures. */
#include "config.h"
#include "output/html.h"
#include "output/table.h"

#define MAX_BLOCKS 500 /* shown; a large machine has some hundred */
#define BAR 1000u

static void cell(struct out *o, uint64_t pages, uint64_t page_size)
{
	char human[16];

	if (!pages) {
		out_puts(o, "<td class=\"n zero\">0</td>");
		return;
	}
	out_puts(o, "<td class=\"n\">");
	html_number(o, pages);
	if (page_size && human_size(human, pages * page_size)) {
		out_puts(o, " <small>");
		html_human(o, human);
		out_puts(o, "</small>");
	}
	out_puts(o, "</td>");
}

static void bar(struct out *o, const uint64_t n[3])
{
	static const struct {
		enum page_state state;
		const char *class_;
	} parts[] = { { PAGE_DATA, "data" }, { PAGE_ZERO, "zero" } };
	const uint64_t total = n[0] + n[1] + n[2];
	unsigned x = 0;

	if (!total)
		return;
	out_printf(o,
		   "<svg class=\"bar\" viewBox=\"0 0 %u 10\" "
		   "preserveAspectRatio=\"none\" aria-hidden=\"true\">",
		   BAR);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const uint64_t pages = n[parts[i].state];
		unsigned width =
			(unsigned)((double)pages / (double)total * BAR);

		if (pages && !width)
			width = 4; /* few, but there */
		out_printf(o,
			   "<rect class=\"%s\" x=\"%u\" width=\"%u\" "
			   "height=\"10\"/>",
			   parts[i].class_, x, width);
		x += width;
	}
	out_puts(o, "</svg>");
}

/* How the pages were sent last; false: not known. */
static bool last_sent(const struct html_item *item, struct ms_text name,
		      uint64_t pages, uint64_t ret[3])
{
	const struct image *im = &item->image;

	if (!item->image_ok)
		return false;
	for (size_t i = 0; i < im->count; i++) {
		const struct image_block *b = &im->blocks[i];

		if (!text_eq(b->name, name))
			continue;
		if (image_absent(b))
			return false;
		pages_count(&b->pages, ret);
		if (!b->page_size)
			ret[PAGE_NEVER] = pages;
		return true;
	}
	return false;
}

static void row(struct out *o, const struct html_item *item,
		const struct ms_summary *m,
		const struct ms_ram_block_summary *b)
{
	const uint64_t size = m->page_size;
	const uint64_t pages =
		size ? b->used_length / size + (b->used_length % size != 0) : 0;
	uint64_t n[3];
	const bool known = last_sent(item, b->name, pages, n);

	out_puts(o, "<tr><th scope=\"row\">");
	html_name(o, b->name);
	if (!b->listed)
		out_puts(o, " <em>not in the list</em>");
	if (b->shared)
		out_puts(o, " <em>shared</em>");
	/* what channels sent side by side is not put in order here */
	if (known && !m->channel_count)
		bar(o, n);
	out_puts(o, "</th><td class=\"n\">");
	html_number(o, pages);
	out_puts(o, " <small>");
	html_size(o, b->used_length);
	out_puts(o, "</small></td>");
	cell(o, b->zero, size);
	cell(o, b->data + b->mapped, size);
	cell(o, b->compressed, size);
	cell(o, b->xbzrle, size);
	if (known)
		cell(o, n[PAGE_NEVER], size);
	else
		out_puts(o, "<td class=\"n\">not known</td>");
	out_puts(o, "</tr>\n");
}

void html_ram_print(struct out *o, const struct html_item *item)
{
	const struct ms_summary *m = ms_summary_of(item->report->stream);
	const unsigned n = item->n;
	size_t shown =
		m->block_count < MAX_BLOCKS ? m->block_count : MAX_BLOCKS;

	if (!m->block_count)
		return;
	html_section(o, item, "ram", "Guest memory");
	out_printf(o,
		   "<p class=\"about\">Pages as they were sent, each time "
		   "counted; those of a block that were never sent, or "
		   "discarded and not sent again, stand in the last column. "
		   "The bars show how each page was sent last.</p>\n"
		   "<ul class=\"key\" aria-hidden=\"true\">"
		   "<li class=\"data\">data</li><li class=\"zero\">zero</li>"
		   "<li class=\"never\">never sent</li></ul>\n"
		   "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		   "aria-labelledby=\"r%u-ram-h\"><table class=\"ram\">\n"
		   "<thead><tr><th scope=\"col\">Block</th>"
		   "<th scope=\"col\">Pages</th><th scope=\"col\">Zero</th>"
		   "<th scope=\"col\">Data</th>"
		   "<th scope=\"col\">Compressed</th>"
		   "<th scope=\"col\">XBZRLE</th>"
		   "<th scope=\"col\">Never sent</th></tr></thead>\n<tbody>\n",
		   n);
	for (size_t i = 0; i < shown; i++)
		row(o, item, m, &m->blocks[i]);
	out_puts(o, "</tbody></table></div>\n");
	if (m->block_count > shown) {
		out_puts(o, "<p class=\"more\">… ");
		html_counted(o, m->block_count - shown, "more block");
		out_puts(o, "</p>\n");
	}
	out_puts(o, "</section>\n");
}
