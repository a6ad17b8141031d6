/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* -dump-vmstate and embedded descriptions as schemas, and two made one. */
#include "config.h"
#include "unit.h"

#include "output/schema-json.h"
#include "schema/sources.h"

/* As QEMU 10.0 writes it. */
#define DUMP_HEAD                                                              \
	"{\n  \"vmschkmachine\": {\n    \"Name\": \"pc-i440fx-10.0\"\n  },\n"
#define DUMP_DEV                                                               \
	"  \"dev\": {\n    \"Name\": \"dev\",\n    \"version_id\": 3,\n"       \
	"    \"minimum_version_id\": 2,\n    \"Description\": {\n"             \
	"      \"name\": \"dev-state\",\n      \"version_id\": 3,\n"           \
	"      \"minimum_version_id\": 2,\n      \"Fields\": [\n"              \
	"        {\"field\": \"a\", \"version_id\": 0, "                       \
	"\"field_exists\": false, \"size\": 4},\n"                             \
	"        {\"field\": \"b\", \"version_id\": 3, "                       \
	"\"field_exists\": true, \"num\": 6, \"size\": 2},\n"                  \
	"        {\"field\": \"in\", \"version_id\": 0, "                      \
	"\"field_exists\": false, \"size\": 16, \"Description\": {"            \
	"\"name\": \"(null)\", \"version_id\": 0, "                            \
	"\"minimum_version_id\": 0}}\n      ],\n      \"Subsections\": [\n"    \
	"        {\"name\": \"dev-state/x\", \"version_id\": 1, "              \
	"\"minimum_version_id\": 1}\n      ]\n    }\n  }"
static const char dump[] = DUMP_HEAD DUMP_DEV "\n}\n";
static const char dump_cut[] =
	DUMP_HEAD DUMP_DEV ",\n  \"late\": {\n    \"Name\": \"la";

static const char embedded[] =
	"{\"page_size\": 4096, \"devices\": [{\"name\": \"0/dev\", "
	"\"instance_id\": 7, \"vmsd_name\": \"dev-state\", \"version\": 3, "
	"\"fields\": [{\"name\": \"a\", \"type\": \"uint32\", \"size\": 4}, "
	"{\"name\": \"b\", \"array_len\": 6, \"type\": \"uint16\", "
	"\"size\": 2}], \"subsections\": [{\"vmsd_name\": \"dev-state/x\", "
	"\"version\": 1, \"fields\": []}]}]}";

static struct schema *from_dump(const char *text)
{
	char why[160] = "";
	struct schema *s =
		schema_from_dump("d.json", text, strlen(text), why, 160);

	if (!s)
		print_message("%s\n", why);
	return s;
}

static struct schema *from_embedded(const char *text)
{
	char why[160] = "";
	const char *wrong;
	size_t used;
	struct desc *d =
		desc_parse_embedded(text, strlen(text), NULL, &used, &wrong);
	struct schema *s = schema_from_embedded("e.mig", d, why, 160);

	desc_free(d);
	return s;
}

static void assert_text(struct ms_text t, const char *expected)
{
	assert_int_equal(t.length, strlen(expected));
	assert_memory_equal(t.bytes, expected, t.length);
}

static void dump_becomes_descriptions(void **state)
{
	struct schema *s = from_dump(dump);
	const struct schema_device *dev = schema_device_find(s, TEXT("dev"));
	const struct schema_vmsd *v = dev->vmsd;

	(void)state;
	assert_int_equal(dev->how, BIND_TYPE);
	assert_text(v->name, "dev-state");
	assert_int_equal(v->version, 3);
	assert_int_equal(v->minimum, 2);
	assert_false(v->known & KNOWN_TYPES);
	assert_true(v->known & KNOWN_NUM);
	assert_int_equal(v->field_count, 3);
	assert_int_equal(v->fields[1].num, 6);
	assert_true(v->fields[1].flags & FIELD_CONDITIONAL);
	assert_false(v->fields[2].vmsd->has_name);
	assert_text(v->subsections[0]->name, "dev-state/x");
	assert_int_equal(s->note_count, 0);
	schema_free(s);
}

static void dump_without_num_does_not_know_it(void **state)
{
	char *text = strdup(dump), *num = strstr(text, "\"num\"");
	struct schema *s;

	(void)state;
	memcpy(num, "\"mum\"", 5);
	s = from_dump(text);
	assert_false(schema_find(s, TEXT("dev-state"), 0)->known & KNOWN_NUM);
	schema_free(s);
	free(text);
}

static void dump_cut_short_gives_what_is_whole(void **state)
{
	struct schema *s = from_dump(dump_cut);

	(void)state;
	assert_int_equal(s->device_count, 1);
	assert_int_equal(s->note_count, 1);
	assert_non_null(strstr(s->notes[0].bytes, "cut short at byte"));
	assert_non_null(strstr(s->notes[0].bytes, "'late'"));
	schema_free(s);
	assert_null(from_dump(DUMP_HEAD));
}

