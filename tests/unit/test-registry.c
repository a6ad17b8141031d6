/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "replay/registry.h"

#define DEVICE(idstr, number, vmsd_name)                                       \
	{                                                                      \
		.name = TEXT(idstr), .instance = (number), .object = {         \
			.vmsd = TEXT(vmsd_name)                                \
		}                                                              \
	}

static struct desc_device devices[] = {
	DEVICE("timer", 0, "timer"),
	DEVICE("i8259", 0, "i8259"),
	DEVICE("i8259", 1, "i8259"),
	DEVICE("mc146818rtc", 0, "mc146818rtc"),
	DEVICE("0000:00:02.0/e1000", 0, "e1000"),
	DEVICE("cpu", 3, "cpu"),
	DEVICE("cpu", 1, "cpu"),
	DEVICE("0000:00:04.0/e1000", 0, "e1000"),
};

#define COUNT (sizeof(devices) / sizeof(devices[0]))
#define NONE UINT32_MAX

static uint32_t find(enum release release, const char *idstr, uint32_t instance)
{
	const struct desc d = { .devices = devices, .device_count = COUNT };
	struct registry r;
	uint32_t found;

	registry_of_desc(&r, &d);
	assert_false(r.failed);
	found = registry_find(&r, release, text_of(idstr), instance);
	registry_free(&r);
	return found;
}

static void name_and_instance_must_be_right(void **state)
{
	(void)state;
	assert_int_equal(find(RELEASE_10_0, "timer", 0), 0);
	assert_int_equal(find(RELEASE_10_0, "i8259", 1), 2);
	assert_int_equal(find(RELEASE_10_0, "cpu", 3), 5);
	assert_int_equal(find(RELEASE_10_0, "cpu", 1), 6);
	assert_int_equal(find(RELEASE_10_0, "cpu", 0), NONE);
	assert_int_equal(find(RELEASE_10_0, "timers", 0), NONE);
	assert_int_equal(find(RELEASE_10_0, "", 0), NONE);
}

static void an_io_address_is_an_alias(void **state)
{
	(void)state;
	assert_int_equal(find(RELEASE_10_0, "i8259", 0x20), 1);
	assert_int_equal(find(RELEASE_10_0, "i8259", 0xa0), 2);
	assert_int_equal(find(RELEASE_10_0, "i8259", 0x30), NONE);
	assert_int_equal(find(RELEASE_10_0, "mc146818rtc", 0x70), 3);
}

static void without_an_alias_minus_one_fits(void **state)
{
	(void)state;
	assert_int_equal(find(RELEASE_10_0, "timer", UINT32_MAX), 0);
	assert_int_equal(find(RELEASE_10_0, "i8259", UINT32_MAX), NONE);
	assert_int_equal(find(RELEASE_10_0, "mc146818rtc", UINT32_MAX), NONE);
	/* it lost its alias */
	assert_int_equal(find(RELEASE_11_0, "mc146818rtc", UINT32_MAX), 3);
	assert_int_equal(find(RELEASE_11_0, "mc146818rtc", 0x70), NONE);
}

static void a_path_may_be_left_out(void **state)
{
	(void)state;
	assert_int_equal(find(RELEASE_10_0, "0000:00:04.0/e1000", 0), 7);
	assert_int_equal(find(RELEASE_10_0, "e1000", 0), 4);
	assert_int_equal(find(RELEASE_10_0, "e1000", 1), 7);
	assert_int_equal(find(RELEASE_10_0, "e1000", 2), NONE);
	assert_int_equal(find(RELEASE_10_0, "e1000", UINT32_MAX), 4);
	assert_int_equal(find(RELEASE_10_0, "1000", 0), NONE);
}

static void an_empty_one_takes_nothing(void **state)
{
	const struct desc d = { 0 };
	struct registry r;

	(void)state;
	registry_of_desc(&r, &d);
	assert_int_equal(registry_find(&r, RELEASE_10_0, TEXT("cpu"), 0), NONE);
	assert_false(registry_named(&r, TEXT("cpu")));
	registry_free(&r);
}

static void names_are_known_whatever_the_instance(void **state)
{
	const struct desc d = { .devices = devices, .device_count = COUNT };
	struct registry r;

	(void)state;
	registry_of_desc(&r, &d);
	assert_true(registry_named(&r, TEXT("cpu")));
	assert_false(registry_named(&r, TEXT("cp")));
	assert_false(registry_named(&r, TEXT("e1000")));
	registry_free(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_and_instance_must_be_right),
		cmocka_unit_test(an_io_address_is_an_alias),
		cmocka_unit_test(without_an_alias_minus_one_fits),
		cmocka_unit_test(a_path_may_be_left_out),
		cmocka_unit_test(an_empty_one_takes_nothing),
		cmocka_unit_test(names_are_known_whatever_the_instance),
	};

	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
