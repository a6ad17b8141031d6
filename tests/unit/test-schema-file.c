/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "output/schema-json.h"
#include "schema/sources.h"

static const char sample[] =
	"{\"migscope_schema\":1,\"qemu\":\"10.0.13\",\"target\":\"x86_64\","
	"\"sources\":[{\"kind\":\"elf\",\"name\":\"q\",\"host\":\"x86_64\"}],"
	"\"commands\":[{\"number\":2,\"name\":\"PING\",\"length\":4}],"
	"\"machines\":[{\"name\":\"pc\",\"parent\":\"machine\"}],"
	"\"known\":[\"types\",\"minimum\",\"offsets\"],"
	"\"vmsds\":["
	"{\"name\":\"outer\",\"version\":3,\"minimum\":1,"
	"\"hooks\":[\"pre-load\"],\"roles\":[\"top\"],\"fields\":["
	"{\"name\":\"n\",\"type\":\"uint16\",\"offset\":4,\"size\":2},"
	"{\"name\":\"a\",\"type\":\"uint8\",\"flags\":[\"varray\"],"
	"\"count\":{\"offset\":4,\"width\":2}},"
	"{\"name\":\"in\",\"type\":\"struct\",\"vmsd\":\"inner\"}],"
	"\"subsections\":[\"outer/sub\"]},"
	"{\"name\":\"inner\",\"version\":1,\"minimum\":1},"
	"{\"key\":\"(null)\",\"name\":null,\"version\":1,\"minimum\":1},"
	"{\"name\":\"outer/sub\",\"version\":2,\"minimum\":2}],"
	"\"devices\":[{\"how\":\"type\",\"name\":\"dev\",\"vmsd\":\"outer\"}]}";

static struct schema *read_text(const char *text, char *why)
{
	return schema_from_file(text, strlen(text), why, 160);
}

static char *write_text(const struct schema *s)
{
	struct buf b = { 0 };
	struct out o;

	out_to_buf(&o, &b);
	schema_write(&o, s);
	assert_true(out_finish(&o));
	return buf_take(&b);
}

static void references_are_put_together(void **state)
{
	char why[160];
	struct schema *s = read_text(sample, why);
	const struct schema_vmsd *v;

	(void)state;
	assert_non_null(s);
	v = schema_find(s, TEXT("outer"), 0);
	assert_non_null(v);
	assert_ptr_equal(v->fields[2].vmsd, schema_find(s, TEXT("inner"), 0));
	assert_int_equal(v->fields[2].flags, FIELD_STRUCT);
	assert_int_equal(v->fields[1].count.field, 0);
	assert_int_equal(v->subsection_count, 1);
	assert_int_equal(v->subsections[0]->roles, ROLE_SUBSECTION);
	assert_ptr_equal(schema_device_find(s, TEXT("dev"))->vmsd, v);
	assert_false(schema_find_key(s, TEXT("(null)"))->has_name);
	assert_int_equal(s->command_count, 1);
	assert_int_equal(s->machine_count, 1);
	schema_free(s);
}

static void what_is_written_reads_back_and_stays(void **state)
{
	char why[160];
	struct schema *s = read_text(sample, why), *again;
	char *first = write_text(s), *second;

	(void)state;
	again = read_text(first, why);
	assert_non_null(again);
	second = write_text(again);
	assert_string_equal(first, second);
	free(first);
	free(second);
	schema_free(s);
	schema_free(again);
}

/* The first one's knowledge is the file's, which the second one has not. */
static void what_is_known_of_none_stays_so(void **state)
{
	static const char text[] =
		"{\"migscope_schema\":1,\"vmsds\":["
		"{\"name\":\"a\",\"known\":[\"types\",\"minimum\"]},"
		"{\"name\":\"b\"}]}";
	char why[160];
	struct schema *s = read_text(text, why), *again;
	char *written = write_text(s);

	(void)state;
	again = read_text(written, why);
	assert_non_null(again);
	assert_int_equal(schema_find(again, TEXT("a"), 0)->known,
			 KNOWN_TYPES | KNOWN_MINIMUM);
	assert_int_equal(schema_find(again, TEXT("b"), 0)->known, 0);
	free(written);
	schema_free(s);
	schema_free(again);
}

static void names_that_repeat_get_keys_of_their_own(void **state)
{
	static const char text[] =
		"{\"migscope_schema\":1,\"vmsds\":["
		"{\"key\":\"a\",\"name\":\"x\",\"version\":1},"
		"{\"key\":\"b\",\"name\":\"x\",\"version\":2},"
		"{\"key\":\"c\",\"name\":\"x#2\",\"version\":3}]}";
	char why[160];
	struct schema *s = read_text(text, why);

	(void)state;
	assert_non_null(s);
	assert_int_equal(schema_find_key(s, TEXT("x"))->version, 1);
	assert_int_equal(schema_find_key(s, TEXT("x#2"))->version, 2);
	assert_int_equal(schema_find_key(s, TEXT("x#2#1"))->version, 3);
	assert_int_equal(schema_find(s, TEXT("x"), 1)->version, 2);
	assert_null(schema_find(s, TEXT("x"), 2));
	schema_free(s);
}

