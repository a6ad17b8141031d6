/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/names.h"

#include <stdio.h>

#define MANY 5000

static void finds_each_of_many(void **state)
{
	static char text[MANY][8];
	struct names n = { 0 };
	size_t at = 0;

	(void)state;
	assert_false(names_find(&n, TEXT("none"), &at));
	for (size_t i = 0; i < MANY; i++) {
		snprintf(text[i], sizeof(text[i]), "%zu", i);
		assert_true(names_add(&n, text_of(text[i]), i));
	}
	assert_int_equal(n.count, MANY);
	for (size_t i = 0; i < MANY; i++) {
		assert_true(names_find(&n, text_of(text[i]), &at));
		assert_int_equal(at, i);
	}
	assert_false(names_find(&n, TEXT("none"), &at));
	assert_false(names_find(&n, TEXT(""), &at));
	names_free(&n);
}

static void the_newer_value_stays(void **state)
{
	struct names n = { 0 };
	size_t at = 0;

	(void)state;
	assert_true(names_add(&n, TEXT(""), 1));
	assert_true(names_add(&n, TEXT(""), 2));
	assert_int_equal(n.count, 1);
	assert_true(names_find(&n, TEXT(""), &at));
	assert_int_equal(at, 2);
	names_free(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_of_many),
		cmocka_unit_test(the_newer_value_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
