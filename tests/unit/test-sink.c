/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/sink.h"

struct fixture {
	struct faults faults;
	struct sink sink;
	struct ms_record seen[16];
	size_t count, stop_at;
};

static bool note(void *ctx, const struct ms_record *rec)
{
	struct fixture *x = ctx;

	assert_true(x->count < 16);
	x->seen[x->count++] = *rec;
	return x->count != x->stop_at;
}

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	faults_init(&x->faults);
	x->sink = (struct sink){
		.visit = note, .ctx = x, .faults = &x->faults, .channel = 5
	};
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	faults_free(&x->faults);
	free(x);
	return 0;
}

static void emit(struct fixture *x, enum ms_record_kind kind, uint64_t offset,
		 uint64_t length)
{
	struct ms_record rec = {
		.kind = kind,
		.offset = offset,
		.length = length,
	};

	sink_emit(&x->sink, &rec);
}

static void assert_seen(const struct fixture *x, size_t i,
			enum ms_record_kind kind, uint64_t offset,
			uint64_t length)
{
	assert_true(i < x->count);
	assert_int_equal(x->seen[i].kind, kind);
	assert_int_equal(x->seen[i].offset, offset);
	assert_int_equal(x->seen[i].length, length);
	assert_int_equal(x->seen[i].channel, 5);
}

static void adjoining_records_leave_no_gap(void **state)
{
	struct fixture *x = *state;

	emit(x, MS_HEADER, 0, 8);
	emit(x, MS_SECTION_BEGIN, 8, 20);
	emit(x, MS_FIELD, 28, 4);
	assert_int_equal(x->count, 3);
	assert_seen(x, 0, MS_HEADER, 0, 8);
	assert_seen(x, 2, MS_FIELD, 28, 4);
	assert_int_equal(x->sink.claimed, 32);
	assert_int_equal(x->sink.unclaimed, 0);
	assert_int_equal(x->faults.count, 0);
}

static void brackets_stand_at_the_claim_line(void **state)
{
	struct fixture *x = *state;

	emit(x, MS_HEADER, 0, 8);
	emit(x, MS_STRUCT_BEGIN, 0, 0);
	emit(x, MS_FIELD, 8, 2);
	emit(x, MS_STRUCT_END, 3, 0);
	assert_seen(x, 1, MS_STRUCT_BEGIN, 8, 0);
	assert_seen(x, 3, MS_STRUCT_END, 10, 0);
	assert_int_equal(x->sink.claimed, 10);
	assert_int_equal(x->faults.count, 0);
}

static void hole_before_a_record_is_a_gap(void **state)
{
	struct fixture *x = *state;

	emit(x, MS_HEADER, 0, 8);
	emit(x, MS_FIELD, 30, 2);
	emit(x, MS_STRUCT_END, 40, 0);
	assert_int_equal(x->count, 5);
	assert_seen(x, 1, MS_GAP, 8, 22);
	assert_seen(x, 2, MS_FIELD, 30, 2);
	assert_seen(x, 3, MS_GAP, 32, 8);
	assert_seen(x, 4, MS_STRUCT_END, 40, 0);
	assert_int_equal(x->sink.unclaimed, 30);
	assert_int_equal(x->sink.claimed, 40);
	assert_int_equal(x->faults.count, 2);
	assert_int_equal(x->faults.list[0].code, F_GAP);
	assert_int_equal(x->faults.list[0].offset, 8);
	assert_int_equal(x->faults.list[0].length, 22);
}

static void gap_is_reported_with_its_place(void **state)
{
	struct where w = { .name = TEXT("slirp"), .index = -1 };
	struct fixture *x = *state;

	sink_gap(&x->sink, 100, &w);
	sink_gap(&x->sink, 100, &w);
	sink_gap(&x->sink, 40, &w);
	assert_int_equal(x->count, 1);
	assert_seen(x, 0, MS_GAP, 0, 100);
	assert_int_equal(x->sink.unclaimed, 100);
	assert_int_equal(x->faults.count, 1);
	assert_string_equal(x->faults.list[0].path, "slirp");
}

static void stopped_visitor_is_called_no_more(void **state)
{
	struct fixture *x = *state;

	x->stop_at = 2;
	emit(x, MS_HEADER, 0, 8);
	assert_false(x->sink.stopped);
	emit(x, MS_FIELD, 8, 1);
	assert_true(x->sink.stopped);
	emit(x, MS_FIELD, 9, 1);
	sink_gap(&x->sink, 50, NULL);
	assert_int_equal(x->count, 2);
	assert_int_equal(x->faults.count, 0);
}

static void visitor_that_stops_at_a_gap_misses_the_record(void **state)
{
	struct fixture *x = *state;

	x->stop_at = 1;
	emit(x, MS_FIELD, 4, 1);
	assert_int_equal(x->count, 1);
	assert_seen(x, 0, MS_GAP, 0, 4);
	assert_true(x->sink.stopped);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(adjoining_records_leave_no_gap),
		TEST(brackets_stand_at_the_claim_line),
		TEST(hole_before_a_record_is_a_gap),
		TEST(gap_is_reported_with_its_place),
		TEST(stopped_visitor_is_called_no_more),
		TEST(visitor_that_stops_at_a_gap_misses_the_record),
	};

	return cmocka_run_group_tests_name("sink", tests, NULL, NULL);
}
