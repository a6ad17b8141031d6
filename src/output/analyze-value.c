/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values as QEMU's scripts/analyze-migration.py prints them. */
#include "config.h"
#include "output/analyze-tree.h"

#include "base/bytes.h"
#include "base/text.h"

/* The script's own table of types; what is not in it is raw bytes. */
enum how analyze_how(struct ms_text type)
{
	/* lengths first: this is asked for each field */
#define ROW(type, how)                                                         \
	{                                                                      \
		{ type, sizeof(type) - 1 }, how                                \
	}
	static const struct {
		struct ms_text type;
		enum how how;
	} table[] = {
		ROW("uint8", HOW_UNSIGNED),
		ROW("uint32", HOW_UNSIGNED),
		ROW("uint64", HOW_UNSIGNED),
		ROW("uint16", HOW_UNSIGNED),
		ROW("int32", HOW_SIGNED),
		ROW("int64", HOW_SIGNED),
		ROW("bool", HOW_BOOL),
		ROW("int8", HOW_SIGNED),
		ROW("int16", HOW_SIGNED),
		ROW("uint32 equal", HOW_UNSIGNED),
		ROW("int32 equal", HOW_SIGNED),
		ROW("int32 le", HOW_SIGNED),
		ROW("int64 equal", HOW_SIGNED),
		ROW("uint8 equal", HOW_SIGNED),
		ROW("uint16 equal", HOW_SIGNED),
		ROW("nullptr", HOW_NULL),
	};
#undef ROW

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (text_eq(type, table[i].type))
			return table[i].how;
	return HOW_RAW;
}

static void put_number(struct json_writer *w, bool is_signed, const uint8_t *p,
		       size_t n)
{
	json_raw(w, "\"0x", 3);
	out_hex(w->out, p, n, 0);
	if (is_signed && n && n <= 8 && (p[0] & 0x80)) {
		uint64_t v = load_be(p, (unsigned)n);

		if (n < 8)
			v |= UINT64_MAX << 8 * n;
		out_puts(w->out, " (-");
		out_decimal(w->out, 0 - v);
		out_putc(w->out, ')');
	}
	out_putc(w->out, '"');
}

void analyze_value(struct json_writer *w, enum how how, const uint8_t *p,
		   size_t n)
{
	switch (how) {
	case HOW_NULL:
		json_string(w, "nullptr");
		break;
	case HOW_BOOL:
		json_bool(w, n && p[0]);
		break;
	case HOW_RAW:
		json_bytes(w, p, n, ' ');
		break;
	case HOW_SIGNED:
	case HOW_UNSIGNED:
		put_number(w, how == HOW_SIGNED, p, n);
		break;
	}
}
