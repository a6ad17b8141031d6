/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of sections; the script adds the search and sorts by column. */
#include "config.h"
#include "output/html.h"
#include "output/names.h"

#define MAX_ROWS 5000 /* the largest machines have a few thousand */

static const char *const columns[] = { "Id",      "Name",   "Instance",
				       "Version", "Offset", "Length",
				       "Read" };

/* Sections of a stream come in its order, as the parts do. */
static const struct html_part *part_of(const struct html_map *m,
				       const struct ms_section_summary *s,
				       size_t *from)
{
	for (size_t i = *from; i < m->count; i++) {
		const struct html_part *p = &m->list[i];

		if (!p->section || p->channel || p->offset != s->offset)
			continue;
		*from = i + 1;
		return p->in_tree ? p : NULL;
	}
	return NULL;
}

static void row(struct out *o, unsigned n, const struct ms_section_summary *s,
		const struct html_part *p)
{
	out_printf(o, "<tr><td class=\"n\">%u</td><th scope=\"row\">", s->id);
	if (p) {
		out_puts(o, "<a ");
		html_part_link(o, n, p);
		out_putc(o, '>');
	}
	html_name(o, s->name);
	out_printf(o, "%s</th><td class=\"n\">", p ? "</a>" : "");
	out_printf(o, s->instance >> 16 ? "0x%x" : "%u", s->instance);
	out_printf(o,
		   "</td><td class=\"n\">%u</td><td class=\"n\">0x%llx</td>"
		   "<td class=\"n\">",
		   s->version, (unsigned long long)s->offset);
	html_number(o, s->bytes);
	out_puts(o, "</td><td>");
	switch (s->how) {
	case MS_HOW_KIND:
		out_puts(o, "own format");
		break;
	case MS_HOW_DESCRIBED:
		out_puts(o, "by its description");
		break;
	case MS_HOW_GUESSED:
	default:
		out_puts(o, "<em>end guessed</em>");
	}
	if (s->live) {
		out_puts(o, ", ");
		html_counted(o, (uint64_t)s->parts + 1, "part");
	}
	if (s->live && !s->ended)
		out_puts(o, ", <em>not ended</em>");
	out_puts(o, "</td></tr>\n");
}

void html_sections_print(struct out *o, const struct html_item *item)
{
	const struct ms_summary *m = ms_summary_of(item->report->stream);
	const size_t shown =
		m->section_count < MAX_ROWS ? m->section_count : MAX_ROWS;
	const unsigned n = item->n;
	size_t from = 0;

	if (!m->section_count)
		return;
	html_section(o, item, "sections", "Sections");
	out_printf(o,
		   "<p class=\"tools\" hidden><label for=\"r%u-search\">Search "
		   "sections</label> <input type=\"search\" id=\"r%u-search\" "
		   "data-search=\"r%u-table\" autocomplete=\"off\" "
		   "spellcheck=\"false\"> <output for=\"r%u-search\" "
		   "aria-live=\"polite\"></output></p>\n"
		   "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		   "aria-labelledby=\"r%u-sections-h\">"
		   "<table class=\"sections\" id=\"r%u-table\">\n<thead><tr>",
		   n, n, n, n, n, n);
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		out_printf(o, "<th scope=\"col\">%s</th>", columns[i]);
	out_puts(o, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < shown; i++)
		row(o, n, &m->sections[i],
		    part_of(&item->map, &m->sections[i], &from));
	out_puts(o, "</tbody></table></div>\n");
	if (m->section_count > shown) {
		out_puts(o, "<p class=\"more\">… ");
		html_counted(o, m->section_count - shown, "more section");
		out_puts(o, "</p>\n");
	}
	out_puts(o, "</section>\n");
}
