/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "walked.h"

#include "wire/ram.h"

static void a_command_is_one_record(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\x08\0\1\0\0rest"));
	assert_true(walk_command(&x.w));
	assert_no_fault(&x);
	assert_true(x.w.return_path);
	assert_int_equal(x.count, 1);
	assert_int_equal(x.records[0].kind, MS_COMMAND);
	assert_int_equal(x.records[0].length, 5);
	assert_true(text_is(x.records[0].name, "OPEN_RETURN_PATH"));
	assert_int_equal(rd_tell(&x.rd), 5);
	walked_end(&x);
}

static void fixed_lengths_are_checked(void **state)
{
	/* length of the payload that each has; -1: more than one, or (11) a
	 * release that knows no such command at all */
	static const int lengths[] = {
		-1, 0, 4, -1, 0, 0, -1, 4, 0, 0, -1, -1
	};

	(void)state;
	for (int n = 1; n < 12; n++) {
		char bytes[5 + 7] = { 8, 0, (char)n, 0, 7 };
		struct walked x;

		if (lengths[n] < 0)
			continue;
		walked_start(&x, bytes, sizeof(bytes));
		walk_command(&x.w);
		assert_fault(&x, F_COMMAND_LENGTH);
		assert_int_equal(x.faults.list[0].a, lengths[n]);
		assert_int_equal(x.faults.list[0].b, 7);
		walked_end(&x);
	}
}

static void numbers_from_12_on_are_unknown(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\x08\0\x0c\0\0"));
	assert_false(walk_command(&x.w));
	assert_fault(&x, F_COMMAND_UNKNOWN);
	walked_end(&x);
	walked_start(&x, BYTES("\x08\0\0\0\0"));
	assert_false(walk_command(&x.w));
	assert_fault(&x, F_COMMAND_UNKNOWN);
	walked_end(&x);
}

static void a_command_that_is_cut_claims_nothing(void **state)
{
	(void)state;
	for (size_t n = 1; n < 9; n++) {
		struct walked x;

		walked_start(&x, "\x08\0\2\0\4\0\0\0\1", n);
		assert_false(walk_command(&x.w));
		assert_fault(&x, F_TRUNCATED);
		assert_int_equal(x.count, 0);
		walked_end(&x);
	}
}

static void a_ping_needs_a_return_path(void **state)
{
	static const char ping[] = "\x08\0\2\0\4\0\0\0\1";
	struct walked x;

	(void)state;
	walked_start(&x, BYTES(ping));
	assert_true(walk_command(&x.w));
	assert_fault(&x, F_COMMAND_NO_RETURN_PATH);
	walked_end(&x);
	walked_start(&x, BYTES(ping));
	x.w.return_path = true;
	assert_true(walk_command(&x.w));
	assert_no_fault(&x);
	walked_end(&x);
}

static void postcopy_goes_through_its_states(void **state)
{
	static const char bytes[] = "\x08\0\3\0\0"
				    "\x08\0\4\0\0"
				    "\x08\0\5\0\0";
	struct walked x;

	(void)state;
	walked_start(&x, BYTES(bytes));
	assert_true(walk_command(&x.w));
	assert_int_equal(x.w.postcopy, POSTCOPY_ADVISE);
	assert_true(walk_command(&x.w));
	assert_int_equal(x.w.postcopy, POSTCOPY_LISTENING);
	assert_true(walk_command(&x.w));
	assert_int_equal(x.w.postcopy, POSTCOPY_RUNNING);
	assert_no_fault(&x);
	walked_end(&x);
}

static void each_state_wants_the_one_before(void **state)
{
	/* bit set of the states in which command 3, 4, 5 may come */
	static const unsigned allowed[] = { 1, 2 | 4, 8 };

	(void)state;
	for (int n = 3; n <= 5; n++)
		for (int s = POSTCOPY_NONE; s <= POSTCOPY_RUNNING; s++) {
			char bytes[] = { 8, 0, (char)n, 0, 0 };
			struct walked x;

			walked_start(&x, bytes, sizeof(bytes));
			x.w.postcopy = (enum postcopy_state)s;
			assert_true(walk_command(&x.w));
			if (allowed[n - 3] >> s & 1)
				assert_no_fault(&x);
			else
				assert_fault(&x, F_COMMAND_STATE);
			walked_end(&x);
		}
}

static void a_discard_names_a_block_that_exists(void **state)
{
	static const char discard[] = "\x08\0\6\0\x16\0\3ram\0"
				      "\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x10\0";
	struct walked x;
	bool fresh;

	(void)state;
	walked_start(&x, BYTES(discard));
	x.w.postcopy = POSTCOPY_ADVISE;
	assert_true(walk_command(&x.w));
	assert_fault(&x, F_COMMAND_DISCARD_BLOCK);
	walked_end(&x);
	walked_start(&x, BYTES(discard));
	x.w.postcopy = POSTCOPY_ADVISE;
	assert_non_null(ram_add(&x.w, TEXT("ram"), &fresh));
	assert_true(walk_command(&x.w));
	assert_no_fault(&x);
	walked_end(&x);
}

static void a_discard_name_longer_than_the_command_is_caught(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\x08\0\6\0\x14\0\xff"
			       "aaaaaaaaaaaaaaaaaa"));
	x.w.postcopy = POSTCOPY_ADVISE;
	assert_true(walk_command(&x.w));
	assert_fault(&x, F_COMMAND_DISCARD);
	walked_end(&x);
}

static void recv_bitmap_is_as_long_as_its_name(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\x08\0\x0a\0\3\3ab"));
	assert_true(walk_command(&x.w));
	assert_fault(&x, F_COMMAND_RECV_BITMAP);
	walked_end(&x);
	walked_start(&x, BYTES("\x08\0\x0a\0\0"));
	assert_true(walk_command(&x.w));
	assert_fault(&x, F_COMMAND_RECV_BITMAP);
	walked_end(&x);
}

static void damage_in_a_package_stays_there(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\x08\0\7\0\4\0\0\0\3"
			       "\x7f\x7f\x7f"
			       "rest"));
	assert_true(walk_command(&x.w));
	assert_fault(&x, F_SECTION_TYPE);
	assert_int_equal(rd_tell(&x.rd), 12);
	assert_int_equal(rd_left(&x.rd), 4);
	assert_int_equal(x.w.sink.open_count, 0);
	walked_end(&x);
}

static void a_package_is_there_whole(void **state)
{
	struct walked x;

	(void)state;
	walked_start(&x, BYTES("\x08\0\7\0\4\xff\xff\xff\xff"
			       "\x08\0\1\0\0"));
	assert_false(walk_command(&x.w));
	assert_fault(&x, F_PACKAGE_CUT);
	walked_end(&x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_one_record),
		cmocka_unit_test(fixed_lengths_are_checked),
		cmocka_unit_test(numbers_from_12_on_are_unknown),
		cmocka_unit_test(a_command_that_is_cut_claims_nothing),
		cmocka_unit_test(a_ping_needs_a_return_path),
		cmocka_unit_test(postcopy_goes_through_its_states),
		cmocka_unit_test(each_state_wants_the_one_before),
		cmocka_unit_test(a_discard_names_a_block_that_exists),
		cmocka_unit_test(
			a_discard_name_longer_than_the_command_is_caught),
		cmocka_unit_test(recv_bitmap_is_as_long_as_its_name),
		cmocka_unit_test(damage_in_a_package_stays_there),
		cmocka_unit_test(a_package_is_there_whole),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
