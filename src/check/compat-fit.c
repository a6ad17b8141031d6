/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether two items are the same on the wire, and what to say about runs of
 * items that are not. */
#include "config.h"
#include "check/compat-priv.h"

#define MAX_NAMED 3 /* fields named in a message */

/* ---- one against one ---- */

/* The last part of a C expression without index: "env.regs[0]" is "regs".
 * A stream's description appends an index of its own. */
static struct ms_text plain_name(struct ms_text t)
{
	while (t.length && t.bytes[t.length - 1] == ']') {
		size_t n = t.length;

		while (n && t.bytes[n - 1] != '[')
			n--;
		if (n < 2)
			break;
		t.length = n - 1;
	}
	for (size_t i = t.length; i-- > 0;)
		if (t.bytes[i] == '.')
			return text_make(t.bytes + i + 1, t.length - i - 1);
	return t;
}

bool compat_same_name(const struct wire_item *s, const struct wire_item *d)
{
	return text_eq(plain_name(s->field->name), plain_name(d->field->name));
}

bool compat_bytes(const struct wire_item *item, uint64_t *ret)
{
	return item->kind == WIRE_LEAF && !item->at_run_time && item->size &&
	       item->count &&
	       !__builtin_mul_overflow(item->size, item->count, ret);
}

static enum fit class_fit(const struct wire_item *s, const struct wire_item *d)
{
	if (s->class_ == d->class_ || s->class_ == CLASS_UNKNOWN ||
	    d->class_ == CLASS_UNKNOWN || s->class_ == CLASS_UNUSED ||
	    d->class_ == CLASS_UNUSED ||
	    text_eq(s->field->type, d->field->type))
		return FIT_SAME;
	return FIT_TYPE;
}

static bool is_made_of_bytes(const struct wire_item *item)
{
	return item->size == 1 || item->class_ == CLASS_BYTES ||
	       item->class_ == CLASS_UNUSED;
}

static enum fit sized_fit(const struct wire_item *s, const struct wire_item *d)
{
	uint64_t s_bytes, d_bytes;

	if (s->size == d->size &&
	    (s->count == d->count || !s->count || !d->count))
		return class_fit(s, d);
	if (!compat_bytes(s, &s_bytes) || !compat_bytes(d, &d_bytes))
		return FIT_NOT;
	if (s_bytes != d_bytes)
		return FIT_NOT;
	return is_made_of_bytes(s) && is_made_of_bytes(d) ? FIT_SAME :
							    class_fit(s, d);
}

static bool is_typed(const struct wire_item *item)
{
	return item->class_ != CLASS_UNKNOWN;
}

static enum fit leaf_fit(const struct wire_item *s, const struct wire_item *d)
{
	if (s->size && d->size)
		return sized_fit(s, d);
	if (is_typed(s) && is_typed(d)) {
		if (text_eq(s->field->type, d->field->type))
			return FIT_SAME;
		/* 5.2 and 7.2 have nameless ones among the hand-written. */
		return s->class_ == CLASS_OPAQUE && d->class_ == CLASS_OPAQUE &&
				       compat_same_name(s, d) ?
			       FIT_TYPE :
			       FIT_NOT;
	}
	if (s->host_size && d->host_size && s->host_size != d->host_size)
		return FIT_NOT;
	return FIT_SAME;
}

/* Arrays whose elements stand one after another with nothing between. */
static bool is_row(enum wire_kind kind)
{
	return kind == WIRE_REPEAT || kind == WIRE_COUNTED ||
	       kind == WIRE_POINTERS;
}

enum fit compat_fit(const struct wire_item *s, const struct wire_item *d)
{
	if (!s->body != !d->body)
		return FIT_NOT;
	if (s->kind != d->kind && !(is_row(s->kind) && is_row(d->kind)))
		return s->body ? FIT_NOT : leaf_fit(s, d);
	if (s->body || (s->kind == WIRE_POINTERS && d->kind == WIRE_POINTERS &&
			s->count != d->count))
		return FIT_SAME; /* what is inside is compared by itself */
	return leaf_fit(s, d);
}

