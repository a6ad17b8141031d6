/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "wire/unpack.h"

#include <zlib.h>

#define PAGE 4096

/* Two packets of two pages each in one stream, as multifd writes them
 * (migration/multifd-zlib.c): a flush behind each packet. */
static size_t deflate_packets(uint8_t *to, size_t room, size_t ends[2])
{
	uint8_t pages[PAGE];
	z_stream z = { 0 };

	assert_int_equal(deflateInit(&z, 1), Z_OK);
	z.next_out = to;
	z.avail_out = (uInt)room;
	for (int i = 0; i < 4; i++) {
		for (size_t k = 0; k < PAGE; k++)
			pages[k] = (uint8_t)(k * (unsigned)(i + 1) >> 3);
		z.next_in = pages;
		z.avail_in = PAGE;
		assert_int_equal(deflate(&z, i & 1 ? Z_SYNC_FLUSH : Z_NO_FLUSH),
				 Z_OK);
		if (i & 1)
			ends[i / 2] = room - z.avail_out;
	}
	deflateEnd(&z);
	return ends[1];
}

static void expect_page(const uint8_t *page, unsigned n)
{
	for (size_t k = 0; k < PAGE; k++)
		assert_int_equal(page[k], (uint8_t)(k * (n + 1) >> 3));
}

/* step: bytes given at once */
static void read_packets(size_t step)
{
	struct unpack *u = unpack_new(UNPACK_ZLIB);
	uint8_t packed[16384], page[PAGE];
	size_t ends[2], at = 0;

	assert_non_null(u);
	deflate_packets(packed, sizeof(packed), ends);
	for (unsigned n = 0; n < 4; n++) {
		const size_t end = ends[n / 2];

		for (;;) {
			enum unpack_result r = unpack_page(u, page, PAGE);
			size_t some = end - at < step ? end - at : step;

			if (r == UNPACK_DONE)
				break;
			assert_int_equal(r, UNPACK_MORE);
			assert_true(some);
			unpack_input(u, packed + at, some);
			at += some;
		}
		expect_page(page, n);
		if (!(n & 1))
			continue;
		assert_int_equal(unpack_rest(u), UNPACK_DONE);
		unpack_input(u, packed + at, end - at);
		assert_int_equal(unpack_rest(u), UNPACK_DONE);
		at = end;
	}
	unpack_free(u);
}

static void a_stream_goes_on_from_packet_to_packet(void **state)
{
	(void)state;
	read_packets(16384);
	read_packets(100);
	read_packets(1);
}

static void more_than_the_pages_is_wrong(void **state)
{
	struct unpack *u = unpack_new(UNPACK_ZLIB);
	uint8_t packed[16384], page[PAGE];
	size_t ends[2];

	(void)state;
	deflate_packets(packed, sizeof(packed), ends);
	unpack_input(u, packed, ends[0]);
	assert_int_equal(unpack_page(u, page, PAGE), UNPACK_DONE);
	assert_int_equal(unpack_rest(u), UNPACK_WRONG);
	unpack_free(u);
}

static void damage_is_wrong(void **state)
{
	struct unpack *u = unpack_new(UNPACK_ZLIB);
	uint8_t page[PAGE];

	(void)state;
	unpack_input(u, (const uint8_t *)"\x78\x9c\xff\xff\xff", 5);
	assert_int_equal(unpack_page(u, page, PAGE), UNPACK_WRONG);
	unpack_free(u);
	unpack_free(NULL);
}

static void a_page_is_neither_shorter_nor_longer(void **state)
{
	uint8_t packed[16384], page[PAGE], raw[PAGE + 1] = { 1, 2, 3 };

	(void)state;
	for (size_t n = PAGE - 1; n <= PAGE + 1; n++) {
		uLongf length = sizeof(packed);

		assert_int_equal(compress(packed, &length, raw, n), Z_OK);
		assert_int_equal(inflate_page(packed, length, page, PAGE),
				 n == PAGE);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_goes_on_from_packet_to_packet),
		cmocka_unit_test(more_than_the_pages_is_wrong),
		cmocka_unit_test(damage_is_wrong),
		cmocka_unit_test(a_page_is_neither_shorter_nor_longer),
	};

	return cmocka_run_group_tests_name("unpack", tests, NULL, NULL);
}
