/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/record-json.h"
#include "output/names.h"

static void text_member(struct json_writer *w, const char *key,
			struct ms_text t)
{
	if (!t.length)
		return;
	json_key(w, key);
	json_text(w, t);
}

static void uint_member(struct json_writer *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_uint(w, v);
}

static void data_member(struct json_writer *w, const char *key,
			const struct ms_record *rec)
{
	if (!rec->data)
		return;
	json_key(w, key);
	json_bytes(w, rec->data, rec->data_length, 0);
}

void record_json_value(struct json_writer *w, const struct ms_record *rec)
{
	const uint64_t v = rec->u.value.number;

	switch (rec->u.value.class_) {
	case MS_BOOL:
		json_bool(w, v != 0);
		break;
	case MS_INT:
		if (rec->data_length <= 4)
			json_int(w, (int64_t)v);
		else
			json_hex(w, v, 2 * (unsigned)rec->data_length);
		break;
	case MS_UINT:
		if (rec->data_length <= 4)
			json_uint(w, v);
		else
			json_hex(w, v, 2 * (unsigned)rec->data_length);
		break;
	case MS_STRING:
		json_text(w, text_make(rec->data, rec->data_length));
		break;
	case MS_NULLPTR:
		json_null(w);
		break;
	case MS_BYTES:
	default:
		if (rec->data || !rec->data_length)
			json_bytes(w, rec->data, rec->data_length, 0);
		else
			json_null(w);
	}
}

static void header(struct json_writer *w, const struct ms_record *rec)
{
	data_member(w, "data", rec);
}

static void configuration(struct json_writer *w, const struct ms_record *rec)
{
	json_key(w, "machine");
	json_text(w, rec->name);
}

static void section(struct json_writer *w, const struct ms_record *rec)
{
	json_key(w, "type");
	json_string(w, section_type_name(rec->u.section.type));
	uint_member(w, "id", rec->u.section.id);
	json_key(w, "name");
	json_text(w, rec->name);
	uint_member(w, "instance", rec->u.section.instance);
	uint_member(w, "version", rec->u.section.version);
	json_key(w, "how");
	json_string(w, section_how_name(rec->u.section.how));
}

static void command(struct json_writer *w, const struct ms_record *rec)
{
	text_member(w, "name", rec->name);
	uint_member(w, "number", rec->u.command.number);
	uint_member(w, "payload_length", rec->u.command.length);
	data_member(w, "payload", rec);
}

static void subsection(struct json_writer *w, const struct ms_record *rec)
{
	json_key(w, "name");
	json_text(w, rec->name);
	uint_member(w, "version", rec->u.subsection.version);
}

static void group(struct json_writer *w, const struct ms_record *rec)
{
	text_member(w, "name", rec->name);
	text_member(w, "type", rec->type);
	if (rec->kind == MS_ARRAY_BEGIN)
		uint_member(w, "count", rec->u.group.count);
	else if (rec->u.group.index >= 0)
		uint_member(w, "index", (uint64_t)rec->u.group.index);
}

static void field(struct json_writer *w, const struct ms_record *rec)
{
	text_member(w, "name", rec->name);
	text_member(w, "type", rec->type);
	if (rec->u.value.index >= 0)
		uint_member(w, "index", (uint64_t)rec->u.value.index);
	json_key(w, "value");
	record_json_value(w, rec);
}

static void ram_sizes(struct json_writer *w, const struct ms_record *rec)
{
	uint_member(w, "total", rec->u.pages.address);
}

static void ram_block(struct json_writer *w, const struct ms_record *rec)
{
	json_key(w, "name");
	json_text(w, rec->name);
	uint_member(w, "used_length", rec->u.block.used_length);
	if (rec->u.block.page_size)
		uint_member(w, "page_size", rec->u.block.page_size);
	if (rec->u.block.has_address) {
		json_key(w, "address");
		json_hex(w, rec->u.block.address, 16);
	}
	if (rec->u.block.mapped) {
		uint_member(w, "bitmap_offset", rec->u.block.bitmap_offset);
		uint_member(w, "pages_offset", rec->u.block.pages_offset);
		uint_member(w, "present", rec->u.block.present);
	}
}

