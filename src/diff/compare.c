/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "diff/compare.h"

#include "base/limits.h"
#include "diff/classes.h"
#include "diff/match.h"

#include <inttypes.h>

static void incomplete(struct compare *c, const char *why)
{
	if (!c->why)
		c->why = why;
}

static unsigned bit_number(unsigned bit)
{
	return bit ? (unsigned)__builtin_ctz(bit) : 31;
}

static void tell(struct compare *c, struct change *ch)
{
	ch->section = c->section;
	ch->path = c->path.length ? c->path.data : "";
	c->by_class[bit_number(ch->class_)]++;
	if (ch->class_ & c->ignore) {
		c->ignored++;
		return;
	}
	c->told += ch->kind != CHANGE_UNKNOWN;
	c->differs = true;
	c->tell(c->ctx, ch);
}

static struct ms_text idstr(const struct compare *c)
{
	return c->section->name;
}

static unsigned class_here(const struct compare *c, struct ms_text type,
			   uint64_t first, uint64_t last)
{
	return diff_class_of(idstr(c), c->path.length ? c->path.data : "", type,
			     first, last);
}

/* ---- leaves ---- */

static void tell_value(struct compare *c, const struct node *a,
		       const struct node *b, uint64_t differ, uint64_t first,
		       uint64_t last)
{
	struct change ch = {
		.kind = CHANGE_VALUE, .a = a, .b = b, .differ = differ
	};

	ch.class_ = class_here(c, a->type, first, last);
	tell(c, &ch);
}

static void compare_ranges(struct compare *c, const struct node *a,
			   const struct node *b, struct ranges *r)
{
	uint64_t differ = 0, first = 0, last = 0;

	while (ranges_next(r)) {
		first = differ ? first : r->first;
		last = r->last;
		differ += r->last - r->first + 1;
	}
	if (r->failed)
		incomplete(c, "values could not be read again");
	if (a->length != b->length) {
		first = differ ? first : r->count;
		last = UINT64_MAX;
	}
	if (differ || a->length != b->length)
		tell_value(c, a, b, differ, first, last);
}

/* What is signed in one release may not be in the next. */
static bool is_number(const struct node *n)
{
	return n->class_ != MS_BYTES && n->class_ != MS_STRING;
}

static bool same_bytes(struct compare *c, const struct node *a,
		       const struct node *b)
{
	uint8_t x[256], y[256];

	if (a->length != b->length)
		return false;
	for (uint64_t at = 0; at < a->length; at += sizeof(x)) {
		const size_t n = a->length - at < sizeof(x) ?
					 (size_t)(a->length - at) :
					 sizeof(x);

		if (!values_read(&c->a->values, a->at + at, x, n) ||
		    !values_read(&c->b->values, b->at + at, y, n)) {
			incomplete(c, "values could not be read again");
			return true;
		}
		if (memcmp(x, y, n))
			return false;
	}
	return true;
}

static void compare_values(struct compare *c, const struct node *a,
			   const struct node *b)
{
	struct ranges r;

	if (a->unseen || b->unseen)
		return; /* the tree has said that it is not complete */
	if (ranges_start(&r, c->a, c->b, a, b))
		compare_ranges(c, a, b, &r);
	else if (is_number(a) != is_number(b) || a->unit != b->unit ||
		 !same_bytes(c, a, b))
		tell_value(c, a, b, 0, 0, 0);
}

/* ---- objects ---- */

/* Elements that are objects have the name of their array themselves. */
static bool named_by_elements(const struct node *n)
{
	return n->shape == NODE_ARRAY && n->first &&
	       text_eq(n->name, n->first->name);
}

static size_t enter(struct compare *c, const struct node *n)
{
	const size_t before = c->path.length;

	if (named_by_elements(n))
		return before;

	if (n->name.length) {
		if (before)
			buf_putc(&c->path, '/');
		buf_escape(&c->path, n->name);
	}
	if (n->index >= 0)
		buf_printf(&c->path, "[%" PRId64 "]", n->index);
	if (n->repeat)
		buf_printf(&c->path, "#%" PRIu32, n->repeat + 1);
	if (c->path.failed)
		incomplete(c, "out of memory");
	return before;
}

static void leave(struct compare *c, size_t before)
{
	buf_cut(&c->path, before);
}

static void tell_one(struct compare *c, enum change_kind kind,
		     const struct node *n)
{
	struct change ch = { .kind = kind };
	const size_t before = enter(c, n);

	if (kind == CHANGE_ONLY_A)
		ch.a = n;
	else
		ch.b = n;
	ch.class_ = class_here(c, n->type, 0, 0);
	tell(c, &ch);
	leave(c, before);
}

static void compare_nodes(struct compare *c, const struct node *a,
			  const struct node *b);

/* The sibling from `from` on that a is to be compared with. */
static struct node *partner(struct compare *c, const struct node *a,
			    struct node *from)
{
	const unsigned most = c->searched < MAX_DIFF_SEARCHES ?
				      MAX_DIFF_SEARCH :
				      DIFF_SEARCH_NEAR;
	unsigned n = 0;

