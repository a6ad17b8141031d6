/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include "schema/json-pull.h"

/* One letter per token, up to JSON_END ('$') or JSON_ERROR ('!'). */
static void tokens(char out[64], const char *text, size_t n,
		   struct json_token *t)
{
	static const char letters[] = "$!{}[]ksntfN";
	struct json j;
	size_t i = 0;

	json_init(&j, text, n);
	do {
		json_next(&j, t);
		out[i++] = letters[t->kind];
	} while (t->kind > JSON_ERROR && i < 63);
	out[i] = '\0';
}

static void assert_tokens(const char *text, const char *expected)
{
	char out[64];
	struct json_token t;

	tokens(out, text, strlen(text), &t);
	assert_string_equal(out, expected);
}

/* From a copy of just that size, so that the sanitizer sees an overrun. */
static void assert_error(const char *text, size_t at, const char *why)
{
	size_t n = strlen(text);
	char *copy = malloc(n ? n : 1);
	char out[64];
	struct json_token t;

	assert_non_null(copy);
	memcpy(copy, text, n);
	tokens(out, copy, n, &t);
	assert_int_equal(t.kind, JSON_ERROR);
	assert_string_equal(t.error, why);
	assert_int_equal(t.at, at);
	free(copy);
}

static struct json_token first(const char *text)
{
	struct json j;
	struct json_token t;

	json_init(&j, text, strlen(text));
	assert_true(json_next(&j, &t));
	return t;
}

static void assert_means(const char *text, const char *bytes, size_t n)
{
	struct json_token t = first(text);
	struct arena a;
	struct ms_text out;

	assert_int_equal(t.kind, JSON_STRING);
	arena_init(&a, 4096);
	out = t.escaped ? json_unescape(&a, &t) : t.text;
	assert_true(text_eq(out, text_make(bytes, n)));
	arena_free(&a);
}

#define MEANS(text, bytes) assert_means(text, bytes, sizeof(bytes) - 1)

static void every_kind_of_value_comes_out(void **state)
{
	(void)state;
	assert_tokens("{}", "{}$");
	assert_tokens("[]", "[]$");
	assert_tokens("[1,\"a\",true,false,null]", "[nstfN]$");
	assert_tokens("{\"a\":{\"b\":[{}]},\"c\":1}", "{k{k[{}]}kn}$");
	assert_tokens("\"a\"", "s$");
	assert_tokens("12", "n$");
	assert_tokens(" \t\r\n{ \"a\" : [ 1 , 2 ] } ", "{k[nn]}$");
}

static void text_behind_the_value_is_left_alone(void **state)
{
	struct json_token t;
	char out[64];

	(void)state;
	tokens(out, "{}]]]", 5, &t);
	assert_string_equal(out, "{}$");
	assert_int_equal(t.at, 2);
}

static void offsets_are_those_of_the_first_byte(void **state)
{
	const char *text = " { \"ab\" :[ -12 ,\"\"]}";
	static const size_t expected[] = { 1, 3, 9, 11, 16, 18, 19 };
	struct json j;
	struct json_token t;

	(void)state;
	json_init(&j, text, strlen(text));
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		assert_true(json_next(&j, &t));
		assert_int_equal(t.at, expected[i]);
	}
	assert_true(json_next(&j, &t));
	assert_int_equal(t.kind, JSON_END);
}

