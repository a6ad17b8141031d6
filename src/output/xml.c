/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/xml.h"

#include "base/utf8.h"

/* NULL: stands for itself. Line ends and tabs would be lost in an attribute
 * (XML 1.0, 3.3.3). */
static const char *entity(char c, bool attribute)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\n':
		return attribute ? "&#10;" : "\n";
	case '\t':
		return attribute ? "&#9;" : "\t";
	default:
		return NULL;
	}
}

static void put(struct out *o, struct ms_text t, bool attribute)
{
	const unsigned char *p = (const unsigned char *)t.bytes;

	for (size_t i = 0; i < t.length;) {
		const char *known = entity(t.bytes[i], attribute);
		uint32_t c = 0;
		size_t n = utf8_length(p + i, t.length - i, &c);

		if (known) {
			out_puts(o, known);
		} else if (n && (utf8_printable(c) || c == '\\')) {
			out_add(o, p + i, n);
		} else {
			n = n ? n : 1;
			for (size_t k = 0; k < n; k++) {
				out_puts(o, "\\x");
				out_hex(o, p + i + k, 1, 0);
			}
		}
		i += n;
	}
}

void xml_text(struct out *o, struct ms_text t)
{
	put(o, t, false);
}

void xml_attribute(struct out *o, const char *name, const char *value)
{
	if (!value)
		return;
	out_printf(o, " %s=\"", name);
	put(o, text_of(value), true);
	out_putc(o, '"');
}
