/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/compat-priv.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

_Static_assert(MAX_COMPAT_TEXT == MIB(16), "the text below names it");

static const char *keep(struct compat *c, struct buf *b)
{
	const size_t n = b->length + 1;
	char *text = NULL;

	if (n > MAX_COMPAT_TEXT - c->text_bytes)
		compat_stop(c, "texts of findings are over the limit of 16 "
			       "MiB");
	else if (!(text = buf_take(b)))
		compat_stop(c, "out of memory");
	else
		c->text_bytes += n;
	buf_free(b);
	return text;
}

static void drop_text(struct compat *c, const char *text)
{
	if (text)
		c->text_bytes -= strlen(text) + 1;
	free((char *)(uintptr_t)text);
}

static void drop(struct compat *c, struct compat_finding *x)
{
	drop_text(c, x->f.path);
	drop_text(c, x->f.message);
	drop_text(c, x->f.expected);
	drop_text(c, x->f.actual);
}

static void put_path(struct buf *b, const struct wire_step *step,
		     unsigned depth)
{
	if (step->outer && depth) {
		put_path(b, step->outer, depth - 1);
		buf_putc(b, '/');
	}
	if (step->subsection)
		buf_putc(b, '[');
	buf_escape(b, step->name);
	if (step->subsection)
		buf_putc(b, ']');
}

void compat_report(struct compat_pair *p, const struct compat_fact *fact)
{
	const struct rule *rule = rule_of_compat(fact->code);
	/* The form that templates are filled from. */
	const struct fault words = { .name = fact->name,
				     .other = fact->other,
				     .a = (uint32_t)fact->a,
				     .b = (uint32_t)fact->b };
	struct compat *c = p->c;
	struct compat_finding *out;
	struct buf b = { 0 };

	if (c->count == MAX_COMPAT_FINDINGS)
		compat_stop(c, "findings are over the limit of " LIMIT_TEXT(
				       MAX_COMPAT_FINDINGS));
	if (c->why)
		return;
	if (c->count == c->room) {
		const size_t room = c->room ? c->room * 2 : 64;

		out = mem_resize(c->findings, room * sizeof(*out));
		if (!out) {
			compat_stop(c, "out of memory");
			return;
		}
		c->findings = out;
		c->room = room;
	}
	out = &c->findings[c->count];
	*out = (struct compat_finding){
		.top = p->top,
		.f = { .rule = rule->id,
		       .severity = rule->severity,
		       .certainty = certainty_least(fact->certainty, p->cap),
		       .help = rule->help },
	};
	if (fact->path)
		put_path(&b, fact->path, MAX_SCHEMA_DEPTH * 2);
	out->f.path = keep(c, &b);
	rule_render(&b, rule->message, &words);
	out->f.message = keep(c, &b);
	if (fact->expected) {
		buf_puts(&b, fact->expected);
		out->f.expected = keep(c, &b);
	}
	if (fact->actual) {
		buf_puts(&b, fact->actual);
		out->f.actual = keep(c, &b);
	}
	if (c->why)
		drop(c, out);
	else
		c->count++;
}

uint64_t compat_badness(const struct compat *c, size_t from)
{
	static const uint64_t weights[][3] = {
		[MS_NOTE] = { 0, 0, 0 },
		[MS_WARNING] = { 1, 1, 1 },
		[MS_ERROR] = { [MS_POSSIBLE] = 4,
			       [MS_LIKELY] = 100,
			       [MS_CERTAIN] = 200 },
	};
	uint64_t sum = 0;

	for (size_t i = from; i < c->count; i++)
		sum += weights[c->findings[i].f.severity]
			      [c->findings[i].f.certainty];
	return sum;
}

void compat_forget(struct compat *c, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		drop(c, &c->findings[i]);
	if (from < to)
		memmove(&c->findings[from], &c->findings[to],
			(c->count - to) * sizeof(*c->findings));
	c->count -= to - from;
}

static const char *kind_word(const struct wire_item *item)
{
	static const char *const words[] = {
		[WIRE_LEAF] = "",
		[WIRE_REPEAT] = "array of ",
		[WIRE_COUNTED] = "array of ",
		[WIRE_POINTERS] = "pointers to ",
		[WIRE_QUEUE] = "queue of ",
		[WIRE_TREE] = "tree of ",
	};

	return item->kind <= WIRE_TREE ? words[item->kind] : "";
}

void compat_describe(struct buf *b, const struct wire_item *item)
{
	const struct schema_field *d = item->field;
	uint64_t bytes;

	buf_puts(b, kind_word(item));
	if (d->vmsd)
		buf_escape(b,
			   d->vmsd->has_name ? d->vmsd->name : TEXT("struct"));
	else if (d->type.length)
		buf_escape(b, d->type);
	else
		buf_puts(b, "field");
	if (item->at_run_time)
		buf_puts(b, "[run-time length]");
	else if (item->count != 1 && item->count)
		buf_printf(b, "[%" PRIu64 "]", item->count);
	if (compat_bytes(item, &bytes))
		buf_printf(b, ", %" PRIu64 " byte%s", bytes,
			   bytes == 1 ? "" : "s");
	else if (item->size)
		buf_printf(b, ", %" PRIu64 " byte%s each", item->size,
			   item->size == 1 ? "" : "s");
	else if (item->host_size && item->class_ == CLASS_UNKNOWN)
		buf_printf(b, ", %" PRIu64 " byte%s in memory", item->host_size,
			   item->host_size == 1 ? "" : "s");
	if (item->condition)
		buf_puts(b, ", under a test");
}
