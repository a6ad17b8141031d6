/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The installed interface. */
#include "config.h"
#include "unit.h"

#include "api/stream.h"
#include "../chunks.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static const char good[] =
	"QEVM\0\0\0\3\7\0\0\0\4none"
	"\1\0\0\0\1\3ram\0\0\0\0\0\0\0\4"
	"\0\0\0\0\0\0\x20\4\3ram\0\0\0\0\0\0\x20\0\0\0\0\0\0\0\0\x10"
	"\x7e\0\0\0\1"
	"\3\0\0\0\1\0\0\0\0\0\0\0\2\3ram\0\0\0\0\0\0\0\x10\x22\0"
	"\0\0\0\0\0\0\0\x10\x7e\0\0\0\1"
	"\0";
#define GOOD_SIZE (sizeof(good) - 1)

static ms_stream *open_bytes(const void *p, size_t n)
{
	char *why = NULL;
	ms_stream *s = ms_open_memory(p, n, NULL, &why);

	assert_non_null(s);
	assert_null(why);
	return s;
}

static bool count(void *ctx, const struct ms_record *rec)
{
	assert_non_null(rec);
	++*(size_t *)ctx;
	return true;
}

static void a_walk_shows_records_and_fills_the_summary(void **state)
{
	ms_stream *s = open_bytes(good, GOOD_SIZE);
	const struct ms_summary *m;
	size_t records = 0;

	(void)state;
	assert_true(ms_walk(s, count, &records));
	assert_true(records > 10);
	assert_int_equal(ms_verdict_of(s), MS_ACCEPT);
	assert_null(ms_predicted_error(s));
	assert_null(ms_read_error(s));
	m = ms_summary_of(s);
	assert_int_equal(m->size, GOOD_SIZE);
	assert_int_equal(m->stream_end, GOOD_SIZE);
	assert_int_equal(m->unclaimed_bytes, 0);
	assert_true(m->has_configuration && m->has_footers && m->has_eof);
	assert_false(m->described);
	assert_int_equal(m->machine.length, 4);
	assert_int_equal(m->block_count, 1);
	assert_int_equal(m->blocks[0].zero, 2);
	assert_int_equal(m->ram_total, 8192);
	assert_int_equal(m->section_count, 1);
	ms_close(s);
}

static void a_handle_walks_once(void **state)
{
	ms_stream *s = open_bytes(good, GOOD_SIZE);
	size_t records = 0;

	(void)state;
	assert_true(ms_walk(s, NULL, NULL));
	assert_false(ms_walk(s, count, &records));
	assert_int_equal(records, 0);
	ms_close(s);
}

static void a_handle_may_be_closed_unwalked(void **state)
{
	(void)state;
	ms_close(open_bytes(good, GOOD_SIZE));
	ms_close(NULL);
}

static bool stop_at(void *ctx, const struct ms_record *rec)
{
	size_t *left = ctx;

	(void)rec;
	assert_true(*left > 0); /* not called again */
	return --*left;
}

static void a_visitor_stops_the_walk_at_any_record(void **state)
{
	size_t all = 0;
	ms_stream *s = open_bytes(good, GOOD_SIZE);

	(void)state;
	assert_true(ms_walk(s, count, &all));
	ms_close(s);
	for (size_t n = 1; n <= all; n++) {
		size_t left = n;

		s = open_bytes(good, GOOD_SIZE);
		assert_false(ms_walk(s, stop_at, &left));
		assert_int_equal(left, 0);
		assert_null(ms_read_error(s));
		ms_close(s);
	}
}

static void findings_are_numbered_from_0(void **state)
{
	char bytes[GOOD_SIZE];
	ms_stream *s;

	(void)state;
	memcpy(bytes, good, sizeof(bytes));
	bytes[GOOD_SIZE - 1] = 0x55; /* no end marker */
	s = open_bytes(bytes, sizeof(bytes));
	assert_true(ms_walk(s, NULL, NULL));
	assert_true(ms_finding_count(s) > 0);
	assert_non_null(ms_finding_at(s, 0));
	assert_null(ms_finding_at(s, ms_finding_count(s)));
	assert_null(ms_finding_at(s, SIZE_MAX));
	assert_string_equal(ms_finding_at(s, 0)->rule, "section-type");
	assert_int_equal(ms_finding_at(s, 0)->offset, GOOD_SIZE - 1);
	assert_int_equal(ms_verdict_of(s), MS_REFUSE);
	assert_string_equal(ms_predicted_error(s), ms_finding_at(s, 0)->qemu);
	ms_close(s);
}

