/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The map of the stream: a bar to scale, and a block for each part, whose
 * width grows with the logarithm of its size, so that a device of 40 bytes
 * beside memory of gigabytes can still be seen and clicked. */
#include "config.h"
#include "output/html.h"
#include "output/names.h"
#include "output/table.h"

#include "base/mem.h"

#include <stdlib.h>

/* Parts that are told apart, and blocks that are shown: a large machine has
 * some hundred. Names take 255 bytes at most. */
#define MAX_PARTS 4096
#define MAX_BLOCKS 600
#define MAX_NAMES (MAX_PARTS * 512u)
#define LEVELS 12
#define BAR 10000u /* units of the bar's width */
#define LEAST_MARK 30u

void html_map_init(struct html_map *m)
{
	*m = (struct html_map){ 0 };
	arena_init(&m->names, MAX_NAMES);
}

void html_map_free(struct html_map *m)
{
	arena_free(&m->names);
	free(m->list);
	*m = (struct html_map){ 0 };
}

static struct html_part *last(const struct html_map *m)
{
	return m->count && !m->rest ? &m->list[m->count - 1] : NULL;
}

static bool continues(const struct html_part *p, const struct ms_record *rec)
{
	if (!p || p->offset + p->length != rec->offset || p->channel)
		return false;
	if (rec->kind == MS_COMMAND)
		return p->kind == PART_STRUCTURE && text_eq(p->name, rec->name);
	return rec->kind == MS_SECTION_BEGIN && p->section &&
	       rec->u.section.type != MS_SECTION_START &&
	       rec->u.section.type != MS_SECTION_FULL &&
	       p->id == rec->u.section.id && text_eq(p->name, rec->name);
}

static enum html_part_kind kind_of(const struct ms_record *rec)
{
	switch (rec->kind) {
	case MS_SECTION_BEGIN:
		return text_is(rec->name, "ram") ? PART_RAM : PART_DEVICE;
	case MS_DESCRIPTION:
		return PART_DESCRIPTION;
	case MS_GAP:
	case MS_TRAILING:
		return PART_GAP;
	case MS_CHANNEL_BEGIN:
		return PART_CHANNEL;
	default:
		return PART_STRUCTURE;
	}
}

static struct html_part *add(struct html_map *m, const struct ms_record *rec)
{
	const bool named =
		(rec->kind == MS_SECTION_BEGIN || rec->kind == MS_COMMAND) &&
		rec->name.length;
	struct html_part *p;

	if (!m->list)
		m->list = mem_zero(MAX_PARTS, sizeof(*m->list));
	m->failed |= !m->list;
	if (m->failed || m->count == MAX_PARTS) {
		m->rest++;
		m->rest_length += rec->length;
		return NULL;
	}
	p = &m->list[m->count++];
	*p = (struct html_part){
		.kind = kind_of(rec),
		.name = named ? arena_text(&m->names, rec->name) :
				text_of(record_name(rec->kind)),
		.offset = rec->offset,
		.length = rec->length,
		.gap = rec->kind == MS_GAP ? rec->length : 0,
		.pieces = 1,
		.channel = rec->channel,
		.section = rec->kind == MS_SECTION_BEGIN,
	};
	if (p->section)
		p->id = rec->u.section.id;
	return p;
}

/* What is inside a part, or ends it. */
static void extend(struct html_map *m, const struct ms_record *rec)
{
	struct html_part *p = last(m);

	if (rec->kind == MS_GAP && p)
		p->gap += rec->length;
	if (!p)
		m->rest_length += rec->length;
	else if (rec->offset + rec->length > p->offset + p->length)
		p->length = rec->offset + rec->length - p->offset;
}

static bool is_outer(enum ms_record_kind kind)
{
	return kind == MS_SECTION_BEGIN || kind == MS_CONFIG_BEGIN ||
	       kind == MS_CHANNEL_BEGIN;
}

struct html_part *html_map_visit(struct html_map *m,
				 const struct ms_record *rec)
{
	if (rec->kind == MS_PACKAGE_BEGIN || rec->kind == MS_PACKAGE_END)
		return NULL; /* what is in it stands for itself */
	if (m->inside) {
		extend(m, rec);
		m->inside = record_shape(rec->kind) != RECORD_CLOSES ||
			    record_opener(rec->kind) != m->outer;
		return NULL;
	}
	m->inside = is_outer(rec->kind);
	m->outer = rec->kind;
	if (continues(last(m), rec)) {
		last(m)->pieces++;
		extend(m, rec);
		return NULL;
	}
	return add(m, rec);
}

struct html_part *html_map_find(const struct html_map *m, uint64_t offset)
{
	size_t low = 0, high = m->count;

