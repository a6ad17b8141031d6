/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two schemas into one. The descriptions of a keep their shape and are filled
 * up from their partners in b; what of b has no partner comes along as it
 * is. */
#include "config.h"
#include "schema/machines.h"
#include "schema/sources.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

struct merge {
	const struct schema *a, *b;
	struct schema *out;
	const struct schema_vmsd **partner_of_a, **partner_of_b;
	struct schema_vmsd **from_a, **from_b; /* by .number */
};

/* ---- partners ---- */

static bool knows_all_fields(const struct schema_vmsd *v)
{
	return v->known & KNOWN_ALL_FIELDS;
}

/* Aligning takes the product of the two lengths; real ones have 70. */
#define MOST_FIELDS 512
/* Variants of one name that are looked at; a stream may bring a dozen. */
#define MOST_CANDIDATES 64

/* A stream numbers fields of equal names, also when it has only one of them
 * ("config[1]", migration/vmstate.c: vmfield_name_num). */
static bool is_numbered(const struct schema_vmsd *v, uint32_t i,
			struct ms_text in_stream)
{
	const struct ms_text name = v->fields[i].name;
	char number[16];
	int n;

	if (in_stream.length <= name.length || !text_starts(in_stream, name) ||
	    in_stream.bytes[name.length] != '[')
		return false;
	n = snprintf(number, sizeof(number), "[%d]",
		     schema_field_ordinal(v, i));
	return text_eq(text_make(in_stream.bytes + name.length,
				 in_stream.length - name.length),
		       text_make(number, (size_t)n));
}

static bool same_field(const struct schema_vmsd *x, uint32_t i,
		       const struct schema_vmsd *y, uint32_t k)
{
	const struct ms_text a = x->fields[i].name, b = y->fields[k].name;

	return text_eq(a, b) || (knows_all_fields(x) && is_numbered(x, i, b)) ||
	       (knows_all_fields(y) && is_numbered(y, k, a));
}

/* For each field of y the one of x that stands for it, in order; -1: none.
 * Returns how many were found. */
static uint32_t align(const struct schema_vmsd *x, const struct schema_vmsd *y,
		      int32_t *ret)
{
	uint32_t found = 0, from = 0;

	for (uint32_t i = 0; i < y->field_count; i++) {
		if (ret)
			ret[i] = -1;
		for (uint32_t k = from; k < x->field_count; k++) {
			if (!same_field(x, k, y, i))
				continue;
			if (ret)
				ret[i] = (int32_t)k;
			from = k + 1;
			found++;
			break;
		}
	}
	return found;
}

/* How well two descriptions of one name go together; -1: not at all. */
static int64_t likeness(const struct schema_vmsd *x,
			const struct schema_vmsd *y)
{
	uint32_t found, more, less;

	if (x->field_count > MOST_FIELDS || y->field_count > MOST_FIELDS)
		return -1;
	found = align(x, y, NULL);
	more = y->field_count - found;
	less = x->field_count - found;
	if (!found && (x->field_count || y->field_count))
		return -1;
	/* A field that the complete one of the two lacks is a sign against. */
	return (int64_t)found * 4 -
	       (knows_all_fields(x) ? (int64_t)more * 3 : (int64_t)more) -
	       (knows_all_fields(y) ? (int64_t)less * 3 : 0) +
	       (x->version == y->version);
}

/* The n-th candidate for v. */
static const struct schema_vmsd *
candidate(const struct schema *in, const struct schema_vmsd *v, unsigned n)
{
	if (n >= MOST_CANDIDATES)
		return NULL;
	if (v->has_name)
		return schema_find(in, v->name, n);
	/* those without a name stand at the end */
	return n < in->vmsd_count &&
			       !in->vmsds[in->vmsd_count - 1 - n]->has_name ?
		       in->vmsds[in->vmsd_count - 1 - n] :
		       NULL;
}

static const struct schema_vmsd *best_partner(const struct schema *in,
					      const struct schema_vmsd *v)
{
	const struct schema_vmsd *best = NULL, *x;
	int64_t most = -1;

	for (unsigned n = 0; (x = candidate(in, v, n)); n++) {
		const int64_t like = likeness(x, v);

		if (like > most) {
			most = like;
			best = x;
		}
	}
	return best;
}