	for (struct node *b = from; b && n < most;
	     b = b->next, n++, c->searched++)
		if (!b->matched && a->shape == b->shape &&
		    a->index == b->index && text_eq(a->name, b->name))
			return b;
	return NULL;
}

static struct node *skip_matched(struct node *b)
{
	while (b && b->matched)
		b = b->next;
	return b;
}

/* Members keep their order: what B has before the partner of the next member
 * of A, and A never comes to, is told once A's are through. */
static void compare_members(struct compare *c, const struct node *a,
			    const struct node *b)
{
	struct node *at = b->first;

	for (struct node *m = a->first; m; m = m->next) {
		struct node *p = partner(c, m, at);

		if (!p) {
			tell_one(c, CHANGE_ONLY_A, m);
			continue;
		}
		p->matched = true;
		at = skip_matched(at);
		compare_nodes(c, m, p);
	}
	for (struct node *m = b->first; m; m = m->next)
		if (!m->matched)
			tell_one(c, CHANGE_ONLY_B, m);
}

static void compare_nodes(struct compare *c, const struct node *a,
			  const struct node *b)
{
	const size_t before = enter(c, a);
	struct change ch = { .kind = CHANGE_VERSION,
			     .a = a,
			     .b = b,
			     .number_a = a->version,
			     .number_b = b->version };

	if (a->version != b->version)
		tell(c, &ch);
	if (a->shape == NODE_LEAF || a->unit || b->unit)
		compare_values(c, a, b);
	compare_members(c, a, b);
	leave(c, before);
}

/* ---- sections ---- */

/* Without a description, a section is one piece of bytes. */
static bool known(const struct tree_section *s)
{
	const struct node *n = s->root->first;

	return !n || !n->opaque;
}

static void compare_sections(struct compare *c, const struct tree_section *a,
			     const struct tree_section *b)
{
	struct change ch = { .kind = CHANGE_VERSION,
			     .number_a = a->version,
			     .number_b = b->version };

	c->compared++;
	c->differs = false;
	if (a->version != b->version)
		tell(c, &ch);
	ch = (struct change){ .kind = CHANGE_LIVE,
			      .number_a = a->live,
			      .number_b = b->live,
			      .class_ = DIFF_LAYOUT };
	if (a->live != b->live)
		tell(c, &ch);
	ch = (struct change){ .kind = CHANGE_UNKNOWN,
			      .number_a = known(a),
			      .number_b = known(b) };
	if (known(a) == known(b)) {
		compare_members(c, a->root, b->root);
	} else {
		incomplete(
			c,
			"what is in some sections is known in one stream only");
		tell(c, &ch);
	}
	c->equal += !c->differs;
}

static const struct tree_section *before_it(const struct tree *t,
					    const struct tree_section *s)
{
	while (s-- > t->sections)
		if (s->part == TREE_SECTION)
			return s;
	return NULL;
}

/* One line for each section that would have to be moved. */
static void tell_order(struct compare *c)
{
	bool *moved = match_moved(c->a);

	if (!moved)
		incomplete(c, "out of memory");
	for (size_t i = 0; moved && i < c->a->count; i++) {
		const struct tree_section *s = &c->a->sections[i];
		struct change ch = { .kind = CHANGE_ORDER,
				     .class_ = DIFF_LAYOUT };

		if (!moved[i] || s->part != TREE_SECTION)
			continue;
		c->section = s;
		ch.before_a = before_it(c->a, s);
		ch.before_b = before_it(c->b, &c->b->sections[s->twin]);
		tell(c, &ch);
	}
	match_free(moved);
}

static void tell_section(struct compare *c, enum change_kind kind)
{
	struct change ch = { .kind = kind };

	c->compared++;
	ch.class_ = class_here(c, TEXT(""), 0, 0);
	tell(c, &ch);
}

void compare_trees(struct compare *c)
{
	if (c->a->why)
		incomplete(c, c->a->why);
	if (c->b->why)
		incomplete(c, c->b->why);
	if (!match_sections(c->a, c->b)) {
		incomplete(c, "out of memory");
		return;
	}
	for (size_t i = 0; i < c->a->count; i++) {
		c->section = &c->a->sections[i];
		if (c->section->twin == NO_TWIN)
			tell_section(c, CHANGE_ONLY_A);
		else
			compare_sections(c, c->section,
					 &c->b->sections[c->section->twin]);
	}
	for (size_t i = 0; i < c->b->count; i++) {
		c->section = &c->b->sections[i];
		if (c->section->twin == NO_TWIN)
			tell_section(c, CHANGE_ONLY_B);
	}
	tell_order(c);
	/* reading values again may have failed behind our back */
	if (c->a->values.why || c->b->values.why)
		incomplete(c, "values could not be read again");
}

void compare_free(struct compare *c)
{
	buf_free(&c->path);
}