static void equal_descriptions_are_one(void **state)
{
	static const char text[] =
		"{\"migscope_schema\":1,\"vmsds\":["
		"{\"key\":\"a\",\"name\":\"x\",\"version\":1,"
		"\"roles\":[\"top\"]},"
		"{\"key\":\"b\",\"name\":\"x\",\"version\":1}]}";
	char why[160];
	struct schema *s = read_text(text, why);

	(void)state;
	assert_int_equal(s->vmsd_count, 1);
	assert_int_equal(s->vmsds[0]->roles, ROLE_TOP);
	schema_free(s);
}

#define FILE_OF(rest) "{\"migscope_schema\":1," rest "}"

static void wrong_files_say_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "[]", "an object is expected here at byte 0" },
		{ "{\"vmsds\":[]}", "it does not say its format at byte 11" },
		{ "{\"migscope_schema\":2}",
		  "written in a format that is not known at byte 19" },
		{ "{\"migscope_schema\":1", "cut short at byte 20" },
		{ FILE_OF("\"vmsds\":[{\"name\":\"a\",\"subsections\":"
			  "[\"b\"]}]"),
		  "a description refers to one that is not there at byte 62" },
		{ FILE_OF("\"vmsds\":[{\"name\":\"a\",\"subsections\":"
			  "[\"a\"]}]"),
		  "a description contains itself at byte 62" },
		{ FILE_OF("\"vmsds\":[{\"name\":\"a\"},{\"name\":\"a\"}]"),
		  "two descriptions have one key at byte 55" },
		{ FILE_OF("\"known\":[\"everything\"]"),
		  "this word means nothing here at byte 30" },
	};
	char why[160];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct schema *s = read_text(cases[i].text, why);

		assert_null(s);
		assert_string_equal(why, cases[i].why);
	}
}

static void cut_anywhere_is_refused(void **state)
{
	char why[160];

	(void)state;
	for (size_t n = 0; n < sizeof(sample) - 1; n++)
		assert_null(schema_from_file(sample, n, why, sizeof(why)));
}

/* Each level holds the next twice: 2^30 objects when unfolded. */
static void descriptions_that_explode_are_refused(void **state)
{
	struct buf b = { 0 };
	char why[160];
	struct schema *s;

	(void)state;
	buf_puts(&b, "{\"migscope_schema\":1,\"vmsds\":[");
	for (int i = 0; i < 30; i++)
		buf_printf(&b,
			   "{\"name\":\"v%d\",\"fields\":["
			   "{\"name\":\"a\",\"vmsd\":\"v%d\"},"
			   "{\"name\":\"b\",\"vmsd\":\"v%d\"}]},",
			   i, i + 1, i + 1);
	buf_puts(&b, "{\"name\":\"v30\"}]}");
	s = read_text(b.data, why);
	assert_null(s);
	assert_string_equal(why, "entries of 'v11' with all that it contains "
				 "are over the limit of 1048576");
	buf_free(&b);
}

static void kinds_of_text_are_told_by_their_first_key(void **state)
{
	static const struct {
		const char *text;
		enum schema_text_kind kind;
	} cases[] = {
		{ sample, SCHEMA_TEXT_OURS },
		{ "{ \"vmschkmachine\": {", SCHEMA_TEXT_DUMP },
		{ "{\"page_size\": 4096", SCHEMA_TEXT_EMBEDDED },
		{ "{\"configuration\": {}", SCHEMA_TEXT_EMBEDDED },
		{ "{\"page\": 4096", SCHEMA_TEXT_FOREIGN },
		{ "", SCHEMA_TEXT_FOREIGN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(schema_text_kind(cases[i].text,
						  strlen(cases[i].text)),
				 cases[i].kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_put_together),
		cmocka_unit_test(what_is_written_reads_back_and_stays),
		cmocka_unit_test(what_is_known_of_none_stays_so),
		cmocka_unit_test(names_that_repeat_get_keys_of_their_own),
		cmocka_unit_test(equal_descriptions_are_one),
		cmocka_unit_test(wrong_files_say_what_is_wrong),
		cmocka_unit_test(cut_anywhere_is_refused),
		cmocka_unit_test(descriptions_that_explode_are_refused),
		cmocka_unit_test(kinds_of_text_are_told_by_their_first_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
