/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/buf.h"

static void assert_taken(struct buf *b, const char *want)
{
	char *s = buf_take(b);

	assert_non_null(s);
	assert_string_equal(s, want);
	free(s);
}

static void assert_escaped(const char *bytes, size_t n, const char *want)
{
	struct buf b = { 0 };

	buf_escape(&b, text_make(bytes, n));
	assert_taken(&b, want);
}

#define ESCAPED(in, want) assert_escaped(in, sizeof(in) - 1, want)

static void empty_text_is_a_string(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_taken(&b, "");
	buf_puts(&b, "");
	assert_taken(&b, "");
}

static void text_grows_piece_by_piece(void **state)
{
	struct buf b = { 0 };
	char want[1001];

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		want[i] = (char)('a' + i % 26);
		buf_putc(&b, want[i]);
		assert_int_equal(b.length, i + 1);
		assert_int_equal(b.data[i + 1], 0);
	}
	want[1000] = '\0';
	assert_taken(&b, want);
	assert_null(b.data);
}

static void printf_fits_at_every_length(void **state)
{
	(void)state;
	for (int width = 0; width < 300; width++) {
		struct buf b = { 0 };

		buf_puts(&b, "x");
		buf_printf(&b, "%*d|", width, 7);
		buf_printf(&b, "%s", "end");
		assert_int_equal(b.length, (size_t)(width ? width : 1) + 5);
		assert_string_equal(b.data + b.length - 5, "7|end");
		buf_free(&b);
	}
}

static void clear_keeps_the_memory(void **state)
{
	struct buf b = { 0 };
	char *data;

	(void)state;
	buf_puts(&b, "something");
	data = b.data;
	buf_clear(&b);
	assert_int_equal(b.length, 0);
	assert_string_equal(b.data, "");
	buf_puts(&b, "else");
	assert_ptr_equal(b.data, data);
	assert_taken(&b, "else");
}

static void failure_sticks(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_puts(&b, "kept");
	buf_add(&b, "x", SIZE_MAX / 2);
	assert_true(b.failed);
	buf_puts(&b, "not added");
	buf_printf(&b, "%d", 1);
	assert_string_equal(b.data, "kept");
	assert_null(buf_take(&b));
	/* and the buffer can be used again */
	buf_puts(&b, "new");
	assert_taken(&b, "new");
}

static void hex_has_separators_only_between(void **state)
{
	static const uint8_t p[] = { 0x00, 0xf1, 0x2e };
	struct buf b = { 0 };

	(void)state;
	buf_hex(&b, p, sizeof(p), ' ');
	assert_taken(&b, "00 f1 2e");
	buf_hex(&b, p, sizeof(p), 0);
	assert_taken(&b, "00f12e");
	buf_hex(&b, p, 1, ':');
	assert_taken(&b, "00");
	buf_hex(&b, p, 0, ':');
	assert_taken(&b, "");
}

static void printable_utf8_stays(void **state)
{
	(void)state;
	ESCAPED("", "");
	ESCAPED("0000:00:02.0/e1000 ~\"'", "0000:00:02.0/e1000 ~\"'");
	ESCAPED("\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xbe",
		"\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xbe");
	/* first and last of each length */
	ESCAPED("\xc2\xa0\xdf\xbf", "\xc2\xa0\xdf\xbf");
	ESCAPED("\xe0\xa0\x80\xef\xbf\xbd", "\xe0\xa0\x80\xef\xbf\xbd");
	ESCAPED("\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80");
	ESCAPED("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
		"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

static void controls_and_backslash_are_escaped(void **state)
{
	(void)state;
	ESCAPED("a\0b\n\x1b[31m\x7f", "a\\x00b\\x0a\\x1b[31m\\x7f");
	ESCAPED("\\x41", "\\x5cx41");
	ESCAPED("\xc2\x9b"
		"31m",
		"\\xc2\\x9b31m");
	ESCAPED("\xe2\x80\xae"
		"abc",
		"\\xe2\\x80\\xaeabc");
	ESCAPED("\xe2\x81\xa6", "\\xe2\\x81\\xa6");
	ESCAPED("\xe2\x80\xa8", "\\xe2\\x80\\xa8");
	ESCAPED("\xd8\x9c\xe2\x80\x8f", "\\xd8\\x9c\\xe2\\x80\\x8f");
	ESCAPED("\xef\xbf\xbe", "\\xef\\xbf\\xbe");
}

static void broken_utf8_is_escaped_byte_by_byte(void **state)
{
	(void)state;
	ESCAPED("\xff", "\\xff");
	ESCAPED("a\x80z", "a\\x80z");
	ESCAPED("\xc0\x80", "\\xc0\\x80");          /* overlong */
	ESCAPED("\xe0\x9f\xbf", "\\xe0\\x9f\\xbf"); /* overlong */
	ESCAPED("\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf");
	ESCAPED("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* surrogate */
	ESCAPED("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	ESCAPED("\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80");
	ESCAPED("\xe2\x82z", "\\xe2\\x82z"); /* cut by a letter */
	ESCAPED("\xe2\x82", "\\xe2\\x82");   /* cut by the end */
	ESCAPED("\xf0\x9f\x92", "\\xf0\\x9f\\x92");
}

static void every_byte_can_be_told_from_every_other(void **state)
{
	char seen[256][8];

	(void)state;
	for (int i = 0; i < 256; i++) {
		struct buf b = { 0 };
		char c = (char)i;

		buf_escape(&b, text_make(&c, 1));
		assert_true(b.length == 1 || b.length == 4);
		for (size_t j = 0; j < b.length; j++)
			assert_in_range(b.data[j], 0x20, 0x7e);
		memcpy(seen[i], b.data, b.length + 1);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(seen[i], seen[j]);
		buf_free(&b);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_text_is_a_string),
		cmocka_unit_test(text_grows_piece_by_piece),
		cmocka_unit_test(printf_fits_at_every_length),
		cmocka_unit_test(clear_keeps_the_memory),
		cmocka_unit_test(failure_sticks),
		cmocka_unit_test(hex_has_separators_only_between),
		cmocka_unit_test(printable_utf8_stays),
		cmocka_unit_test(controls_and_backslash_are_escaped),
		cmocka_unit_test(broken_utf8_is_escaped_byte_by_byte),
		cmocka_unit_test(every_byte_can_be_told_from_every_other),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