static void find_partners(struct merge *m)
{
	for (uint32_t i = 0; i < m->b->vmsd_count; i++)
		m->partner_of_b[i] = best_partner(m->a, m->b->vmsds[i]);
	for (uint32_t i = 0; i < m->a->vmsd_count; i++) {
		const struct schema_vmsd *v = m->a->vmsds[i];
		const struct schema_vmsd *p = best_partner(m->b, v);

		if (p && m->partner_of_b[p->number] == v)
			m->partner_of_a[i] = p;
	}
}

/* ---- one description ---- */

static void contradict(struct merge *m, const struct schema_vmsd *v,
		       const struct schema_field *f, const char *what,
		       int64_t a, int64_t b)
{
	if (a == b)
		return;
	schema_note(m->out, "%.*s%s%.*s: %s %jd and %jd", (int)v->key.length,
		    v->key.bytes, f ? "/" : "", f ? (int)f->name.length : 0,
		    f ? f->name.bytes : "", what, (intmax_t)a, (intmax_t)b);
}

static void contradict_type(struct merge *m, const struct schema_vmsd *v,
			    const struct schema_field *x,
			    const struct schema_field *y)
{
	/* 5.2 to 9.x call the marker of a NULL pointer uint64. */
	if (text_eq(x->type, y->type) || (x->flags & FIELD_ARRAY_OF_POINTER))
		return;
	schema_note(m->out, "%.*s/%.*s: type '%.*s' and '%.*s'",
		    (int)v->key.length, v->key.bytes, (int)x->name.length,
		    x->name.bytes, (int)x->type.length, x->type.bytes,
		    (int)y->type.length, y->type.bytes);
}

/* new: what only y knows. */
static void fill_field(struct merge *m, const struct schema_vmsd *v,
		       struct schema_field *x, const struct schema_field *y,
		       uint16_t both, uint16_t new)
{
	if (both & KNOWN_TYPES)
		contradict_type(m, v, x, y);
	if (both & KNOWN_HOST_SIZES)
		contradict(m, v, x, "size", (int64_t)x->size, (int64_t)y->size);
	if (both & KNOWN_FIELD_VERSIONS)
		contradict(m, v, x, "version", x->version, y->version);
	if (both & KNOWN_NUM)
		contradict(m, v, x, "elements", x->num, y->num);
	if (both & KNOWN_CONDITIONS)
		contradict(m, v, x, "conditional",
			   x->flags & FIELD_CONDITIONAL ? 1 : 0,
			   y->flags & FIELD_CONDITIONAL ? 1 : 0);
	if (new &KNOWN_TYPES) {
		x->type = schema_text(m->out, y->type);
		x->shape = y->shape;
		x->flags |= y->flags & ~(uint32_t)FIELD_CONDITIONAL;
		x->count = y->count;
		x->length = y->length;
	}
	if (new &KNOWN_OFFSETS) {
		x->offset = y->offset;
		x->start = y->start;
	}
	if (new &KNOWN_HOST_SIZES)
		x->size = y->size;
	if (new &KNOWN_WIRE_SIZES)
		x->wire_size = y->wire_size;
	if ((new &KNOWN_NUM) || !x->num)
		x->num = y->num;
	if (new &KNOWN_FIELD_VERSIONS) {
		x->version = y->version;
		x->struct_version = y->struct_version;
	}
	if (new &KNOWN_CONDITIONS)
		x->flags |= y->flags & FIELD_CONDITIONAL;
}

/* Fields of y that x, which should have all, has not. */
static void tell_missing(struct merge *m, const struct schema_vmsd *x,
			 const struct schema_vmsd *y, const int32_t *place)
{
	if (!knows_all_fields(x))
		return;
	for (uint32_t i = 0; i < y->field_count; i++)
		if (place[i] < 0 && !(y->fields[i].flags & FIELD_CHECK))
			schema_note(m->out, "%.*s: field '%.*s' is in one only",
				    (int)x->key.length, x->key.bytes,
				    (int)y->fields[i].name.length,
				    y->fields[i].name.bytes);
}