static void pages(struct json_writer *w, const struct ms_record *rec)
{
	json_key(w, "block");
	json_text(w, rec->name);
	json_key(w, "pages");
	json_string(w, page_kind_name(rec->u.pages.kind));
	uint_member(w, "address", rec->u.pages.address);
	uint_member(w, "count", rec->u.pages.count);
	if (rec->u.pages.count && rec->length % rec->u.pages.count == 0)
		uint_member(w, "record_length",
			    rec->length / rec->u.pages.count);
	uint_member(w, "page_size", rec->u.pages.page_size);
	if (rec->u.pages.kind == MS_PAGE_ZERO)
		uint_member(w, "fill", rec->u.pages.fill);
	json_key(w, "ascending");
	json_bool(w, rec->u.pages.ascending);
}

static void named(struct json_writer *w, const struct ms_record *rec)
{
	text_member(w, "name", rec->name);
}

static void opaque(struct json_writer *w, const struct ms_record *rec)
{
	text_member(w, "name", rec->name);
	data_member(w, "value", rec);
}

static void packet(struct json_writer *w, const struct ms_record *rec)
{
	text_member(w, "block", rec->name);
	json_key(w, "number");
	json_hex(w, rec->u.packet.number, 16);
	uint_member(w, "flags", rec->u.packet.flags);
	uint_member(w, "normal", rec->u.packet.normal);
	uint_member(w, "zero", rec->u.packet.zero);
}

static void message(struct json_writer *w, const struct ms_record *rec)
{
	text_member(w, "name", rec->name);
	uint_member(w, "number", rec->u.message.type);
	uint_member(w, "payload_length", rec->u.message.length);
	data_member(w, "payload", rec);
	text_member(w, "block", rec->u.message.block);
	if (rec->u.message.bytes) {
		uint_member(w, "address", rec->u.message.address);
		uint_member(w, "bytes", rec->u.message.bytes);
	} else if (rec->u.message.block.length) {
		uint_member(w, "bitmap_size", rec->u.message.bitmap_size);
		uint_member(w, "received", rec->u.message.received);
	} else if (message_has_value(rec)) {
		uint_member(w, "value", rec->u.message.value);
	}
	if (rec->u.message.bytes && rec->u.message.block.length &&
	    rec->u.message.related) {
		json_key(w, "sent");
		json_string(w, sent_name(rec->u.message.sent));
	}
	if (rec->u.message.sent || rec->u.message.answers) {
		uint_member(w, "at_channel", rec->u.message.at_channel);
		uint_member(w, "at_offset", rec->u.message.at_offset);
	}
}

static void (*const members[])(struct json_writer *,
			       const struct ms_record *) = {
	[MS_HEADER] = header,
	[MS_CONFIG_BEGIN] = configuration,
	[MS_SECTION_BEGIN] = section,
	[MS_COMMAND] = command,
	[MS_SUBSECTION_BEGIN] = subsection,
	[MS_STRUCT_BEGIN] = group,
	[MS_ARRAY_BEGIN] = group,
	[MS_FIELD] = field,
	[MS_RAM_SIZES] = ram_sizes,
	[MS_RAM_BLOCK] = ram_block,
	[MS_PAGES] = pages,
	[MS_RAM_MARK] = named,
	[MS_OPAQUE] = opaque,
	[MS_GAP] = opaque,
	[MS_CHANNEL_BEGIN] = named,
	[MS_PACKET] = packet,
	[MS_MESSAGE] = message,
};

void record_json_members(struct json_writer *w, const struct ms_record *rec)
{
	if ((size_t)rec->kind < sizeof(members) / sizeof(members[0]) &&
	    members[rec->kind])
		members[rec->kind](w, rec);
}