/* Those of memory are read again; what can only be read forward had them at
 * hand, but for those before the device state, which is held. */
static void findings_have_the_bytes_around_them(void **state)
{
	char bytes[GOOD_SIZE];

	(void)state;
	memcpy(bytes, good, sizeof(bytes));
	bytes[GOOD_SIZE - 1] = 0x55;
	for (size_t step = 0; step < 3; step++) {
		const struct ms_finding *f;
		char *why = NULL;
		ms_stream *s =
			step ? stream_open(source_chunks(bytes, GOOD_SIZE,
							 step * 500),
					   NULL, &why) :
			       open_bytes(bytes, sizeof(bytes));

		assert_non_null(s);
		assert_true(ms_walk(s, NULL, NULL));
		f = ms_finding_at(s, 0);
		assert_int_equal(f->offset, GOOD_SIZE - 1);
		assert_non_null(f->bytes);
		assert_true(f->bytes_offset <= f->offset);
		assert_int_equal(f->bytes_offset + f->bytes_length, GOOD_SIZE);
		assert_memory_equal(f->bytes, bytes + f->bytes_offset,
				    f->bytes_length);
		if (!step)
			assert_int_equal(f->offset - f->bytes_offset, 32);
		ms_close(s);
	}
}

static void no_byte_is_no_stream(void **state)
{
	ms_stream *s;
	char *why = NULL;

	(void)state;
	s = ms_open_memory("", 0, NULL, &why);
	if (s) {
		assert_true(ms_walk(s, NULL, NULL));
		assert_int_equal(ms_verdict_of(s), MS_REFUSE);
	} else {
		assert_non_null(why);
	}
	free(why);
	ms_close(s);
}

static void foreign_files_are_named(void **state)
{
	char *why = NULL;

	(void)state;
	assert_null(ms_open_memory("\177ELF....", 8, NULL, &why));
	assert_non_null(why);
	assert_non_null(strstr(why, "ELF file"));
	free(why);
}

static void what_cannot_be_opened_says_why(void **state)
{
	const char *missing[] = { "/nonexistent/channel" };
	struct ms_options options = { .channels = missing, .channel_count = 1 };
	char *why = NULL;

	(void)state;
	assert_null(ms_open("/nonexistent/file", NULL, &why));
	assert_non_null(why);
	free(why);
	why = NULL;
	assert_null(ms_open_memory(good, GOOD_SIZE, &options, &why));
	assert_non_null(strstr(why, missing[0]));
	free(why);
	why = NULL;
	options = (struct ms_options){ .has_offset = true,
				       .offset = GOOD_SIZE + 1 };
	assert_null(ms_open_memory(good, GOOD_SIZE, &options, &why));
	assert_non_null(why);
	free(why);
}

static void an_offset_skips_what_is_in_front(void **state)
{
	const struct ms_options options = { .has_offset = true, .offset = 3 };
	char bytes[GOOD_SIZE + 3] = "xyz", *why = NULL;
	ms_stream *s;

	(void)state;
	memcpy(bytes + 3, good, GOOD_SIZE);
	s = ms_open_memory(bytes, sizeof(bytes), &options, &why);
	assert_non_null(s);
	assert_true(ms_walk(s, NULL, NULL));
	assert_int_equal(ms_verdict_of(s), MS_ACCEPT);
	assert_int_equal(ms_summary_of(s)->stream_offset, 3);
	ms_close(s);
}

static void files_and_channels_are_opened_by_path(void **state)
{
	char path[] = "/tmp/migscope-test.XXXXXX",
	     empty[] = "/tmp/migscope-test.XXXXXX";
	const char *channels[] = { empty };
	const struct ms_options options = { .channels = channels,
					    .channel_count = 1 };
	int fd = mkstemp(path), fd2 = mkstemp(empty);
	char *why = NULL;
	ms_stream *s;

	(void)state;
	assert_true(fd >= 0 && fd2 >= 0);
	assert_int_equal(write(fd, good, GOOD_SIZE), GOOD_SIZE);
	close(fd);
	close(fd2);
	s = ms_open(path, &options, &why);
	unlink(path);
	unlink(empty);
	assert_non_null(s);
	assert_true(ms_walk(s, NULL, NULL));
	assert_int_equal(ms_verdict_of(s), MS_ACCEPT);
	assert_int_equal(ms_summary_of(s)->channel_count, 1);
	ms_close(s);
}

static bool interleave(void *ctx, const struct ms_record *rec)
{
	uint64_t *sum = ctx;

	*sum = *sum * 31 + rec->offset + (uint64_t)rec->kind;
	sched_yield();
	return true;
}

