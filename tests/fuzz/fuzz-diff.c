/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two streams compared, in both forms, with and without their memory.
 *
 *	be32 N | N bytes of A | B
 *
 * An input that has no such head is both: nothing differs then. */
#include "config.h"

#include "../json-check.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "diff/classes.h"
#include "mutate.h"
#include "output/diff.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const unsigned mutate_parts = 1;

struct part {
	const uint8_t *data;
	size_t size;
};

static void check(bool right)
{
	if (!right)
		abort();
}

static bool open_side(struct side *s, const struct part *p, bool memory)
{
	const struct ms_options o = { .page_bytes = memory };
	char *why = NULL;
	ms_stream *stream = ms_open_memory(p->data, p->size, &o, &why);
	bool walked;

	free(why);
	side_init(s, "f", stream);
	walked = stream && side_walk(s, memory, false);
	check(walked || !stream || s->why[0]);
	return walked;
}

static void close_side(struct side *s)
{
	ms_close(s->stream);
	side_free(s);
}

static void compare(const struct part *a, const struct part *b,
		    const struct diff_format *format, unsigned ignore)
{
	struct side x, y;
	struct buf text = { 0 };
	struct out o;
	bool ok;

	ok = open_side(&x, a, !(ignore & DIFF_RAM));
	ok = open_side(&y, b, !(ignore & DIFF_RAM)) && ok;
	if (ok) {
		struct diff_report r = {
			.format = format, .a = &x, .b = &y, .ignore = ignore
		};

		out_to_buf(&o, &text);
		diff_run(&r, &o);
		check(out_finish(&o) && text.length);
		check(!r.differs || a != b);
		if (format == &diff_json)
			check(json_check(text.data, text.length));
	}
	buf_free(&text);
	close_side(&y);
	close_side(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t n = size < 4 ? SIZE_MAX : load_be32(data);
	struct part a = { data, size }, b;

	if (size >= 4 && n <= size - 4) {
		a = (struct part){ data + 4, n };
		b = (struct part){ data + 4 + n, size - 4 - n };
		compare(&a, &b, &diff_text, DIFF_CLOCKS | DIFF_LAYOUT);
		compare(&b, &a, &diff_json, 0);
	} else {
		compare(&a, &a, &diff_text, 0);
		compare(&a, &a, &diff_json, DIFF_RAM);
	}
	return 0;
}
