/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "schema/machines.h"
#include "schema/sources.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

static const char text[] =
	"{\"migscope_schema\": 1, \"machines\": ["
	"{\"name\": \"board\"},"
	"{\"name\": \"pc-i440fx-10.0\", \"alias\": \"pc\"},"
	"{\"name\": \"pc-i440fx-4.0.1\", \"compat\": [2]},"
	"{\"name\": \"pc-i440fx-2.4\", \"compat\": [2, 0]}],"
	"\"compat\": ["
	"{\"name\": \"old\", \"properties\": [[\"d\", \"p\", \"1\"]]},"
	"{\"name\": \"none has it\", \"properties\": []},"
	"{\"name\": \"new\", \"properties\": ["
	"[\"d\", \"p\", \"2\"], [\"d\", \"p\", \"3\"], [\"e\", \"p\", \"4\"]]}"
	"]}";

static struct schema *sample(void)
{
	char why[160] = "";
	struct schema *s = schema_from_file(text, strlen(text), why, 160);

	assert_string_equal(why, "");
	assert_non_null(s);
	return s;
}

static const char *value_of(const struct schema *s, const char *machine,
			    const char *driver, const char **ret_list)
{
	const struct schema_compat *list = NULL;
	const struct schema_property *p =
		machine_property(s, machine_find(s, text_of(machine)),
				 text_of(driver), TEXT("p"), &list);

	*ret_list = p ? list->name.bytes : "";
	return p ? p->value.bytes : "";
}

static void the_last_entry_of_a_property_holds(void **state)
{
	struct schema *s = sample();
	const char *list;

	(void)state;
	assert_string_equal(value_of(s, "pc-i440fx-2.4", "d", &list), "1");
	assert_string_equal(list, "old");
	assert_string_equal(value_of(s, "pc-i440fx-4.0.1", "d", &list), "3");
	assert_string_equal(list, "new");
	assert_string_equal(value_of(s, "pc-i440fx-2.4", "e", &list), "4");
	assert_string_equal(value_of(s, "pc-i440fx-10.0", "d", &list), "");
	assert_string_equal(value_of(s, "pc-i440fx-2.4", "f", &list), "");
	schema_free(s);
}

static void a_list_that_no_machine_type_has_is_dropped(void **state)
{
	struct schema *s = sample(), *both = schema_merge(s, s);
	const char *list;

	(void)state;
	assert_int_equal(s->compat_count, 2);
	assert_non_null(both);
	assert_int_equal(both->machine_count, 4);
	assert_int_equal(both->compat_count, 2);
	assert_string_equal(value_of(both, "pc-i440fx-2.4", "d", &list), "1");
	schema_free(both);
	schema_free(s);
}

static void names_and_aliases_are_found(void **state)
{
	struct schema *s = sample();

	(void)state;
	assert_non_null(machine_find(s, TEXT("board")));
	assert_null(machine_find(s, TEXT("pc")));
	assert_null(machine_find(s, TEXT("")));
	assert_ptr_equal(machine_of_alias(s, TEXT("pc")),
			 machine_find(s, TEXT("pc-i440fx-10.0")));
	assert_null(machine_of_alias(s, TEXT("")));
	schema_free(s);
}

static void versions_are_the_numbers_behind_the_last_dash(void **state)
{
	(void)state;
	assert_int_equal(machine_version(TEXT("pc-i440fx-10.0")), 100000);
	assert_int_equal(machine_version(TEXT("pc-q35-4.0.1")), 40001);
	assert_int_equal(machine_version(TEXT("virt")), 0);
	assert_int_equal(machine_version(TEXT("pc-q35-rhel9")), 0);
	assert_int_equal(machine_version(TEXT("a-1.2.3.4")), 0);
	assert_int_equal(machine_version(TEXT("a-99999999999.1")), 0);
	assert_int_equal(machine_version(TEXT("")), 0);
	assert_int_equal(machine_family(TEXT("pc-i440fx-10.0")).length, 10);
	assert_int_equal(machine_family(TEXT("pc-q35-noble")).length, 0);
}

static void check_nearest(const struct schema *s, const char *name,
			  const char *nearest, enum machine_place place)
{
	enum machine_place got;
	const struct schema_machine *m =
		machine_nearest(s, text_of(name), &got);

	assert_string_equal(m ? m->name.bytes : "", nearest);
	if (m)
		assert_int_equal(got, place);
}

static void the_nearest_version_and_its_side_are_told(void **state)
{
	struct schema *s = sample();

	(void)state;
	check_nearest(s, "pc-i440fx-2.3", "pc-i440fx-2.4", MACHINE_BEFORE_ALL);
	check_nearest(s, "pc-i440fx-11.1", "pc-i440fx-10.0", MACHINE_AFTER_ALL);
	check_nearest(s, "pc-i440fx-4.1", "pc-i440fx-4.0.1", MACHINE_BETWEEN);
	check_nearest(s, "pc-q35-4.1", "", MACHINE_BETWEEN);
	check_nearest(s, "board", "", MACHINE_BETWEEN);
	schema_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_entry_of_a_property_holds),
		cmocka_unit_test(a_list_that_no_machine_type_has_is_dropped),
		cmocka_unit_test(names_and_aliases_are_found),
		cmocka_unit_test(versions_are_the_numbers_behind_the_last_dash),
		cmocka_unit_test(the_nearest_version_and_its_side_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