enum ms_certainty compat_misfit_certainty(const struct wire_item *s,
					  const struct wire_item *d)
{
	const uint64_t plain = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8;

	if (s->condition || d->condition)
		return MS_POSSIBLE;
	if (s->size && d->size)
		return s->at_run_time || d->at_run_time ? MS_POSSIBLE :
							  MS_CERTAIN;
	if (is_typed(s) && is_typed(d))
		return MS_LIKELY;
	/* The C member of a timer or a pointer is not what is sent. */
	if (s->host_size <= 8 && d->host_size <= 8 &&
	    (plain >> s->host_size & 1) && (plain >> d->host_size & 1))
		return MS_LIKELY;
	return MS_POSSIBLE;
}

/* ---- runs ---- */

struct run {
	const struct wire_item *items;
	uint32_t count;
};

static void put_names(struct buf *b, struct run r)
{
	for (uint32_t i = 0; i < r.count && i < MAX_NAMED; i++) {
		buf_puts(b, !i ? "'" : i + 1 == r.count ? " and '" : ", '");
		buf_escape(b, r.items[i].field->name);
		buf_putc(b, '\'');
	}
	if (r.count > MAX_NAMED)
		buf_printf(b, " and %u more", (unsigned)(r.count - MAX_NAMED));
}

static void put_run(struct buf *b, struct run r)
{
	for (uint32_t i = 0; i < r.count && i < MAX_NAMED; i++) {
		if (i)
			buf_puts(b, "; ");
		buf_escape(b, r.items[i].field->name);
		buf_puts(b, ": ");
		compat_describe(b, &r.items[i]);
	}
	if (r.count > MAX_NAMED)
		buf_printf(b, "; %u more", (unsigned)(r.count - MAX_NAMED));
	if (!r.count)
		buf_puts(b, "nothing");
}

static void say(struct compat_pair *p, enum compat_code code,
		enum ms_certainty certainty, struct run s, struct run d)
{
	struct buf names = { 0 }, others = { 0 };
	struct buf expected = { 0 }, actual = { 0 };
	const struct run r = s.count ? s : d;

	put_names(&names, r);
	put_names(&others, d);
	put_run(&expected, d);
	put_run(&actual, s);
	if (names.failed || others.failed || expected.failed || actual.failed)
		compat_stop(p->c, "out of memory");
	else
		compat_report(p, &(struct compat_fact){
					 .code = code,
					 .certainty = certainty,
					 .path = r.items[0].path,
					 .name = text_make(names.data,
							   names.length),
					 .other = text_make(others.data,
							    others.length),
					 .expected = expected.data,
					 .actual = actual.data });
	buf_free(&names);
	buf_free(&others);
	buf_free(&expected);
	buf_free(&actual);
}

/* May be no byte at all: under a test, or empty. */
static bool may_be_nothing(const struct wire_item *item)
{
	return item->condition || item->kind == WIRE_COUNTED ||
	       item->at_run_time ||
	       /* count and size not known: maybe made by code */
	       (item->class_ == CLASS_OPAQUE && !item->size);
}

/* What only one side has, in runs of equal certainty. */
static void one_sided(struct compat_pair *p, struct run r, bool sent)
{
	const struct run none = { 0 };

	for (uint32_t i = 0, n; i < r.count; i += n) {
		const bool maybe = may_be_nothing(&r.items[i]);
		struct run part = { &r.items[i], 0 };

		for (n = 1; i + n < r.count; n++)
			if (may_be_nothing(&r.items[i + n]) != maybe)
				break;
		part.count = n;
		say(p, sent ? COMPAT_FIELD_UNREAD : COMPAT_FIELD_MISSING,
		    maybe ? MS_POSSIBLE : MS_CERTAIN, sent ? part : none,
		    sent ? none : part);
	}
}

static bool run_bytes(struct run r, bool conditional_too, uint64_t *ret)
{
	*ret = 0;
	for (uint32_t i = 0; i < r.count; i++) {
		uint64_t n;

		if (r.items[i].condition && !conditional_too)
			continue;
		if (!compat_bytes(&r.items[i], &n) ||
		    __builtin_add_overflow(*ret, n, ret))
			return false;
	}
	return true;
}