static void dump_form_is_written_as_it_was_read(void **state)
{
	struct schema *s = from_dump(dump), *again;
	struct buf b = { 0 };
	struct out o;
	const struct schema_vmsd *v;

	(void)state;
	out_to_buf(&o, &b);
	schema_write_dump(&o, s, NULL);
	assert_true(out_finish(&o));
	again = from_dump(b.data);
	v = schema_find(again, TEXT("dev-state"), 0);
	assert_non_null(v);
	assert_int_equal(schema_compare(v,
					schema_find(s, TEXT("dev-state"), 0)),
			 0);
	schema_free(s);
	schema_free(again);
	buf_free(&b);
}

static void stream_tells_types_and_sizes(void **state)
{
	struct schema *s = from_embedded(embedded);
	const struct schema_device *d = schema_device_find(s, TEXT("0/dev"));

	(void)state;
	assert_int_equal(d->how, BIND_SECTION);
	assert_int_equal(d->instance, 7);
	assert_int_equal(d->vmsd->known, KNOWN_TYPES | KNOWN_WIRE_SIZES);
	assert_text(d->vmsd->fields[1].type, "uint16");
	assert_int_equal(d->vmsd->fields[1].num, 6);
	assert_int_equal(d->vmsd->fields[1].wire_size, 2);
	assert_int_equal(d->vmsd->subsection_count, 1);
	schema_free(s);
}

static void merging_fills_what_one_does_not_know(void **state)
{
	struct schema *a = from_dump(dump), *b = from_embedded(embedded);
	struct schema *s = schema_merge(a, b);
	const struct schema_vmsd *v = schema_find(s, TEXT("dev-state"), 0);

	(void)state;
	assert_int_equal(s->vmsd_count, 3);
	assert_int_equal(s->note_count, 0);
	assert_int_equal(v->minimum, 2);
	assert_int_equal(v->field_count, 3);
	assert_int_equal(v->fields[1].wire_size, 2);
	assert_int_equal(s->device_count, 2);
	assert_ptr_equal(schema_device_find(s, TEXT("0/dev"))->vmsd, v);
	schema_free(a);
	schema_free(b);
	schema_free(s);
}

static void merging_reports_contradictions(void **state)
{
	char *text = strdup(dump);
	struct schema *a = from_dump(dump), *b, *s;

	(void)state;
	*(strstr(text, "\"size\": 2") + 8) = '8';
	b = from_dump(text);
	s = schema_merge(a, b);
	assert_int_equal(s->note_count, 1);
	assert_text(s->notes[0], "dev-state/b: size 2 and 8");
	assert_int_equal(schema_find(s, TEXT("dev-state"), 0)->fields[1].size,
			 2);
	schema_free(a);
	schema_free(b);
	schema_free(s);
	free(text);
}

/* A stream that has only the second of two fields of one name. */
static void merging_knows_the_numbers_of_equal_names(void **state)
{
	static const char ours[] =
		"{\"migscope_schema\":1,\"known\":[\"types\",\"all-fields\"],"
		"\"vmsds\":[{\"name\":\"dev-state\",\"version\":3,\"fields\":["
		"{\"name\":\"a\",\"type\":\"uint8\"},"
		"{\"name\":\"a\",\"type\":\"uint32\"}]}]}";
	char why[160], *text = strdup(embedded);
	char *name = strstr(text, "\"a\", \"type\"");
	struct schema *a = schema_from_file(ours, sizeof(ours) - 1, why, 160);
	struct schema *b, *s;
	struct buf changed = { 0 };

	(void)state;
	buf_add(&changed, text, (size_t)(name - text));
	buf_puts(&changed, "\"a[1]\"");
	buf_puts(&changed, name + 3);
	b = from_embedded(changed.data);
	s = schema_merge(a, b);
	assert_int_equal(s->vmsd_count, 2);
	assert_int_equal(
		schema_find(s, TEXT("dev-state"), 0)->fields[1].wire_size, 4);
	/* "b" of the stream is not among all the fields */
	assert_int_equal(s->note_count, 1);
	schema_free(a);
	schema_free(b);
	schema_free(s);
	buf_free(&changed);
	free(text);
}

static void cut_dump_is_survived_anywhere(void **state)
{
	char why[160];

	(void)state;
	for (size_t n = 0; n < sizeof(dump) - 1; n++)
		schema_free(schema_from_dump("d", dump, n, why, sizeof(why)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dump_becomes_descriptions),
		cmocka_unit_test(dump_without_num_does_not_know_it),
		cmocka_unit_test(dump_cut_short_gives_what_is_whole),
		cmocka_unit_test(dump_form_is_written_as_it_was_read),
		cmocka_unit_test(stream_tells_types_and_sizes),
		cmocka_unit_test(merging_fills_what_one_does_not_know),
		cmocka_unit_test(merging_reports_contradictions),
		cmocka_unit_test(merging_knows_the_numbers_of_equal_names),
		cmocka_unit_test(cut_dump_is_survived_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
