/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/names.h"

static const struct {
	const char *name;
	enum record_shape shape;
	enum ms_record_kind opener;
} kinds[] = {
	[MS_LEADING] = { .name = "leading" },
	[MS_HEADER] = { .name = "header" },
	[MS_CONFIG_BEGIN] = { "configuration", RECORD_OPENS, 0 },
	[MS_CONFIG_END] = { "configuration-end", RECORD_CLOSES,
			    MS_CONFIG_BEGIN },
	[MS_SECTION_BEGIN] = { "section", RECORD_OPENS, 0 },
	[MS_SECTION_END] = { "footer", RECORD_CLOSES, MS_SECTION_BEGIN },
	[MS_COMMAND] = { .name = "command" },
	[MS_PACKAGE_BEGIN] = { "package", RECORD_OPENS, 0 },
	[MS_PACKAGE_END] = { "package-end", RECORD_CLOSES, MS_PACKAGE_BEGIN },
	[MS_SUBSECTION_BEGIN] = { "subsection", RECORD_OPENS, 0 },
	[MS_SUBSECTION_END] = { "subsection-end", RECORD_CLOSES,
				MS_SUBSECTION_BEGIN },
	[MS_STRUCT_BEGIN] = { "struct", RECORD_OPENS, 0 },
	[MS_STRUCT_END] = { "struct-end", RECORD_CLOSES, MS_STRUCT_BEGIN },
	[MS_ARRAY_BEGIN] = { "array", RECORD_OPENS, 0 },
	[MS_ARRAY_END] = { "array-end", RECORD_CLOSES, MS_ARRAY_BEGIN },
	[MS_FIELD] = { .name = "field" },
	[MS_RAM_SIZES] = { .name = "ram-sizes" },
	[MS_RAM_BLOCK] = { .name = "ram-block" },
	[MS_PAGES] = { .name = "pages" },
	[MS_RAM_MARK] = { .name = "ram-mark" },
	[MS_OPAQUE] = { .name = "opaque" },
	[MS_GAP] = { .name = "gap" },
	[MS_EOF] = { .name = "eof" },
	[MS_DESCRIPTION] = { .name = "description" },
	[MS_TRAILING] = { .name = "trailing" },
	[MS_CHANNEL_BEGIN] = { "channel", RECORD_OPENS, 0 },
	[MS_CHANNEL_END] = { "channel-end", RECORD_CLOSES, MS_CHANNEL_BEGIN },
	[MS_PACKET] = { .name = "packet" },
	[MS_MESSAGE] = { .name = "message" },
};

#define KNOWN(table, i) ((size_t)(i) < sizeof(table) / sizeof((table)[0]))

static const char *pick(const char *const *table, size_t n, size_t i)
{
	return i < n && table[i] ? table[i] : "unknown";
}

#define PICK(table, i)                                                         \
	pick(table, sizeof(table) / sizeof((table)[0]), (size_t)(i))

bool message_has_value(const struct ms_record *rec)
{
	/* SHUT, PONG, RESUME_ACK */
	return rec->u.message.length == 4 &&
	       (rec->u.message.type == 1 || rec->u.message.type == 2 ||
		rec->u.message.type == 6);
}

const char *record_name(enum ms_record_kind kind)
{
	return KNOWN(kinds, kind) ? kinds[kind].name : "unknown";
}

enum record_shape record_shape(enum ms_record_kind kind)
{
	return KNOWN(kinds, kind) ? kinds[kind].shape : RECORD_LEAF;
}

enum ms_record_kind record_opener(enum ms_record_kind kind)
{
	return KNOWN(kinds, kind) ? kinds[kind].opener : kind;
}

const char *section_type_name(enum ms_section_type type)
{
	static const char *const names[] = {
		[MS_SECTION_START] = "start",
		[MS_SECTION_PART] = "part",
		[MS_SECTION_LAST] = "end",
		[MS_SECTION_FULL] = "full",
	};

	return PICK(names, type);
}

const char *section_how_name(enum ms_section_how how)
{
	static const char *const names[] = {
		[MS_HOW_KIND] = "known",
		[MS_HOW_DESCRIBED] = "described",
		[MS_HOW_GUESSED] = "guessed",
	};

	return PICK(names, how);
}

const char *page_kind_name(enum ms_page_kind kind)
{
	static const char *const names[] = {
		[MS_PAGE_ZERO] = "zero",
		[MS_PAGE_DATA] = "data",
		[MS_PAGE_XBZRLE] = "xbzrle",
		[MS_PAGE_COMPRESSED] = "compressed",
	};

	return PICK(names, kind);
}

const char *sent_name(enum ms_sent sent)
{
	static const char *const names[] = {
		[MS_SENT_NOT] = "never",
		[MS_SENT_PREEMPT] = "preempt",
		[MS_SENT_JUMP] = "out-of-turn",
		[MS_SENT_IN_TURN] = "in-turn",
	};

	return PICK(names, sent);
}

const char *postcopy_name(enum ms_postcopy_kind kind)
{
	static const char *const names[] = {
		[MS_POSTCOPY_ADVISED] = "advised",
		[MS_POSTCOPY_DISCARDED] = "discarded",
		[MS_POSTCOPY_PACKAGE] = "package",
		[MS_POSTCOPY_LISTENING] = "listening",
		[MS_POSTCOPY_RUNNING] = "running",
		[MS_POSTCOPY_PAGES] = "pages",
		[MS_POSTCOPY_PAUSED] = "paused",
		[MS_POSTCOPY_RESUMED] = "resumed",
		[MS_POSTCOPY_ENDED] = "ended",
	};

	return PICK(names, kind);
}

const char *severity_name(enum ms_severity severity)
{
	static const char *const names[] = {
		[MS_NOTE] = "note",
		[MS_WARNING] = "warning",
		[MS_ERROR] = "error",
	};

	return PICK(names, severity);
}

const char *certainty_name(enum ms_certainty certainty)
{
	static const char *const names[] = {
		[MS_POSSIBLE] = "possible",
		[MS_LIKELY] = "likely",
		[MS_CERTAIN] = "certain",
	};

	return PICK(names, certainty);
}

const char *verdict_name(enum ms_verdict verdict)
{
	static const char *const names[] = {
		[MS_ACCEPT] = "accept",
		[MS_REFUSE] = "refuse",
		[MS_UNKNOWN] = "unknown",
	};

	return PICK(names, verdict);
}
