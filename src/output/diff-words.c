/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A difference in words. */
#include "config.h"
#include "output/diff-priv.h"

#include "output/table.h"
#include "output/value-text.h"

#define MAX_ELEMENTS 4 /* of one stretch */
#define MAX_BYTES 16

typedef unsigned long long ull;

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

void diff_section_name(struct out *o, const struct tree_section *s)
{
	out_escape(o, s->name);
	if (s->part == TREE_SECTION)
		out_printf(o, s->instance >> 16 ? " 0x%x" : " %u", s->instance);
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

void diff_stretch(struct out *o, const struct ranges *g)
{
	out_printf(o, "[%llu", (ull)g->first);
	if (g->last > g->first)
		out_printf(o, "..%llu", (ull)g->last);
	out_puts(o, "] ");
	elements(o, g->tree_a, g->a, g->first, g->last);
	out_puts(o, " -> ");
	elements(o, g->tree_b, g->b, g->first, g->last);
}

bool diff_stretches(struct diff_report *r, const struct change *ch,
		    struct ranges *ret)
{
	return ch->kind == CHANGE_VALUE &&
	       ranges_start(ret, &r->a->tree, &r->b->tree, ch->a, ch->b) &&
	       (ch->a->unit || ch->a->length > 8 ||
		ch->a->length != ch->b->length);
}

static void counted(struct out *o, const struct change *ch,
		    const struct ranges *g)
{
	const char *unit = g->unit > 1 || ch->a->unit ? "element" : "byte";
	const uint64_t total = ch->a->length / g->unit;

	if (ch->a->length != ch->b->length)
		out_printf(o, "%llu %ss in A, %llu in B", (ull)total, unit,
			   (ull)(ch->b->length / g->unit));
	if (ch->a->length != ch->b->length)
		out_puts(o, ch->differ ? ", " : ", else the same");
	if (ch->differ)
		out_printf(o, "%llu of %llu %s%s differ%s", (ull)ch->differ,
			   (ull)g->count, unit, plural(g->count),
			   ch->differ == 1 ? "s" : "");
}

static void changed(struct diff_report *r, struct out *o,
		    const struct change *ch)
{
	struct ranges g;

	if (diff_stretches(r, ch, &g)) {
		counted(o, ch, &g);
		return;
	}
	leaf(o, &r->a->tree, ch->a);
	out_puts(o, " -> ");
	leaf(o, &r->b->tree, ch->b);
}

static void one_sided(struct diff_report *r, struct out *o,
		      const struct change *ch)
{
	const struct node *n = ch->a ? ch->a : ch->b;
	struct tree *t = ch->a ? &r->a->tree : &r->b->tree;
	const uint64_t fields = tree_leaves(n);

	out_printf(o, "only in %c, ", ch->a ? 'A' : 'B');
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
}

static void whole(struct out *o, const struct change *ch)
{
	const uint64_t n = tree_leaves(ch->section->root);

	out_printf(o, "only in %c", ch->kind == CHANGE_ONLY_A ? 'A' : 'B');
	if (ch->section->part == TREE_SECTION)
		out_printf(o, ", version %u", ch->section->version);
	if (n)
		out_printf(o, ", %llu field%s", (ull)n, plural(n));
}

static void place(struct out *o, const struct tree_section *before)
{
	out_puts(o, before ? "behind " : "first");
	if (before)
		diff_section_name(o, before);
}

void diff_words(struct diff_report *r, struct out *o, const struct change *ch)
{
	switch (ch->kind) {
	case CHANGE_VALUE:
		changed(r, o, ch);
		break;
	case CHANGE_VERSION:
		out_printf(o, "version %llu -> %llu", (ull)ch->number_a,
			   (ull)ch->number_b);
		break;
	case CHANGE_LIVE:
		out_puts(o, ch->number_a ? "in parts -> whole" :
					   "whole -> in parts");
		break;
	case CHANGE_ORDER:
		out_puts(o, "order: ");
		place(o, ch->before_a);
		out_puts(o, " -> ");
		place(o, ch->before_b);
		break;
	case CHANGE_UNKNOWN:
		out_printf(o,
			   "not compared: its fields are not known in %c "
			   "(see --schema)",
			   ch->number_a ? 'B' : 'A');
		break;
	case CHANGE_ONLY_A:
	case CHANGE_ONLY_B:
	default:
		if (ch->a || ch->b)
			one_sided(r, o, ch);
		else
			whole(o, ch);
	}
}

/* ---- memory ---- */

void diff_range_words(struct out *o, const struct page_range *g)
{
	static const char *const kinds[] = {
		[RANGE_DATA] = "differ",
		[RANGE_ZERO_A] = "zero in A, data in B",
		[RANGE_ZERO_B] = "data in A, zero in B",
		[RANGE_ONLY_A] = "sent in A only",
		[RANGE_ONLY_B] = "sent in B only",
	};

	out_printf(o, "[0x%09llx..0x%09llx) %llu page%s %s", (ull)g->from,
		   (ull)g->to, (ull)g->pages, plural(g->pages),
		   g->kind == RANGE_DATA && g->pages == 1 ? "differs" :
							    kinds[g->kind]);
	if (g->kind != RANGE_DATA)
		return;
	out_printf(o, ": %llu byte%s, from 0x%llx on: ", (ull)g->bytes,
		   plural(g->bytes), (ull)g->first);
	out_hex(o, g->shown_a, g->shown, ' ');
	out_puts(o, " -> ");
	out_hex(o, g->shown_b, g->shown, ' ');
}

static void size(struct out *o, uint64_t bytes)
{
	char human[16];

	if (human_size(human, bytes))
		out_puts(o, human);
	else
		out_printf(o, "%llu bytes", (ull)bytes);
}

void diff_block_words(struct out *o, const struct block_pair *p,
		      const char *sep)
{
	const char *before = "";

	if (!p->a || !p->b) {
		out_printf(o, "only in %c, ", p->a ? 'A' : 'B');
		size(o, p->a ? p->a->length : p->b->length);
		return;
	}
	if (p->unsized) {
		out_printf(o, "length: 0x%llx -> 0x%llx", (ull)p->a->length,
			   (ull)p->b->length);
		before = sep;
	}
	if (p->a->told_page_size != p->b->told_page_size &&
	    block_pair_lists_differ(p)) {
		out_printf(o, "%spage size: %llu -> %llu", before,
			   (ull)p->a->told_page_size,
			   (ull)p->b->told_page_size);
		before = sep;
	}
	if (p->a->has_address && p->b->has_address &&
	    p->a->address != p->b->address) {
		out_printf(o, "%saddress: 0x%llx -> 0x%llx", before,
			   (ull)p->a->address, (ull)p->b->address);
		before = sep;
	}
	if (p->absent_a || p->absent_b)
		out_printf(o,
			   "%sabsent in %s (x-ignore-shared): its pages are "
			   "not in the stream, and not compared",
			   before,
			   p->absent_a && p->absent_b ? "both" :
			   p->absent_a                ? "A" :
							"B");
}
