/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "check/waivers.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

/* Room for the rest of a line. */
#define CUT_AT (MAX_WAIVER_GLOB - 1)
/* Entries, before those that are the same are told apart. */
#define TIDY_AT (2 * (size_t)MAX_WAIVERS)

void baseline_free(struct baseline *b)
{
	for (size_t i = 0; i < b->count; i++)
		free(b->entries[i]);
	free(b->entries);
	*b = (struct baseline){ 0 };
}

/* A pattern for the text itself. '?' stands for what a pattern or the file
 * would take for something else, '*' for the rest of what is too long. */
static void put_glob(struct buf *b, const char *key, struct ms_text t)
{
	const size_t n = t.length < CUT_AT ? t.length : CUT_AT;

	buf_printf(b, "%s = ", key);
	for (size_t i = 0; i < n; i++) {
		const bool edge = !i || i + 1 == n;
		const char c = t.bytes[i];

		/* whole characters only */
		if (n < t.length && ((unsigned char)c & 0xc0) != 0x80 &&
		    i + 4 > n)
			break;
		buf_putc(b, c == '*' || (edge && c == ' ') ? '?' : c);
	}
	buf_puts(b, n < t.length ? "*\n" : "\n");
}

static char *entry(const struct waiver_subject *s, const struct ms_finding *f)
{
	const struct waiver_span *to = &s->destination;
	struct buf b = { 0 };

	buf_printf(&b, "[waiver]\n");
	/* An empty name needs no pattern: there is no such file. */
	if (s->file.length)
		put_glob(&b, "file", s->file);
	if (to->set && to->first == to->last)
		buf_printf(&b, "destination = %u.%u\n", to->first / 100,
			   to->first % 100);
	buf_printf(&b, "rule = %s\n", f->rule);
	put_glob(&b, "path", waiver_path(f));
	return buf_take(&b);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, each once. */
static void tidy(struct baseline *b)
{
	size_t kept = 0;

	if (b->count)
		qsort(b->entries, b->count, sizeof(*b->entries), by_text);
	for (size_t i = 0; i < b->count; i++) {
		if (kept && !strcmp(b->entries[i], b->entries[kept - 1]))
			free(b->entries[i]);
		else
			b->entries[kept++] = b->entries[i];
	}
	b->count = kept;
}

void baseline_add(struct baseline *b, const struct waiver_subject *s,
		  const struct ms_finding *f)
{
	char *text = b->failed ? NULL : entry(s, f);

	if (!text) {
		b->failed = true;
		return;
	}
	/* Most are the same rule at the same path, as in an array. */
	if (b->count == TIDY_AT) {
		tidy(b);
		b->failed = b->count > MAX_WAIVERS;
	}
	/* More than can be written: or each of the next would sort again. */
	if (b->failed || b->count == TIDY_AT) {
		free(text);
		b->failed = true;
		return;
	}
	if (b->count == b->room) {
		const size_t room = b->room ? b->room * 2 : 64;
		char **entries =
			mem_resize(b->entries, room * sizeof(*entries));

		if (!entries) {
			free(text);
			b->failed = true;
			return;
		}
		b->entries = entries;
		b->room = room;
	}
	b->entries[b->count++] = text;
}

const char *baseline_write(struct baseline *b, unsigned today, struct buf *ret)
{
	const unsigned year = today / 10000, month = today / 100 % 100,
		       day = today % 100;

	buf_printf(ret,
		   "# What migscope %s found on %04u-%02u-%02u, accepted as it "
		   "was.\n"
		   "# Say for each why, or mend it. See migscope-waivers(5).\n"
		   "migscope-waivers = 1\n",
		   PACKAGE_VERSION, year, month, day);
	tidy(b);
	for (size_t i = 0; i < b->count; i++)
		buf_printf(ret, "\n%sreason = baseline %04u-%02u-%02u\n",
			   b->entries[i], year, month, day);
	if (b->count > MAX_WAIVERS || ret->length > MAX_WAIVER_TEXT)
		return "there is more to accept than a file of waivers may "
		       "hold";
	return b->failed || ret->failed ? "out of memory" : NULL;
}
