/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Differences as findings: rule, path, places in both streams, words. */
#include "config.h"
#include "output/diff-priv.h"

#include "check/rules-diff.h"
#include "diff/classes.h"

/* Of a side, what is in it; .offset NOWHERE: not known. */
struct part {
	const struct side *side;
	uint64_t offset, length;
};

void diff_findings_init(struct diff_findings *d)
{
	*d = (struct diff_findings){ .found.f = &d->f };
	out_to_buf(&d->words, &d->message);
}

void diff_findings_free(struct diff_findings *d)
{
	out_finish(&d->words);
	buf_free(&d->path);
	buf_free(&d->message);
}

/* ---- rules ---- */

static enum diff_code code_of_value(const struct change *ch)
{
	if (ch->a->unit && ch->b->unit)
		return DIFFERS_ARRAY;
	return ch->a->class_ == MS_BYTES && ch->b->class_ == MS_BYTES ?
		       DIFFERS_BUFFER :
		       DIFFERS_FIELD;
}

static enum diff_code code_of_missing(const struct change *ch)
{
	const struct node *n = ch->a ? ch->a : ch->b;

	if (!n)
		return DIFFERS_SECTION_MISSING;
	return n->shape == NODE_SUBSECTION ? DIFFERS_SUBSECTION :
					     DIFFERS_FIELD_MISSING;
}

static enum diff_code code_of(const struct change *ch)
{
	static const enum diff_code parts[] = {
		[TREE_CONFIGURATION] = DIFFERS_CONFIGURATION,
		[TREE_COMMANDS] = DIFFERS_COMMAND,
		[TREE_DESCRIPTION] = DIFFERS_DESCRIPTION,
	};

	if (ch->section->part != TREE_SECTION)
		return parts[ch->section->part];
	switch (ch->kind) {
	case CHANGE_VALUE:
		return code_of_value(ch);
	case CHANGE_VERSION:
		return DIFFERS_VERSION;
	case CHANGE_LIVE:
		return DIFFERS_PARTS;
	case CHANGE_ORDER:
		return DIFFERS_ORDER;
	case CHANGE_UNKNOWN:
		return DIFFERS_UNKNOWN;
	case CHANGE_ONLY_A:
	case CHANGE_ONLY_B:
	default:
		return code_of_missing(ch);
	}
}

/* ---- words and places ---- */

static void add_spot(struct diff_findings *d, const struct part *at)
{
	const struct ms_summary *m = ms_summary_of(at->side->stream);
	const bool known = at->offset != NOWHERE;

	d->spots[d->found.spot_count++] = (struct report_spot){
		.file = at->side->file,
		.places = known ? report_places_of(m) : PLACES_NONE,
		.offset = known ? at->offset : 0,
		.length = known ? at->length : 0,
	};
	d->found.spots = d->spots;
}

/* Objects have no length of their own here. */
static struct part part_of_node(const struct side *s, const struct node *n,
				uint64_t first, uint64_t count)
{
	const uint64_t unit = n->unit ? n->unit : 1;
	struct part at = { s, n->offset, n->length };

	if (count && at.offset != NOWHERE) {
		at.offset += first * unit;
		at.length = count * unit;
	}
	return at;
}

/* Of what differs the first stretch, in words and as a place. */
static void first_stretch(struct diff_findings *d, struct ranges *g,
			  uint64_t *ret_first, uint64_t *ret_count)
{
	if (!ranges_next(g))
		return;
	*ret_first = g->first;
	*ret_count = g->last - g->first + 1;
	out_puts(&d->words, ": ");
	diff_stretch(&d->words, g);
	if (ranges_next(g))
		out_puts(&d->words, ", ...");
}

static void of_nodes(struct diff_report *r, const struct change *ch)
{
	struct diff_findings *d = r->scratch;
	uint64_t first = 0, count = 0;
	struct ranges g;
	struct part at;
	const bool stretches = diff_stretches(r, ch, &g);

	if (ch->kind == CHANGE_VALUE && !stretches)
		out_puts(&d->words, "another value: ");
	diff_words(r, &d->words, ch);
	if (stretches)
		first_stretch(d, &g, &first, &count);
	if (ch->a) {
		at = part_of_node(r->a, ch->a, first, count);
		add_spot(d, &at);
	}
	if (ch->b) {
		at = part_of_node(r->b, ch->b, first, count);
		add_spot(d, &at);
	}
}

