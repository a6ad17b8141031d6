/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Indented text of everything in stream order, for people. Long contents
 * are shortened: length, first bytes, CRC-32. */
#include "config.h"
#include "output/dump.h"
#include "output/names.h"

#include "base/mem.h"

#include <stdlib.h>
#include <zlib.h>

#define INDENT 4u
#define WIDTH 80u
#define FULL_BYTES 32u  /* contents up to here are shown whole */
#define FIRST_BYTES 16u /* of longer ones */
#define MAX_INDENT 16u  /* levels; deeper ones stand under each other */

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

/* As many digits as the field has on the wire. */
static void hex_number(struct out *o, const struct ms_record *rec)
{
	const unsigned size = (unsigned)rec->data_length;
	uint64_t v = rec->u.value.number;

	if (size < 8)
		v &= (UINT64_C(1) << 8 * size) - 1;
	out_hex_number(o, v, 2 * size);
}

static void number(struct out *o, const struct ms_record *rec)
{
	const uint64_t v = rec->u.value.number;

	hex_number(o, rec);
	if (rec->u.value.class_ == MS_INT && (int64_t)v < 0)
		out_printf(o, " (%lld)", (long long)v);
	else if (v > 9)
		out_printf(o, " (%llu)", (ull)v);
}

static bool all_zero(const uint8_t *p, uint64_t n)
{
	return n && !p[0] && !memcmp(p, p + 1, (size_t)n - 1);
}

/* Letters and then only zeros: a string in a fixed buffer. */
static size_t string_length(const uint8_t *p, uint64_t n)
{
	size_t used = 0;

	while (used < n && p[used] >= 0x20 && p[used] < 0x7f)
		used++;
	if (used < 3 || used == n || !all_zero(p + used, n - used))
		return 0;
	return used;
}

static void bytes(struct out *o, const uint8_t *p, uint64_t n)
{
	size_t text;

	out_printf(o, "%llu byte%s", (ull)n, n == 1 ? "" : "s");
	if (!p || !n)
		return;
	if (n > 4 && all_zero(p, n)) {
		out_puts(o, ", all zero");
		return;
	}
	text = string_length(p, n);
	if (text) {
		out_puts(o, ": \"");
		out_escape(o, text_make(p, text));
		out_puts(o, "\", then zeros");
		return;
	}
	out_puts(o, ": ");
	if (n <= FULL_BYTES) {
		out_hex(o, p, (size_t)n, ' ');
		return;
	}
	out_hex(o, p, FIRST_BYTES, ' ');
	out_printf(o, " … crc32 %08lx",
		   (unsigned long)crc32_z(0, p, (z_size_t)n));
}

static void value(struct out *o, const struct ms_record *rec)
{
	switch (rec->u.value.class_) {
	case MS_BOOL:
		out_puts(o, rec->u.value.number ? "true" : "false");
		break;
	case MS_INT:
	case MS_UINT:
		number(o, rec);
		break;
	case MS_STRING:
		out_putc(o, '"');
		out_escape(o, text_make(rec->data, rec->data_length));
		out_putc(o, '"');
		break;
	case MS_NULLPTR:
		out_puts(o,
			 rec->u.value.number == 0x31 ? "pointer" : "nullptr");
		break;
	case MS_BYTES:
	default:
		bytes(o, rec->data, rec->data_length);
	}
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
	hex_number(d->out, rec);
	d->column += width;
	d->row = true;
	return true;
}

static void field(struct state *d, const struct ms_record *rec)
{
	name_and_type(d, rec, rec->u.value.index);
	out_puts(d->out, " = ");
	value(d->out, rec);
}

static void named(struct state *d, const struct ms_record *rec)
{
	out_puts(d->out, record_name(rec->kind));
	if (rec->name.length) {
		out_putc(d->out, ' ');
		out_escape(d->out, rec->name);
	}
}

static void sized(struct state *d, const struct ms_record *rec)
{
	named(d, rec);
	out_printf(d->out, ", %llu bytes", (ull)rec->length);
}

static void contents(struct state *d, const struct ms_record *rec)
{
	named(d, rec);
	out_puts(d->out, ", ");
	bytes(d->out, rec->data, rec->data ? rec->data_length : rec->length);
}

static void configuration(struct state *d, const struct ms_record *rec)
{
	out_puts(d->out, "configuration, machine ");
	out_escape(d->out, rec->name);
}

