/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One description against another: versions, items, subsections. */
#include "config.h"
#include "check/compat-priv.h"

static const char source_word[] = "source", destination_word[] = "destination";

static void fact(struct compat_pair *p, enum compat_code code,
		 enum ms_certainty certainty, const struct wire_item *s,
		 const struct wire_item *d, const char *other)
{
	struct buf expected = { 0 }, actual = { 0 }, name = { 0 };

	buf_putc(&name, '\'');
	buf_escape(&name, s->field->name);
	buf_putc(&name, '\'');
	compat_describe(&expected, d);
	compat_describe(&actual, s);
	if (name.failed || expected.failed || actual.failed)
		compat_stop(p->c, "out of memory");
	else
		compat_report(p,
			      &(struct compat_fact){
				      .code = code,
				      .certainty = certainty,
				      .path = s->path,
				      .name = text_make(name.data, name.length),
				      .other = text_of(other),
				      .expected = expected.data,
				      .actual = actual.data });
	buf_free(&name);
	buf_free(&expected);
	buf_free(&actual);
}

static void lists(struct compat_pair *p, const struct wire_list *s,
		  const struct wire_list *d);

/* ---- items that stand for each other ---- */

static bool is_comparing(struct ms_text type)
{
	return text_ends(type, TEXT(" equal")) || text_ends(type, TEXT(" le"));
}

static bool was_seen(const struct wire_item *item)
{
	return wire_has(item->owner, KNOWN_WIRE_SIZES);
}

static void leaf_pair(struct compat_pair *p, const struct wire_item *s,
		      const struct wire_item *d)
{
	if (compat_fit(s, d) == FIT_TYPE)
		fact(p, COMPAT_FIELD_TYPE, MS_POSSIBLE, s, d, "");
	if (s->field->type.length && is_comparing(d->field->type) &&
	    !is_comparing(s->field->type))
		fact(p, COMPAT_FIELD_EQUAL, MS_POSSIBLE, s, d, "");
	if (s->at_run_time != d->at_run_time && s->size && d->size &&
	    !was_seen(s) && !was_seen(d) && !p->bare && p->lengths)
		fact(p, COMPAT_ARRAY_LENGTH, MS_POSSIBLE, s, d, "");
}

static void row_pair(struct compat_pair *p, const struct wire_item *s,
		     const struct wire_item *d)
{
	const bool s_marked = s->field->flags & FIELD_POINTER_MARKERS;
	const bool d_marked = d->field->flags & FIELD_POINTER_MARKERS;

	if (s->kind != WIRE_QUEUE && s->kind != WIRE_TREE) {
		if (s_marked != d_marked)
			fact(p, COMPAT_POINTER_MARKERS, MS_CERTAIN, s, d,
			     s_marked ? source_word : destination_word);
		if (s->count != d->count &&
		    (!was_seen(s) && !was_seen(d) ?
			     true :
			     s->count && d->count && s->kind == d->kind))
			fact(p, COMPAT_ARRAY_LENGTH,
			     s->count && d->count ? MS_CERTAIN : MS_POSSIBLE, s,
			     d, "");
	}
	if (!s->body || !d->body || p->depth == MAX_SCHEMA_DEPTH)
		return;
	p->depth++;
	lists(p, s->body, d->body);
	if (s->key && d->key)
		lists(p, s->key, d->key);
	p->depth--;
}

/* *io_last is the condition that was reported last: it may hold for many. */
static void item_pair(struct compat_pair *p, const struct wire_item *s,
		      const struct wire_item *d,
		      const struct schema_field **io_last)
{
	const struct schema_field *only =
		s->condition ? s->condition : d->condition;

	if (!s->condition != !d->condition && only != *io_last &&
	    wire_has(s->owner, KNOWN_CONDITIONS) &&
	    wire_has(d->owner, KNOWN_CONDITIONS)) {
		fact(p, COMPAT_FIELD_CONDITION, MS_POSSIBLE, s, d,
		     s->condition ? source_word : destination_word);
		*io_last = only;
	}
	if (s->body || s->kind == WIRE_POINTERS)
		row_pair(p, s, d);
	else
		leaf_pair(p, s, d);
}

/* ---- items that do not ---- */

