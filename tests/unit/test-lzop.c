/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "../chunks.h"
#include "base/limits.h"
#include "io/lzo1x.h"
#include "io/source-priv.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#define BLOCK KIB(256) /* what lzop takes at a time */

/* What "lzop -F" writes in front of standard input: flags, of no checksum,
 * at 17, and the header's own at the end. */
#define HEADER                                                                 \
	"\x89LZO\0\r\n\x1a\n\x10\x40\x20\xa0\x09\x40\1\5\3\0\0\x0c\0\0\0\0"    \
	"\x6b\1\x5c\x6c\0\0\0\0\0\x28\x25\2\xa3"
#define HEADER_BYTES (sizeof(HEADER) - 1)
#define FLAGS_AT 17
#define SUM_AT (HEADER_BYTES - 4)

struct blob {
	uint8_t *bytes;
	size_t n;
};

static void store_be32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* ---- lzop itself, the judge ---- */

static bool have_lzop(void)
{
	return !system("lzop -V >/dev/null 2>&1");
}

/* What lzop makes of b. */
static struct blob lzop(const char *options, struct blob b)
{
	FILE *in = tmpfile(), *out = tmpfile();
	char command[100];
	struct stat st;
	struct blob ret;

	assert_true(in && out);
	assert_int_equal(fwrite(b.bytes, 1, b.n, in), b.n);
	assert_int_equal(fflush(in), 0);
	rewind(in);
	snprintf(command, sizeof(command), "lzop -c %s <&%d >&%d", options,
		 fileno(in), fileno(out));
	assert_int_equal(system(command), 0);
	assert_int_equal(fstat(fileno(out), &st), 0);
	ret.n = (size_t)st.st_size;
	ret.bytes = malloc(ret.n);
	assert_non_null(ret.bytes);
	rewind(out);
	assert_int_equal(fread(ret.bytes, 1, ret.n, out), ret.n);
	fclose(in);
	fclose(out);
	return ret;
}

/* Noise, runs, text and matches from near and far. */
static struct blob sample(size_t n)
{
	struct blob b = { malloc(n), n };
	uint32_t x = 7;

	assert_non_null(b.bytes);
	for (size_t i = 0; i < n;) {
		size_t length, distance;
		uint32_t kind;

		x = x * 1664525 + 1013904223;
		kind = x >> 30;
		length = 1 + (x >> 12) % (kind == 1 ? 3000 : 60);
		x = x * 1664525 + 1013904223;
		distance = 1 + (x >> 8) % (x & 0x80 ? 60000 : 40);
		for (; length && i < n; length--, i++) {
			x = x * 1664525 + 1013904223;
			if (kind >= 2 && distance <= i)
				b.bytes[i] = b.bytes[i - distance];
			else
				b.bytes[i] = kind == 1 ? 0 : (uint8_t)(x >> 24);
		}
	}
	return b;
}

/* ---- our reader ---- */

/* Everything that is read from these bytes, in pieces of up to most; why is
 * the error, or empty. */
static struct blob read_pieces(const void *p, size_t n, size_t most,
			       char why[160], const char **ret_tail)
{
	struct blob got = { malloc(1), 0 };
	uint8_t room[5000];
	ptrdiff_t r;
	struct source *s =
		source_lzop(source_chunks(p, n, most), "lzop", why, 160);

	assert_non_null(s);
	assert_string_equal(s->filter, "lzop");
	while ((r = s->ops->fill(s, room, sizeof(room))) > 0) {
		got.bytes = realloc(got.bytes, got.n + (size_t)r);
		assert_non_null(got.bytes);
		memcpy(got.bytes + got.n, room, (size_t)r);
		got.n += (size_t)r;
	}
	assert_int_equal(r < 0, !!s->error[0]);
	snprintf(why, 160, "%s", s->error);
	if (ret_tail)
		*ret_tail = s->tail;
	source_close(s);
	return got;
}

static void assert_gives(struct blob c, struct blob want, size_t most,
			 const char *tail)
{
	char why[160] = "";
	const char *got_tail;
	struct blob got = read_pieces(c.bytes, c.n, most, why, &got_tail);

	assert_string_equal(why, "");
	assert_int_equal(got.n, want.n);
	if (want.n)
		assert_memory_equal(got.bytes, want.bytes, want.n);
	assert_int_equal(!got_tail, !tail);
	if (tail)
		assert_string_equal(got_tail, tail);
	free(got.bytes);
}

