/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "output/xml.h"

static void assert_written(bool attribute, const char *in, size_t n,
			   const char *want)
{
	struct buf b = { 0 };
	struct out o;

	out_to_buf(&o, &b);
	if (attribute)
		xml_attribute(&o, "a", in);
	else
		xml_text(&o, text_make(in, n));
	assert_true(out_finish(&o));
	assert_string_equal(b.data, want);
	buf_free(&b);
}

#define TEXT_IS(in, want) assert_written(false, in, sizeof(in) - 1, want)
#define ATTRIBUTE_IS(in, want) assert_written(true, in, 0, " a=\"" want "\"")

static void markup_becomes_entities(void **state)
{
	(void)state;
	TEXT_IS("a<b>&\"c\"'", "a&lt;b&gt;&amp;&quot;c&quot;'");
	TEXT_IS("]]>", "]]&gt;");
	ATTRIBUTE_IS("\"><x y='", "&quot;&gt;&lt;x y='");
}

static void line_ends_survive_in_attributes(void **state)
{
	(void)state;
	TEXT_IS("a\nb\tc", "a\nb\tc");
	ATTRIBUTE_IS("a\nb\tc", "a&#10;b&#9;c");
}

static void forbidden_characters_are_spelled_out(void **state)
{
	(void)state;
	TEXT_IS("\0\1\x1b[31m\r\x7f", "\\x00\\x01\\x1b[31m\\x0d\\x7f");
	TEXT_IS("\xef\xbf\xbe\xef\xbf\xbf", "\\xef\\xbf\\xbe\\xef\\xbf\\xbf");
	TEXT_IS("\xc2\x85", "\\xc2\\x85");
	TEXT_IS("\xe2\x80\xae", "\\xe2\\x80\\xae");
}

static void broken_utf8_is_spelled_out(void **state)
{
	(void)state;
	TEXT_IS("\xff\xc0\x80", "\\xff\\xc0\\x80");
	TEXT_IS("\xed\xa0\x80", "\\xed\\xa0\\x80");
	TEXT_IS("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	TEXT_IS("cut \xe2\x82", "cut \\xe2\\x82");
	TEXT_IS("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void what_is_escaped_already_stays(void **state)
{
	(void)state;
	TEXT_IS("\\x00", "\\x00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_becomes_entities),
		cmocka_unit_test(line_ends_survive_in_attributes),
		cmocka_unit_test(forbidden_characters_are_spelled_out),
		cmocka_unit_test(broken_utf8_is_spelled_out),
		cmocka_unit_test(what_is_escaped_already_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
