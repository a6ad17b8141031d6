/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "walked.h"

#include "wire/ram.h"
#include "wire/return-path.h"

struct heard {
	struct faults faults;
	struct reader rd;
	struct sink sink;
	struct return_path p;
	struct ms_record records[64];
	char block[64]; /* of the message read last */
	size_t count;   /* without the brackets around them */
};

static bool hear(void *ctx, const struct ms_record *rec)
{
	struct heard *h = ctx;

	if (rec->kind == MS_CHANNEL_BEGIN || rec->kind == MS_CHANNEL_END)
		return true;
	assert_true(h->count < 64);
	assert_int_equal(rec->channel, 3);
	h->records[h->count] = *rec;
	if (rec->kind == MS_MESSAGE) {
		const struct ms_text b = rec->u.message.block;

		assert_true(b.length < sizeof(h->block));
		memcpy(h->block, b.length ? b.bytes : "", b.length);
		h->block[b.length] = '\0';
	}
	h->count++;
	return true;
}

static void listen_to(struct heard *h, const void *p, size_t n)
{
	memset(h, 0, sizeof(*h));
	faults_init(&h->faults);
	assert_true(rd_init(&h->rd, source_memory(p, n)));
	h->sink =
		(struct sink){ .visit = hear, .ctx = h, .faults = &h->faults };
	h->p = (struct return_path){ .rd = &h->rd,
				     .sink = &h->sink,
				     .faults = &h->faults,
				     .page_size = 4096 };
}

static void hear_all(struct heard *h, const void *p, size_t n)
{
	listen_to(h, p, n);
	return_path_walk(&h->p, 3);
}

static void forget(struct heard *h)
{
	rd_free(&h->rd);
	faults_free(&h->faults);
}

#define PONG "\0\2\0\4\0\0\0\1"
#define REQUEST_ID "\0\3\0\x10\0\0\0\0\0\0\x20\0\0\0\x10\0\3ram"
#define REQUEST "\0\4\0\x0c\0\0\0\0\0\0\x10\0\0\0\x10\0"
#define BITMAP_HEAD "\0\5\0\4\3ram"
#define BITMAP                                                                 \
	BITMAP_HEAD "\0\0\0\0\0\0\0\x8"                                        \
		    "\x81\0\0\0\0\0\0\0"                                       \
		    "\x01\x23\x45\x67\x89\xab\xcd\xef"
#define SHUT "\0\1\0\4\0\0\0\0"

static void each_message_is_one_record(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t length;
		const char *block;
		uint64_t value, address, size;
	} messages[] = {
		{ "SHUT", BYTES(SHUT), "", 0, 0, 0 },
		{ "PONG", BYTES(PONG), "", 1, 0, 0 },
		{ "REQ_PAGES_ID", BYTES(REQUEST_ID), "ram", 0, 0x2000, 0x1000 },
		{ "RECV_BITMAP", BYTES(BITMAP), "ram", 0, 0, 0 },
		{ "RESUME_ACK", BYTES("\0\6\0\4\0\0\0\1"), "", 1, 0, 0 },
		{ "SWITCHOVER_ACK", BYTES("\0\7\0\0"), "", 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct heard h;

		hear_all(&h, messages[i].bytes, messages[i].length);
		assert_no_fault(&h);
		assert_int_equal(h.count, 1);
		assert_true(text_is(h.records[0].name, messages[i].name));
		assert_int_equal(h.records[0].length, messages[i].length);
		assert_string_equal(h.block, messages[i].block);
		assert_int_equal(h.records[0].u.message.value,
				 messages[i].value);
		assert_int_equal(h.records[0].u.message.address,
				 messages[i].address);
		assert_int_equal(h.records[0].u.message.bytes,
				 messages[i].size);
		forget(&h);
	}
}

static void a_request_without_a_name_means_the_block_named_last(void **state)
{
	struct heard h;

	(void)state;
	hear_all(&h, BYTES(REQUEST_ID PONG REQUEST));
	assert_no_fault(&h);
	assert_int_equal(h.count, 3);
	assert_string_equal(h.block, "ram");
	forget(&h);
	hear_all(&h, BYTES(REQUEST));
	assert_fault(&h, F_RP_NO_BLOCK);
	assert_string_equal(h.block, "");
	forget(&h);
}

static void the_block_named_last_outlives_its_connection(void **state)
{
	struct heard h, next;

	(void)state;
	hear_all(&h, BYTES(REQUEST_ID));
	listen_to(&next, BYTES(REQUEST));
	h.p.rd = &next.rd;
	return_path_walk(&h.p, 3);
	assert_no_fault(&h);
	assert_string_equal(h.block, "ram");
	forget(&next);
	forget(&h);
}

