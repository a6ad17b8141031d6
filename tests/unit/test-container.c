/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "../chunks.h"
#include "container/container.h"

struct opened {
	struct reader rd;
	struct faults faults;
	struct arena arena;
	struct container c;
	bool ok;
};

static void open_one(struct opened *o, struct source *src, bool has_offset,
		     uint64_t offset)
{
	const struct container_options options = { .has_offset = has_offset,
						   .offset = offset,
						   .faults = &o->faults,
						   .arena = &o->arena };

	faults_init(&o->faults);
	arena_init(&o->arena, 1 << 20);
	assert_true(rd_init(&o->rd, src));
	o->ok = container_open(&o->rd, &options, &o->c);
}

static void close_one(struct opened *o)
{
	rd_free(&o->rd);
	container_free(&o->c);
	faults_free(&o->faults);
	arena_free(&o->arena);
}

/* Of memory and of a pipe, which must agree. */
static bool open_both(const void *p, size_t n, bool has_offset, uint64_t offset,
		      struct container *ret)
{
	struct opened a, b;

	open_one(&a, source_memory(p, n), has_offset, offset);
	open_one(&b, source_chunks(p, n, 3), has_offset, offset);
	assert_int_equal(a.ok, b.ok);
	if (a.ok) {
		assert_int_equal(a.c.kind, b.c.kind);
		assert_string_equal(a.c.name, b.c.name);
		assert_int_equal(a.c.leading, b.c.leading);
		assert_int_equal(rd_tell(&a.rd), a.c.leading);
		assert_int_equal(rd_tell(&b.rd), a.c.leading);
	}
	*ret = a.c;
	close_one(&a);
	close_one(&b);
	return a.ok;
}

static void a_stream_starts_with_its_magic(void **state)
{
	struct container c;

	(void)state;
	assert_true(open_both("QEVM\0\0\0\3", 8, false, 0, &c));
	assert_int_equal(c.kind, CONTAINER_STREAM);
	assert_string_equal(c.name, "stream");
	assert_int_equal(c.leading, 0);
}

static void a_channel_is_recognised(void **state)
{
	struct container c;

	(void)state;
	assert_true(open_both("\x11\x22\x33\x44....", 8, false, 0, &c));
	assert_int_equal(c.kind, CONTAINER_CHANNEL);
}

static void what_others_read_is_named(void **state)
{
	static const char *const inputs[][2] = {
		{ "\177ELF\2\1\1", "ELF file" },
		{ "KDUMP   ", "kdump memory dump" },
		{ "PAGEDU64", "Windows memory dump" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		struct container c;

		assert_true(open_both(inputs[i][0], strlen(inputs[i][0]), false,
				      0, &c));
		assert_int_equal(c.kind, CONTAINER_FOREIGN);
		assert_string_equal(c.name, inputs[i][1]);
	}
}

static void anything_else_may_be_a_damaged_stream(void **state)
{
	struct container c;

	(void)state;
	assert_true(open_both("QEVL\0\0\0\3", 8, false, 0, &c));
	assert_int_equal(c.kind, CONTAINER_STREAM);
	assert_string_equal(c.name, "unknown");
	assert_true(open_both("Q", 1, false, 0, &c));
	assert_int_equal(c.kind, CONTAINER_STREAM);
	assert_true(open_both("", 0, false, 0, &c));
	assert_int_equal(c.kind, CONTAINER_STREAM);
}

static void leading_zeros_are_passed_over(void **state)
{
	char bytes[5000] = { 0 };
	struct container c;

	(void)state;
	memcpy(bytes + 4096, "QEVM\0\0\0\3", 8);
	assert_true(open_both(bytes, sizeof(bytes), false, 0, &c));
	assert_string_equal(c.name, "stream");
	assert_int_equal(c.leading, 4096);
}

static void nothing_but_zeros_is_no_stream(void **state)
{
	char bytes[5000] = { 0 };
	struct container c;

	(void)state;
	assert_true(open_both(bytes, sizeof(bytes), false, 0, &c));
	assert_string_equal(c.name, "unknown");
	assert_int_equal(c.leading, sizeof(bytes));
}

static void a_given_offset_is_taken_as_it_is(void **state)
{
	struct container c;

	(void)state;
	assert_true(open_both("xxQEVM\0\0\0\3", 10, true, 2, &c));
	assert_string_equal(c.name, "stream");
	assert_int_equal(c.leading, 2);
	assert_true(open_both("\0\0QEVM\0\0\0\3", 10, true, 1, &c));
	assert_string_equal(c.name, "unknown");
	assert_int_equal(c.leading, 1);
}

static void an_image_that_ends_early_says_so(void **state)
{
	static const char *const inputs[][2] = {
		{ "LibvirtQemudSave", "libvirt save image: cut short inside "
				      "its header" },
		{ "QFI\xfb....", "qcow2 image: cut short inside its header" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		struct opened o;

		open_one(&o, source_memory(inputs[i][0], strlen(inputs[i][0])),
			 false, 0);
		assert_true(o.ok);
		assert_true(o.c.refused);
		assert_string_equal(o.c.problem.data, inputs[i][1]);
		close_one(&o);
	}
}

static void an_offset_behind_the_end_fails(void **state)
{
	struct container c;

	(void)state;
	assert_false(open_both("QEVM", 4, true, 5, &c));
	assert_false(open_both("QEVM", 4, true, UINT64_MAX, &c));
	assert_true(open_both("QEVM", 4, true, 4, &c));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_starts_with_its_magic),
		cmocka_unit_test(a_channel_is_recognised),
		cmocka_unit_test(what_others_read_is_named),
		cmocka_unit_test(anything_else_may_be_a_damaged_stream),
		cmocka_unit_test(leading_zeros_are_passed_over),
		cmocka_unit_test(nothing_but_zeros_is_no_stream),
		cmocka_unit_test(a_given_offset_is_taken_as_it_is),
		cmocka_unit_test(an_image_that_ends_early_says_so),
		cmocka_unit_test(an_offset_behind_the_end_fails),
	};

	return cmocka_run_group_tests_name("container", tests, NULL, NULL);
}
