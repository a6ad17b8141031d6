/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "decode/items.h"

#define HEADER "\4\0\0\0\7\3abc\0\0\0\0\0\0\0\1"
#define HEADER_SIZE (sizeof(HEADER) - 1)
#define FOOTER "\x7e\0\0\0\7"

/* All looks are at memory: p, n. */
static struct reader on(const void *p, size_t n)
{
	struct reader rd;

	assert_true(rd_init(&rd, source_memory(p, n)));
	return rd;
}

#define WITH(rd, s) struct reader rd = on((s), sizeof(s) - 1)

static void a_header_has_a_printable_name(void **state)
{
	WITH(good, HEADER);
	WITH(bad, "\4\0\0\0\7\3a\1c\0\0\0\0\0\0\0\1");
	WITH(none, "\4\0\0\0\7\0\0\0\0\0\0\0\0\1");

	(void)state;
	assert_true(item_header_at(&good, 0, UINT64_MAX));
	assert_false(item_header_at(&bad, 0, UINT64_MAX));
	assert_false(item_header_at(&none, 0, UINT64_MAX));
	rd_free(&good);
	rd_free(&bad);
	rd_free(&none);
}

static void a_header_has_a_small_version(void **state)
{
	WITH(most, "\4\0\0\0\7\3abc\0\0\0\0\0\0\xff\xff");
	WITH(more, "\4\0\0\0\7\3abc\0\0\0\0\0\1\0\0");

	(void)state;
	assert_true(item_header_at(&most, 0, UINT64_MAX));
	assert_false(item_header_at(&more, 0, UINT64_MAX));
	rd_free(&most);
	rd_free(&more);
}

static void a_header_is_there_whole(void **state)
{
	(void)state;
	for (size_t n = 0; n < HEADER_SIZE; n++) {
		struct reader rd = on(HEADER, n);

		assert_false(item_header_at(&rd, 0, UINT64_MAX));
		rd_free(&rd);
	}
}

static void a_limit_hides_what_is_behind_it(void **state)
{
	WITH(rd, HEADER);

	(void)state;
	assert_true(item_header_at(&rd, 0, HEADER_SIZE));
	assert_false(item_header_at(&rd, 0, HEADER_SIZE - 1));
	assert_false(item_plausible(&rd, 3, 3, false));
	assert_true(item_plausible(&rd, 3, 3, true));
	rd_free(&rd);
}

static void only_start_and_full_have_headers(void **state)
{
	(void)state;
	for (int type = 0; type < 256; type++) {
		char bytes[] = HEADER;
		struct reader rd;

		bytes[0] = (char)type;
		rd = on(bytes, HEADER_SIZE);
		assert_int_equal(item_header_at(&rd, 0, UINT64_MAX),
				 type == ITEM_START || type == ITEM_FULL);
		rd_free(&rd);
	}
}

static void parts_and_commands_need_their_five_bytes(void **state)
{
	WITH(part, "\2\0\0\0\1");
	WITH(cut, "\2\0\0\0");
	WITH(command, "\x08\0\1\0\0");
	WITH(unknown, "\x08\1\0\0\0");

	(void)state;
	assert_true(item_plausible(&part, 0, UINT64_MAX, false));
	assert_false(item_plausible(&cut, 0, UINT64_MAX, false));
	assert_true(item_plausible(&command, 0, UINT64_MAX, false));
	assert_false(item_plausible(&unknown, 0, UINT64_MAX, false));
	rd_free(&part);
	rd_free(&cut);
	rd_free(&command);
	rd_free(&unknown);
}

static void a_subsection_is_no_item(void **state)
{
	WITH(rd, "\5\3abc\0\0\0\1\0\0\0\0\0\0\0\0\0");

	(void)state;
	assert_false(item_plausible(&rd, 0, UINT64_MAX, false));
	rd_free(&rd);
}

static void a_footer_is_one_only_before_an_item(void **state)
{
	WITH(item, FOOTER HEADER);
	WITH(end, FOOTER);
	WITH(eof, FOOTER "\0");
	WITH(noise, FOOTER "\x55\x55\x55\x55");

	(void)state;
	assert_true(item_footer_at(&item, 0, UINT64_MAX, 7));
	assert_false(item_footer_at(&item, 0, UINT64_MAX, 8));
	assert_true(item_footer_at(&end, 0, UINT64_MAX, 7));
	assert_true(item_footer_at(&eof, 0, UINT64_MAX, 7));
	assert_false(item_footer_at(&noise, 0, UINT64_MAX, 7));
	rd_free(&item);
	rd_free(&end);
	rd_free(&eof);
	rd_free(&noise);
}

static void the_first_real_footer_is_found(void **state)
{
	/* one in front of noise, one with another id, the real one */
	static const char bytes[] = "xx" FOOTER "\x55\x55"
				    "\x7e\0\0\0\x8\0" FOOTER "\0";
	WITH(rd, bytes);

	(void)state;
	assert_true(item_find_footer(&rd, 0, UINT64_MAX, 7) == 15);
	assert_true(item_find_footer(&rd, 16, UINT64_MAX, 7) == UINT64_MAX);
	assert_true(item_find_footer(&rd, 0, 19, 7) == UINT64_MAX);
	assert_true(item_find_footer(&rd, 0, UINT64_MAX, 9) == UINT64_MAX);
	rd_free(&rd);
}

/* The id of the footer and an end marker are zeros, and so is much data. */
static void a_footer_among_zeros_is_the_last_choice(void **state)
{
	static const char bytes[] = "\x7e\0\0\0\0\0\0xx"
				    "\x7e\0\0\0\0\0\6{}";
	WITH(rd, bytes);

	(void)state;
	assert_true(item_find_footer(&rd, 0, UINT64_MAX, 0) == 9);
	assert_true(item_find_footer(&rd, 0, 9, 0) == 0);
	rd_free(&rd);
}

static void a_header_is_found_across_many_starts(void **state)
{
	enum { NOISE = 200000 };
	char *bytes = malloc(NOISE + HEADER_SIZE);
	struct reader rd;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, ITEM_FULL, NOISE);
	memcpy(bytes + NOISE, HEADER, HEADER_SIZE);
	rd = on(bytes, NOISE + HEADER_SIZE);
	assert_true(item_find_header(&rd, 0, UINT64_MAX) == NOISE);
	assert_true(item_find_header(&rd, NOISE, UINT64_MAX) == NOISE);
	assert_true(item_find_header(&rd, NOISE + 1, UINT64_MAX) == UINT64_MAX);
	assert_true(item_find_header(&rd, 0, NOISE + HEADER_SIZE - 1) ==
		    UINT64_MAX);
	rd_free(&rd);
	free(bytes);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_has_a_printable_name),
		cmocka_unit_test(a_header_has_a_small_version),
		cmocka_unit_test(a_header_is_there_whole),
		cmocka_unit_test(a_limit_hides_what_is_behind_it),
		cmocka_unit_test(only_start_and_full_have_headers),
		cmocka_unit_test(parts_and_commands_need_their_five_bytes),
		cmocka_unit_test(a_subsection_is_no_item),
		cmocka_unit_test(a_footer_is_one_only_before_an_item),
		cmocka_unit_test(the_first_real_footer_is_found),
		cmocka_unit_test(a_footer_among_zeros_is_the_last_choice),
		cmocka_unit_test(a_header_is_found_across_many_starts),
	};

	return cmocka_run_group_tests_name("items", tests, NULL, NULL);
}