static void a_bitmap_is_counted_and_claimed_whole(void **state)
{
	struct heard h;

	(void)state;
	hear_all(&h, BYTES(BITMAP SHUT));
	assert_no_fault(&h);
	assert_int_equal(h.count, 2);
	assert_int_equal(h.records[0].u.message.bitmap_size, 8);
	assert_int_equal(h.records[0].u.message.received, 2);
	assert_int_equal(h.records[1].offset, sizeof(BITMAP) - 1);
	forget(&h);
}

static void what_is_cut_off_is_told_and_claimed(void **state)
{
	static const char all[] = PONG REQUEST_ID REQUEST BITMAP SHUT;
	/* where a message ends and nothing lacks */
	static const size_t ends[] = { 0, 8, 28, 44, 76, 84 };

	(void)state;
	for (size_t n = 0; n < sizeof(all); n++) {
		uint64_t claimed = 0;
		struct heard h;
		bool whole = false;

		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			whole |= ends[i] == n;
		hear_all(&h, all, n);
		if (whole)
			assert_no_fault(&h);
		else
			assert_fault(&h, F_RP_CUT);
		for (size_t i = 0; i < h.count; i++) {
			assert_int_equal(h.records[i].offset, claimed);
			claimed += h.records[i].length;
		}
		assert_int_equal(claimed, n);
		assert_int_equal(h.sink.unclaimed != 0, !whole);
		forget(&h);
	}
}

static void a_cut_end_is_a_pause_if_another_connection_follows(void **state)
{
	struct heard h;

	(void)state;
	listen_to(&h, BYTES(PONG "\0\4\0\x0c\0\0"));
	h.p.resumable = true;
	return_path_walk(&h.p, 3);
	assert_fault(&h, F_POSTCOPY_PAUSED);
	assert_int_equal(h.faults.count, 1);
	assert_int_equal(h.records[1].kind, MS_OPAQUE);
	assert_int_equal(h.records[1].length, 6);
	assert_int_equal(h.sink.unclaimed, 0);
	forget(&h);
}

static void lengths_belong_to_their_types(void **state)
{
	static const int lengths[] = { -1, 4, 4, -1, 12, -1, 4, 0 };

	(void)state;
	for (int type = 1; type < RP_TYPES; type++) {
		char bytes[4 + 5] = { 0, (char)type, 0, 5 };
		struct heard h;

		if (lengths[type] < 0)
			continue;
		hear_all(&h, bytes, sizeof(bytes));
		assert_fault(&h, F_RP_LENGTH);
		assert_int_equal(h.faults.list[0].a, lengths[type]);
		assert_int_equal(h.faults.list[0].b, 5);
		assert_int_equal(h.records[0].length, 9);
		forget(&h);
	}
}

static void a_name_fills_its_message(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} wrong[] = {
		{ BYTES("\0\3\0\x10\0\0\0\0\0\0\x20\0\0\0\x10\0\2ram") },
		{ BYTES("\0\3\0\x10\0\0\0\0\0\0\x20\0\0\0\x10\0\xffram") },
		{ BYTES("\0\3\0\x0c\0\0\0\0\0\0\x20\0\0\0\x10\0") },
		{ BYTES("\0\3\0\0") },
		{ BYTES("\0\5\0\4\4ram") },
		{ BYTES("\0\5\0\0") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct heard h;

		hear_all(&h, wrong[i].bytes, wrong[i].length);
		assert_fault(&h, F_RP_LENGTH);
		forget(&h);
	}
}

static void an_unknown_type_is_passed_over_if_it_fits(void **state)
{
	struct heard h;

	(void)state;
	hear_all(&h, BYTES("\0\x8\0\2xx" PONG));
	assert_fault(&h, F_RP_TYPE);
	assert_int_equal(h.count, 2);
	assert_true(text_is(h.records[1].name, "PONG"));
	forget(&h);
	hear_all(&h, BYTES("\0\x8\0\1xx" PONG));
	assert_fault(&h, F_RP_TYPE);
	assert_int_equal(h.records[0].kind, MS_GAP);
	forget(&h);
	hear_all(&h, BYTES("\0\0\0\0"));
	assert_fault(&h, F_RP_TYPE);
	forget(&h);
}

static void nothing_is_read_behind_shut(void **state)
{
	struct heard h;

	(void)state;
	hear_all(&h, BYTES(SHUT PONG));
	assert_fault(&h, F_RP_BEHIND);
	assert_int_equal(h.faults.list[0].offset, 8);
	assert_int_equal(h.count, 2);
	forget(&h);
}