static bool any_condition(struct run r)
{
	for (uint32_t i = 0; i < r.count; i++)
		if (r.items[i].condition)
			return true;
	return false;
}

/* Runs of the same number of bytes: is each byte part of the same kind of
 * value? Walks both and takes what the shorter item at hand has left. */
static bool same_values(struct run s, struct run d)
{
	uint32_t i = 0, j = 0;
	uint64_t s_left = 0, d_left = 0, n;

	while (i < s.count && j < d.count) {
		const struct wire_item *x = &s.items[i], *y = &d.items[j];

		if (!s_left && !compat_bytes(x, &s_left))
			return false;
		if (!d_left && !compat_bytes(y, &d_left))
			return false;
		if (class_fit(x, y) != FIT_SAME)
			return false;
		if (x->size != y->size &&
		    !(is_made_of_bytes(x) && is_made_of_bytes(y)) &&
		    x->class_ != CLASS_UNUSED && y->class_ != CLASS_UNUSED)
			return false;
		n = s_left < d_left ? s_left : d_left;
		s_left -= n;
		d_left -= n;
		i += !s_left;
		j += !d_left;
	}
	return i == s.count && j == d.count;
}

static bool same_names(struct run s, struct run d)
{
	if (s.count != d.count || s.count < 2 || s.count > MAX_COMPAT_RUN)
		return false;
	for (uint32_t i = 0; i < s.count; i++) {
		uint32_t k = 0;

		while (k < d.count &&
		       !(compat_same_name(&s.items[i], &d.items[k]) &&
			 compat_fit(&s.items[i], &d.items[k]) == FIT_SAME))
			k++;
		if (k == d.count)
			return false;
	}
	return true;
}

static enum ms_certainty least_of_runs(struct run s, struct run d)
{
	enum ms_certainty sure = MS_CERTAIN;

	for (uint32_t i = 0; i < s.count && i < MAX_COMPAT_RUN; i++)
		for (uint32_t k = 0; k < d.count && k <= i; k++)
			sure = certainty_least(
				sure, compat_misfit_certainty(&s.items[i],
							      &d.items[k]));
	return sure;
}

static enum compat_code code_of_single(const struct wire_item *s,
				       const struct wire_item *d)
{
	if (s->size == d->size && s->size && s->count != d->count)
		return COMPAT_ARRAY_LENGTH;
	return s->body || d->body ? COMPAT_FIELD_LAYOUT : COMPAT_FIELD_SIZE;
}

static void both_sided(struct compat_pair *p, struct run s, struct run d)
{
	const bool tested = any_condition(s) || any_condition(d);
	uint64_t s_bytes, d_bytes;

	if (!tested && run_bytes(s, false, &s_bytes) &&
	    run_bytes(d, false, &d_bytes) && s_bytes == d_bytes) {
		if (!same_values(s, d))
			say(p,
			    same_names(s, d) ? COMPAT_FIELD_ORDER :
					       COMPAT_FIELD_TYPE,
			    MS_POSSIBLE, s, d);
		return;
	}
	if (s.count == 1 && d.count == 1)
		say(p, code_of_single(s.items, d.items),
		    compat_misfit_certainty(s.items, d.items), s, d);
	else if (same_names(s, d))
		say(p, COMPAT_FIELD_ORDER, least_of_runs(s, d), s, d);
	else
		say(p, COMPAT_FIELD_LAYOUT,
		    tested ? MS_POSSIBLE : least_of_runs(s, d), s, d);
}

void compat_region(struct compat_pair *p, const struct wire_item *s,
		   uint32_t s_count, const struct wire_item *d,
		   uint32_t d_count)
{
	const struct run sent = { s, s_count }, read = { d, d_count };

	if (s_count && d_count)
		both_sided(p, sent, read);
	else
		one_sided(p, s_count ? sent : read, s_count > 0);
}
