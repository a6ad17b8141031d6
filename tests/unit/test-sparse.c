/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "ram/pages.h"
#include "ram/sparse.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/migscope-sparse.XXXXXX";
static char path[64];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/out", dir);
	return 0;
}

/* Fails if anything was left in it. */
static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void the_name_appears_at_the_end(void **state)
{
	struct sparse f;
	struct stat st;

	(void)state;
	assert_true(sparse_create(&f, path));
	assert_true(sparse_write(&f, 8192, "abc", 3));
	assert_int_not_equal(stat(path, &st), 0);
	assert_true(sparse_commit(&f, 65536));
	sparse_close(&f);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 65536);
	assert_int_equal(unlink(path), 0);
}

static void without_commit_nothing_is_left(void **state)
{
	struct sparse f;
	struct stat st;

	(void)state;
	assert_true(sparse_create(&f, path));
	assert_true(sparse_write(&f, 0, "abc", 3));
	sparse_close(&f);
	assert_int_not_equal(stat(path, &st), 0);
}

static void only_regular_files_are_replaced(void **state)
{
	struct sparse f;

	(void)state;
	assert_false(sparse_create(&f, "/dev/null"));
	assert_non_null(strstr(f.why, "regular"));
	sparse_close(&f);
	assert_false(sparse_create(&f, "/nowhere/at/all"));
	sparse_close(&f);
}

static void what_was_written_last_is_read(void **state)
{
	uint8_t got[8192];
	struct sparse f;

	(void)state;
	assert_true(sparse_scratch(&f));
	memset(got, 0x11, sizeof(got));
	assert_true(sparse_write(&f, 4096, got, 4096));
	assert_true(sparse_write(&f, 8192, got, 4096));
	assert_true(sparse_clear(&f, 8192, 4096));
	assert_true(sparse_write(&f, 4100, "new", 3));
	assert_true(sparse_read(&f, 4096, got, 8192));
	assert_memory_equal(got, "\x11\x11\x11\x11new\x11", 8);
	assert_int_equal(got[4095], 0x11);
	assert_int_equal(got[4096], 0);
	/* behind the end */
	assert_true(sparse_read(&f, 1 << 20, got, 16));
	assert_int_equal(got[0], 0);
	sparse_close(&f);
}

/* More pieces than are written at once, one behind the other and not, and
 * copies in between. */
static void pieces_are_written_where_they_belong(void **state)
{
	enum { N = 3 * SPARSE_PIECES + 7, STEP = 24 };
	static uint8_t bytes[STEP * N], got[16 * N];
	struct sparse f;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 >> 3);
	assert_true(sparse_scratch(&f));
	assert_true(sparse_write(&f, 0, bytes, 16));
	for (size_t i = 1; i < N; i++)
		if (i % 5 == 4)
			assert_true(
				sparse_write(&f, 16 * i, bytes + STEP * i, 16));
		else
			assert_true(sparse_gather(&f, 16 * i, bytes + STEP * i,
						  16));
	assert_true(sparse_gather(&f, 32, "over what is", 12));
	assert_true(sparse_gather(&f, 44, " there", 4));
	assert_true(sparse_settle(&f));
	assert_true(sparse_read(&f, 0, got, sizeof(got)));
	for (size_t i = 0; i < N; i++)
		if (i != 2)
			assert_memory_equal(got + 16 * i, bytes + STEP * i, 16);
	assert_memory_equal(got + 32, "over what is the", 16);
	sparse_close(&f);
}

/* A write that is cut short goes on inside a piece. */
static void pieces_stop_where_a_file_may_not_grow(void **state)
{
	struct rlimit old, limit;
	struct sparse f;
	char got[8];

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 7;
	signal(SIGXFSZ, SIG_IGN);
	assert_true(sparse_scratch(&f));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_true(sparse_gather(&f, 0, "abcd", 4));
	assert_true(sparse_gather(&f, 4, "efgh", 4));
	assert_false(sparse_settle(&f));
	assert_non_null(strstr(f.why, "File too large"));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(pread(f.fd, got, sizeof(got), 0), 7);
	assert_memory_equal(got, "abcdefg", 7);
	sparse_close(&f);
}

/* In KiB, the most there was until now. */
static long memory(void)
{
	struct rusage u;

	assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
	return u.ru_maxrss;
}

static void pages_are_counted_by_state(void **state)
{
	long before;
	struct pages p;
	uint64_t n[3];

	(void)state;
	assert_true(pages_open(&p, 1001, true));
	for (uint64_t i = 0; i < 900; i++)
		pages_set(&p, i, i < 100 ? PAGE_DATA : PAGE_ZERO);
	pages_set(&p, 1000, PAGE_DATA);
	pages_count(&p, n);
	assert_int_equal(n[PAGE_NEVER], 100);
	assert_int_equal(n[PAGE_ZERO], 800);
	assert_int_equal(n[PAGE_DATA], 101);
	assert_true(pages_take_turn(&p, 5, 2));
	assert_false(pages_take_turn(&p, 5, 1));
	assert_true(pages_take_turn(&p, 5, 2));
	assert_int_equal(pages_next_sent(&p, 3), 3);
	assert_int_equal(pages_next_sent(&p, 900), 1000);
	pages_close(&p);
	/* far apart */
	before = memory();
	assert_true(pages_open(&p, UINT64_C(1) << 33, false));
	pages_set(&p, UINT64_C(1) << 32, PAGE_ZERO);
	assert_int_equal(pages_next_sent(&p, 1), UINT64_C(1) << 32);
	assert_int_equal(pages_next_sent(&p, (UINT64_C(1) << 32) + 1), p.count);
	pages_count(&p, n);
	assert_int_equal(n[PAGE_NEVER], p.count - 1);
	/* the tables, of 2 GiB, were not looked through */
	assert_true(memory() - before < 65536);
	pages_close(&p);
	assert_false(pages_open(&p, UINT64_MAX, false));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_appears_at_the_end),
		cmocka_unit_test(without_commit_nothing_is_left),
		cmocka_unit_test(only_regular_files_are_replaced),
		cmocka_unit_test(what_was_written_last_is_read),
		cmocka_unit_test(pieces_are_written_where_they_belong),
		cmocka_unit_test(pieces_stop_where_a_file_may_not_grow),
		cmocka_unit_test(pages_are_counted_by_state),
	};

	return cmocka_run_group_tests_name("sparse", tests, make_dir,
					   remove_dir);
}
