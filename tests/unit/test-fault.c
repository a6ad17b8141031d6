/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/fault.h"
#include "base/limits.h"

static void names_path_and_frames_are_copied(void **state)
{
	char block[] = "pc.ram", field[] = "offset", vmsd[] = "ram-state";
	struct where outer = { .name = TEXT("ram"), .index = -1 };
	struct where w = {
		.outer = &outer,
		.kind = WHERE_FIELD,
		.index = 2,
		.name = { field, 6 },
		.vmsd = { vmsd, 9 },
		.type = TEXT("uint64"),
	};
	const struct fault *x;
	struct faults f;

	(void)state;
	faults_init(&f);
	fault_add(&f,
		  &(struct fault){ .code = F_RAM_OFFSET,
				   .offset = 10,
				   .length = 8,
				   .a = 1,
				   .b = 2,
				   .name = { block, 6 },
				   .other = TEXT("o") },
		  &w);
	memset(block, '!', 6);
	memset(field, '!', 6);
	memset(vmsd, '!', 9);
	assert_int_equal(f.count, 1);
	x = &f.list[0];
	assert_int_equal(x->code, F_RAM_OFFSET);
	assert_int_equal(x->offset, 10);
	assert_int_equal(x->length, 8);
	assert_int_equal(x->a, 1);
	assert_int_equal(x->b, 2);
	assert_true(text_is(x->name, "pc.ram"));
	assert_true(text_is(x->other, "o"));
	assert_string_equal(x->path, "ram/offset[2]");
	assert_int_equal(x->frame_count, 2);
	assert_int_equal(x->frames[0].kind, WHERE_FIELD);
	assert_true(text_is(x->frames[0].name, "offset"));
	assert_true(text_is(x->frames[0].vmsd, "ram-state"));
	assert_true(text_is(x->frames[0].type, "uint64"));
	assert_true(text_is(x->frames[1].name, "ram"));
	assert_null(x->frames[1].vmsd.bytes);
	faults_free(&f);
}

static void section_around_is_recorded(void **state)
{
	struct faults f;

	(void)state;
	faults_init(&f);
	fault_add(&f, &(struct fault){ .code = F_MAGIC, .instance = 9 }, NULL);
	f.section = TEXT("timer");
	f.section_id = 3;
	f.instance = 1;
	f.section_type = MS_SECTION_FULL;
	fault_add(&f, &(struct fault){ .code = F_FOOTER_ID }, NULL);
	fault_add(&f,
		  &(struct fault){ .code = F_FOOTER_ID,
				   .section = TEXT("own"),
				   .section_id = 77 },
		  NULL);

	assert_int_equal(f.count, 3);
	assert_int_equal(f.list[0].instance, 9);
	assert_int_equal(f.list[0].section.length, 0);
	assert_string_equal(f.list[0].path, "");
	assert_int_equal(f.list[0].frame_count, 0);
	assert_true(text_is(f.list[1].section, "timer"));
	assert_int_equal(f.list[1].section_id, 3);
	assert_int_equal(f.list[1].instance, 1);
	assert_int_equal(f.list[1].section_type, MS_SECTION_FULL);
	assert_true(text_is(f.list[2].section, "own"));
	assert_int_equal(f.list[2].section_id, 77);
	faults_free(&f);
}

static void faults_past_the_cap_are_counted(void **state)
{
	struct faults f;

	(void)state;
	faults_init(&f);
	for (uint64_t i = 0; i < MAX_FINDINGS + 25; i++)
		fault_add(&f, &(struct fault){ .code = F_GAP, .offset = i },
			  NULL);
	assert_int_equal(f.count, MAX_FINDINGS);
	assert_int_equal(f.dropped, 25);
	assert_false(f.failed);
	/* the first ones stay */
	assert_int_equal(f.list[MAX_FINDINGS - 1].offset, MAX_FINDINGS - 1);
	faults_free(&f);
}

static void memory_is_bounded_whatever_names_claim(void **state)
{
	enum { LONG = 1 << 20 };
	char *name = test_malloc(LONG);
	struct where w[32];
	struct faults f;

	(void)state;
	memset(name, 'x', LONG);
	for (int i = 0; i < 32; i++)
		w[i] = (struct where){
			.outer = i ? &w[i - 1] : NULL,
			.index = -1,
			.name = text_make(name, i ? 5000 : LONG),
		};
	faults_init(&f);
	for (int i = 0; i < 500; i++)
		fault_add(&f,
			  &(struct fault){ .code = F_FIELD_BOOL,
					   .name = text_make(name, LONG) },
			  &w[31]);
	assert_true(f.count > 0);
	assert_int_equal(f.count + f.dropped, 500);
	assert_true(f.failed);
	assert_true(f.arena.used <= MIB(32));
	faults_free(&f);
	test_free(name);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_path_and_frames_are_copied),
		cmocka_unit_test(section_around_is_recorded),
		cmocka_unit_test(faults_past_the_cap_are_counted),
		cmocka_unit_test(memory_is_bounded_whatever_names_claim),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
