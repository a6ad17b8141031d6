/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "base/limits.h"
#include "base/text.h"
#include "check/requests.h"
#include "wire/return-path.h"

#define PAGE 4096

static struct ms_record request_of(const char *block, uint64_t page)
{
	struct ms_record rec = { .kind = MS_MESSAGE, .channel = 1 };

	rec.u.message.type = RP_REQ_PAGES_ID;
	rec.u.message.block = text_of(block);
	rec.u.message.address = page * PAGE;
	rec.u.message.bytes = PAGE;
	return rec;
}

static void begin(struct requests *r)
{
	requests_collect(r, &(struct ms_record){ .kind = MS_CHANNEL_BEGIN });
}

static void end(struct requests *r)
{
	requests_collect(r, &(struct ms_record){ .kind = MS_CHANNEL_END });
}

static void ask(struct requests *r, const char *block, uint64_t page)
{
	struct ms_record rec = request_of(block, page);

	requests_collect(r, &rec);
}

static void listening(struct requests *r)
{
	struct ms_record rec = { .kind = MS_COMMAND };

	rec.u.command.number = 4;
	requests_see(r, &rec);
}

static void channel(struct requests *r, const char *name)
{
	requests_see(r, &(struct ms_record){ .kind = MS_CHANNEL_BEGIN,
					     .name = text_of(name) });
}

/* Pages [first, first + n) at `at`, 10 bytes each. */
static void sent(struct requests *r, unsigned on, uint64_t at,
		 const char *block, uint64_t first, uint64_t n)
{
	struct ms_record rec = { .kind = MS_PAGES,
				 .channel = on,
				 .offset = at,
				 .length = 10 * n,
				 .name = text_of(block) };

	rec.u.pages.address = first * PAGE;
	rec.u.pages.count = n;
	rec.u.pages.page_size = PAGE;
	requests_see(r, &rec);
}

static struct ms_record answer(struct requests *r, const char *block,
			       uint64_t page)
{
	struct ms_record rec = request_of(block, page);
	struct faults faults;

	faults_init(&faults);
	requests_answer(r, &rec, &faults);
	assert_int_equal(faults.count, 0);
	faults_free(&faults);
	return rec;
}

static void a_page_is_found_within_its_run(void **state)
{
	struct requests *r = requests_new(1);
	struct ms_record rec;

	(void)state;
	begin(r);
	ask(r, "ram", 7);
	ask(r, "ram", 5);
	ask(r, "ram", 9);
	end(r);
	assert_true(requests_sort(r));
	listening(r);
	sent(r, 0, 1000, "ram", 5, 4);
	rec = answer(r, "ram", 5);
	assert_int_equal(rec.u.message.sent, MS_SENT_JUMP);
	assert_int_equal(rec.u.message.at_offset, 1000);
	rec = answer(r, "ram", 7);
	assert_int_equal(rec.u.message.sent, MS_SENT_IN_TURN);
	assert_int_equal(rec.u.message.at_offset, 1020);
	rec = answer(r, "ram", 9);
	assert_int_equal(rec.u.message.sent, MS_SENT_NOT);
	assert_true(rec.u.message.related);
	assert_int_equal(requests_on(r, 0), 2);
	requests_free(r);
}

static void pages_of_before_the_switch_answer_nothing(void **state)
{
	struct requests *r = requests_new(1);

	(void)state;
	begin(r);
	ask(r, "ram", 1);
	end(r);
	assert_true(requests_sort(r));
	sent(r, 0, 0, "ram", 0, 4);
	assert_int_equal(answer(r, "ram", 1).u.message.sent, MS_SENT_NOT);
	requests_free(r);
}

static void blocks_are_told_apart(void **state)
{
	struct requests *r = requests_new(1);

	(void)state;
	begin(r);
	ask(r, "ram", 1);
	ask(r, "rom", 2);
	end(r);
	assert_true(requests_sort(r));
	listening(r);
	sent(r, 0, 0, "rom", 0, 4);
	sent(r, 0, 0, "unasked", 0, 4);
	assert_int_equal(answer(r, "ram", 1).u.message.sent, MS_SENT_NOT);
	assert_int_equal(answer(r, "rom", 2).u.message.sent, MS_SENT_IN_TURN);
	requests_free(r);
}

static void a_run_that_goes_on_is_in_turn(void **state)
{
	struct requests *r = requests_new(1);

	(void)state;
	begin(r);
	ask(r, "ram", 4);
	ask(r, "ram", 8);
	end(r);
	assert_true(requests_sort(r));
	listening(r);
	sent(r, 0, 0, "ram", 0, 4);
	sent(r, 0, 40, "ram", 4, 1); /* of another kind, say */
	sent(r, 0, 50, "ram", 8, 1);
	assert_int_equal(answer(r, "ram", 4).u.message.sent, MS_SENT_IN_TURN);
	assert_int_equal(answer(r, "ram", 8).u.message.sent, MS_SENT_JUMP);
	requests_free(r);
}

