/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every record in stream order, folded: a details element for each part of
 * the map, and in it one for each subsection, structure and array. */
#include "config.h"
#include "output/html.h"
#include "base/limits.h"
#include "output/names.h"
#include "output/record-text.h"
#include "output/value-text.h"

/* Elements of one array, and lines on RAM pages and marks of one part, that
 * are shown: who wants all of them has `dump`. */
#define MAX_ELEMENTS 256
#define MAX_LINES 200
/* Arrays that are so short are not folded. */
#define SHORT_ARRAY 8

typedef unsigned long long ull;

void html_tree_init(struct html_tree *t, size_t budget)
{
	t->text = (struct buf){ 0 };
	out_to_buf(&t->out, &t->text);
	t->budget = budget;
	t->started = t->full = t->row = false;
	t->lines = t->depth = 0;
	t->left_out = t->unshown_parts = t->anchored = 0;
}

void html_tree_free(struct html_tree *t)
{
	out_finish(&t->out);
	buf_free(&t->text);
}

static void end_row(struct html_tree *t)
{
	if (t->row)
		out_puts(&t->out, "</code></li>\n");
	t->row = false;
}

static void offset_of(struct out *o, const struct ms_record *rec)
{
	out_printf(o, " <small>0x%llx</small>", (ull)rec->offset);
}

/* ---- parts ---- */

static void end_part(struct html_tree *t)
{
	struct out *o = &t->out;

	end_row(t);
	if (t->started && t->left_out) {
		out_puts(o, "<li class=\"more\">… ");
		html_counted(o, t->left_out, "more line");
		out_puts(o, "</li>\n");
	}
	if (t->started)
		out_puts(o, "</ul></details>\n");
	t->started = false;
	t->lines = 0;
	t->left_out = 0;
}

static void part_facts(struct out *o, const struct ms_record *rec)
{
	if (rec->kind != MS_SECTION_BEGIN)
		return;
	out_printf(o, " <i>instance %u, id %u, version %u</i>",
		   rec->u.section.instance, rec->u.section.id,
		   rec->u.section.version);
	if (rec->u.section.how == MS_HOW_GUESSED)
		out_puts(o, " <em>end guessed</em>");
}

static void start_part(struct html_tree *t, unsigned n, struct html_part *p,
		       const struct ms_record *rec)
{
	struct out *o = &t->out;

	end_part(t);
	t->depth = 0;
	t->started = true;
	out_puts(o, "<details class=\"part\"");
	if (p->channel) {
		out_printf(o, " id=\"r%u-c%u\"", n, p->channel);
		p->in_tree = true;
	} else if (p->offset >= t->anchored) {
		/* after damage a place may come up a second time */
		out_printf(o, " id=\"r%u-x%llx\"", n, (ull)p->offset);
		t->anchored = p->offset + 1;
		p->in_tree = true;
	}
	out_puts(o, "><summary><b>");
	html_name(o, p->name);
	out_puts(o, "</b>");
	part_facts(o, rec);
	offset_of(o, rec);
	out_puts(o, "</summary>\n<ul>\n");
}

/* ---- lines ---- */

static bool hidden(const struct html_tree *t)
{
	return t->depth && t->open[t->depth - 1].hidden;
}

static bool in_array(const struct html_tree *t)
{
	return t->depth && t->open[t->depth - 1].kind == MS_ARRAY_BEGIN;
}

/* Is this an element that the array around it is too long for? */
static bool beyond(struct html_tree *t, int64_t index)
{
	if (!in_array(t) || index < MAX_ELEMENTS)
		return false;
	t->open[t->depth - 1].skipped++;
	return true;
}

/* record_text() and what is like it write plain text: into a buffer, and
 * from there escaped into the page. */
static void words(struct out *o,
		  void (*print)(struct out *, const struct ms_record *),
		  const struct ms_record *rec)
{
	struct buf b = { 0 };
	struct out plain;

	out_to_buf(&plain, &b);
	print(&plain, rec);
	if (out_finish(&plain))
		html_text(o, b.data);
	buf_free(&b);
}

static void name_and_type(struct out *o, const struct ms_record *rec,
			  int64_t index)
{
	out_puts(o, "<b>");
	html_name(o, rec->name);
	if (index >= 0)
		out_printf(o, "[%lld]", (long long)index);
	out_puts(o, "</b>");
	if (rec->type.length || rec->kind == MS_ARRAY_BEGIN) {
		out_puts(o, " <i>");
		html_name(o, rec->type);
		if (rec->kind == MS_ARRAY_BEGIN)
			out_printf(o, "[%llu]", (ull)rec->u.group.count);
		out_puts(o, "</i>");
	}
}

static void element(struct html_tree *t, const struct ms_record *rec)
{
	out_puts(&t->out, t->row ? " " : "<li><code>");
	t->row = true;
	value_hex(&t->out, rec);
}

static void field(struct html_tree *t, const struct ms_record *rec)
{
	struct out *o = &t->out;

	if (beyond(t, rec->u.value.index))
		return;
	if (in_array(t) &&
	    (rec->u.value.class_ == MS_INT || rec->u.value.class_ == MS_UINT)) {
		element(t, rec);
		return;
	}
	end_row(t);
	out_puts(o, "<li>");
	name_and_type(o, rec, rec->u.value.index);
	out_puts(o, " <code>");
	words(o, value_text, rec);
	out_puts(o, "</code>");
	offset_of(o, rec);
	out_puts(o, "</li>\n");
}

