/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Indented text of everything in stream order, for people. Long contents
 * are shortened: length, first bytes, CRC-32. */
#include "config.h"
#include "output/dump.h"
#include "output/names.h"
#include "output/record-text.h"
#include "output/value-text.h"

#include "base/mem.h"

#include <stdlib.h>

#define INDENT 4u
#define WIDTH 80u
#define MAX_INDENT 16u /* levels; deeper ones stand under each other */

typedef unsigned long long ull;

struct state {
	struct out *out;
	bool offsets;
	struct buf open; /* kinds of the open brackets, a byte each */
	/* A row of array elements that is being filled. */
	bool row;
	unsigned column;
};

static void *open_tree(struct out *o, const struct dump_request *req)
{
	struct state *d = mem_zero(1, sizeof(*d));

	if (!d)
		return NULL;
	d->out = o;
	d->offsets = req->offsets;
	return d;
}

static unsigned indent(const struct state *d)
{
	size_t n = d->open.length;

	return INDENT * (unsigned)(n < MAX_INDENT ? n : MAX_INDENT);
}

static void end_row(struct state *d)
{
	if (d->row)
		out_putc(d->out, '\n');
	d->row = false;
}

static void range(struct state *d, const struct ms_record *rec)
{
	struct buf b = { 0 };

	if (!d->offsets)
		return;
	if (rec->length)
		buf_printf(&b, "[0x%08llx..0x%08llx)", (ull)rec->offset,
			   (ull)(rec->offset + rec->length));
	out_printf(d->out, "%-24s ", b.data ? b.data : "");
	buf_free(&b);
}

static void line_start(struct state *d, const struct ms_record *rec)
{
	end_row(d);
	range(d, rec);
	out_fill(d->out, ' ', indent(d));
}

static bool in_array(const struct state *d)
{
	return d->open.length &&
	       d->open.data[d->open.length - 1] == MS_ARRAY_BEGIN;
}

static void name_and_type(struct state *d, const struct ms_record *rec,
			  int64_t index)
{
	/* The line of the array said the rest. */
	if (in_array(d) && index >= 0) {
		out_printf(d->out, "[%lld]", (long long)index);
		return;
	}
	out_escape(d->out, rec->name);
	if (index >= 0)
		out_printf(d->out, "[%lld]", (long long)index);
	if (rec->type.length) {
		out_puts(d->out, rec->name.length || index >= 0 ? ": " : "");
		out_escape(d->out, rec->type);
	}
}

/* Numbers of an array stand side by side. */
static bool element(struct state *d, const struct ms_record *rec)
{
	unsigned width;

	if (!in_array(d) || d->offsets ||
	    (rec->u.value.class_ != MS_INT && rec->u.value.class_ != MS_UINT))
		return false;
	width = 2 + 2 * (unsigned)rec->data_length;
	if (d->row && d->column + 1 + width > WIDTH)
		end_row(d);
	if (!d->row) {
		out_fill(d->out, ' ', indent(d));
		d->column = indent(d);
	} else {
		out_putc(d->out, ' ');
		d->column++;
	}
	value_hex(d->out, rec);
	d->column += width;
	d->row = true;
	return true;
}

static void field(struct state *d, const struct ms_record *rec)
{
	name_and_type(d, rec, rec->u.value.index);
	out_puts(d->out, " = ");
	value_text(d->out, rec);
}

static void group(struct state *d, const struct ms_record *rec)
{
	name_and_type(d, rec,
		      rec->kind == MS_ARRAY_BEGIN ? -1 : rec->u.group.index);
	if (rec->kind == MS_ARRAY_BEGIN)
		out_printf(d->out, "[%llu]", (ull)rec->u.group.count);
}

static void line(struct state *d, const struct ms_record *rec)
{
	switch (rec->kind) {
	case MS_FIELD:
		field(d, rec);
		break;
	case MS_STRUCT_BEGIN:
	case MS_ARRAY_BEGIN:
		group(d, rec);
		break;
	default:
		record_text(d->out, rec);
	}
}

/* A decoder that gave up leaves brackets open: they end with the one
 * around them. */
static void close_bracket(struct state *d, const struct ms_record *rec)
{
	size_t i = d->open.length;
	const enum ms_record_kind opener = record_opener(rec->kind);

	end_row(d);
	while (i && d->open.data[i - 1] != (char)opener)
		i--;
	if (i)
		d->open.length = i - 1;
	if (d->offsets && rec->length) {
		line_start(d, rec);
		out_puts(d->out, record_name(rec->kind));
		out_putc(d->out, '\n');
	}
	if (rec->kind == MS_SECTION_END)
		out_flush(d->out);
}

static void visit(void *state, const struct ms_record *rec)
{
	struct state *d = state;
	const enum record_shape shape = record_shape(rec->kind);

	if (shape == RECORD_CLOSES) {
		close_bracket(d, rec);
		return;
	}
	if (rec->kind == MS_FIELD && element(d, rec))
		return;
	line_start(d, rec);
	line(d, rec);
	out_putc(d->out, '\n');
	if (shape == RECORD_OPENS)
		buf_putc(&d->open, (char)rec->kind);
}

static void close_tree(void *state, const ms_stream *s, bool complete)
{
	struct state *d = state;

	(void)s;
	end_row(d);
	if (!complete)
		out_puts(d->out, "(cut short)\n");
	buf_free(&d->open);
	free(d);
}

const struct dump_format dump_tree = {
	.name = "tree",
	.summary = "indented text, long contents shortened (the default)",
	.open = open_tree,
	.visit = visit,
	.close = close_tree,
};
