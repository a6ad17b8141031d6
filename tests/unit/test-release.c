/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "wire/release.h"

static void assert_release(struct desc_style style, const char *first_device,
			   enum release wanted)
{
	struct desc_device device = { .name = text_of(first_device) };
	struct desc d = { .style = style,
			  .devices = &device,
			  .device_count = first_device ? 1 : 0 };
	struct walk w = { .desc = &d };
	struct walk hinted = { .hint = &d };

	assert_int_equal(release_of(&w), wanted);
	assert_int_equal(release_of(&hinted), wanted);
}

static void the_json_tells(void **state)
{
	typedef struct desc_style s;

	(void)state;
	assert_release((s){ .spaced = true }, NULL, RELEASE_5_2);
	assert_release((s){ .indexed = true }, NULL, RELEASE_7_2);
	assert_release((s){ .configuration = true, .indexed = true }, NULL,
		       RELEASE_10_0);
	assert_release((s){ .configuration = true, .repeated = true }, NULL,
		       RELEASE_11_0);
	assert_release((s){ .configuration = true,
			    .ptr_marker = true,
			    .indexed = true },
		       NULL, RELEASE_11_0);
}

static void apic_comes_first_since_10_2(void **state)
{
	typedef struct desc_style s;

	(void)state;
	assert_release((s){ .configuration = true, .indexed = true }, "apic",
		       RELEASE_10_2);
	assert_release((s){ .configuration = true }, "apic", RELEASE_11_0);
	assert_release((s){ .configuration = true }, "timer", RELEASE_10_0);
	assert_release((s){ 0 }, "apic", RELEASE_7_2);
}

static void without_json_the_id_of_ram_tells(void **state)
{
	struct section ram = { .name = TEXT("ram"), .live = true };
	struct section apic = { .name = TEXT("apic") };
	struct section *opened[] = { &ram, &apic };
	struct walk w = { .opened = opened, .section_count = 1 };

	(void)state;
	ram.id = 1;
	assert_int_equal(release_of(&w), RELEASE_10_0);
	w.section_count = 2;
	assert_int_equal(release_of(&w), RELEASE_11_0);
	ram.id = 2;
	assert_int_equal(release_of(&w), RELEASE_7_2);
	ram.id = 3; /* a slirp, which is cut off */
	assert_int_equal(release_of(&w), RELEASE_5_2);
	ram.id = 4;
	assert_int_equal(release_of(&w), RELEASE_UNKNOWN);
}

static void nothing_tells_nothing(void **state)
{
	struct walk w = { 0 };

	(void)state;
	assert_int_equal(release_of(&w), RELEASE_UNKNOWN);
	assert_null(release_name(RELEASE_UNKNOWN));
	for (int r = RELEASE_5_2; r <= RELEASE_11_0; r++)
		assert_non_null(release_name((enum release)r));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_json_tells),
		cmocka_unit_test(apic_comes_first_since_10_2),
		cmocka_unit_test(without_json_the_id_of_ram_tells),
		cmocka_unit_test(nothing_tells_nothing),
	};

	return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
