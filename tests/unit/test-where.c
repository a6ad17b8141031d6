/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/buf.h"
#include "base/where.h"

static void assert_path(const struct where *w, const char *want)
{
	struct buf b = { 0 };

	where_render(&b, w);
	assert_false(b.failed);
	assert_string_equal(b.length ? b.data : "", want);
	buf_free(&b);
}

static void path_is_outermost_first(void **state)
{
	struct where a = { .name = TEXT("apic"), .index = -1 };
	struct where b = { .outer = &a, .name = TEXT("timers"), .index = -1 };
	struct where c = { .outer = &b, .name = TEXT("expire"), .index = -1 };

	(void)state;
	assert_path(&a, "apic");
	assert_path(&c, "apic/timers/expire");
}

static void index_follows_its_name(void **state)
{
	struct where a = { .name = TEXT("fdc"), .index = -1 };
	struct where b = { .outer = &a, .name = TEXT("drives"), .index = 0 };
	struct where c = { .outer = &b, .name = TEXT("head"), .index = 12 };

	(void)state;
	assert_path(&c, "fdc/drives[0]/head[12]");
}

static void nameless_frames_leave_no_slash(void **state)
{
	struct where a = { .index = -1 };
	struct where b = { .outer = &a, .name = TEXT("vq"), .index = -1 };
	struct where c = { .outer = &b, .index = 3 };
	struct where d = { .outer = &c, .name = TEXT("num"), .index = -1 };

	(void)state;
	assert_path(NULL, "");
	assert_path(&a, "");
	assert_path(&d, "vq[3]/num");
}

static void names_are_escaped(void **state)
{
	struct where a = { .name = TEXT("x\n\xff"), .index = -1 };
	struct where b = { .outer = &a, .name = TEXT("a\\b"), .index = -1 };

	(void)state;
	assert_path(&b, "x\\x0a\\xff/a\\x5cb");
}

static void text_in_front_is_left_alone(void **state)
{
	struct where a = { .name = TEXT("ram"), .index = -1 };
	struct buf b = { 0 };

	(void)state;
	buf_puts(&b, "at ");
	where_render(&b, &a);
	assert_string_equal(b.data, "at ram");
	buf_free(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(path_is_outermost_first),
		cmocka_unit_test(index_follows_its_name),
		cmocka_unit_test(nameless_frames_leave_no_slash),
		cmocka_unit_test(names_are_escaped),
		cmocka_unit_test(text_in_front_is_left_alone),
	};

	return cmocka_run_group_tests_name("where", tests, NULL, NULL);
}