/* How much a side's list can be relied on: a stream shows what it held. */
static enum ms_certainty cap_of_run(const struct wire_list *l, uint32_t at)
{
	const struct schema_vmsd *owner = NULL;

	if (at < l->count)
		owner = l->items[at].owner;
	else if (l->count)
		owner = l->items[l->count - 1].owner;
	else if (l->mark_count)
		owner = l->marks[0].owner;
	if (!owner || wire_has(owner, KNOWN_ALL_FIELDS))
		return MS_CERTAIN;
	return MS_POSSIBLE;
}

static bool all_may_be_absent(const struct wire_item *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (!items[i].condition && !items[i].at_run_time &&
		    items[i].kind == WIRE_LEAF)
			return false;
	return true;
}

static void region(struct compat_pair *p, const struct wire_list *s, uint32_t i,
		   uint32_t n, const struct wire_list *d, uint32_t j,
		   uint32_t m)
{
	const enum ms_certainty cap = p->cap;
	const enum ms_certainty s_cap = cap_of_run(s, i);
	const enum ms_certainty d_cap = cap_of_run(d, j);

	/* A stream does not list what was not there when it was written, and
	 * lists an array as what it held. */
	if ((s_cap < MS_CERTAIN || d_cap < MS_CERTAIN) &&
	    all_may_be_absent(&s->items[i], n) &&
	    all_may_be_absent(&d->items[j], m))
		return;
	p->cap = certainty_least(cap, certainty_least(s_cap, d_cap));
	compat_region(p, &s->items[i], n, &d->items[j], m);
	p->cap = cap;
}

/* ---- lists ---- */

static bool stand_for_each_other(const struct wire_list *s,
				 const struct wire_list *d,
				 const struct alignment *a, uint32_t i,
				 uint32_t j)
{
	return i < s->count && j < d->count && a->partner[i] == j &&
	       compat_fit(&s->items[i], &d->items[j]) != FIT_NOT;
}

static bool is_renamed(const struct wire_list *s, const struct wire_list *d,
		       const struct alignment *a, uint32_t i)
{
	return a->partner[i] != UINT32_MAX &&
	       !compat_same_name(&s->items[i], &d->items[a->partner[i]]);
}

/* Two that were renamed, each to what the other was. */
static void swaps(struct compat_pair *p, const struct wire_list *s,
		  const struct wire_list *d, const struct alignment *a)
{
	for (uint32_t i = 0; i < s->count; i++) {
		if (!is_renamed(s, d, a, i))
			continue;
		for (uint32_t k = i + 1;
		     k < s->count && k - i < MAX_COMPAT_SWAP; k++)
			if (is_renamed(s, d, a, k) &&
			    compat_same_name(&s->items[i],
					     &d->items[a->partner[k]]) &&
			    compat_same_name(&s->items[k],
					     &d->items[a->partner[i]]))
				compat_report(
					p,
					&(struct compat_fact){
						.code = COMPAT_FIELD_SWAPPED,
						.certainty = MS_LIKELY,
						.path = s->items[i].path,
						.name = s->items[i].field->name,
						.other =
							s->items[k]
								.field->name });
	}
}

/* Why two descriptions could not be unfolded, or compared. */
static const char *too_little(const struct compat_pair *p)
{
	_Static_assert(MAX_COMPAT_WIRE == MIB(32), "the text below names it");

	if (!p->c->budget)
		return "fields of all descriptions are over the limit "
		       "of " LIMIT_TEXT(MAX_COMPAT_ITEMS);
	if (p->arena->full)
		return "what two descriptions unfold to is over the limit of "
		       "32 MiB";
	return "out of memory";
}

