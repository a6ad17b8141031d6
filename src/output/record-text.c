/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/record-text.h"
#include "output/names.h"

#include <zlib.h>

#define FULL_BYTES 32u  /* contents up to here are shown whole */
#define FIRST_BYTES 16u /* of longer ones */

typedef unsigned long long ull;

void record_text_number(struct out *o, const struct ms_record *rec)
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

	record_text_number(o, rec);
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
	out_printf(o, " ... crc32 %08lx",
		   (unsigned long)crc32_z(0, p, (z_size_t)n));
}

void record_text_value(struct out *o, const struct ms_record *rec)
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

static void named(struct out *o, const struct ms_record *rec)
{
	out_puts(o, record_name(rec->kind));
	if (rec->name.length) {
		out_putc(o, ' ');
		out_escape(o, rec->name);
	}
}

static void sized(struct out *o, const struct ms_record *rec)
{
	named(o, rec);
	out_printf(o, ", %llu bytes", (ull)rec->length);
}

static void contents(struct out *o, const struct ms_record *rec)
{
	named(o, rec);
	out_puts(o, ", ");
	bytes(o, rec->data, rec->data ? rec->data_length : rec->length);
}

static void configuration(struct out *o, const struct ms_record *rec)
{
	out_puts(o, "configuration, machine ");
	out_escape(o, rec->name);
}

static void section(struct out *o, const struct ms_record *rec)
{
	out_puts(o, "section ");
	out_escape(o, rec->name);
	out_printf(o, rec->u.section.instance >> 16 ? " 0x%x" : " %u",
		   rec->u.section.instance);
	out_printf(o, ", id %u, %s", rec->u.section.id,
		   section_type_name(rec->u.section.type));
	if (rec->u.section.type == MS_SECTION_START ||
	    rec->u.section.type == MS_SECTION_FULL)
		out_printf(o, ", version %u", rec->u.section.version);
	if (rec->u.section.how == MS_HOW_GUESSED)
		out_puts(o, ", end guessed");
}

static void command(struct out *o, const struct ms_record *rec)
{
	out_printf(o, "command %u ", rec->u.command.number);
	out_escape(o, rec->name);
	if (rec->u.command.length) {
		out_puts(o, ", ");
		bytes(o, rec->data,
		      rec->data ? rec->data_length : rec->u.command.length);
	}
}

static void subsection(struct out *o, const struct ms_record *rec)
{
	out_puts(o, "subsection ");
	out_escape(o, rec->name);
	out_printf(o, ", version %u", rec->u.subsection.version);
}

static void ram_sizes(struct out *o, const struct ms_record *rec)
{
	out_printf(o, "ram-sizes, %llu bytes in all",
		   (ull)rec->u.pages.address);
}

static void ram_block(struct out *o, const struct ms_record *rec)
{
	named(o, rec);
	out_printf(o, ", 0x%llx bytes", (ull)rec->u.block.used_length);
	if (rec->u.block.page_size)
		out_printf(o, ", pages of %llu bytes",
			   (ull)rec->u.block.page_size);
	if (rec->u.block.has_address)
		out_printf(o, ", at guest address 0x%llx",
			   (ull)rec->u.block.address);
	if (rec->u.block.mapped)
		out_printf(o,
			   ", bitmap at 0x%llx, pages at 0x%llx, %llu present",
			   (ull)rec->u.block.bitmap_offset,
			   (ull)rec->u.block.pages_offset,
			   (ull)rec->u.block.present);
}

static void pages(struct out *o, const struct ms_record *rec)
{
	out_printf(o, "%llu %s page%s of ", (ull)rec->u.pages.count,
		   page_kind_name(rec->u.pages.kind),
		   rec->u.pages.count == 1 ? "" : "s");
	out_escape(o, rec->name);
	out_printf(o, " %s 0x%llx",
		   rec->u.pages.ascending || rec->u.pages.count == 1 ? "at" :
								       "from",
		   (ull)rec->u.pages.address);
	if (rec->u.pages.kind == MS_PAGE_ZERO && rec->u.pages.fill)
		out_printf(o, ", fill 0x%02x", rec->u.pages.fill);
}

static void packet(struct out *o, const struct ms_record *rec)
{
	out_printf(o, "packet %llu", (ull)rec->u.packet.number);
	if (rec->name.length) {
		out_puts(o, " of ");
		out_escape(o, rec->name);
	}
	out_printf(o, ", %u normal and %u zero pages, flags 0x%x",
		   rec->u.packet.normal, rec->u.packet.zero,
		   rec->u.packet.flags);
}

static void (*const printers[])(struct out *, const struct ms_record *) = {
	[MS_LEADING] = sized,
	[MS_HEADER] = named,
	[MS_CONFIG_BEGIN] = configuration,
	[MS_SECTION_BEGIN] = section,
	[MS_COMMAND] = command,
	[MS_PACKAGE_BEGIN] = named,
	[MS_SUBSECTION_BEGIN] = subsection,
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

void record_text(struct out *o, const struct ms_record *rec)
{
	if ((size_t)rec->kind < sizeof(printers) / sizeof(printers[0]) &&
	    printers[rec->kind])
		printers[rec->kind](o, rec);
}
