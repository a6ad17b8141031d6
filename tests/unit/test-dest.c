/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "api/stream.h"

#define BYTES(s) (s), sizeof(s) - 1
/* header, configuration of machine "m1" or "m2", end */
#define STREAM(digit) "QEVM\0\0\0\3\7\0\0\0\2m" digit "\0"

static ms_dest *dest_of(const void *p, size_t n, char **ret_why)
{
	ms_stream *s = ms_open_memory(p, n, NULL, ret_why);

	return s ? dest_open(NULL, s, ret_why) : NULL;
}

static enum ms_verdict verdict_for(const ms_dest *d, const void *p, size_t n)
{
	const struct ms_options o = { .dest = d };
	char *why = NULL;
	ms_stream *s = ms_open_memory(p, n, &o, &why);
	enum ms_verdict v;

	assert_non_null(s);
	assert_true(ms_walk(s, NULL, NULL));
	v = ms_verdict_of(s);
	ms_close(s);
	return v;
}

static void a_reference_of_the_same_machine_is_loaded(void **state)
{
	char *why = NULL;
	ms_dest *d = dest_of(BYTES(STREAM("1")), &why);

	(void)state;
	assert_non_null(d);
	assert_int_equal(verdict_for(d, BYTES(STREAM("1"))), MS_ACCEPT);
	assert_int_equal(verdict_for(d, BYTES(STREAM("2"))), MS_REFUSE);
	/* and is not changed by that */
	assert_int_equal(verdict_for(d, BYTES(STREAM("1"))), MS_ACCEPT);
	ms_dest_close(d);
}

static void the_destination_may_be_given_after_opening(void **state)
{
	char *why = NULL;
	ms_dest *d = dest_of(BYTES(STREAM("1")), &why);
	ms_stream *s = ms_open_memory(BYTES(STREAM("2")), NULL, &why);
	char machine[3];

	(void)state;
	assert_non_null(d);
	assert_non_null(s);
	assert_true(stream_peek_machine(s, machine, sizeof(machine)));
	assert_string_equal(machine, "m2");
	assert_false(stream_peek_machine(s, machine, 2));
	stream_set_dest(s, d);
	assert_true(ms_walk(s, NULL, NULL));
	assert_int_equal(ms_verdict_of(s), MS_REFUSE);
	ms_close(s);
	ms_dest_close(d);
}

static void what_is_no_stream_is_no_reference(void **state)
{
	char *why = NULL;

	(void)state;
	assert_null(dest_of(BYTES("no stream at all"), &why));
	assert_non_null(why);
	free(why);
	assert_null(ms_dest_open(NULL, "/nothing/there", NULL, &why));
	assert_non_null(why);
	free(why);
}

static void closing_nothing_is_fine(void **state)
{
	(void)state;
	ms_dest_close(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reference_of_the_same_machine_is_loaded),
		cmocka_unit_test(the_destination_may_be_given_after_opening),
		cmocka_unit_test(what_is_no_stream_is_no_reference),
		cmocka_unit_test(closing_nothing_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