/* Knowledge about single fields holds for all only when each has a partner;
 * sizes seen in a stream are a bonus, a 0 says "not seen". */
static uint16_t new_knowledge(const struct schema_vmsd *x,
			      const struct schema_vmsd *y, uint32_t found)
{
	const uint16_t new = (uint16_t)(y->known & ~x->known);

	return found == x->field_count ? new : new &KNOWN_WIRE_SIZES;
}

static void fill(struct merge *m, struct schema_draft *d,
		 const struct schema_vmsd *x, const struct schema_vmsd *y)
{
	int32_t *place = mem_zero(y->field_count + 1u, sizeof(*place));
	uint16_t both = x->known & y->known, new;

	if (!place) {
		schema_fail(m->out, "out of memory");
		return;
	}
	new = new_knowledge(x, y, align(x, y, place));
	for (uint32_t i = 0; i < y->field_count; i++)
		if (place[i] >= 0)
			fill_field(m, x, &d->v.fields[place[i]], &y->fields[i],
				   both, new);
	tell_missing(m, x, y, place);
	free(place);
	contradict(m, x, NULL, "version", x->version, y->version);
	if (both & KNOWN_MINIMUM)
		contradict(m, x, NULL, "minimum version", x->minimum,
			   y->minimum);
	if (new &KNOWN_MINIMUM)
		d->v.minimum = y->minimum;
	if (new &KNOWN_HOOKS) {
		d->v.hooks = y->hooks;
		d->v.priority = y->priority;
		d->v.early_setup = y->early_setup;
		d->v.unmigratable = y->unmigratable;
		d->v.minimum_old = y->minimum_old;
	}
	d->v.known |= new;
	d->v.roles |= y->roles;
}

/* ---- all ---- */

static struct schema_vmsd *from_a(struct merge *m, const struct schema_vmsd *v);

/* In the result: the partner's if there is one. */
static struct schema_vmsd *from_b(struct merge *m, const struct schema_vmsd *v);

static bool copy_parts(struct merge *m, struct schema_draft *d,
		       const struct schema_vmsd *v,
		       struct schema_vmsd *(*map)(struct merge *m,
						  const struct schema_vmsd *v))
{
	struct schema *s = m->out;

	d->v = *v;
	d->v.fields = NULL;
	d->v.subsections = NULL;
	d->v.field_count = d->v.subsection_count = 0;
	d->v.name = schema_text(s, v->name);
	for (uint32_t i = 0; i < v->field_count; i++) {
		struct schema_field *f = draft_field(s, d);

		if (!f)
			return false;
		*f = v->fields[i];
		f->name = schema_text(s, f->name);
		f->type = schema_text(s, f->type);
		f->count.name = f->length.name = TEXT("");
		f->vmsd = f->vmsd ? map(m, f->vmsd) : NULL;
		f->key = f->key ? map(m, f->key) : NULL;
	}
	for (uint32_t i = 0; i < v->subsection_count; i++) {
		struct schema_vmsd *sub = map(m, v->subsections[i]);

		if (!sub || !draft_subsection(s, d, sub))
			return false;
	}
	return !s->failed;
}

static struct schema_vmsd *from_a(struct merge *m, const struct schema_vmsd *v)
{
	struct schema_vmsd **done = &m->from_a[v->number];
	struct schema_draft d = { .field_room = 0 };

	if (*done || m->out->failed)
		return *done;
	if (!copy_parts(m, &d, v, from_a)) {
		draft_free(&d);
		return NULL;
	}
	if (m->partner_of_a[v->number])
		fill(m, &d, v, m->partner_of_a[v->number]);
	*done = draft_intern(m->out, &d);
	return *done;
}

static struct schema_vmsd *from_b(struct merge *m, const struct schema_vmsd *v)
{
	const struct schema_vmsd *p = m->partner_of_b[v->number];
	struct schema_vmsd **done = &m->from_b[v->number];
	struct schema_draft d = { .field_room = 0 };