static void line(struct html_tree *t, const struct ms_record *rec)
{
	struct out *o = &t->out;

	end_row(t);
	if (t->lines >= MAX_LINES) {
		t->left_out++;
		return;
	}
	t->lines++;
	out_puts(o, rec->kind == MS_GAP ? "<li class=\"bad\">" : "<li>");
	words(o, record_text, rec);
	offset_of(o, rec);
	out_puts(o, "</li>\n");
}

/* ---- brackets ---- */

static void open_group(struct html_tree *t, const struct ms_record *rec)
{
	struct out *o = &t->out;
	const bool is_array = rec->kind == MS_ARRAY_BEGIN;
	bool hide = hidden(t) || t->full;

	if (!hide && rec->kind == MS_STRUCT_BEGIN)
		hide = beyond(t, rec->u.group.index);
	if (t->depth == HTML_OPEN)
		return; /* a sink opens fewer */
	t->open[t->depth].kind = rec->kind;
	t->open[t->depth].skipped = 0;
	t->open[t->depth++].hidden = hide;
	if (hide)
		return;
	end_row(t);
	out_puts(o, is_array && rec->u.group.count <= SHORT_ARRAY &&
				    !text_is(rec->type, "struct") ?
			    "<li><details open><summary>" :
			    "<li><details><summary>");
	if (rec->kind == MS_SUBSECTION_BEGIN)
		words(o, record_text, rec);
	else
		name_and_type(o, rec, is_array ? -1 : rec->u.group.index);
	offset_of(o, rec);
	out_puts(o, "</summary>\n<ul>\n");
}

/* A decoder that gave up leaves brackets open: they end with the one around
 * them. */
static void close_groups(struct html_tree *t, unsigned depth)
{
	struct out *o = &t->out;

	end_row(t);
	while (t->depth > depth) {
		t->depth--;
		if (t->open[t->depth].hidden)
			continue;
		if (t->open[t->depth].skipped) {
			out_puts(o, "<li class=\"more\">… ");
			html_counted(o, t->open[t->depth].skipped,
				     "more element");
			out_puts(o, "</li>\n");
		}
		out_puts(o, "</ul></details></li>\n");
	}
}

static void close_group(struct html_tree *t, const struct ms_record *rec)
{
	const enum ms_record_kind opener = record_opener(rec->kind);
	unsigned i = t->depth;

	while (i && t->open[i - 1].kind != opener)
		i--;
	/* sections and the like are no groups: they close all there are */
	if (i || opener == MS_SECTION_BEGIN || opener == MS_CONFIG_BEGIN)
		close_groups(t, i ? i - 1 : 0);
}

static bool is_group(enum ms_record_kind kind)
{
	return kind == MS_STRUCT_BEGIN || kind == MS_ARRAY_BEGIN ||
	       kind == MS_SUBSECTION_BEGIN;
}

static void inner(struct html_tree *t, const struct ms_record *rec)
{
	if (record_shape(rec->kind) == RECORD_CLOSES)
		close_group(t, rec);
	else if (is_group(rec->kind))
		open_group(t, rec);
	else if (t->full)
		t->left_out++;
	else if (!hidden(t) && rec->kind == MS_FIELD)
		field(t, rec);
	else if (!hidden(t))
		line(t, rec);
}

void html_tree_visit(struct html_tree *t, unsigned n, struct html_part *part,
		     const struct ms_record *rec)
{
	if (t->text.length + t->out.used > t->budget)
		t->full = true;
	if (!part) {
		inner(t, rec);
		return;
	}
	close_groups(t, 0);
	/* what is left out of a full tree is only counted */
	if (t->full) {
		end_part(t);
		t->unshown_parts++;
		return;
	}
	start_part(t, n, part, rec);
	/* what there is to say of a section stands in its title */
	if (record_shape(rec->kind) == RECORD_LEAF ||
	    rec->kind == MS_CONFIG_BEGIN)
		line(t, rec);
}

void html_tree_end(struct html_tree *t)
{
	close_groups(t, 0);
	end_part(t);
	out_flush(&t->out);
}

void html_tree_print(struct out *o, const struct html_item *item)
{
	const struct html_tree *t = &item->tree;

	if (!t->text.length && !t->unshown_parts)
		return;
	html_section(o, item, "tree", "Contents");
	out_puts(o, "<p class=\"about\">Each part unfolds to its fields: "
		    "name, type, value, offset.</p>\n"
		    "<p class=\"tools\" hidden><button type=\"button\" "
		    "data-unfold=\"1\">Unfold all</button> "
		    "<button type=\"button\" data-unfold=\"0\">Fold all"
		    "</button></p>\n<div class=\"tree\">\n");
	out_add(o, t->text.data, t->text.length);
	out_puts(o, "</div>\n");
	if (t->full) {
		out_puts(o, "<p class=\"more\">… ");
		if (t->unshown_parts) {
			html_counted(o, t->unshown_parts, "more part");
			out_puts(o, ", ");
		}
		out_printf(o,
			   "left out: contents are over the limit of "
			   "%llu&nbsp;MiB for a page; ",
			   (ull)MAX_HTML_TREE >> 20);
		out_puts(o,
			 "<code>migscope dump</code> shows everything</p>\n");
	}
	out_puts(o, "</section>\n");
}