static void escapes_become_bytes(void **state)
{
	(void)state;
	MEANS("\"plain\"", "plain");
	MEANS("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
	MEANS("\"a\\u0041\\u00e9\\u20AC z\"", "aA\xc3\xa9\xe2\x82\xac z");
	MEANS("\"\\u0000\"", "\0");
	MEANS("\"\\uD83D\\uDE00\"", "\xf0\x9f\x98\x80");
	MEANS("\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf");
}

static void bytes_that_are_not_utf8_pass(void **state)
{
	(void)state;
	MEANS("\"\xff\x80 long enough for words \xc3\"",
	      "\xff\x80 long enough for words \xc3");
	MEANS("\"\x7f\"", "\x7f");
}

static void broken_strings_are_refused(void **state)
{
	(void)state;
	assert_error("\"abc", 4, json_cut);
	assert_error("\"abc\\", 5, json_cut);
	assert_error("\"\\x\"", 1, "unknown escape");
	assert_error("\"\\u12\"", 5, "\\u needs four hex digits");
	assert_error("\"\\u12", 5, json_cut);
	assert_error("\"\\ud800\"", 7, "lone surrogate");
	assert_error("\"\\ud800\\n\"", 8, "lone surrogate");
	assert_error("\"\\ud800\\u0041\"", 1, "lone surrogate");
	assert_error("\"\\udc00\"", 1, "lone surrogate");
	assert_error("\"a\nb\"", 2, "control character in a string");
	assert_error("\"a long text and a tab\there\"", 22,
		     "control character in a string");
	assert_error("\"a long text and a byte\x1f\"", 23,
		     "control character in a string");
}

/* The scan takes eight bytes at a time: no place may be special. */
static void a_string_ends_at_its_quote_wherever_it_stands(void **state)
{
	char text[48];

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		struct json_token t;

		memset(text, n & 1 ? 0xff : '!', sizeof(text));
		text[0] = text[n + 1] = '"';
		text[sizeof(text) - 1] = '\0';
		t = first(text);
		assert_int_equal(t.kind, JSON_STRING);
		assert_int_equal(t.text.length, n);
		assert_false(t.escaped);
	}
}

