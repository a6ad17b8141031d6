/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Section by section the fields that differ, then RAM blocks with ranges of
 * pages, then a summary. */
#include "config.h"
#include "output/diff.h"

#include "diff/classes.h"
#include "output/table.h"
#include "output/value-text.h"

#include <inttypes.h>

#define MAX_LINES 40    /* of one section, or of one block */
#define MAX_STRETCHES 6 /* of one field */
#define MAX_ELEMENTS 4  /* of one stretch */
#define MAX_BYTES 16

typedef unsigned long long ull;

struct state {
	const struct tree_section *section; /* whose heading was printed */
	const struct image_block *block;    /* the same */
	uint64_t lines, hidden;             /* below it */
};

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- heads ---- */

static void side(struct out *o, const char *label, const struct side *s)
{
	const struct ms_summary *m = ms_summary_of(s->stream);
	const struct ms_finding *f;
	size_t errors;

	out_printf(o, "%s: ", label);
	out_escape(o, text_of(s->file));
	if (m->machine.length) {
		out_puts(o, ", ");
		out_escape(o, m->machine);
	}
	if (m->qcow2 && m->qcow2->chosen) {
		out_puts(o, ", snapshot ");
		out_escape(o, m->qcow2->chosen->name);
	}
	if (m->producer)
		out_printf(o, ", written by %s", m->producer);
	out_putc(o, '\n');
	f = side_damage(s, &errors);
	if (f) {
		out_printf(o, "  DAMAGED: %s @0x%llx: %s", f->path,
			   (ull)f->offset, f->message);
		if (errors > 1)
			out_printf(o, " (and %zu more errors)", errors - 1);
		out_putc(o, '\n');
	}
	if (f && (m->unclaimed_bytes || !m->has_eof))
		out_puts(o, "  so what it lacks may only have been lost\n");
	if (s->tree.why)
		out_printf(o, "  not all of it is compared: %s\n", s->tree.why);
	if (s->image.why[0])
		out_printf(o, "  not all of its RAM is compared: %s\n",
			   s->image.why);
	if (s->image.unreadable)
		out_printf(o, "  pages that cannot be read: %llu\n",
			   (ull)s->image.unreadable);
}

static void start(struct diff_report *r)
{
	side(r->out, "A", r->a);
	side(r->out, "B", r->b);
}

static void end_lines(struct diff_report *r, const char *what)
{
	struct state *d = r->state;

	if (d->hidden)
		out_printf(r->out, "  ... %llu more %s (--all shows them)\n",
			   (ull)d->hidden, what);
	d->lines = d->hidden = 0;
}

static void name_of(struct out *o, const struct tree_section *s)
{
	out_escape(o, s->name);
	if (s->part == TREE_SECTION)
		out_printf(o, s->instance >> 16 ? " 0x%x" : " %u", s->instance);
}

/* False: there were enough. */
static bool next_line(struct diff_report *r, const struct change *ch)
{
	struct state *d = r->state;

	if (d->section != ch->section) {
		end_lines(r, "differences");
		name_of(r->out, ch->section);
		out_putc(r->out, '\n');
		d->section = ch->section;
	}
	if (!r->all && d->lines >= MAX_LINES) {
		d->hidden++;
		return false;
	}
	d->lines++;
	out_puts(r->out, "  ");
	return true;
}

static void class_of(struct out *o, unsigned bit)
{
	if (bit)
		out_printf(o, "  [%s]", diff_class_name(bit));
	out_putc(o, '\n');
}

/* ---- values ---- */

static void leaf(struct out *o, struct tree *t, const struct node *n)
{
	uint8_t room[4096];
	struct ms_record rec;

	if (n->unit) {
		out_printf(o, "%llu elements", (ull)(n->length / n->unit));
		return;
	}
	if (n->shape != NODE_LEAF) {
		out_puts(o, "no elements");
		return;
	}
	if (!diff_record(t, n, room, sizeof(room), &rec))
		out_printf(o, "%llu bytes that cannot be read", (ull)n->length);
	else if (n->length > sizeof(room))
		out_printf(o, "%llu bytes", (ull)n->length);
	else
		value_text(o, &rec);
}

