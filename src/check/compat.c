/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which descriptions stand for each other in two schemas. */
#include "config.h"
#include "check/compat.h"

#include "base/mem.h"
#include "check/compat-priv.h"

#include <stdlib.h>

/* ---- what a schema covers ---- */

static bool is_from(const struct schema *s, enum schema_source_kind kind)
{
	for (uint32_t i = 0; i < s->origin_count; i++)
		if (s->origins[i].kind == kind)
			return true;
	return false;
}

static const struct schema_device *bound_by(const struct schema *s,
					    const struct schema_vmsd *v,
					    enum schema_binding how)
{
	for (uint32_t i = 0; i < s->device_count; i++)
		if (s->devices[i].vmsd == v && s->devices[i].how == how)
			return &s->devices[i];
	return NULL;
}

/* Can it be a section, or the like inside a hand-written blob? */
static bool is_top(const struct schema_vmsd *v)
{
	return (v->roles & ROLE_TOP) ||
	       !(v->roles & (ROLE_NESTED | ROLE_SUBSECTION));
}

/* ---- one section ---- */

static enum ms_certainty certainty_of_absence(const struct compat *c,
					      const struct schema_vmsd *v,
					      bool *ret_judged)
{
	*ret_judged = true;
	if (is_from(c->dst, SOURCE_ELF))
		return MS_LIKELY;
	/* A dump lists all that a device type refers to, and no more. */
	if (is_from(c->dst, SOURCE_DUMP)) {
		if (bound_by(c->src, v, BIND_TYPE))
			return MS_LIKELY;
		if (bound_by(c->src, v, BIND_TYPE_GUESS))
			return MS_POSSIBLE;
	}
	*ret_judged = false;
	return MS_POSSIBLE;
}

static void not_there(struct compat *c, const struct schema_vmsd *v,
		      const struct wire_step *path)
{
	struct compat_pair p = { .c = c, .top = v, .cap = MS_CERTAIN };
	struct compat_fact f = { .code = COMPAT_SECTION_UNKNOWN,
				 .path = path,
				 .name = v->name };
	bool judged;

	f.certainty = certainty_of_absence(c, v, &judged);
	if (judged)
		compat_report(&p, &f);
	c->unjudged += !judged;
	c->judged += judged;
}

static void migratability(struct compat_pair *p, const struct schema_vmsd *s,
			  const struct schema_vmsd *d,
			  const struct wire_step *path)
{
	struct compat_fact f = { .certainty = MS_CERTAIN,
				 .path = path,
				 .name = s->name };

	if (d->unmigratable && !s->unmigratable) {
		f.code = COMPAT_UNMIGRATABLE;
		compat_report(p, &f);
	}
	if (s->early_setup != d->early_setup && wire_has(s, KNOWN_HOOKS) &&
	    wire_has(d, KNOWN_HOOKS)) {
		f.code = COMPAT_EARLY_SETUP;
		f.other = text_of(s->early_setup ? "source" : "destination");
		compat_report(p, &f);
	}
}

static void judge_pair(struct compat *c, const struct schema_vmsd *s,
		       const struct schema_vmsd *d,
		       const struct wire_step *path)
{
	struct compat_pair p = { .c = c, .top = s, .cap = MS_CERTAIN };

	migratability(&p, s, d, path);
	compat_object(&p, s, d, s->version, path);
}

/* Takes the findings of one more candidate, if it is kinder than the others
 * so far: which of several of a name the guest has is not known. */
struct choice {
	size_t start, end; /* findings of the best one */
	uint64_t badness;  /* UINT64_MAX: no candidate yet */
};

static void consider(struct compat *c, struct choice *best,
		     const struct schema_vmsd *s, const struct schema_vmsd *d,
		     const struct wire_step *path)
{
	uint64_t badness;

	if (!best->badness)
		return;
	judge_pair(c, s, d, path);
	badness = compat_badness(c, best->end);
	if (badness < best->badness) {
		compat_forget(c, best->start, best->end);
		best->badness = badness;
	} else {
		compat_forget(c, best->end, c->count);
	}
	best->end = c->count;
}

/* By device type where both schemas bind them. */
static void consider_devices(struct compat *c, struct choice *best,
			     const struct schema_vmsd *s,
			     const struct wire_step *path)
{
	for (uint32_t i = 0; i < c->src->device_count; i++) {
		const struct schema_device *x = &c->src->devices[i], *y;

		if (x->vmsd != s || x->how != BIND_TYPE)
			continue;
		y = schema_device_find(c->dst, x->name);
		if (y && y->how == BIND_TYPE && y->vmsd &&
		    text_eq(y->vmsd->name, s->name))
			consider(c, best, s, y->vmsd, path);
	}
}

static void consider_names(struct compat *c, struct choice *best,
			   const struct schema_vmsd *s, struct ms_text name,
			   bool tops, const struct wire_step *path)
{
	const struct schema_vmsd *d;

	for (unsigned n = 0;
	     n < MAX_COMPAT_CANDIDATES && (d = schema_find(c->dst, name, n));
	     n++)
		if (is_top(d) == tops)
			consider(c, best, s, d, path);
}

