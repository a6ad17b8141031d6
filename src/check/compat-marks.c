/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands between the fields of two descriptions and takes no bytes:
 * tests of the loader, and places where subsections may follow. */
#include "config.h"
#include "check/compat-priv.h"

#include "base/limits.h"

void compat_tests(struct compat_pair *p, const struct wire_list *s,
		  const struct wire_list *d)
{
	for (uint32_t k = 0; k < d->mark_count; k++) {
		const struct wire_item *y = &d->marks[k];
		uint32_t i = 0;

		if (y->kind == WIRE_REFUSAL)
			compat_report(p, &(struct compat_fact){
						 .code = COMPAT_MUST_EXIST,
						 .certainty = MS_CERTAIN,
						 .path = y->path,
						 .name = y->field->name });
		if (y->kind != WIRE_CHECK)
			continue;
		if (!compat_spend(p->c, s->mark_count))
			return;
		while (i < s->mark_count &&
		       !(s->marks[i].kind == WIRE_CHECK &&
			 text_eq(s->marks[i].field->name, y->field->name)))
			i++;
		if (i == s->mark_count && wire_has(p->top, KNOWN_CHECKS))
			compat_report(p, &(struct compat_fact){
						 .code = COMPAT_NEW_TEST,
						 .certainty = MS_POSSIBLE,
						 .path = y->path,
						 .name = y->field->name });
	}
}

/* The marks of d at a place of s. */
struct place {
	const struct wire_list *d;
	uint32_t low, high;
};

static bool is_point_there(const struct place *at, uint32_t k)
{
	const struct wire_item *y = &at->d->marks[k];

	return y->kind == WIRE_POINT && y->at >= at->low && y->at <= at->high;
}

/* Is it sent? A stream shows that it was. */
static enum ms_certainty sent(const struct schema_vmsd *sub)
{
	if (wire_has(sub, KNOWN_WIRE_SIZES))
		return MS_CERTAIN;
	if (!wire_has(sub, KNOWN_HOOKS) || (sub->hooks & HOOK_NEEDED))
		return MS_POSSIBLE;
	return MS_CERTAIN;
}

static void subsection_pair(struct compat_pair *p, const struct schema_vmsd *s,
			    const struct schema_vmsd *d,
			    const struct wire_step *path)
{
	const enum ms_certainty cap = p->cap;

	if (p->depth == MAX_SCHEMA_DEPTH)
		return;
	p->depth++;
	p->cap = certainty_least(cap, sent(s));
	compat_object(p, s, d, s->version, path);
	p->cap = cap;
	p->depth--;
}

/* Which of several of that name the device has cannot be told (ppc has two
 * cpu/tlb6xx), so the kindest counts. False: there is none. */
static bool try_subsection(struct compat_pair *p, const struct schema_vmsd *sub,
			   const struct wire_step *path, const struct place *at)
{
	struct compat *c = p->c;
	uint64_t best = UINT64_MAX;
	const size_t start = c->count;
	size_t end = start;

	for (uint32_t k = 0; k < at->d->mark_count && best; k++) {
		const struct schema_vmsd *owner = at->d->marks[k].owner;

		if (!is_point_there(at, k))
			continue;
		for (uint32_t i = 0; i < owner->subsection_count; i++) {
			const struct schema_vmsd *d = owner->subsections[i];
			uint64_t bad;

			if (!text_eq(d->name, sub->name))
				continue;
			subsection_pair(p, sub, d, path);
			bad = compat_badness(c, end);
			if (bad < best) {
				compat_forget(c, start, end);
				best = bad;
			} else {
				compat_forget(c, end, c->count);
			}
			end = c->count;
			if (!best)
				break;
		}
	}
	return best != UINT64_MAX;
}

static void unknown_subsection(struct compat_pair *p,
			       const struct schema_vmsd *sub,
			       const struct wire_step *path,
			       const struct place *at)
{
	for (uint32_t k = 0; k < at->d->mark_count; k++)
		if (is_point_there(at, k) &&
		    !wire_has(at->d->marks[k].owner, KNOWN_ALL_SUBSECTIONS))
			return;
	compat_report(p,
		      &(struct compat_fact){ .code = COMPAT_SUBSECTION_UNKNOWN,
					     .certainty = sent(sub),
					     .path = path,
					     .name = sub->name });
}

static void struct_version(struct compat_pair *p, const struct wire_item *x,
			   const struct place *at)
{
	for (uint32_t k = 0; k < at->d->mark_count; k++) {
		const struct schema_vmsd *d = at->d->marks[k].owner;

		if (!is_point_there(at, k) || !d->has_name ||
		    !text_eq(d->name, x->owner->name))
			continue;
		if (d->version != x->owner->version)
			compat_report(p, &(struct compat_fact){
						 .code = COMPAT_STRUCT_VERSION,
						 .certainty = MS_CERTAIN,
						 .path = x->path,
						 .name = d->name,
						 .a = x->owner->version,
						 .b = d->version });
		return;
	}
}

/* A subsection is taken by any object that ends where it stands. */
void compat_points(struct compat_pair *p, const struct wire_list *s,
		   const struct wire_list *d, const struct alignment *a)
{
	for (uint32_t k = 0; k < s->mark_count; k++) {
		const struct wire_item *x = &s->marks[k];
		const struct place at = { d, a->low[x->at], a->high[x->at] };

		if (x->kind != WIRE_POINT)
			continue;
		if (!compat_spend(p->c,
				  (x->owner->subsection_count + UINT64_C(1)) *
					  d->mark_count))
			return;
		/* The outermost one's version is on the wire. */
		if (k + 1 < s->mark_count)
			struct_version(p, x, &at);
		for (uint32_t i = 0; i < x->owner->subsection_count; i++) {
			const struct schema_vmsd *sub =
				x->owner->subsections[i];
			const struct wire_step step = { .outer = x->path,
							.name = sub->name,
							.subsection = true };

			if (!try_subsection(p, sub, &step, &at))
				unknown_subsection(p, sub, &step, &at);
		}
	}
}