static void elements(struct out *o, struct tree *t, const struct node *n,
		     uint64_t first, uint64_t last)
{
	const uint64_t count = last - first + 1;
	uint8_t room[MAX_BYTES];
	struct ms_record rec;

	if (!n->unit) {
		const size_t some =
			count < sizeof(room) ? (size_t)count : sizeof(room);

		if (values_read(&t->values, n->at + first, room, some))
			out_hex(o, room, some, ' ');
		if (some < count)
			out_puts(o, " ...");
		return;
	}
	for (uint64_t i = 0; i < count && i < MAX_ELEMENTS; i++) {
		if (i)
			out_putc(o, ' ');
		if (diff_element(t, n, first + i, room, &rec))
			value_hex(o, &rec);
	}
	if (count > MAX_ELEMENTS)
		out_puts(o, " ...");
}

static void stretches(struct diff_report *r, const struct change *ch,
		      struct ranges *g)
{
	const char *unit = g->unit > 1 || ch->a->unit ? "element" : "byte";
	const uint64_t total = ch->a->length / g->unit;
	struct out *o = r->out;
	uint64_t n = 0, more = 0;

	if (ch->a->length != ch->b->length)
		out_printf(o, "%llu %ss in A, %llu in B", (ull)total, unit,
			   (ull)(ch->b->length / g->unit));
	if (ch->a->length != ch->b->length)
		out_puts(o, ch->differ ? ", " : ", else the same");
	if (ch->differ)
		out_printf(o, "%llu of %llu %s%s differ%s", (ull)ch->differ,
			   (ull)g->count, unit, plural(g->count),
			   ch->differ == 1 ? "s" : "");
	class_of(o, ch->class_);
	while (ranges_next(g)) {
		if (!r->all && n++ >= MAX_STRETCHES) {
			more++;
			continue;
		}
		out_printf(o, "    [%llu", (ull)g->first);
		if (g->last > g->first)
			out_printf(o, "..%llu", (ull)g->last);
		out_puts(o, "] ");
		elements(o, g->tree_a, g->a, g->first, g->last);
		out_puts(o, " -> ");
		elements(o, g->tree_b, g->b, g->first, g->last);
		out_putc(o, '\n');
	}
	if (more)
		out_printf(o, "    ... %llu more stretches\n", (ull)more);
}

static void changed(struct diff_report *r, const struct change *ch)
{
	struct tree *ta = &r->a->tree, *tb = &r->b->tree;
	struct out *o = r->out;
	struct ranges g;

	out_printf(o, "%s: ", ch->path);
	if (ranges_start(&g, ta, tb, ch->a, ch->b) &&
	    (ch->a->unit || ch->a->length > 8 ||
	     ch->a->length != ch->b->length)) {
		stretches(r, ch, &g);
		return;
	}
	leaf(o, ta, ch->a);
	out_puts(o, " -> ");
	leaf(o, tb, ch->b);
	class_of(o, ch->class_);
}

static void one_sided(struct diff_report *r, const struct change *ch)
{
	const struct node *n = ch->a ? ch->a : ch->b;
	struct tree *t = ch->a ? &r->a->tree : &r->b->tree;
	const uint64_t fields = tree_leaves(n);
	struct out *o = r->out;

	out_printf(o, "%s: only in %c, ", ch->path, ch->a ? 'A' : 'B');
	if (n->shape == NODE_LEAF)
		leaf(o, t, n);
	else if (n->shape == NODE_ARRAY)
		out_printf(o, "%llu elements",
			   (ull)(n->unit ? n->length / n->unit : n->count));
	else
		out_printf(o, "%s%llu field%s",
			   n->shape == NODE_SUBSECTION ? "a subsection of " :
							 "",
			   (ull)fields, plural(fields));
	class_of(o, ch->class_);
}

