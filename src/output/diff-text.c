/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Section by section the fields that differ, then RAM blocks with ranges of
 * pages, then a summary. */
#include "config.h"
#include "output/diff-priv.h"

#include "diff/classes.h"

#define MAX_LINES 40    /* of one section, or of one block */
#define MAX_STRETCHES 6 /* of one field */

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

/* False: there were enough. */
static bool next_line(struct diff_report *r, const struct change *ch)
{
	struct state *d = r->state;

	if (d->section != ch->section) {
		end_lines(r, "differences");
		diff_section_name(r->out, ch->section);
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

/* What is known of it besides, and the end of the line. */
static void end_line(struct out *o, unsigned class_,
		     const struct report_finding *f)
{
	if (class_)
		out_printf(o, "  [%s]", diff_class_name(class_));
	if (f->waiver)
		out_printf(o, "  [waived: %s]", f->waiver->reason);
	out_putc(o, '\n');
}

static void stretches(struct diff_report *r, const struct change *ch)
{
	struct out *o = r->out;
	uint64_t n = 0, more = 0;
	struct ranges g;

	if (!diff_stretches(r, ch, &g))
		return;
	while (ranges_next(&g)) {
		if (!r->all && n++ >= MAX_STRETCHES) {
			more++;
			continue;
		}
		out_puts(o, "    ");
		diff_stretch(o, &g);
		out_putc(o, '\n');
	}
	if (more)
		out_printf(o, "    ... %llu more stretches\n", (ull)more);
}

static bool is_whole(const struct change *ch)
{
	return (ch->kind == CHANGE_ONLY_A || ch->kind == CHANGE_ONLY_B) &&
	       !ch->a && !ch->b;
}

static void change(struct diff_report *r, const struct change *ch,
		   const struct report_finding *f)
{
	struct state *d = r->state;
	struct out *o = r->out;

	if (f->waiver && !r->show_waived)
		return;
	if (is_whole(ch)) {
		end_lines(r, "differences");
		d->section = NULL;
		diff_section_name(o, ch->section);
		out_puts(o, ": ");
	} else if (!next_line(r, ch)) {
		return;
	}
	if (*ch->path)
		out_printf(o, "%s: ", ch->path);
	diff_words(r, o, ch);
	end_line(o, ch->class_, f);
	stretches(r, ch);
}

static void changes_end(struct diff_report *r)
{
	struct state *d = r->state;

	end_lines(r, "differences");
	d->section = NULL;
}

/* ---- memory ---- */

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
		  const struct page_range *g, const struct report_finding *f)
{
	struct state *d = r->state;
	struct out *o = r->out;

	if (f->waiver && !r->show_waived)
		return;
	block_name(r, p);
	if (!r->all && d->lines >= MAX_LINES) {
		d->hidden++;
		return;
	}
	d->lines++;
	out_puts(o, "  ");
	diff_range_words(o, g);
	end_line(o, 0, f);
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

/* f: NULL: the lists of blocks agree on it. */
static void block(struct diff_report *r, const struct block_pair *p,
		  const struct report_finding *f)
{
	const struct image_block *b = p->a ? p->a : p->b;
	struct state *d = r->state;

	end_lines(r, "ranges");
	if ((f && (!f->waiver || r->show_waived)) || (!f && p->absent_a)) {
		block_name(r, p);
		out_puts(r->out, "  ");
		diff_block_words(r->out, p, "\n  ");
		if (f)
			end_line(r->out, 0, f);
		else
			out_putc(r->out, '\n');
	}
	if (d->block == b && block_pair_differs(p))
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

static const char *result(const struct diff_report *r)
{
	if (!r->differs)
		return r->incomplete ? "NOT KNOWN to be equal" : "equal";
	if (r->incomplete)
		return "different, and not all compared";
	return r->counting ? "different" : "different, and accepted as it is";
}

/* Of what differs, how much does not make for the exit status 1. */
static void accepted(struct out *o, const struct diff_report *r)
{
	const uint64_t below = r->findings - r->waived - r->counting;

	if (r->waived)
		out_printf(o, "  waived: %llu\n", (ull)r->waived);
	if (below)
		out_printf(o, "  not counted: %llu\n", (ull)below);
}

static void end(struct diff_report *r)
{
	const struct compare *c = &r->compare;
	struct out *o = r->out;

	if (c->why)
		out_printf(o, "not everything was compared: %s\n", c->why);
	if (r->memory.why[0])
		out_printf(o, "not all RAM was compared: %s\n", r->memory.why);
	out_printf(o,
		   "%s: %llu difference%s in device state, %zu of %zu sections "
		   "the same",
		   result(r), (ull)c->told, plural(c->told), c->equal,
		   c->compared);
	if (r->memory.pages && (r->a->image.count || r->b->image.count))
		out_printf(o, "; RAM: %llu page%s differ%s, %llu the same",
			   (ull)r->pages_differ, plural(r->pages_differ),
			   r->pages_differ == 1 ? "s" : "", (ull)r->pages_same);
	out_putc(o, '\n');
	ignored(o, r);
	accepted(o, r);
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
