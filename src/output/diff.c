/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/diff-priv.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "diff/classes.h"

#include <errno.h>
#include <stdlib.h>

const struct diff_format *diff_format_find(const char *name)
{
	static const struct diff_format *const formats[] = { &diff_text,
							     &diff_json };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

bool diff_record(struct tree *t, const struct node *n, void *room,
		 size_t room_size, struct ms_record *ret)
{
	const size_t have =
		n->length < room_size ? (size_t)n->length : room_size;

	*ret = (struct ms_record){ .kind = MS_FIELD,
				   .name = n->name,
				   .type = n->type,
				   .data = room,
				   .data_length = n->length };
	ret->u.value.class_ = n->class_;
	ret->u.value.number = n->number;
	ret->u.value.index = -1;
	if (!n->unseen && values_read(&t->values, n->at, room, have))
		return true;
	ret->data = NULL;
	return false;
}

bool diff_element(struct tree *t, const struct node *n, uint64_t i,
		  uint8_t room[8], struct ms_record *ret)
{
	const unsigned shift = 64 - 8 * n->unit;

	*ret = (struct ms_record){ .kind = MS_FIELD,
				   .data = room,
				   .data_length = n->unit };
	ret->u.value.class_ = n->class_;
	ret->u.value.index = -1;
	if (!values_read(&t->values, n->at + i * n->unit, room, n->unit))
		return false;
	ret->u.value.number = load_be(room, n->unit);
	if (n->class_ == MS_INT)
		ret->u.value.number =
			(uint64_t)((int64_t)(ret->u.value.number << shift) >>
				   shift);
	return true;
}

static void weigh(struct diff_report *r, struct report_finding *f)
{
	r->findings++;
	r->counting += !r->weigh || r->weigh(r->weigh_ctx, f);
	r->waived += f->waiver != NULL;
}

static void tell_change(void *ctx, const struct change *ch)
{
	struct diff_report *r = ctx;
	struct report_finding *f = diff_finding_of_change(r, ch);

	weigh(r, f);
	r->format->change(r, ch, f);
}

static void tell_range(void *ctx, const struct block_pair *p,
		       const struct page_range *range)
{
	struct diff_report *r = ctx;
	struct report_finding *f = diff_finding_of_range(r, p, range);

	weigh(r, f);
	r->format->range(r, p, range, f);
}

static void tell_block(void *ctx, const struct block_pair *p)
{
	struct diff_report *r = ctx;
	struct report_finding *f = NULL;

	r->pages_same += p->same;
	for (unsigned i = RANGE_SAME + 1; i < RANGE_KINDS; i++)
		r->pages_differ += p->pages[i];
	r->blocks_differ += block_pair_differs(p);
	if (block_pair_lists_differ(p)) {
		f = diff_finding_of_block(r, p);
		weigh(r, f);
	}
	r->format->block(r, p, f);
}

const char *diff_result(const struct diff_report *r)
{
	return r->incomplete ? "incomplete" :
	       r->differs    ? "different" :
			       "equal";
}

void diff_run(struct diff_report *r, struct out *o)
{
	struct compare *c = &r->compare;
	struct memory *m = &r->memory;
	struct diff_findings scratch;

	r->out = o;
	r->state = mem_zero(1, r->format->state);
	if (!r->state) {
		r->incomplete = true;
		o->error = o->error ? o->error : ENOMEM;
		return;
	}
	diff_findings_init(&scratch);
	r->scratch = &scratch;
	r->format->start(r);
	*c = (struct compare){ .a = &r->a->tree,
			       .b = &r->b->tree,
			       .ignore = r->ignore,
			       .tell = tell_change,
			       .ctx = r };
	compare_trees(c);
	r->format->changes_end(r);
	*m = (struct memory){ .a = &r->a->image,
			      .b = &r->b->image,
			      .pages = !(r->ignore & DIFF_RAM),
			      .range = tell_range,
			      .block = tell_block,
			      .ctx = r };
	memory_compare(m);
	r->differs = c->told || r->blocks_differ;
	if (r->failed && !c->why)
		c->why = "out of memory";
	r->incomplete =
		c->why || m->why[0] || !side_whole(r->a) || !side_whole(r->b);
	r->format->end(r);
	compare_free(c);
	diff_findings_free(&scratch);
	r->scratch = NULL;
	free(r->state);
	r->state = NULL;
}
