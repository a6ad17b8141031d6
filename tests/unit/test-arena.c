/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/arena.h"

#include <stdalign.h>

static void memory_is_zeroed_and_aligned(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t n = 0; n < 300; n++) {
		unsigned char *p = arena_alloc(&a, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	arena_free(&a);
}

static void pieces_do_not_overlap(void **state)
{
	enum { N = 500 };
	unsigned char *p[N];
	struct arena a;

	(void)state;
	arena_init(&a, 64 << 20);
	for (size_t i = 0; i < N; i++) {
		/* some larger than a chunk */
		size_t n = i % 50 ? i + 1 : 100000;

		p[i] = arena_alloc(&a, n);
		assert_non_null(p[i]);
		memset(p[i], (int)(i & 0xff), n);
	}
	for (size_t i = 0; i < N; i++) {
		size_t n = i % 50 ? i + 1 : 100000;

		for (size_t j = 0; j < n; j++)
			assert_int_equal(p[i][j], i & 0xff);
	}
	arena_free(&a);
}

static void cap_is_never_exceeded(void **state)
{
	struct arena a;
	size_t n = 0;

	(void)state;
	arena_init(&a, 1000);
	assert_null(arena_alloc(&a, 1001));
	while (arena_alloc(&a, 16))
		n++;
	assert_int_equal(n, 1000 / 16);
	assert_true(a.used <= a.cap);
	assert_null(arena_alloc(&a, 16));
	arena_free(&a);
	/* used again after it was freed */
	assert_non_null(arena_alloc(&a, 16));
	arena_free(&a);
}

static void overflowing_sizes_are_refused(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, SIZE_MAX);
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_alloc(&a, SIZE_MAX - 8));
	assert_null(arena_array(&a, SIZE_MAX / 2, 3));
	assert_null(arena_array(&a, 3, SIZE_MAX / 2));
	assert_non_null(arena_array(&a, 0, SIZE_MAX));
	assert_non_null(arena_array(&a, 7, 0));
	assert_null(arena_text(&a, text_make("", SIZE_MAX)).bytes);
	arena_free(&a);
}

static void text_is_copied_and_terminated(void **state)
{
	char name[] = "timer\0x";
	struct ms_text t;
	struct arena a;

	(void)state;
	arena_init(&a, 100);
	t = arena_text(&a, text_make(name, 7));
	memset(name, '!', sizeof(name));
	assert_int_equal(t.length, 7);
	assert_memory_equal(t.bytes, "timer\0x", 8);
	t = arena_text(&a, text_make(NULL, 0));
	assert_non_null(t.bytes);
	assert_string_equal(t.bytes, "");
	arena_free(&a);
	/* the NUL counts, too */
	arena_init(&a, 16);
	assert_null(arena_text(&a, TEXT("0123456789abcdef")).bytes);
	assert_non_null(arena_text(&a, TEXT("0123456789abcde")).bytes);
	arena_free(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(cap_is_never_exceeded),
		cmocka_unit_test(overflowing_sizes_are_refused),
		cmocka_unit_test(text_is_copied_and_terminated),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
