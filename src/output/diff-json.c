/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One object; its form is in schemas/diff.schema.json. Complete always: what
 * text leaves out is here. */
#include "config.h"
#include "output/diff-priv.h"

#include "diff/classes.h"
#include "output/record-json.h"

#define MAX_VALUE 4096 /* bytes of a value that are shown */
#define MAX_STRETCH 64 /* bytes or elements of a stretch */

struct state {
	struct json_writer w;
	const struct tree_section *section; /* its object is open */
	const struct image_block *block;    /* the same */
};

static struct json_writer *writer(struct diff_report *r)
{
	return &((struct state *)r->state)->w;
}

static void string_member(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static void uint_member(struct json_writer *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_uint(w, v);
}

static void text_member(struct json_writer *w, const char *key,
			struct ms_text t)
{
	json_key(w, key);
	if (t.length)
		json_text(w, t);
	else
		json_null(w);
}

static void side(struct json_writer *w, const char *label, const struct side *s)
{
	const struct ms_summary *m = ms_summary_of(s->stream);
	const struct ms_finding *f;
	size_t errors;

	json_key(w, label);
	json_object(w);
	json_key(w, "file");
	json_text(w, text_of(s->file));
	text_member(w, "snapshot",
		    m->qcow2 && m->qcow2->chosen ? m->qcow2->chosen->name :
						   TEXT(""));
	text_member(w, "machine", m->machine);
	string_member(w, "producer", m->producer);
	uint_member(w, "size", m->size);
	f = side_damage(s, &errors);
	uint_member(w, "errors", errors);
	string_member(w, "damage", f ? f->message : NULL);
	json_key(w, "damage_offset");
	if (f)
		json_uint(w, f->offset);
	else
		json_null(w);
	json_key(w, "whole");
	json_bool(w, side_whole(s));
	json_end(w);
}

static void start(struct diff_report *r)
{
	struct json_writer *w = writer(r);

	json_start(w, r->out);
	w->indent = 2;
	w->wrap = 4;
	json_object(w);
	side(w, "a", r->a);
	side(w, "b", r->b);
	json_key(w, "sections");
	json_array(w);
}

/* ---- values ---- */

static void leaf(struct json_writer *w, const char *key, struct tree *t,
		 const struct node *n)
{
	uint8_t room[MAX_VALUE];
	struct ms_record rec;

	json_key(w, key);
	if (n->shape == NODE_LEAF && n->length <= sizeof(room) &&
	    diff_record(t, n, room, sizeof(room), &rec))
		record_json_value(w, &rec);
	else
		json_null(w);
}

static void elements(struct json_writer *w, const char *key, struct tree *t,
		     const struct node *n, uint64_t first, uint64_t last)
{
	uint64_t count = last - first + 1;
	uint8_t room[MAX_STRETCH];
	struct ms_record rec;

	count = count < MAX_STRETCH ? count : MAX_STRETCH;
	json_key(w, key);
	if (!n->unit) {
		if (values_read(&t->values, n->at + first, room, (size_t)count))
			json_bytes(w, room, (size_t)count, 0);
		else
			json_null(w);
		return;
	}
	json_array(w);
	for (uint64_t i = 0; i < count; i++)
		if (diff_element(t, n, first + i, room, &rec))
			record_json_value(w, &rec);
	json_end(w);
}

static void stretches(struct diff_report *r, const struct change *ch,
		      struct ranges *g)
{
	struct json_writer *w = writer(r);
	const char *unit = ch->a->unit ? "elements" : "bytes";

	string_member(w, "unit", unit);
	uint_member(w, "length_a", ch->a->length / g->unit);
	uint_member(w, "length_b", ch->b->length / g->unit);
	uint_member(w, "differ", ch->differ);
	json_key(w, "ranges");
	json_array(w);
	while (ranges_next(g)) {
		json_object(w);
		uint_member(w, "first", g->first);
		uint_member(w, "last", g->last);
		elements(w, "a", g->tree_a, g->a, g->first, g->last);
		elements(w, "b", g->tree_b, g->b, g->first, g->last);
		json_end(w);
	}
	json_end(w);
}

/* ---- changes ---- */

static void close_section(struct diff_report *r)
{
	struct state *d = r->state;

	if (!d->section)
		return;
	json_end(&d->w);
	json_end(&d->w);
	d->section = NULL;
}

static void as_finding(struct json_writer *w, const struct report_finding *f)
{
	string_member(w, "rule", f->f->rule);
	report_waived_json(w, f->waiver);
}

static void open_section(struct diff_report *r, const struct change *ch,
			 const char *only, const struct report_finding *f)
{
	static const char *const parts[] = {
		[TREE_CONFIGURATION] = "configuration",
		[TREE_COMMANDS] = "commands",
		[TREE_DESCRIPTION] = "description",
		[TREE_SECTION] = "section",
	};
	const struct tree_section *s = ch->section;
	struct state *d = r->state;
	struct json_writer *w = &d->w;

	if (d->section == s)
		return;
	close_section(r);
	d->section = s;
	json_object(w);
	string_member(w, "part", parts[s->part]);
	json_key(w, "name");
	json_text(w, s->name);
	if (s->part == TREE_SECTION) {
		uint_member(w, "instance", s->instance);
		uint_member(w, "version", s->version);
	}
	string_member(w, "only_in", only);
	if (only) {
		string_member(w, "class", diff_class_name(ch->class_));
		uint_member(w, "fields", tree_leaves(s->root));
		as_finding(w, f);
	}
	json_key(w, "changes");
	json_array(w);
}

static void pair(struct json_writer *w, const struct change *ch)
{
	uint_member(w, "a", ch->number_a);
	uint_member(w, "b", ch->number_b);
}

static void changed(struct diff_report *r, const struct change *ch)
{
	struct json_writer *w = writer(r);
	struct ranges g;

	json_key(w, "type");
	json_text(w, ch->a->type);
	if (ranges_start(&g, &r->a->tree, &r->b->tree, ch->a, ch->b)) {
		stretches(r, ch, &g);
		return;
	}
	leaf(w, "a", &r->a->tree, ch->a);
	leaf(w, "b", &r->b->tree, ch->b);
}

static void one_sided(struct diff_report *r, const struct change *ch)
{
	static const char *const shapes[] = {
		[NODE_LEAF] = "field",
		[NODE_STRUCT] = "struct",
		[NODE_ARRAY] = "array",
		[NODE_SUBSECTION] = "subsection",
	};
	const struct node *n = ch->a ? ch->a : ch->b;
	struct json_writer *w = writer(r);

	string_member(w, "what", shapes[n->shape]);
	json_key(w, "type");
	json_text(w, n->type);
	uint_member(w, "fields", tree_leaves(n));
	leaf(w, "value", ch->a ? &r->a->tree : &r->b->tree, n);
}

static void place(struct json_writer *w, const char *key,
		  const struct tree_section *before)
{
	json_key(w, key);
	if (!before) {
		json_null(w);
		return;
	}
	json_object(w);
	json_key(w, "name");
	json_text(w, before->name);
	uint_member(w, "instance", before->instance);
	json_end(w);
}

static void change(struct diff_report *r, const struct change *ch,
		   const struct report_finding *f)
{
	static const char *const kinds[] = {
		[CHANGE_VALUE] = "changed",   [CHANGE_ONLY_A] = "removed",
		[CHANGE_ONLY_B] = "added",    [CHANGE_VERSION] = "version",
		[CHANGE_LIVE] = "live",       [CHANGE_ORDER] = "order",
		[CHANGE_UNKNOWN] = "unknown",
	};
	struct json_writer *w = writer(r);
	const bool one = ch->kind == CHANGE_ONLY_A || ch->kind == CHANGE_ONLY_B;
	const bool whole = one && !ch->a && !ch->b;

	open_section(r, ch,
		     !whole                    ? NULL :
		     ch->kind == CHANGE_ONLY_A ? "a" :
						 "b",
		     f);
	if (whole)
		return;
	json_object(w);
	string_member(w, "path", ch->path);
	string_member(w, "change", kinds[ch->kind]);
	string_member(w, "class", diff_class_name(ch->class_));
	as_finding(w, f);
	if (ch->kind == CHANGE_VALUE)
		changed(r, ch);
	else if (one)
		one_sided(r, ch);
	else if (ch->kind == CHANGE_VERSION)
		pair(w, ch);
	else if (ch->kind == CHANGE_ORDER) {
		place(w, "behind_a", ch->before_a);
		place(w, "behind_b", ch->before_b);
	} else {
		json_key(w, "a");
		json_bool(w, ch->number_a);
		json_key(w, "b");
		json_bool(w, ch->number_b);
	}
	json_end(w);
}

static void changes_end(struct diff_report *r)
{
	struct json_writer *w = writer(r);

	close_section(r);
	json_end(w);
	json_key(w, "ram");
	json_array(w);
}

/* ---- memory ---- */

static const char *const range_kinds[] = {
	[RANGE_DATA] = "differ",      [RANGE_ZERO_A] = "zero_in_a",
	[RANGE_ZERO_B] = "zero_in_b", [RANGE_ONLY_A] = "only_in_a",
	[RANGE_ONLY_B] = "only_in_b",
};

static void open_block(struct diff_report *r, const struct block_pair *p)
{
	const struct image_block *b = p->a ? p->a : p->b;
	struct state *d = r->state;
	struct json_writer *w = &d->w;

	if (d->block == b)
		return;
	d->block = b;
	json_object(w);
	json_key(w, "block");
	json_text(w, b->name);
	json_key(w, "ranges");
	json_array(w);
}

static void range(struct diff_report *r, const struct block_pair *p,
		  const struct page_range *g, const struct report_finding *f)
{
	struct json_writer *w = writer(r);

	open_block(r, p);
	json_object(w);
	string_member(w, "change", range_kinds[g->kind]);
	as_finding(w, f);
	uint_member(w, "from", g->from);
	uint_member(w, "to", g->to);
	uint_member(w, "pages", g->pages);
	if (g->kind == RANGE_DATA) {
		uint_member(w, "bytes", g->bytes);
		uint_member(w, "first", g->first);
		json_key(w, "a");
		json_bytes(w, g->shown_a, g->shown, 0);
		json_key(w, "b");
		json_bytes(w, g->shown_b, g->shown, 0);
	}
	json_end(w);
}

static void block_side(struct json_writer *w, const char *key,
		       const struct image_block *b, bool absent)
{
	json_key(w, key);
	if (!b) {
		json_null(w);
		return;
	}
	json_object(w);
	uint_member(w, "length", b->length);
	json_key(w, "page_size");
	if (b->told_page_size)
		json_uint(w, b->told_page_size);
	else
		json_null(w);
	json_key(w, "address");
	if (b->has_address)
		json_hex(w, b->address, 16);
	else
		json_null(w);
	json_key(w, "absent");
	json_bool(w, absent);
	json_end(w);
}

static void block(struct diff_report *r, const struct block_pair *p,
		  const struct report_finding *f)
{
	struct json_writer *w = writer(r);

	open_block(r, p);
	json_end(w);
	block_side(w, "a", p->a, p->absent_a);
	block_side(w, "b", p->b, p->absent_b);
	uint_member(w, "page_size", p->unit);
	json_key(w, "pages");
	json_object(w);
	uint_member(w, "same", p->same);
	for (unsigned i = RANGE_SAME + 1; i < RANGE_KINDS; i++)
		uint_member(w, range_kinds[i], p->pages[i]);
	uint_member(w, "never_sent", p->never);
	json_end(w);
	json_key(w, "differs");
	json_bool(w, block_pair_differs(p));
	if (f)
		as_finding(w, f);
	json_end(w);
}

/* ---- the end ---- */

static void end(struct diff_report *r)
{
	const struct compare *c = &r->compare;
	struct json_writer *w = writer(r);

	json_end(w);
	uint_member(w, "sections_compared", c->compared);
	uint_member(w, "sections_equal", c->equal);
	uint_member(w, "changes", c->told);
	json_key(w, "ignored");
	json_object(w);
	for (size_t i = 0; diff_classes[i].name; i++)
		if (r->ignore & diff_classes[i].bit)
			uint_member(w, diff_classes[i].name,
				    c->by_class[__builtin_ctz(
					    diff_classes[i].bit)]);
	json_end(w);
	string_member(w, "incomplete",
		      c->why            ? c->why :
		      r->memory.why[0]  ? r->memory.why :
		      !side_whole(r->a) ? "a is not whole" :
		      !side_whole(r->b) ? "b is not whole" :
					  NULL);
	uint_member(w, "waived", r->waived);
	uint_member(w, "counting", r->counting);
	json_key(w, "waivers_unneeded");
	report_waivers_list(w, r->to->waivers);
	string_member(w, "result", diff_result(r));
	json_end(w);
	out_putc(r->out, '\n');
}

const struct diff_format diff_json = {
	.name = "json",
	.state = sizeof(struct state),
	.start = start,
	.change = change,
	.changes_end = changes_end,
	.range = range,
	.block = block,
	.end = end,
};
