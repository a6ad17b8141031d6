/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/json-writer.h"

#include "unit.h"

#include <errno.h>

struct fixture {
	struct buf text;
	struct out out;
	struct json_writer w;
};

static void start(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	out_to_buf(&f->out, &f->text);
	json_start(&f->w, &f->out);
}

static void expect(struct fixture *f, const char *want)
{
	char *got;

	assert_true(out_finish(&f->out));
	got = buf_take(&f->text);
	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
}

static void commas_stand_between_members_only(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f);
	json_object(&f.w);
	json_key(&f.w, "a"), json_uint(&f.w, 1);
	json_key(&f.w, "b"), json_array(&f.w);
	json_bool(&f.w, true), json_null(&f.w), json_int(&f.w, INT64_MIN);
	json_end(&f.w);
	json_key(&f.w, "c"), json_object(&f.w), json_end(&f.w);
	json_end(&f.w);
	expect(&f, "{\"a\":1,\"b\":[true,null,-9223372036854775808],"
		   "\"c\":{}}");
}

static void indent_is_that_of_python(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f);
	f.w.indent = 4;
	json_object(&f.w);
	json_key(&f.w, "a"), json_array(&f.w), json_end(&f.w);
	json_key(&f.w, "b"), json_array(&f.w);
	json_uint(&f.w, 1), json_uint(&f.w, 2);
	json_end(&f.w);
	json_key(&f.w, "c"), json_object(&f.w), json_end(&f.w);
	json_end(&f.w);
	expect(&f, "{\n    \"a\": [],\n    \"b\": [\n        1,\n"
		   "        2\n    ],\n    \"c\": {}\n}");
}

static void levels_beyond_wrap_stay_on_one_line(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f);
	f.w.indent = 1;
	f.w.wrap = 1;
	json_array(&f.w);
	json_object(&f.w);
	json_key(&f.w, "a"), json_uint(&f.w, 1);
	json_key(&f.w, "b"), json_uint(&f.w, 2);
	json_end(&f.w);
	json_end(&f.w);
	expect(&f, "[\n {\"a\": 1, \"b\": 2}\n]");
}

static void numbers_beyond_53_bits_are_strings(void **unused)
{
	const uint8_t bytes[] = { 0x00, 0xff, 0x7e };
	struct fixture f;

	(void)unused;
	start(&f);
	json_array(&f.w);
	json_hex(&f.w, UINT64_MAX, 16);
	json_hex(&f.w, 0, 4);
	json_hex(&f.w, 0x12345, 2);
	json_bytes(&f.w, bytes, 3, 0);
	json_bytes(&f.w, bytes, 3, ' ');
	json_bytes(&f.w, NULL, 0, ' ');
	json_uint(&f.w, UINT64_MAX);
	json_end(&f.w);
	expect(&f, "[\"0xffffffffffffffff\",\"0x0000\",\"0x12345\","
		   "\"00ff7e\",\"00 ff 7e\",\"\",18446744073709551615]");
}

static void check_text(const char *bytes, size_t n, bool ascii,
		       const char *want)
{
	struct fixture f;

	start(&f);
	f.w.ascii = ascii;
	json_text(&f.w, text_make(bytes, n));
	expect(&f, want);
}

#define CHECK_TEXT(s, ascii, want) check_text(s, sizeof(s) - 1, ascii, want)

static void json_syntax_is_escaped(void **unused)
{
	(void)unused;
	CHECK_TEXT("a\"b\\c/", false, "\"a\\\"b\\\\c/\"");
	CHECK_TEXT("\b\f\n\r\t\0\x1f", false,
		   "\"\\b\\f\\n\\r\\t\\u0000\\u001f\"");
}

static void terminal_controls_are_escaped(void **unused)
{
	(void)unused;
	/* DEL, C1 CSI, right-to-left override, line separator, BOM */
	CHECK_TEXT("\x7f\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\xef\xbb\xbf", false,
		   "\"\\u007f\\u009b\\u202e\\u2028\\ufeff\"");
}

static void valid_utf8_stays_or_becomes_escapes(void **unused)
{
	(void)unused;
	CHECK_TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", false,
		   "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
	CHECK_TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", true,
		   "\"\\u00e4\\u20ac\\ud83d\\ude00\"");
}