/* A block "ram" of 9 pages. */
static void with_block(struct heard *h, struct walked *x, const void *p,
		       size_t n)
{
	struct ram_block *b;
	bool fresh;

	walked_start(x, "", 0);
	b = ram_add(&x->w, TEXT("ram"), &fresh);
	assert_non_null(b);
	b->used_length = 9 * 4096;
	b->listed = true;
	x->w.ram->listed = true;
	listen_to(h, p, n);
	h->p.ram = x->w.ram;
	return_path_walk(&h->p, 3);
}

static void requests_are_compared_with_their_block(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		int fault; /* -1: none */
	} requests[] = {
		{ BYTES("\0\3\0\x10\0\0\0\0\0\0\x80\0\0\0\x10\0\3ram"), -1 },
		{ BYTES("\0\3\0\x10\0\0\0\0\0\0\x80\0\0\0\x20\0\3ram"),
		  F_RP_BEYOND },
		{ BYTES("\0\3\0\x10\0\0\0\0\0\0\x90\0\0\0\x10\0\3ram"),
		  F_RP_BEYOND },
		{ BYTES("\0\3\0\x10\xff\xff\xff\xff\xff\xff\xf0\0\0\0\x10\0\3"
			"ram"),
		  F_RP_BEYOND },
		{ BYTES("\0\3\0\x10\0\0\0\0\0\0\x08\0\0\0\x10\0\3ram"),
		  F_RP_ALIGN },
		{ BYTES("\0\3\0\x10\0\0\0\0\0\0\x80\0\0\0\x10\1\3ram"),
		  F_RP_ALIGN },
		{ BYTES("\0\3\0\x10\0\0\0\0\0\0\x80\0\0\0\x10\0\3rom"),
		  F_RP_BLOCK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct walked x;
		struct heard h;

		with_block(&h, &x, requests[i].bytes, requests[i].length);
		if (requests[i].fault < 0)
			assert_no_fault(&h);
		else
			assert_fault(&h, requests[i].fault);
		forget(&h);
		walked_end(&x);
	}
}

static void bitmaps_are_compared_with_their_block(void **state)
{
	struct walked x;
	struct heard h;

	(void)state;
	with_block(&h, &x, BYTES(BITMAP)); /* 9 bits take 8 bytes */
	assert_no_fault(&h);
	forget(&h);
	walked_end(&x);
	with_block(&h, &x,
		   BYTES(BITMAP_HEAD "\0\0\0\0\0\0\0\0"
				     "\x01\x23\x45\x67\x89\xab\xcd\xef"));
	assert_fault(&h, F_RP_BITMAP_SIZE);
	assert_int_equal(h.faults.list[0].a, 0);
	assert_int_equal(h.faults.list[0].b, 8);
	forget(&h);
	walked_end(&x);
	with_block(&h, &x,
		   BYTES(BITMAP_HEAD "\0\0\0\0\0\0\0\x8"
				     "\x81\0\0\0\0\0\0\0"
				     "\x01\x23\x45\x67\x89\xab\xcd\xee"));
	assert_fault(&h, F_RP_BITMAP_END);
	forget(&h);
	walked_end(&x);
}

static void a_size_that_nothing_can_have_is_cut_off(void **state)
{
	struct heard h;

	(void)state;
	hear_all(&h, BYTES(BITMAP_HEAD "\xff\xff\xff\xff\xff\xff\xff\xff"
				       "abcd"));
	assert_fault(&h, F_RP_CUT);
	assert_true(h.faults.list[0].a == UINT64_MAX);
	assert_int_equal(h.records[0].kind, MS_GAP);
	assert_int_equal(h.records[0].length, 20);
	forget(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message_is_one_record),
		cmocka_unit_test(
			a_request_without_a_name_means_the_block_named_last),
		cmocka_unit_test(the_block_named_last_outlives_its_connection),
		cmocka_unit_test(a_bitmap_is_counted_and_claimed_whole),
		cmocka_unit_test(what_is_cut_off_is_told_and_claimed),
		cmocka_unit_test(
			a_cut_end_is_a_pause_if_another_connection_follows),
		cmocka_unit_test(lengths_belong_to_their_types),
		cmocka_unit_test(a_name_fills_its_message),
		cmocka_unit_test(an_unknown_type_is_passed_over_if_it_fits),
		cmocka_unit_test(nothing_is_read_behind_shut),
		cmocka_unit_test(requests_are_compared_with_their_block),
		cmocka_unit_test(bitmaps_are_compared_with_their_block),
		cmocka_unit_test(a_size_that_nothing_can_have_is_cut_off),
	};

	return cmocka_run_group_tests_name("return-path", tests, NULL, NULL);
}
