/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/record-text.h"
#include "output/names.h"
#include "output/value-text.h"

typedef unsigned long long ull;

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
	value_bytes(o, rec->data, rec->data ? rec->data_length : rec->length);
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
		value_bytes(o, rec->data,
			    rec->data ? rec->data_length :
					rec->u.command.length);
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

static void place(struct out *o, const struct ms_record *rec)
{
	out_printf(o, " at 0x%llx", (ull)rec->u.message.at_offset);
	if (rec->u.message.at_channel)
		out_printf(o, " of channel %u", rec->u.message.at_channel);
}

static void request(struct out *o, const struct ms_record *rec)
{
	static const char *const how[] = {
		[MS_SENT_NOT] = ", never sent",
		[MS_SENT_PREEMPT] = ", sent",
		[MS_SENT_JUMP] = ", sent out of turn",
		[MS_SENT_IN_TURN] = ", sent in turn",
	};

	out_printf(o, ", %llu bytes at 0x%llx", (ull)rec->u.message.bytes,
		   (ull)rec->u.message.address);
	if (!rec->u.message.related || !rec->u.message.block.length)
		return;
	out_puts(o, how[rec->u.message.sent]);
	if (rec->u.message.sent)
		place(o, rec);
}

static void bitmap(struct out *o, const struct ms_record *rec)
{
	out_printf(o, ", %llu bytes, %llu page%s received",
		   (ull)rec->u.message.bitmap_size,
		   (ull)rec->u.message.received,
		   rec->u.message.received == 1 ? "" : "s");
}

static void number_told(struct out *o, const struct ms_record *rec)
{
	out_printf(o, " 0x%x", rec->u.message.value);
	if (!rec->u.message.answers)
		return;
	out_puts(o, ", answers PING");
	place(o, rec);
}

static void message(struct out *o, const struct ms_record *rec)
{
	const struct ms_text block = rec->u.message.block;

	named(o, rec);
	if (block.length) {
		out_puts(o, " of ");
		out_escape(o, block);
	}
	if (rec->u.message.bytes)
		request(o, rec);
	else if (block.length)
		bitmap(o, rec);
	else if (message_has_value(rec))
		number_told(o, rec);
	else if (rec->data_length) {
		out_puts(o, ", ");
		value_bytes(o, rec->data, rec->data_length);
	}
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
	[MS_MESSAGE] = message,
};

void record_text(struct out *o, const struct ms_record *rec)
{
	if ((size_t)rec->kind < sizeof(printers) / sizeof(printers[0]) &&
	    printers[rec->kind])
		printers[rec->kind](o, rec);
}