static void section(struct state *d, const struct ms_record *rec)
{
	out_puts(d->out, "section ");
	out_escape(d->out, rec->name);
	out_printf(d->out, rec->u.section.instance >> 16 ? " 0x%x" : " %u",
		   rec->u.section.instance);
	out_printf(d->out, ", id %u, %s", rec->u.section.id,
		   section_type_name(rec->u.section.type));
	if (rec->u.section.type == MS_SECTION_START ||
	    rec->u.section.type == MS_SECTION_FULL)
		out_printf(d->out, ", version %u", rec->u.section.version);
	if (rec->u.section.how == MS_HOW_GUESSED)
		out_puts(d->out, ", end guessed");
}

static void command(struct state *d, const struct ms_record *rec)
{
	out_printf(d->out, "command %u ", rec->u.command.number);
	out_escape(d->out, rec->name);
	if (rec->u.command.length) {
		out_puts(d->out, ", ");
		bytes(d->out, rec->data,
		      rec->data ? rec->data_length : rec->u.command.length);
	}
}

static void subsection(struct state *d, const struct ms_record *rec)
{
	out_puts(d->out, "subsection ");
	out_escape(d->out, rec->name);
	out_printf(d->out, ", version %u", rec->u.subsection.version);
}

static void group(struct state *d, const struct ms_record *rec)
{
	name_and_type(d, rec,
		      rec->kind == MS_ARRAY_BEGIN ? -1 : rec->u.group.index);
	if (rec->kind == MS_ARRAY_BEGIN)
		out_printf(d->out, "[%llu]", (ull)rec->u.group.count);
}

static void ram_sizes(struct state *d, const struct ms_record *rec)
{
	out_printf(d->out, "ram-sizes, %llu bytes in all",
		   (ull)rec->u.pages.address);
}

static void ram_block(struct state *d, const struct ms_record *rec)
{
	named(d, rec);
	out_printf(d->out, ", 0x%llx bytes", (ull)rec->u.block.used_length);
	if (rec->u.block.page_size)
		out_printf(d->out, ", pages of %llu bytes",
			   (ull)rec->u.block.page_size);
	if (rec->u.block.has_address)
		out_printf(d->out, ", at guest address 0x%llx",
			   (ull)rec->u.block.address);
	if (rec->u.block.mapped)
		out_printf(d->out,
			   ", bitmap at 0x%llx, pages at 0x%llx, %llu present",
			   (ull)rec->u.block.bitmap_offset,
			   (ull)rec->u.block.pages_offset,
			   (ull)rec->u.block.present);
}

static void pages(struct state *d, const struct ms_record *rec)
{
	out_printf(d->out, "%llu %s page%s of ", (ull)rec->u.pages.count,
		   page_kind_name(rec->u.pages.kind),
		   rec->u.pages.count == 1 ? "" : "s");
	out_escape(d->out, rec->name);
	out_printf(d->out, " %s 0x%llx",
		   rec->u.pages.ascending || rec->u.pages.count == 1 ? "at" :
								       "from",
		   (ull)rec->u.pages.address);
	if (rec->u.pages.kind == MS_PAGE_ZERO && rec->u.pages.fill)
		out_printf(d->out, ", fill 0x%02x", rec->u.pages.fill);
}

static void packet(struct state *d, const struct ms_record *rec)
{
	out_printf(d->out, "packet %llu", (ull)rec->u.packet.number);
	if (rec->name.length) {
		out_puts(d->out, " of ");
		out_escape(d->out, rec->name);
	}
	out_printf(d->out, ", %u normal and %u zero pages, flags 0x%x",
		   rec->u.packet.normal, rec->u.packet.zero,
		   rec->u.packet.flags);
}

static void (*const printers[])(struct state *, const struct ms_record *) = {
	[MS_LEADING] = sized,
	[MS_HEADER] = named,
	[MS_CONFIG_BEGIN] = configuration,
	[MS_SECTION_BEGIN] = section,
	[MS_COMMAND] = command,
	[MS_PACKAGE_BEGIN] = named,
	[MS_SUBSECTION_BEGIN] = subsection,
	[MS_STRUCT_BEGIN] = group,
	[MS_ARRAY_BEGIN] = group,
	[MS_FIELD] = field,
	[MS_RAM_SIZES] = ram_sizes,
	[MS_RAM_BLOCK] = ram_block,
	[MS_PAGES] = pages,
	[MS_RAM_MARK] = named,
	[MS_OPAQUE] = contents,
	[MS_GAP] = contents,
	[MS_EOF] = named,
	[MS_DESCRIPTION] = sized,
	[MS_TRAILING] = sized,
	[MS_CHANNEL_BEGIN] = named,
	[MS_PACKET] = packet,
};

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
	if ((size_t)rec->kind < sizeof(printers) / sizeof(printers[0]) &&
	    printers[rec->kind])
		printers[rec->kind](d, rec);
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