static void lists(struct compat_pair *p, const struct wire_list *s,
		  const struct wire_list *d)
{
	const struct schema_field *last = NULL;
	struct alignment a;
	uint32_t i = 0, j = 0;

	if (p->c->why)
		return;
	if (!compat_align(p, s, d, &a)) {
		compat_stop(p->c, too_little(p));
		return;
	}
	while (i < s->count || j < d->count) {
		uint32_t n = 0, m = 0;

		if (stand_for_each_other(s, d, &a, i, j)) {
			item_pair(p, &s->items[i++], &d->items[j++], &last);
			continue;
		}
		/* Up to the next two that do. */
		for (; i + n < s->count; n++) {
			const uint32_t k = a.partner[i + n];

			if (k != UINT32_MAX &&
			    stand_for_each_other(s, d, &a, i + n, k)) {
				m = k - j;
				break;
			}
		}
		if (i + n == s->count)
			m = d->count - j;
		region(p, s, i, n, d, j, m);
		i += n;
		j += m;
	}
	swaps(p, s, d, &a);
	compat_points(p, s, d, &a);
	compat_tests(p, s, d);
}

/* ---- objects ---- */

static void versions(struct compat_pair *p, const struct schema_vmsd *s,
		     const struct schema_vmsd *d, const struct wire_step *path)
{
	struct compat_fact f = { .certainty = MS_CERTAIN,
				 .path = path,
				 .name = s->name,
				 .a = s->version };
	bool old_loader;

	if (s->version > d->version) {
		f.code = COMPAT_VERSION_TOO_NEW;
		f.b = d->version;
		compat_report(p, &f);
	}
	old_loader = (d->hooks & HOOK_LOAD_STATE_OLD) &&
		     s->version >= d->minimum_old;
	if (wire_has(d, KNOWN_MINIMUM) && s->version < d->minimum &&
	    !old_loader) {
		f.code = COMPAT_VERSION_TOO_OLD;
		f.b = d->minimum;
		compat_report(p, &f);
	}
}

static bool has_rows(const struct wire_list *l)
{
	for (uint32_t i = 0; i < l->count; i++)
		if (l->items[i].body)
			return true;
	return false;
}

static bool compare(struct compat_pair *p, const struct schema_vmsd *s,
		    const struct schema_vmsd *d, int32_t version,
		    const struct wire_step *path, enum wire_rows rows,
		    bool *ret_rows)
{
	const unsigned both = s->known & d->known;
	/* A stream does not tell the length of an array, but has one. */
	const unsigned lengths = KNOWN_NUM | KNOWN_WIRE_SIZES;
	struct wire_options opts = { .rows = rows,
				     .bare = !(both & KNOWN_TYPES),
				     .lengths = (s->known & lengths) &&
						(d->known & lengths),
				     .budget = &p->c->budget };
	const struct wire_list *from, *to;
	struct arena *outer = p->arena;
	struct arena arena;

	arena_init(&arena, outer ? outer->cap - outer->used : MAX_COMPAT_WIRE);
	p->arena = &arena;
	p->bare = opts.bare;
	p->lengths = opts.lengths;
	from = wire_flatten(&arena, s, s->version, path, &opts);
	opts.loading = true;
	to = wire_flatten(&arena, d, version, path, &opts);
	if (from && to) {
		*ret_rows = has_rows(from) || has_rows(to);
		lists(p, from, to);
	} else {
		compat_stop(p->c, too_little(p));
	}
	arena_free(&arena);
	p->arena = outer;
	return from && to;
}

void compat_object(struct compat_pair *p, const struct schema_vmsd *s,
		   const struct schema_vmsd *d, int32_t version,
		   const struct wire_step *path)
{
	struct compat *c = p->c;
	const struct compat_pair saved = *p;
	const size_t start = c->count;
	/* An array on one side may be single fields on the other; a stream
	 * shows one of one element as no array at all. */
	const bool seen = (s->known | d->known) & KNOWN_WIRE_SIZES;
	const enum wire_rows last = seen ? ROWS_SINGLE : ROWS_UNROLL;
	uint64_t best = UINT64_MAX;
	bool again = true;

	/* Only a name that blocks saving: nothing to compare with. */
	if (d->unmigratable && !d->field_count && !d->subsection_count)
		best = 0;
	for (enum wire_rows rows = ROWS_WHOLE; best && again && rows <= last;
	     rows++) {
		const size_t end = c->count;
		uint64_t badness;

		if (!compare(p, s, d, version, path, rows, &again))
			break;
		badness = compat_badness(c, end);
		if (badness < best) {
			compat_forget(c, start, end);
			best = badness;
		} else {
			compat_forget(c, end, c->count);
		}
	}
	*p = saved;
	versions(p, s, d, path);
}