/* eepro100 takes its model's name at run time: the table has none. */
static void consider_nameless(struct compat *c, struct choice *best,
			      const struct schema_vmsd *s,
			      const struct wire_step *path)
{
	for (uint32_t i = 0; i < c->dst->vmsd_count; i++)
		if (!c->dst->vmsds[i]->has_name)
			consider(c, best, s, c->dst->vmsds[i], path);
	if (best->badness && s->has_name) {
		compat_forget(c, best->start, c->count);
		best->end = best->start;
		best->badness = UINT64_MAX;
	}
}

static void judge_section(struct compat *c, const struct schema_vmsd *s)
{
	struct choice best = { c->count, c->count, UINT64_MAX };
	const struct wire_step step = {
		.name = s->has_name ? s->name : TEXT("(named at run time)"),
	};

	consider_devices(c, &best, s, &step);
	if (best.badness == UINT64_MAX)
		consider_names(c, &best, s, s->name, true, &step);
	if (best.badness == UINT64_MAX)
		consider_names(c, &best, s, s->name, false, &step);
	if (best.badness == UINT64_MAX)
		consider_nameless(c, &best, s, &step);
	if (best.badness == UINT64_MAX)
		not_there(c, s, &step);
	else
		c->judged++;
}

/* ---- the rest ---- */

static void judge_devices(struct compat *c)
{
	if (!is_from(c->dst, SOURCE_DUMP))
		return;
	for (uint32_t i = 0; i < c->src->device_count; i++) {
		const struct schema_device *x = &c->src->devices[i];
		const struct wire_step step = { .name = x->name };
		struct compat_pair p = { .c = c,
					 .top = x->vmsd,
					 .cap = MS_CERTAIN };

		if (x->how == BIND_TYPE && x->vmsd &&
		    !schema_device_find(c->dst, x->name) &&
		    schema_find(c->dst, x->vmsd->name, 0))
			compat_report(&p, &(struct compat_fact){
						  .code = COMPAT_DEVICE_UNKNOWN,
						  .certainty = MS_LIKELY,
						  .path = &step,
						  .name = x->name });
	}
}

static void judge_commands(struct compat *c)
{
	const struct schema *d = c->dst;
	struct compat_pair p = { .c = c, .cap = MS_CERTAIN };

	for (uint32_t i = 0; d->command_count && i < c->src->command_count;
	     i++) {
		const struct schema_command *x = &c->src->commands[i];
		const struct wire_step step = { .name = x->name };
		struct compat_fact f = { .certainty = MS_POSSIBLE,
					 .path = &step,
					 .name = x->name,
					 .a = x->number };
		uint32_t k = 0;

		while (k < d->command_count &&
		       d->commands[k].number != x->number)
			k++;
		if (k == d->command_count) {
			f.code = COMPAT_COMMAND_UNKNOWN;
			compat_report(&p, &f);
		} else if (d->commands[k].length != x->length &&
			   d->commands[k].length >= 0) {
			f.code = COMPAT_COMMAND_LENGTH;
			f.a = x->length;
			f.b = d->commands[k].length;
			compat_report(&p, &f);
		}
	}
}

static bool has_machine(const struct schema *s, struct ms_text name)
{
	for (uint32_t i = 0; i < s->machine_count; i++)
		if (text_eq(s->machines[i].name, name))
			return true;
	return false;
}

/* A program file has all machine types, a dump the one it was made with. */
static void judge_machines(struct compat *c)
{
	const struct schema *d = c->dst;
	const bool all = is_from(d, SOURCE_ELF);
	struct compat_pair p = { .c = c, .cap = MS_CERTAIN };

	for (uint32_t i = 0; d->machine_count && i < c->src->machine_count;
	     i++) {
		const struct ms_text name = c->src->machines[i].name;
		const struct wire_step step = { .name = name };
		struct compat_fact f = { .code = COMPAT_MACHINE_UNKNOWN,
					 .certainty = MS_CERTAIN,
					 .path = &step,
					 .name = name };

		if (has_machine(d, name))
			continue;
		if (!all && is_from(c->src, SOURCE_ELF))
			continue;
		if (!all) {
			f.code = COMPAT_MACHINE_DIFFERS;
			f.other = d->machines[0].name;
		}
		compat_report(&p, &f);
	}
}

/* Nothing is ever sent for what blocks migration. A dump does not say that
 * of a description, but shows nothing in it. */
static bool is_sent(const struct schema_vmsd *v)
{
	return !v->unmigratable && (v->field_count || v->subsection_count ||
				    wire_has(v, KNOWN_TYPES));
}

struct compat *compat_run(const struct schema *src, const struct schema *dst)
{
	struct compat *c = mem_zero(1, sizeof(*c));

	if (!c)
		return NULL;
	c->src = src;
	c->dst = dst;
	c->budget = MAX_COMPAT_ITEMS;
	c->steps = MAX_COMPAT_STEPS;
	for (uint32_t i = 0; !c->why && i < src->vmsd_count; i++)
		if (is_top(src->vmsds[i]) && is_sent(src->vmsds[i]))
			judge_section(c, src->vmsds[i]);
	judge_devices(c);
	judge_commands(c);
	judge_machines(c);
	return c;
}

void compat_free(struct compat *c)
{
	if (!c)
		return;
	compat_forget(c, 0, c->count);
	free(c->findings);
	free(c);
}