static void whole_section(struct diff_report *r, const struct change *ch)
{
	const uint64_t n = tree_leaves(ch->section->root);
	struct out *o = r->out;

	end_lines(r, "differences");
	((struct state *)r->state)->section = NULL;
	name_of(o, ch->section);
	out_printf(o, ": only in %c", ch->kind == CHANGE_ONLY_A ? 'A' : 'B');
	if (ch->section->part == TREE_SECTION)
		out_printf(o, ", version %u", ch->section->version);
	if (n)
		out_printf(o, ", %llu field%s", (ull)n, plural(n));
	class_of(o, ch->class_);
}

static void place(struct out *o, const struct tree_section *before)
{
	out_puts(o, before ? "behind " : "first");
	if (before)
		name_of(o, before);
}

static void change(struct diff_report *r, const struct change *ch)
{
	struct out *o = r->out;

	if ((ch->kind == CHANGE_ONLY_A || ch->kind == CHANGE_ONLY_B) &&
	    !ch->a && !ch->b) {
		whole_section(r, ch);
		return;
	}
	if (!next_line(r, ch))
		return;
	switch (ch->kind) {
	case CHANGE_VALUE:
		changed(r, ch);
		break;
	case CHANGE_VERSION:
		out_printf(o, "%s%sversion %llu -> %llu", ch->path,
			   *ch->path ? ": " : "", (ull)ch->number_a,
			   (ull)ch->number_b);
		class_of(o, ch->class_);
		break;
	case CHANGE_LIVE:
		out_puts(o, ch->number_a ? "in parts -> whole" :
					   "whole -> in parts");
		class_of(o, ch->class_);
		break;
	case CHANGE_ORDER:
		out_puts(o, "order: ");
		place(o, ch->before_a);
		out_puts(o, " -> ");
		place(o, ch->before_b);
		class_of(o, ch->class_);
		break;
	case CHANGE_UNKNOWN:
		out_printf(o,
			   "not compared: its fields are not known in %c "
			   "(see --schema)",
			   ch->number_a ? 'B' : 'A');
		class_of(o, ch->class_);
		break;
	case CHANGE_ONLY_A:
	case CHANGE_ONLY_B:
	default:
		one_sided(r, ch);
	}
}

static void changes_end(struct diff_report *r)
{
	struct state *d = r->state;

	end_lines(r, "differences");
	d->section = NULL;
}

/* ---- memory ---- */

static void size(struct out *o, uint64_t bytes)
{
	char human[16];

	if (human_size(human, bytes))
		out_puts(o, human);
	else
		out_printf(o, "%llu bytes", (ull)bytes);
}

static void block_name(struct diff_report *r, const struct block_pair *p)
{
	const struct image_block *b = p->a ? p->a : p->b;
	struct state *d = r->state;

	if (d->block == b)
		return;
	d->block = b;
	out_puts(r->out, "RAM block ");
	out_escape(r->out, b->name);
	out_putc(r->out, '\n');
}

static void range(struct diff_report *r, const struct block_pair *p,
		  const struct page_range *g)
{
	static const char *const kinds[] = {
		[RANGE_DATA] = "differ",
		[RANGE_ZERO_A] = "zero in A, data in B",
		[RANGE_ZERO_B] = "data in A, zero in B",
		[RANGE_ONLY_A] = "sent in A only",
		[RANGE_ONLY_B] = "sent in B only",
	};
	struct state *d = r->state;
	struct out *o = r->out;

	block_name(r, p);
	if (!r->all && d->lines >= MAX_LINES) {
		d->hidden++;
		return;
	}
	d->lines++;
	out_printf(o, "  [0x%09llx..0x%09llx) %llu page%s %s", (ull)g->from,
		   (ull)g->to, (ull)g->pages, plural(g->pages),
		   g->kind == RANGE_DATA && g->pages == 1 ? "differs" :
							    kinds[g->kind]);
	if (g->kind == RANGE_DATA) {
		out_printf(o, ": %llu byte%s, from 0x%llx on: ", (ull)g->bytes,
			   plural(g->bytes), (ull)g->first);
		out_hex(o, g->shown_a, g->shown, ' ');
		out_puts(o, " -> ");
		out_hex(o, g->shown_b, g->shown, ' ');
	}
	out_putc(o, '\n');
}