	if (p)
		return from_a(m, p);
	if (*done || m->out->failed)
		return *done;
	if (!copy_parts(m, &d, v, from_b)) {
		draft_free(&d);
		return NULL;
	}
	*done = draft_intern(m->out, &d);
	return *done;
}

static void
copy_devices(struct merge *m, const struct schema *s,
	     struct schema_vmsd *(*map)(struct merge *m,
					const struct schema_vmsd *v))
{
	for (uint32_t i = 0; i < s->device_count; i++) {
		struct schema_device d = s->devices[i];

		d.name = schema_text(m->out, d.name);
		d.vmsd = map(m, d.vmsd);
		if (d.vmsd)
			schema_add_device(m->out, d);
	}
}

/* A guess about a type that the other source knows for sure is dropped. */
static void drop_guesses(struct schema *s)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->device_count; i++) {
		const struct schema_device *d = &s->devices[i];
		bool known = false;

		for (uint32_t k = i;
		     k-- > 0 && text_eq(s->devices[k].name, d->name);)
			known = known || s->devices[k].how == BIND_TYPE;
		if (d->how == BIND_TYPE_GUESS && known)
			continue;
		s->devices[kept++] = *d;
	}
	s->device_count = kept;
}

static void copy_rest(struct merge *m, const struct schema *s)
{
	struct schema *out = m->out;

	for (uint32_t i = 0; i < s->command_count; i++)
		schema_add_command(
			out,
			(struct schema_command){
				s->commands[i].number, s->commands[i].length,
				schema_text(out, s->commands[i].name) });
	machines_copy(out, s);
	for (uint32_t i = 0; i < s->origin_count; i++) {
		struct schema_origin o = s->origins[i];

		o.name = schema_text(out, o.name);
		o.host = schema_text(out, o.host);
		o.layout = schema_text(out, o.layout);
		schema_add_origin(out, o);
	}
	for (uint32_t i = 0; i < s->note_count; i++)
		schema_note_text(out, s->notes[i]);
}

static struct ms_text one_of(struct merge *m, const char *what,
			     struct ms_text a, struct ms_text b)
{
	if (a.length && b.length && !text_eq(a, b))
		schema_note(m->out, "%s '%.*s' and '%.*s'", what, (int)a.length,
			    a.bytes, (int)b.length, b.bytes);
	return schema_text(m->out, a.length ? a : b);
}

static void merge_all(struct merge *m)
{
	copy_rest(m, m->a);
	copy_rest(m, m->b);
	m->out->qemu_version =
		one_of(m, "QEMU", m->a->qemu_version, m->b->qemu_version);
	m->out->package = one_of(m, "package", m->a->package, m->b->package);
	m->out->target = one_of(m, "target", m->a->target, m->b->target);
	find_partners(m);
	for (uint32_t i = 0; i < m->a->vmsd_count; i++)
		from_a(m, m->a->vmsds[i]);
	for (uint32_t i = 0; i < m->b->vmsd_count; i++)
		from_b(m, m->b->vmsds[i]);
	copy_devices(m, m->a, from_a);
	copy_devices(m, m->b, from_b);
}

struct schema *schema_merge(const struct schema *a, const struct schema *b)
{
	struct merge m = { .a = a, .b = b, .out = schema_new() };
	bool ok;

	m.partner_of_a = mem_zero(a->vmsd_count + 1u, sizeof(void *));
	m.partner_of_b = mem_zero(b->vmsd_count + 1u, sizeof(void *));
	m.from_a = mem_zero(a->vmsd_count + 1u, sizeof(void *));
	m.from_b = mem_zero(b->vmsd_count + 1u, sizeof(void *));
	ok = m.out && m.partner_of_a && m.partner_of_b && m.from_a && m.from_b;
	if (ok) {
		merge_all(&m);
		ok = schema_finish(m.out);
	}
	free(m.partner_of_a);
	free(m.partner_of_b);
	free(m.from_a);
	free(m.from_b);
	if (ok) {
		drop_guesses(m.out);
		return m.out;
	}
	schema_free(m.out);
	return NULL;
}
