/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/where.h"

#include "base/buf.h"

#include <inttypes.h>

void where_render(struct buf *b, const struct where *w)
{
	size_t before;

	if (!w)
		return;
	/* as deep as the decoders' own calls: MAX_DECODE_DEPTH bounds it */
	before = b->length;
	where_render(b, w->outer);
	if (w->name.length) {
		if (b->length > before)
			buf_putc(b, '/');
		buf_escape(b, w->name);
	}
	if (w->index >= 0)
		buf_printf(b, "[%" PRId64 "]", w->index);
}