static void lists(struct out *o, const struct block_pair *p)
{
	if (!p->a || !p->b) {
		out_printf(o, "  only in %c, ", p->a ? 'A' : 'B');
		size(o, p->a ? p->a->length : p->b->length);
		out_putc(o, '\n');
		return;
	}
	if (p->unsized)
		out_printf(o, "  length: 0x%llx -> 0x%llx\n", (ull)p->a->length,
			   (ull)p->b->length);
	if (p->a->told_page_size != p->b->told_page_size &&
	    block_pair_lists_differ(p))
		out_printf(o, "  page size: %llu -> %llu\n",
			   (ull)p->a->told_page_size,
			   (ull)p->b->told_page_size);
	if (p->a->has_address && p->b->has_address &&
	    p->a->address != p->b->address)
		out_printf(o, "  address: 0x%llx -> 0x%llx\n",
			   (ull)p->a->address, (ull)p->b->address);
}

static void counts(struct out *o, const struct block_pair *p)
{
	static const char *const kinds[] = {
		[RANGE_DATA] = "differ",      [RANGE_ZERO_A] = "zero in A",
		[RANGE_ZERO_B] = "zero in B", [RANGE_ONLY_A] = "in A only",
		[RANGE_ONLY_B] = "in B only",
	};

	if (!p->unit)
		return;
	out_printf(o, "  pages of %u bytes: %llu the same", p->unit,
		   (ull)p->same);
	for (unsigned i = RANGE_SAME + 1; i < RANGE_KINDS; i++)
		if (p->pages[i])
			out_printf(o, ", %llu %s", (ull)p->pages[i], kinds[i]);
	if (p->never)
		out_printf(o, ", %llu never sent", (ull)p->never);
	out_putc(o, '\n');
}

static void block(struct diff_report *r, const struct block_pair *p)
{
	end_lines(r, "ranges");
	if (!block_pair_differs(p) && !p->absent_a)
		return;
	block_name(r, p);
	lists(r->out, p);
	if (p->absent_a || p->absent_b)
		out_printf(r->out,
			   "  absent in %s (x-ignore-shared): its pages are "
			   "not in the stream, and not compared\n",
			   p->absent_a && p->absent_b ? "both" :
			   p->absent_a                ? "A" :
							"B");
	if (block_pair_differs(p))
		counts(r->out, p);
}

/* ---- the end ---- */

static void ignored(struct out *o, const struct diff_report *r)
{
	const char *before = "  ignored: ";

	for (size_t i = 0; diff_classes[i].name; i++) {
		const unsigned bit = diff_classes[i].bit;

		if (!(r->ignore & bit))
			continue;
		out_printf(o, "%s%s", before, diff_classes[i].name);
		if (bit != DIFF_RAM)
			out_printf(
				o, " (%llu)",
				(ull)r->compare.by_class[__builtin_ctz(bit)]);
		before = ", ";
	}
	if (r->ignore)
		out_putc(o, '\n');
}

static void end(struct diff_report *r)
{
	const struct compare *c = &r->compare;
	struct out *o = r->out;

	if (c->why)
		out_printf(o, "not everything was compared: %s\n", c->why);
	if (r->memory.why[0])
		out_printf(o, "not all RAM was compared: %s\n", r->memory.why);
	if (r->differs)
		out_puts(o, r->incomplete ? "different, and not all compared" :
					    "different");
	else
		out_puts(o, r->incomplete ? "NOT KNOWN to be equal" : "equal");
	out_printf(o,
		   ": %llu difference%s in device state, %zu of %zu sections "
		   "the same",
		   (ull)c->told, plural(c->told), c->equal, c->compared);
	if (r->memory.pages && (r->a->image.count || r->b->image.count))
		out_printf(o, "; RAM: %llu page%s differ%s, %llu the same",
			   (ull)r->pages_differ, plural(r->pages_differ),
			   r->pages_differ == 1 ? "s" : "", (ull)r->pages_same);
	out_putc(o, '\n');
	ignored(o, r);
}

const struct diff_format diff_text = {
	.name = "text",
	.state = sizeof(struct state),
	.start = start,
	.change = change,
	.changes_end = changes_end,
	.range = range,
	.block = block,
	.end = end,
};
