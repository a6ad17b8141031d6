/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas as text (our own, -dump-vmstate, query-machines, embedded: as the beginning tells)
 * against arbitrary bytes. What can be read is merged with itself, written as
 * our own, and must read back the same. */
#include "config.h"
#include "output/schema-json.h"
#include "schema/sources.h"
#include "mutate.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const unsigned mutate_parts = 0;

static void check(bool right)
{
	if (!right)
		abort();
}

static struct schema *from_embedded(const char *text, size_t n)
{
	const char *wrong;
	char why[160];
	size_t used;
	struct desc *d = desc_parse_embedded(text, n, NULL, &used, &wrong);
	struct schema *s =
		d ? schema_from_embedded("fuzz", d, why, sizeof(why)) : NULL;

	desc_free(d);
	return s;
}

static struct schema *read_any(const char *text, size_t n)
{
	char why[160] = "";
	struct schema *s;

	switch (schema_text_kind(text, n)) {
	case SCHEMA_TEXT_OURS:
		s = schema_from_file(text, n, why, sizeof(why));
		check(s || why[0]);
		return s;
	case SCHEMA_TEXT_DUMP:
		s = schema_from_dump("fuzz", text, n, why, sizeof(why));
		check(s || why[0]);
		return s;
	case SCHEMA_TEXT_MACHINES:
		s = schema_from_machines("fuzz", text, n, why, sizeof(why));
		check(s || why[0]);
		return s;
	case SCHEMA_TEXT_EMBEDDED:
		return from_embedded(text, n);
	case SCHEMA_TEXT_FOREIGN:
	default:
		return NULL;
	}
}

static char *write_text(const struct schema *s, size_t *ret_length)
{
	struct buf b = { 0 };
	struct out o;

	out_to_buf(&o, &b);
	schema_write(&o, s);
	check(out_finish(&o));
	*ret_length = b.length;
	return buf_take(&b);
}

/* Names that are not UTF-8 are written escaped, so the first reading back
 * may differ; from then on nothing may. */
static void check_round_trip(struct schema *s)
{
	char *text[2];
	size_t n[2];

	for (int i = 0; i < 2; i++) {
		char why[160];
		struct schema *next;

		text[i] = write_text(s, &n[i]);
		next = schema_from_file(text[i], n[i], why, sizeof(why));
		check(next);
		schema_free(s);
		s = next;
	}
	free(text[0]);
	text[0] = write_text(s, &n[0]);
	check(n[0] == n[1] && !memcmp(text[0], text[1], n[0]));
	free(text[0]);
	free(text[1]);
	schema_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct schema *s = read_any((const char *)data, size), *both;

	if (!s)
		return 0;
	both = schema_merge(s, s);
	schema_free(both);
	check_round_trip(s);
	return 0;
}