static void assert_fails(const void *p, size_t n, const char *want)
{
	char why[160] = "";
	struct blob got = read_pieces(p, n, n + 1, why, NULL);

	assert_string_equal(why, want);
	free(got.bytes);
}

/* ---- what lzop wrote ---- */

static const char *const levels[] = { "-1", "-2", "-3", "-4", "-5",
				      "-6", "-7", "-8", "-9" };
static const char *const sums[] = {
	"-F", "-CC", "--crc32", "--crc32 -CC", "-9 -CC", "--no-checksum -9",
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void round_trip(const char *options, struct blob b, size_t most)
{
	struct blob c = lzop(options, b);

	assert_gives(c, b, most, NULL);
	free(c.bytes);
}

static void every_level_is_read(void **state)
{
	struct blob b;

	(void)state;
	if (!have_lzop())
		skip();
	b = sample(700000);
	for (size_t i = 0; i < COUNT(levels); i++)
		round_trip(levels[i], b, 100000);
	free(b.bytes);
}

static void every_checksum_is_read(void **state)
{
	struct blob b;

	(void)state;
	if (!have_lzop())
		skip();
	b = sample(20000);
	for (size_t i = 0; i < COUNT(sums); i++)
		round_trip(sums[i], b, 100000);
	free(b.bytes);
}

static void sizes_around_a_block_are_read(void **state)
{
	static const size_t sizes[] = {
		1,         2,
		3,         4,
		15,        16,
		17,        255,
		BLOCK - 1, BLOCK,
		BLOCK + 1, 2 * BLOCK - 1,
		2 * BLOCK, 2 * BLOCK + 1,
	};

	(void)state;
	if (!have_lzop())
		skip();
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct blob b = sample(sizes[i]);

		round_trip("-1", b, 60000);
		round_trip("-9", b, 60000);
		free(b.bytes);
	}
}

static void noise_is_stored(void **state)
{
	struct blob b, c;
	uint32_t x = 1;

	(void)state;
	if (!have_lzop())
		skip();
	b = (struct blob){ malloc(600000), 600000 };
	assert_non_null(b.bytes);
	for (size_t i = 0; i < b.n; i++) {
		x = x * 1664525 + 1013904223;
		b.bytes[i] = (uint8_t)(x >> 24);
	}
	c = lzop("-CC --crc32", b);
	assert_true(c.n > b.n);
	assert_gives(c, b, 3000, NULL);
	free(c.bytes);
	free(b.bytes);
}

static void pieces_of_one_byte_are_read(void **state)
{
	struct blob b;

	(void)state;
	if (!have_lzop())
		skip();
	b = sample(3000);
	round_trip("-1", b, 1);
	round_trip("-9 -CC --crc32", b, 1);
	free(b.bytes);
}

static void every_prefix_is_cut_short(void **state)
{
	struct blob b, c;

	(void)state;
	if (!have_lzop())
		skip();
	b = sample(700);
	c = lzop("-CC --crc32", b);
	for (size_t n = 9; n < c.n; n++) {
		/* memory that ends where the data do */
		uint8_t *cut = malloc(n);

		assert_non_null(cut);
		memcpy(cut, c.bytes, n);
		assert_fails(cut, n, "lzop: the data are cut short");
		free(cut);
	}
	free(c.bytes);
	free(b.bytes);
}