static void *walk_many(void *ctx)
{
	uint64_t *ret = ctx;

	for (int i = 0; i < 200; i++) {
		uint64_t sum = 0;
		char *why = NULL;
		ms_stream *s = ms_open_memory(good, GOOD_SIZE, NULL, &why);

		if (!s || !ms_walk(s, interleave, &sum) ||
		    ms_verdict_of(s) != MS_ACCEPT || (i && sum != *ret)) {
			*ret = 0;
			ms_close(s);
			return NULL;
		}
		*ret = sum;
		ms_close(s);
	}
	return NULL;
}

static void handles_live_in_threads_of_their_own(void **state)
{
	pthread_t threads[4];
	uint64_t sums[4] = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, walk_many,
						&sums[i]),
				 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 4; i++) {
		assert_true(sums[i] != 0);
		assert_true(sums[i] == sums[0]);
	}
}

static bool nested(void *ctx, const struct ms_record *rec)
{
	size_t *walks = ctx;

	if (rec->kind == MS_SECTION_BEGIN) {
		ms_stream *s = open_bytes(good, GOOD_SIZE);

		assert_true(ms_walk(s, NULL, NULL));
		assert_int_equal(ms_verdict_of(s), MS_ACCEPT);
		ms_close(s);
		++*walks;
	}
	return true;
}

static void two_handles_can_be_walked_one_in_the_other(void **state)
{
	ms_stream *s = open_bytes(good, GOOD_SIZE);
	size_t walks = 0;

	(void)state;
	assert_true(ms_walk(s, nested, &walks));
	assert_int_equal(walks, 2);
	assert_int_equal(ms_verdict_of(s), MS_ACCEPT);
	ms_close(s);
}

static void version_and_features_are_there(void **state)
{
	(void)state;
	assert_true(strlen(ms_version()) > 0);
	assert_non_null(ms_features());
}

static void limits_are_changed_one_by_one(void **state)
{
	static const char zeros[100000];
	size_t n;
	const struct ms_limit_row *rows = ms_limits(&n);
	const char *wrong[] = { "no limit of this name",
				"less than is possible",
				"more than is possible" };

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct ms_limit limits[] = {
			{ "x", 1 },
			{ rows[i].name, rows[i].least - 1 },
			{ rows[i].name, rows[i].most + 1 },
			{ rows[i].name, rows[i].least },
			{ rows[i].name, rows[i].most },
		};

		assert_in_range(rows[i].usual, rows[i].least, rows[i].most);
		for (size_t k = 0; k < 5; k++) {
			const struct ms_options o = { .limits = &limits[k],
						      .limit_count = 1 };
			char *why = NULL;
			ms_stream *s =
				ms_open_memory(good, GOOD_SIZE, &o, &why);

			assert_true(k < 3 ? !s : s != NULL);
			if (k < 3)
				assert_non_null(strstr(why, wrong[k]));
			free(why);
			ms_close(s);
		}
	}
	for (uint64_t most = sizeof(zeros) - 1; most <= sizeof(zeros); most++) {
		const struct ms_limit limits[] = { { "leading", 1 },
						   { "leading", most } };
		const struct ms_options o = { .limits = limits,
					      .limit_count = 2 };
		char *why = NULL, *both = malloc(sizeof(zeros) + GOOD_SIZE);
		ms_stream *s;

		memcpy(both, zeros, sizeof(zeros));
		memcpy(both + sizeof(zeros), good, GOOD_SIZE);
		s = ms_open_memory(both, sizeof(zeros) + GOOD_SIZE, &o, &why);
		assert_non_null(s);
		/* a container that gives no stream */
		assert_int_equal(!ms_read_error(s), most == sizeof(zeros));
		ms_close(s);
		free(both);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walk_shows_records_and_fills_the_summary),
		cmocka_unit_test(a_handle_walks_once),
		cmocka_unit_test(a_handle_may_be_closed_unwalked),
		cmocka_unit_test(a_visitor_stops_the_walk_at_any_record),
		cmocka_unit_test(findings_are_numbered_from_0),
		cmocka_unit_test(findings_have_the_bytes_around_them),
		cmocka_unit_test(no_byte_is_no_stream),
		cmocka_unit_test(foreign_files_are_named),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test(an_offset_skips_what_is_in_front),
		cmocka_unit_test(files_and_channels_are_opened_by_path),
		cmocka_unit_test(handles_live_in_threads_of_their_own),
		cmocka_unit_test(two_handles_can_be_walked_one_in_the_other),
		cmocka_unit_test(limits_are_changed_one_by_one),
		cmocka_unit_test(version_and_features_are_there),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