static void invalid_utf8_becomes_text(void **unused)
{
	(void)unused;
	CHECK_TEXT("a\xff", false, "\"a\\\\xff\"");
	CHECK_TEXT("\xc3", false, "\"\\\\xc3\""); /* cut short */
	CHECK_TEXT("\xe2\x82z", false, "\"\\\\xe2\\\\x82z\"");
	CHECK_TEXT("\xc0\x80", false, "\"\\\\xc0\\\\x80\""); /* overlong */
	CHECK_TEXT("\xe0\x80\x80", false, "\"\\\\xe0\\\\x80\\\\x80\"");
	CHECK_TEXT("\xed\xa0\x80", false,
		   "\"\\\\xed\\\\xa0\\\\x80\""); /* surrogate */
	CHECK_TEXT("\xf4\x90\x80\x80", false,
		   "\"\\\\xf4\\\\x90\\\\x80\\\\x80\""); /* > U+10FFFF */
}

static void large_texts_pass_the_buffer(void **unused)
{
	const size_t n = 1000000;
	char *big = malloc(n), *got;
	struct fixture f;

	(void)unused;
	assert_non_null(big);
	memset(big, 'x', n);
	start(&f);
	json_array(&f.w);
	json_text(&f.w, text_make(big, n));
	json_bytes(&f.w, (const uint8_t *)big, n, ' ');
	json_end(&f.w);
	assert_true(out_finish(&f.out));
	assert_int_equal(f.text.length, 1 + n + 2 + 1 + 3 * n - 1 + 2 + 1);
	got = buf_take(&f.text);
	assert_memory_equal(got + 2, big, n);
	assert_memory_equal(got + n + 4, "\"78 78", 6);
	assert_memory_equal(got + 4 * n - 1, "78 78\"]", 7);
	free(got);
	free(big);
}

static void nesting_too_deep_is_an_error_not_a_crash(void **unused)
{
	struct fixture f;

	(void)unused;
	start(&f);
	for (unsigned i = 0; i < JSON_MAX_DEPTH + 5; i++)
		json_array(&f.w);
	for (unsigned i = 0; i < JSON_MAX_DEPTH + 5; i++)
		json_end(&f.w);
	assert_false(out_finish(&f.out));
	buf_free(&f.text);
}

static void failure_to_write_sticks(void **unused)
{
	struct json_writer w;
	struct out o;

	(void)unused;
	out_to_fd(&o, -1);
	json_start(&w, &o);
	json_string(&w, "x");
	assert_int_equal(o.error, 0);
	assert_false(out_flush(&o));
	assert_int_not_equal(o.error, 0);
	json_string(&w, "y");
	assert_false(out_finish(&o));
}

/* The reason of an earlier failure is not that of the next. */
static void output_begins_without_an_error(void **state)
{
	struct buf b = { 0 };
	struct out o;

	(void)state;
	memset(&o, 0xa5, sizeof(o));
	out_to_buf(&o, &b);
	assert_int_equal(o.error, 0);
	assert_null(o.why);
	assert_true(out_finish(&o));
	memset(&o, 0xa5, sizeof(o));
	assert_true(out_to_fd(&o, -1));
	out_puts(&o, "x");
	assert_false(out_finish(&o));
	assert_int_equal(o.error, EBADF);
	assert_null(o.why);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_begins_without_an_error),
		cmocka_unit_test(commas_stand_between_members_only),
		cmocka_unit_test(indent_is_that_of_python),
		cmocka_unit_test(levels_beyond_wrap_stay_on_one_line),
		cmocka_unit_test(numbers_beyond_53_bits_are_strings),
		cmocka_unit_test(json_syntax_is_escaped),
		cmocka_unit_test(terminal_controls_are_escaped),
		cmocka_unit_test(valid_utf8_stays_or_becomes_escapes),
		cmocka_unit_test(invalid_utf8_becomes_text),
		cmocka_unit_test(large_texts_pass_the_buffer),
		cmocka_unit_test(nesting_too_deep_is_an_error_not_a_crash),
		cmocka_unit_test(failure_to_write_sticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
