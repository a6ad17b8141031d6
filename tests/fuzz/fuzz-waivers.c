/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of waivers against arbitrary bytes. What can be read is matched with
 * names that the same bytes make; and a baseline of findings at such names can
 * be read, and waives what it was made of. */
#include "config.h"

#include "check/waivers.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TODAY 20260401

static void check(bool right)
{
	if (!right)
		abort();
}

/* A part of the input, as names in reports are. */
static struct ms_text name_of(struct buf *b, const uint8_t *data, size_t size,
			      size_t from)
{
	if (from > size)
		from = size;
	buf_escape(b, text_make(data + from,
				size - from < 9000 ? size - from : 9000));
	buf_puts(b, "");
	return text_make(b->data, b->length);
}

static void parse(const uint8_t *data, size_t size,
		  const struct waiver_subject *s, const struct ms_finding *f)
{
	struct waiver_fault wrong;
	const struct waiver *found;
	struct waivers w;

	if (!waivers_parse(&w, (const char *)data, size, TODAY, &wrong)) {
		check(wrong.what[0]);
		return;
	}
	waivers_enter(&w, s);
	found = waivers_match(&w, s, f);
	check(!found || (found->in_scope && found->used && !found->expired &&
			 found->reason && *found->reason));
	waivers_free(&w);
}

static void round_trip(const struct waiver_subject *s,
		       const struct ms_finding *f)
{
	struct baseline b = { 0 };
	struct waiver_fault wrong;
	struct buf text = { 0 };
	struct waivers w;

	baseline_add(&b, s, f);
	baseline_add(&b, s, f);
	check(!baseline_write(&b, TODAY, &text));
	check(waivers_parse(&w, text.data, text.length, TODAY, &wrong));
	check(w.count == 1 && waivers_match(&w, s, f));
	waivers_free(&w);
	buf_free(&text);
	baseline_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf file = { 0 }, path = { 0 };
	const struct waiver_subject s = {
		.file = name_of(&file, data, size, 0),
		.machine = TEXT("pc-q35-10.0"),
		.source = { 902, 1001, true },
		.destination = { 702, 702, true },
	};
	struct ms_finding f = { .rule = "footer-missing" };

	f.path = name_of(&path, data, size, size / 2).bytes;
	parse(data, size, &s, &f);
	round_trip(&s, &f);
	buf_free(&file);
	buf_free(&path);
	return 0;
}