static void the_preempt_channel_is_for_what_was_asked_for(void **state)
{
	struct requests *r = requests_new(2);
	struct ms_record rec;

	(void)state;
	begin(r);
	ask(r, "ram", 4);
	end(r);
	assert_true(requests_sort(r));
	listening(r);
	channel(r, "preempt");
	sent(r, 1, 30, "ram", 4, 1);
	rec = answer(r, "ram", 4);
	assert_int_equal(rec.u.message.sent, MS_SENT_PREEMPT);
	assert_int_equal(rec.u.message.at_channel, 1);
	assert_int_equal(requests_on(r, 1), 1);
	requests_free(r);
}

/* Sent, lost with the connection, asked for and sent again. */
static void a_connection_answers_its_own_requests(void **state)
{
	struct requests *r = requests_new(2);
	struct ms_record rec;

	(void)state;
	begin(r);
	ask(r, "ram", 4);
	end(r);
	begin(r); /* of a preempt channel: nothing is said on it */
	end(r);
	begin(r);
	ask(r, "ram", 4);
	end(r);
	assert_true(requests_sort(r));
	assert_int_equal(requests_summary(r)->requests, 1);
	assert_int_equal(requests_summary(r)->recordings, 3);
	listening(r);
	sent(r, 0, 10, "ram", 4, 1);
	channel(r, "resumed");
	sent(r, 1, 20, "ram", 4, 1);
	rec = answer(r, "ram", 4);
	assert_int_equal(rec.u.message.at_offset, 10);
	requests_answer(r, &(struct ms_record){ .kind = MS_CHANNEL_END }, NULL);
	rec = answer(r, "ram", 4);
	assert_int_equal(rec.u.message.at_offset, 20);
	assert_int_equal(rec.u.message.at_channel, 1);
	requests_free(r);
}

static void pongs_answer_pings_once(void **state)
{
	struct requests *r = requests_new(1);
	struct ms_record ping = { .kind = MS_COMMAND,
				  .offset = 77,
				  .data = (const uint8_t *)"\0\0\0\5",
				  .data_length = 4 };
	struct ms_record pong = { .kind = MS_MESSAGE };
	struct faults faults;

	(void)state;
	assert_true(requests_sort(r));
	ping.u.command.number = 2;
	requests_see(r, &ping);
	pong.u.message.type = RP_PONG;
	pong.u.message.value = 5;
	faults_init(&faults);
	requests_answer(r, &pong, &faults);
	assert_true(pong.u.message.answers);
	assert_int_equal(pong.u.message.at_offset, 77);
	assert_int_equal(faults.count, 0);
	requests_answer(r, &pong, &faults);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.list[0].code, F_RP_PONG);
	faults_free(&faults);
	requests_free(r);
}

static void requests_over_the_cap_are_a_finding(void **state)
{
	struct requests *r = requests_new(1);
	struct faults faults;

	(void)state;
	begin(r);
	for (uint64_t i = 0; i < MAX_REQUESTS + 3; i++)
		ask(r, "ram", i);
	end(r);
	assert_true(requests_sort(r));
	assert_int_equal(requests_summary(r)->requests, MAX_REQUESTS);
	faults_init(&faults);
	requests_report(r, true, &faults);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.list[0].code, F_LIMIT);
	assert_int_equal(faults.list[0].a, MAX_REQUESTS + 3);
	faults_free(&faults);
	requests_free(r);
}

static void pings_over_the_cap_are_a_finding(void **state)
{
	struct requests *r = requests_new(1);
	struct ms_record ping = { .kind = MS_COMMAND,
				  .data = (const uint8_t *)"\0\0\0\1",
				  .data_length = 4 };
	struct faults faults;

	(void)state;
	ping.u.command.number = 2;
	for (ping.offset = 0; ping.offset < MAX_PINGS + 3; ping.offset++)
		requests_see(r, &ping);
	faults_init(&faults);
	requests_report(r, true, &faults);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.list[0].code, F_LIMIT);
	assert_int_equal(faults.list[0].offset, MAX_PINGS);
	assert_int_equal(faults.list[0].b, MAX_PINGS);
	faults_free(&faults);
	requests_free(r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_found_within_its_run),
		cmocka_unit_test(pages_of_before_the_switch_answer_nothing),
		cmocka_unit_test(blocks_are_told_apart),
		cmocka_unit_test(a_run_that_goes_on_is_in_turn),
		cmocka_unit_test(the_preempt_channel_is_for_what_was_asked_for),
		cmocka_unit_test(a_connection_answers_its_own_requests),
		cmocka_unit_test(pongs_answer_pings_once),
		cmocka_unit_test(requests_over_the_cap_are_a_finding),
		cmocka_unit_test(pings_over_the_cap_are_a_finding),
	};

	return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
