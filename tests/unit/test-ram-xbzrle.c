/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "wire/ram.h"

#define PAGE 4096

#define assert_decodes(s)                                                      \
	assert_null(ram_xbzrle_fault((const uint8_t *)(s), sizeof(s) - 1, PAGE))
#define assert_fails(s)                                                        \
	assert_string_equal(ram_xbzrle_fault((const uint8_t *)(s),             \
					     sizeof(s) - 1, PAGE),             \
			    "decode error")

static void nothing_changed_is_no_byte(void **state)
{
	(void)state;
	assert_decodes("");
}

static void pairs_keep_and_replace(void **state)
{
	(void)state;
	assert_decodes("\2\3abc");
	assert_decodes("\2\3abc\1\1x");
}

static void numbers_take_two_bytes(void **state)
{
	(void)state;
	assert_decodes("\xc8\x01\1x"); /* 200 */
	assert_decodes("\x80\x01\1x"); /* 128 */
}

static void a_third_byte_of_a_number_fails(void **state)
{
	(void)state;
	assert_fails("\x80\x80\1\1x");
	assert_fails("\0\x81\x81\1x");
}

static void only_the_first_kept_run_may_be_empty(void **state)
{
	(void)state;
	assert_decodes("\0\1x");
	assert_fails("\0\1x\0\1y");
}

static void a_new_run_may_not_be_empty(void **state)
{
	(void)state;
	assert_fails("\1\0");
	assert_fails("\1\0\1\1x");
}

static void pairs_are_whole(void **state)
{
	(void)state;
	assert_fails("\1");
	assert_fails("\0\1x\1");
	assert_fails("\1\2x");
	assert_fails("\x80");
	assert_fails("\1\x81");
}

static void runs_stay_within_the_page(void **state)
{
	(void)state;
	assert_decodes("\xff\x1f\1x"); /* 4095 kept, 1 new */
	assert_fails("\xff\x1f\2xy");
	assert_fails("\x80\x20\1x"); /* 4096 kept */
	assert_fails("\x81\x20\1x");
	assert_fails("\xff\x7f\1x");
}

static void kept_bytes_stay(void **state)
{
	static const char delta[] = "\2\3abc\1\1x";
	uint8_t page[PAGE];

	(void)state;
	memset(page, '.', sizeof(page));
	ram_xbzrle_apply((const uint8_t *)delta, sizeof(delta) - 1, page);
	assert_memory_equal(page, "..abc.x..", 9);
	ram_xbzrle_apply((const uint8_t *)"\xff\x1f\1y", 4, page);
	assert_int_equal(page[PAGE - 1], 'y');
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_changed_is_no_byte),
		cmocka_unit_test(pairs_keep_and_replace),
		cmocka_unit_test(numbers_take_two_bytes),
		cmocka_unit_test(a_third_byte_of_a_number_fails),
		cmocka_unit_test(only_the_first_kept_run_may_be_empty),
		cmocka_unit_test(a_new_run_may_not_be_empty),
		cmocka_unit_test(pairs_are_whole),
		cmocka_unit_test(runs_stay_within_the_page),
		cmocka_unit_test(kept_bytes_stay),
	};

	return cmocka_run_group_tests_name("ram-xbzrle", tests, NULL, NULL);
}