static void integers_are_exact(void **state)
{
	static const struct {
		const char *text;
		bool whole, negative;
		uint64_t number;
	} cases[] = {
		{ "0", true, false, 0 },
		{ "-0", true, true, 0 },
		{ "4096", true, false, 4096 },
		{ "18446744073709551615", true, false, UINT64_MAX },
		{ "9223372036854775807", true, false, INT64_MAX },
		{ "-9223372036854775808", true, true, (uint64_t)1 << 63 },
		{ "18446744073709551616", false, false, 0 },
		{ "99999999999999999999999", false, false, 0 },
		{ "-9223372036854775809", false, true, 0 },
		{ "1.0", false, false, 0 },
		{ "1e3", false, false, 0 },
		{ "-1.25E-3", false, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct json_token t = first(cases[i].text);

		assert_int_equal(t.kind, JSON_NUMBER);
		assert_true(text_is(t.text, cases[i].text));
		assert_int_equal(t.whole, cases[i].whole);
		assert_int_equal(t.negative, cases[i].negative);
		if (t.whole)
			assert_true(t.number == cases[i].number);
	}
}

static void broken_numbers_are_refused(void **state)
{
	(void)state;
	assert_error("01", 0, "leading zero");
	assert_error("-", 1, json_cut);
	assert_error("-a", 1, "digit expected");
	assert_error("1.", 2, json_cut);
	assert_error("1.x", 2, "digit expected");
	assert_error("1e+", 3, json_cut);
	assert_error("[+1]", 1, "value expected");
	assert_error("[.5]", 1, "value expected");
	assert_error("[1 2]", 3, "comma or end expected");
}

static void broken_grammar_is_refused(void **state)
{
	(void)state;
	assert_error("", 0, json_cut);
	assert_error("  ", 2, json_cut);
	assert_error("[1,]", 3, "value expected");
	assert_error("{\"a\":1,}", 7, "key expected");
	assert_error("{,}", 1, "key expected");
	assert_error("{1:2}", 1, "key expected");
	assert_error("{\"a\" 1}", 5, "colon expected");
	assert_error("{\"a\":}", 5, "value expected");
	assert_error("[1}", 2, "comma or end expected");
	assert_error("[}", 1, "value expected");
	assert_error("]", 0, "value expected");
	assert_error("[tru]", 1, "value expected");
	assert_error("[tru", 4, json_cut);
	assert_error("[NaN]", 1, "value expected");
	assert_error("['a']", 1, "value expected");
	assert_error("[1 /* no */]", 3, "comma or end expected");
}

static void a_cut_text_is_always_called_cut(void **state)
{
	const char *text = "{\"a\\u00e9\\ud83d\\ude00\" : [1.5e1, -2, true, "
			   "false, null, {}, [\"x\"]], \"b\": \"\\n\"}";
	char out[64];
	struct json_token t;

	(void)state;
	for (size_t n = 0; n < strlen(text); n++) {
		char *copy = malloc(n ? n : 1);

		assert_non_null(copy);
		memcpy(copy, text, n);
		tokens(out, copy, n, &t);
		assert_int_equal(t.kind, JSON_ERROR);
		assert_ptr_equal(t.error, json_cut);
		assert_int_equal(t.at, n);
		free(copy);
	}
}

static void nesting_is_capped(void **state)
{
	char text[MAX_JSON_DEPTH + 1];
	struct json j;
	struct json_token t;

	(void)state;
	memset(text, '[', sizeof(text));
	json_init(&j, text, sizeof(text));
	for (int i = 0; i < MAX_JSON_DEPTH; i++)
		assert_true(json_next(&j, &t));
	assert_false(json_next(&j, &t));
	assert_string_equal(t.error, "nested over the limit of 160");
	assert_int_equal(t.at, MAX_JSON_DEPTH);
}

static void an_error_sticks(void **state)
{
	struct json j;
	struct json_token t;

	(void)state;
	json_init(&j, "[x 1]", 5);
	assert_true(json_next(&j, &t));
	for (int i = 0; i < 3; i++) {
		assert_false(json_next(&j, &t));
		assert_int_equal(t.at, 1);
	}
}

static void skip_passes_over_one_value(void **state)
{
	const char *text = "[[1,{\"a\":[]}],\"x\",{\"b\":[2]},7]";
	struct json j;
	struct json_token t;

	(void)state;
	json_init(&j, text, strlen(text));
	json_next(&j, &t);
	for (int i = 0; i < 3; i++) {
		assert_true(json_next(&j, &t));
		assert_true(json_skip(&j, &t));
	}
	assert_true(json_next(&j, &t));
	assert_int_equal(t.kind, JSON_NUMBER);
	assert_int_equal(t.number, 7);
}

static void skip_reports_what_is_wrong_inside(void **state)
{
	struct json j;
	struct json_token t;

	(void)state;
	json_init(&j, "[[1,,]]", 7);
	json_next(&j, &t);
	json_next(&j, &t);
	assert_false(json_skip(&j, &t));
	assert_int_equal(t.kind, JSON_ERROR);
	assert_int_equal(t.at, 4);
}

static void unescape_stops_at_the_cap(void **state)
{
	struct json_token t = first("\"\\n long text past the cap of it\"");
	struct arena a;

	(void)state;
	arena_init(&a, 8);
	assert_null(json_unescape(&a, &t).bytes);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_value_comes_out),
		cmocka_unit_test(text_behind_the_value_is_left_alone),
		cmocka_unit_test(offsets_are_those_of_the_first_byte),
		cmocka_unit_test(escapes_become_bytes),
		cmocka_unit_test(bytes_that_are_not_utf8_pass),
		cmocka_unit_test(broken_strings_are_refused),
		cmocka_unit_test(a_string_ends_at_its_quote_wherever_it_stands),
		cmocka_unit_test(integers_are_exact),
		cmocka_unit_test(broken_numbers_are_refused),
		cmocka_unit_test(broken_grammar_is_refused),
		cmocka_unit_test(a_cut_text_is_always_called_cut),
		cmocka_unit_test(nesting_is_capped),
		cmocka_unit_test(an_error_sticks),
		cmocka_unit_test(skip_passes_over_one_value),
		cmocka_unit_test(skip_reports_what_is_wrong_inside),
		cmocka_unit_test(unescape_stops_at_the_cap),
	};

	return cmocka_run_group_tests_name("json-pull", tests, NULL, NULL);
}