static void of_section(struct diff_report *r, const struct change *ch)
{
	const struct tree_section *s = ch->section, *twin = NULL;
	const struct part a = { r->a, s->offset, 0 };
	struct part b = { r->b, s->offset, 0 };

	diff_words(r, &r->scratch->words, ch);
	if (s->twin != NO_TWIN)
		twin = &r->b->tree.sections[s->twin];
	if (twin)
		b.offset = twin->offset;
	if (twin || ch->kind != CHANGE_ONLY_B)
		add_spot(r->scratch, &a);
	if (twin || ch->kind == CHANGE_ONLY_B)
		add_spot(r->scratch, &b);
}

static void spot_of_page(struct diff_report *r, const struct side *s,
			 const struct image_block *b, uint64_t at,
			 unsigned length)
{
	struct part p = { s, NOWHERE, length ? length : b->page_size };
	uint64_t offset;

	if (image_where(b, at, &offset))
		p.offset = offset;
	add_spot(r->scratch, &p);
}

/* ---- findings ---- */

static struct diff_findings *start(struct diff_report *r, enum diff_code code,
				   bool expected)
{
	const struct rule *rule = rule_of_diff(code);
	struct diff_findings *d = r->scratch;

	buf_clear(&d->path);
	buf_clear(&d->message);
	d->f = (struct ms_finding){
		.rule = rule->id,
		.severity = expected ? MS_NOTE : rule->severity,
		.certainty = rule->certainty,
	};
	d->found = (struct report_finding){ .f = &d->f };
	return d;
}

static struct report_finding *finish(struct diff_report *r)
{
	struct diff_findings *d = r->scratch;

	if (d->found.spot_count) {
		d->f.offset = d->spots[0].offset;
		d->f.length = d->spots[0].length;
	}
	if (!out_flush(&d->words) || d->path.failed || d->message.failed)
		r->failed = true;
	d->f.path = d->path.failed || !d->path.length ? "" : d->path.data;
	d->f.message = d->message.failed || !d->message.length ?
			       "differs" :
			       d->message.data;
	return &d->found;
}

struct report_finding *diff_finding_of_change(struct diff_report *r,
					      const struct change *ch)
{
	const struct tree_section *s = ch->section;
	struct diff_findings *d = start(r, code_of(ch), ch->class_);

	buf_escape(&d->path, s->name);
	if (s->part == TREE_SECTION && s->instance)
		buf_printf(&d->path, s->instance >> 16 ? "/0x%x" : "/%u",
			   s->instance);
	if (*ch->path)
		buf_printf(&d->path, "/%s", ch->path);
	if (ch->a || ch->b)
		of_nodes(r, ch);
	else
		of_section(r, ch);
	return finish(r);
}

static void path_of_block(struct diff_findings *d, const struct block_pair *p)
{
	buf_puts(&d->path, "ram/");
	buf_escape(&d->path, p->a ? p->a->name : p->b->name);
}

struct report_finding *diff_finding_of_range(struct diff_report *r,
					     const struct block_pair *p,
					     const struct page_range *g)
{
	static const enum diff_code codes[] = {
		[RANGE_DATA] = DIFFERS_PAGE,
		[RANGE_ZERO_A] = DIFFERS_PAGE_ZERO,
		[RANGE_ZERO_B] = DIFFERS_PAGE_ZERO,
		[RANGE_ONLY_A] = DIFFERS_PAGE_MISSING,
		[RANGE_ONLY_B] = DIFFERS_PAGE_MISSING,
	};
	const uint64_t at = g->kind == RANGE_DATA ? g->first : g->from;
	struct diff_findings *d = start(r, codes[g->kind], false);

	path_of_block(d, p);
	diff_range_words(&d->words, g);
	if (g->kind != RANGE_ONLY_B)
		spot_of_page(r, r->a, p->a, at, g->shown);
	if (g->kind != RANGE_ONLY_A)
		spot_of_page(r, r->b, p->b, at, g->shown);
	return finish(r);
}

struct report_finding *diff_finding_of_block(struct diff_report *r,
					     const struct block_pair *p)
{
	const struct part a = { r->a, NOWHERE, 0 }, b = { r->b, NOWHERE, 0 };
	struct diff_findings *d =
		start(r, p->a && p->b ? DIFFERS_BLOCK : DIFFERS_BLOCK_MISSING,
		      false);

	path_of_block(d, p);
	diff_block_words(&d->words, p, ", ");
	if (p->a)
		add_spot(d, &a);
	if (p->b)
		add_spot(d, &b);
	return finish(r);
}
