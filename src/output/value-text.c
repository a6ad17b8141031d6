/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/value-text.h"

#include <zlib.h>

#define FULL_BYTES 32u  /* contents up to here are shown whole */
#define FIRST_BYTES 16u /* of longer ones */

typedef unsigned long long ull;

/* As many digits as the field has on the wire. */
void value_hex(struct out *o, const struct ms_record *rec)
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

	value_hex(o, rec);
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

void value_bytes(struct out *o, const uint8_t *p, uint64_t n)
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

void value_text(struct out *o, const struct ms_record *rec)
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
		value_bytes(o, rec->data, rec->data_length);
	}
}