	/* in order, but for channels, which stand at the end */
	while (high && m->list[high - 1].channel)
		high--;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (m->list[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	/* what is cut short ends where its last finding stands */
	if (!low || offset - m->list[low - 1].offset > m->list[low - 1].length)
		return NULL;
	return &m->list[low - 1];
}

void html_part_link(struct out *o, unsigned n, const struct html_part *p)
{
	out_printf(o, "href=\"#r%u-", n);
	if (p->channel)
		out_printf(o, "c%u\"", p->channel);
	else
		out_printf(o, "x%llx\"", (unsigned long long)p->offset);
}

static unsigned level(uint64_t length)
{
	unsigned bits = 0;

	for (; length; length >>= 1)
		bits++;
	bits = (bits + 1) / 2;
	return bits < 2 ? 1 : bits > LEVELS ? LEVELS : bits - 1;
}

static const char *const classes[] = {
	[PART_STRUCTURE] = "structure",
	[PART_RAM] = "ram",
	[PART_DEVICE] = "device",
	[PART_DESCRIPTION] = "description",
	[PART_GAP] = "gap",
	[PART_CHANNEL] = "channel",
};

/* What is wrong in a part, and the class that shows it. */
static const char *mark_of(const struct html_part *p, const char **ret_class)
{
	*ret_class = " bad";
	if (p->worst == MS_ERROR + 1)
		return "error";
	if (p->kind == PART_GAP || p->gap)
		return "not understood";
	*ret_class = " doubtful";
	return p->worst == MS_WARNING + 1 ? "warning" : NULL;
}

/* "0000:00:01.0/PIIX3": the place is the same for many, the end tells. */
static struct ms_text short_name(struct ms_text name)
{
	for (size_t i = name.length; i--;)
		if (name.bytes[i] == '/' && i + 1 < name.length)
			return text_make(name.bytes + i + 1,
					 name.length - i - 1);
	return name;
}

static void block(struct out *o, unsigned n, const struct html_part *p)
{
	const char *class_, *mark = mark_of(p, &class_);
	char human[16];

	out_printf(o, "<li class=\"w%u %s%s\"><a ", level(p->length),
		   classes[p->kind], mark ? class_ : "");
	if (p->in_tree)
		html_part_link(o, n, p);
	out_puts(o, " title=\"");
	html_name(o, p->name);
	out_printf(o, " at 0x%llx\"><b>", (unsigned long long)p->offset);
	html_name(o, short_name(p->name));
	if (p->channel)
		out_printf(o, " %u", p->channel);
	if (p->pieces > 1) {
		out_puts(o, " × ");
		html_number(o, p->pieces);
	}
	out_puts(o, "</b> <span>");
	if (human_size(human, p->length))
		out_puts(o, human);
	else
		html_counted(o, p->length, "byte");
	out_puts(o, "</span>");
	if (mark)
		out_printf(o, " <em>%s</em>", mark);
	out_puts(o, "</a></li>\n");
}

/* What is narrower than a line cannot be seen, and is left out, unless
 * something is wrong there. */
static void bar_part(struct out *o, const struct html_part *p, double from,
		     double to, bool marked)
{
	const char *class_, *mark = mark_of(p, &class_);
	const unsigned x = (unsigned)(from * BAR);
	unsigned width = (unsigned)(to * BAR) - x;

	if (!mark != !marked)
		return;
	if (mark && width < LEAST_MARK)
		width = LEAST_MARK;
	if (width)
		out_printf(o,
			   "<rect class=\"%s%s\" x=\"%u\" width=\"%u\" "
			   "height=\"10\"/>",
			   classes[p->kind], mark ? class_ : "", x, width);
}

/* To scale; what is wrong is drawn over what is not. */
static void bar(struct out *o, const struct html_map *m)
{
	double total = 0;

	for (size_t i = 0; i < m->count; i++)
		total += (double)m->list[i].length;
	if (total <= 0)
		return;
	out_printf(o,
		   "<svg class=\"bar\" viewBox=\"0 0 %u 10\" "
		   "preserveAspectRatio=\"none\" aria-hidden=\"true\">",
		   BAR);
	for (unsigned marked = 0; marked < 2; marked++) {
		double at = 0;

		for (size_t i = 0; i < m->count; i++) {
			const double from = at;

			at += (double)m->list[i].length;
			bar_part(o, &m->list[i], from / total, at / total,
				 marked);
		}
	}
	out_puts(o, "</svg>\n");
}

void html_map_print(struct out *o, const struct html_item *item)
{
	const struct html_map *m = &item->map;
	const unsigned n = item->n;
	const size_t shown = m->count < MAX_BLOCKS ? m->count : MAX_BLOCKS;

	if (!m->count)
		return;
	html_section(o, item, "map", "Map of the stream");
	out_puts(o, "<p class=\"about\">From the first byte to the last. The "
		    "bar is to scale; the blocks are not, so that small "
		    "sections stay visible.</p>\n");
	bar(o, m);
	out_puts(o, "<ul class=\"key\" aria-hidden=\"true\">"
		    "<li class=\"ram\">RAM</li><li class=\"device\">devices"
		    "</li><li class=\"description\">description</li>"
		    "<li class=\"structure\">structure</li>"
		    "<li class=\"doubtful\">warning</li>"
		    "<li class=\"bad\">error, or not understood</li></ul>\n"
		    "<ol class=\"map\">\n");
	for (size_t i = 0; i < shown; i++)
		block(o, n, &m->list[i]);
	out_puts(o, "</ol>\n");
	if (m->count > shown || m->rest) {
		out_puts(o, "<p class=\"more\">… ");
		html_counted(o, m->count - shown + m->rest, "more part");
		out_puts(o, "</p>\n");
	}
	out_puts(o, "</section>\n");
}