static void every_changed_bit_is_noticed(void **state)
{
	struct blob b, c;

	(void)state;
	if (!have_lzop())
		skip();
	b = sample(300);
	c = lzop("-CC", b);
	/* behind the magic number, before the end mark */
	for (size_t i = 9 * 8; i < (c.n - 4) * 8; i++) {
		char why[160] = "";
		struct blob got;

		c.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		got = read_pieces(c.bytes, c.n, c.n, why, NULL);
		assert_int_equal(got.n, 0);
		assert_string_not_equal(why, "");
		free(got.bytes);
		c.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	free(c.bytes);
	free(b.bytes);
}

/* ---- members and what follows them ---- */

/* A file of these parts, "sizeof - 1" each. */
#define PART(b, s) append(b, s, sizeof(s) - 1)
#define STORED "\0\0\0\3\0\0\0\3abc"
#define END "\0\0\0\0"

static void append(struct blob *b, const char *p, size_t n)
{
	b->bytes = realloc(b->bytes, b->n + n);
	assert_non_null(b->bytes);
	memcpy(b->bytes + b->n, p, n);
	b->n += n;
}

static struct blob member(void)
{
	struct blob b = { NULL, 0 };

	PART(&b, HEADER STORED END);
	return b;
}

static void further_members_follow(void **state)
{
	struct blob b = member(), want = { (uint8_t[]){ "abcabc" }, 6 };

	(void)state;
	PART(&b, HEADER STORED END);
	assert_gives(b, want, 1, NULL);
	assert_gives(b, want, 1000, NULL);
	free(b.bytes);
}

static void padding_is_passed_over(void **state)
{
	struct blob b = member(), want = { (uint8_t[]){ "abc" }, 3 };
	static const char zeros[300000];

	(void)state;
	append(&b, zeros, sizeof(zeros));
	assert_gives(b, want, 70000, NULL);
	PART(&b, "\0\0x");
	assert_gives(b, want, 70000, "lzop");
	free(b.bytes);
}

static void other_data_behind_are_told_of(void **state)
{
	struct blob b = member(), want = { (uint8_t[]){ "abc" }, 3 };

	(void)state;
	PART(&b, "x");
	assert_gives(b, want, 1, "lzop");
	assert_gives(b, want, 1000, "lzop");
	free(b.bytes);
}

/* ---- headers ---- */

/* A member whose header was changed: its checksum is right again. */
static struct blob changed(size_t at, int value)
{
	struct blob b = member();

	b.bytes[at] = (uint8_t)value;
	store_be32(b.bytes + SUM_AT,
		   (uint32_t)adler32(1, b.bytes + 9, SUM_AT - 9));
	return b;
}

static void assert_changed_fails(size_t at, int value, const char *want)
{
	struct blob b = changed(at, value);

	assert_fails(b.bytes, b.n, want);
	free(b.bytes);
}

static void what_a_header_asks_for_must_be_supported(void **state)
{
	(void)state;
	assert_changed_fails(15, 0, "lzop: method 0 is not supported");
	assert_changed_fails(15, 4, "lzop: method 4 is not supported");
	assert_changed_fails(15, 128, "lzop: method 128 is not supported");
}

static void damaged_headers_are_told_of(void **state)
{
	struct blob b = member();

	(void)state;
	b.bytes[FLAGS_AT] ^= 1;
	assert_fails(b.bytes, b.n, "lzop: damaged header");
	free(b.bytes);
}

/* What is in it is told by its checksum only. lzop 1.04 reads what is read
 * here, and refuses a checksum of the field without its length. */
static void extra_field(uint32_t length, bool crc, const char *want)
{
	struct blob b = { NULL, 0 };
	uint8_t field[4 + 3 + 4] = { 0, 0, 0, 0, 'x', 'y', 'z' };
	char why[160] = "";
	struct blob got;

	PART(&b, HEADER);
	b.bytes[FLAGS_AT + 3] |= 0x40;
	b.bytes[FLAGS_AT + 2] |= crc ? 0x10 : 0;
	store_be32(field, length);
	store_be32(field + 7,
		   (uint32_t)(crc ? crc32(0, field, 7) : adler32(1, field, 7)));
	store_be32(b.bytes + SUM_AT,
		   (uint32_t)(crc ? crc32(0, b.bytes + 9, SUM_AT - 9) :
				    adler32(1, b.bytes + 9, SUM_AT - 9)));
	append(&b, (char *)field, sizeof(field));
	PART(&b, STORED END);
	got = read_pieces(b.bytes, b.n, 7, why, NULL);
	assert_string_equal(why, want);
	assert_int_equal(got.n, *want ? 0 : 3);
	free(got.bytes);
	free(b.bytes);
}

static void extra_fields_are_passed_over(void **state)
{
	(void)state;
	extra_field(3, false, "");
	extra_field(3, true, "");
	extra_field(2, true, "lzop: damaged header");
	extra_field(MAX_LZOP_EXTRA, false, "lzop: the data are cut short");
	extra_field(UINT32_MAX, false,
		    "lzop: an extra field of 4294967295 bytes is not "
		    "supported");
}

/* ---- blocks ---- */

#define assert_blocks_fail(s, want)                                            \
	assert_fails(HEADER s, sizeof(HEADER s) - 1, want)

static void sizes_of_blocks_are_bounded(void **state)
{
	(void)state;
	assert_blocks_fail("\xff\xff\xff\xff\0\0\0\1x",
			   "lzop: a block of 4294967295 bytes is over the "
			   "limit of 67108864");
	assert_int_equal(MAX_LZOP_BLOCK, 0x4000000);
	assert_blocks_fail("\4\0\0\1\0\0\0\1x",
			   "lzop: a block of 67108865 bytes is over the limit "
			   "of 67108864");
	/* the largest, of which nothing is there */
	assert_blocks_fail("\4\0\0\0\4\0\0\0x", "lzop: the data are cut short");
	assert_blocks_fail("\4\0\0\0\0\0\0\4\x11\0\0x", "lzop: damaged data");
	assert_blocks_fail("\0\0\0\3\0\0\0\4abcd", "lzop: damaged data");
	assert_blocks_fail("\0\0\0\3\0\0\0\0", "lzop: damaged data");
	assert_blocks_fail("\0\0\0\3\xff\xff\xff\xff", "lzop: damaged data");
	/* more packed than it says, and less */
	assert_blocks_fail("\0\0\0\5\0\0\0\4\x13xy\x11\0\0",
			   "lzop: damaged data");
}

static void what_came_before_an_error_is_good(void **state)
{
	static const char bytes[] = HEADER STORED "\xff\xff\xff\xff\0\0\0\1x";
	char why[160] = "";
	struct blob got =
		read_pieces(bytes, sizeof(bytes) - 1, 1000, why, NULL);

	(void)state;
	assert_int_equal(got.n, 3);
	assert_memory_equal(got.bytes, "abc", 3);
	assert_string_not_equal(why, "");
	free(got.bytes);
}

/* ---- LZO1X, by hand ---- */

/* In memory that ends where the data do. */
static bool unpacks(const char *in, size_t n, const char *want, size_t size)
{
	uint8_t *p = malloc(n ? n : 1), *out = malloc(size ? size : 1);
	bool good;

	assert_true(p && out);
	if (n)
		memcpy(p, in, n);
	good = lzo1x_unpack(p, n, out, size);
	if (good && want && size)
		assert_memory_equal(out, want, size);
	free(p);
	free(out);
	return good;
}

#define assert_unpacks(in, out)                                                \
	assert_true(unpacks(in, sizeof(in) - 1, out, sizeof(out) - 1))
#define assert_damaged(in, size)                                               \
	assert_false(unpacks(in, sizeof(in) - 1, NULL, size))
#define STOP "\x11\0\0"

static void instructions_do_what_they_say(void **state)
{
	(void)state;
	assert_unpacks(STOP, "");
	/* literals at the start: one, four, and by an instruction */
	assert_unpacks("\x12"
		       "a" STOP,
		       "a");
	assert_unpacks("\x15"
		       "abcd" STOP,
		       "abcd");
	assert_unpacks("\1abcd" STOP, "abcd");
	/* three from 2 back, and one more literal */
	assert_unpacks("\x14"
		       "abc"
		       "\x45\0x" STOP,
		       "abcbcbx");
	/* eight from 1 back, which is 1LL */
	assert_unpacks("\x12"
		       "a"
		       "\xe0\0" STOP,
		       "aaaaaaaaa");
	/* two behind a literal */
	assert_unpacks("\x12"
		       "a"
		       "\0\0" STOP,
		       "aaa");
	/* 001: 2 + 2, and 2 + 31 + 1 */
	assert_unpacks("\x12"
		       "a"
		       "\x22\0\0" STOP,
		       "aaaaa");
	assert_unpacks("\x12"
		       "a"
		       "\x20\1\0\0" STOP,
		       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

static void matches_stay_behind_the_start(void **state)
{
	(void)state;
	assert_damaged("\x12"
		       "a"
		       "\x44\0" STOP,
		       4); /* 2 back */
	assert_damaged("\x12"
		       "a"
		       "\xe0\xff" STOP,
		       9); /* 2041 */
	assert_damaged("\x12"
		       "a"
		       "\4\0" STOP,
		       3); /* 2 */
	assert_damaged("\x15"
		       "abcd"
		       "\0\0" STOP,
		       7); /* 2049 */
	assert_damaged("\x12"
		       "a"
		       "\x22\4\0" STOP,
		       5); /* 2 */
	assert_damaged("\x12"
		       "a"
		       "\x12\4\0" STOP,
		       5); /* 16385 */
	assert_damaged("\x12"
		       "a"
		       "\x1a\xff\xff" STOP,
		       5);                /* 49151 */
	assert_damaged("\x44\0" STOP, 3); /* nothing yet */
}

static void output_ends_where_it_should(void **state)
{
	(void)state;
	for (size_t size = 0; size < 40; size++) {
		assert_int_equal(unpacks("\x12"
					 "a"
					 "\x22\0\0" STOP,
					 8, NULL, size),
				 size == 5);
		assert_int_equal(unpacks("\x25"
					 "0123456789abcdefghij" STOP,
					 24, NULL, size),
				 size == 20);
	}
}

static void lengths_may_not_run_away(void **state)
{
	static char zeros[100000];

	(void)state;
	/* of a match, of literals: to the end of the data, or far past what
	 * there is room for */
	memcpy(zeros,
	       "\x12"
	       "a"
	       "\x20",
	       3);
	assert_false(unpacks(zeros, sizeof(zeros), NULL, 1000));
	assert_false(unpacks(zeros, sizeof(zeros), NULL, MIB(64)));
	zeros[2] = '\x18';
	assert_false(unpacks(zeros, sizeof(zeros), NULL, MIB(64)));
	assert_false(unpacks(zeros + 3, sizeof(zeros) - 3, NULL, MIB(64)));
	/* 2 + 31 + 255 + 1 is one too many */
	assert_damaged("\x12"
		       "a"
		       "\x20\0\1\0\0" STOP,
		       289);
	assert_true(unpacks("\x12"
			    "a"
			    "\x20\0\1\0\0" STOP,
			    10, NULL, 290));
}

static void every_prefix_of_a_block_is_damaged(void **state)
{
	static const char block[] = "\x14"
				    "abc"
				    "\x45\0x"
				    "\x22\0\0"
				    "\x20\0\1"
				    "\0\0"
				    "\2hello" STOP;
	const size_t n = sizeof(block) - 1;

	(void)state;
	assert_true(unpacks(block, n, NULL, 7 + 4 + 289 + 5));
	for (size_t i = 0; i < n; i++)
		for (size_t size = 0; size <= 7 + 4 + 289 + 5; size++)
			assert_false(unpacks(block, i, NULL, size));
	/* nor may anything follow */
	assert_false(unpacks(block, n + 1, NULL, 7 + 4 + 289 + 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_level_is_read),
		cmocka_unit_test(every_checksum_is_read),
		cmocka_unit_test(sizes_around_a_block_are_read),
		cmocka_unit_test(noise_is_stored),
		cmocka_unit_test(pieces_of_one_byte_are_read),
		cmocka_unit_test(every_prefix_is_cut_short),
		cmocka_unit_test(every_changed_bit_is_noticed),
		cmocka_unit_test(further_members_follow),
		cmocka_unit_test(padding_is_passed_over),
		cmocka_unit_test(other_data_behind_are_told_of),
		cmocka_unit_test(what_a_header_asks_for_must_be_supported),
		cmocka_unit_test(damaged_headers_are_told_of),
		cmocka_unit_test(extra_fields_are_passed_over),
		cmocka_unit_test(sizes_of_blocks_are_bounded),
		cmocka_unit_test(what_came_before_an_error_is_good),
		cmocka_unit_test(instructions_do_what_they_say),
		cmocka_unit_test(matches_stay_behind_the_start),
		cmocka_unit_test(output_ends_where_it_should),
		cmocka_unit_test(lengths_may_not_run_away),
		cmocka_unit_test(every_prefix_of_a_block_is_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
