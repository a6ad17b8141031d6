/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values as QEMU's scripts/analyze-migration.py prints them. */
#include "config.h"
#include "output/analyze-tree.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

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

static char *put_hex(char *to, const uint8_t *p, size_t n, char sep)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		if (sep && i)
			*to++ = sep;
		*to++ = digits[p[i] >> 4];
		*to++ = digits[p[i] & 15];
	}
	return to;
}

static char *put_negative(char *to, uint64_t magnitude)
{
	char text[20], *p = text + sizeof(text);

	do {
		*--p = (char)('0' + magnitude % 10);
		magnitude /= 10;
	} while (magnitude);
	memcpy(to, " (-", 3);
	to += 3;
	memcpy(to, p, (size_t)(text + sizeof(text) - p));
	to += text + sizeof(text) - p;
	*to++ = ')';
	return to;
}

struct ms_text analyze_render(struct analyze_tree *t, enum how how,
			      const uint8_t *p, size_t n)
{
	char *start, *to;

	if (how == HOW_NULL)
		return TEXT("\"nullptr\"");
	if (how == HOW_BOOL)
		return n && p[0] ? TEXT("true") : TEXT("false");
	if (!p)
		n = 0;
	/* quotes, 0x, the digits with blanks, " (-" and 20 digits and ")" */
	start = arena_alloc(&t->arena, 3 * n + 32);
	if (!start) {
		t->failed = true;
		return TEXT("\"\"");
	}
	to = start;
	*to++ = '"';
	if (how == HOW_RAW) {
		to = put_hex(to, p, n, ' ');
	} else {
		*to++ = '0';
		*to++ = 'x';
		to = put_hex(to, p, n, 0);
		if (how == HOW_SIGNED && n && n <= 8 && (p[0] & 0x80)) {
			uint64_t v = load_be(p, (unsigned)n);

			if (n < 8)
				v |= UINT64_MAX << 8 * n;
			to = put_negative(to, 0 - v);
		}
	}
	*to++ = '"';
	return text_make(start, (size_t)(to - start));
}
