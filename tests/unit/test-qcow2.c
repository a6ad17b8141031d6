/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "../chunks.h"
#include "base/limits.h"
#include "container/qcow2.h"
#include "make-qcow2.h"

#include <stdio.h>
#include <zlib.h>

#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#define COPIED (UINT64_C(1) << 63)
#define COMPRESSED (UINT64_C(1) << 62)
#define CLUSTER 512 /* where a test does not say otherwise */

static struct qcow2_image image;

struct opened {
	struct reader rd;
	struct faults faults;
	struct arena arena;
	struct container c;
};

static void open_source(struct opened *o, struct source *src,
			const char *snapshot)
{
	const struct container_options options = { .snapshot = snapshot,
						   .faults = &o->faults,
						   .arena = &o->arena };

	faults_init(&o->faults);
	arena_init(&o->arena, (size_t)MIB(32));
	assert_true(rd_init(&o->rd, src));
	assert_true(container_open(&o->rd, &options, &o->c));
}

static void open_image(struct opened *o, const char *snapshot)
{
	open_source(o, source_memory(image.bytes, image.length), snapshot);
}

static void close_image(struct opened *o)
{
	rd_free(&o->rd);
	container_free(&o->c);
	faults_free(&o->faults);
	arena_free(&o->arena);
}

static void assert_refused(const char *snapshot, const char *words)
{
	struct opened o;

	open_image(&o, snapshot);
	assert_true(o.c.refused);
	if (!strstr(o.c.problem.data, words))
		fail_msg("'%s' is not in: %s", words, o.c.problem.data);
	close_image(&o);
}

/* It opens, but its state cannot be read to the end. */
static void assert_breaks(const char *words)
{
	struct opened o;

	open_image(&o, NULL);
	assert_false(o.c.refused);
	while (rd_peek(&o.rd, 1))
		rd_skip(&o.rd, 1);
	assert_true(o.rd.failed);
	if (!strstr(o.rd.src->error, words))
		fail_msg("'%s' is not in: %s", words, o.rd.src->error);
	close_image(&o);
}

/* What the image should give, and does: whole, and in pieces of any size. */
static void assert_state(const uint8_t *want, size_t n)
{
	uint32_t random = 1;
	struct opened o;

	open_image(&o, NULL);
	if (o.c.refused)
		fail_msg("refused: %s", o.c.problem.data);
	assert_int_equal(rd_size(&o.rd), n);
	assert_memory_equal(rd_view(&o.rd, 0, n), want, n);
	for (unsigned i = 0; i < 500; i++) {
		size_t from, length;

		random = random * 1664525 + 1013904223;
		from = (random >> 8) % n;
		random = random * 1664525 + 1013904223;
		length = 1 + (random >> 8) % (n - from);
		assert_memory_equal(rd_view(&o.rd, from, length), want + from,
				    length);
		assert_true(rd_seek(&o.rd, from));
		assert_memory_equal(rd_peek(&o.rd, length), want + from,
				    length);
	}
	close_image(&o);
}

/* Bytes that repeat, and differ from one cluster to the next. */
static void pattern(uint8_t *p, size_t n, unsigned seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(1 + (i / 16 + seed * 37) % 251);
}

/* ---- where clusters are ---- */

static void clusters_are_found_in_any_order(void **state)
{
	uint8_t want[8 * CLUSTER];
	uint64_t l1, l2, at[8];

	(void)state;
	make_qcow2(&image, 9, 3);
	l2 = qcow2_tables(&image, &l1);
	for (unsigned i = 0; i < 8; i++) {
		pattern(want + i * CLUSTER, CLUSTER, i);
		at[i] = qcow2_cluster(&image);
	}
	/* two runs, one of them out of order */
	for (unsigned i = 0; i < 8; i++) {
		const uint64_t host = at[i < 4 ? i : 11 - i];

		memcpy(image.bytes + host, want + i * CLUSTER, CLUSTER);
		qcow2_put(&image, l2 + i * 8, 8, host | COPIED);
	}
	qcow2_snapshot(&image, "1", "s", sizeof(want), l1, 2);
	assert_state(want, sizeof(want));
}

static void what_is_not_there_reads_as_zeros(void **state)
{
	const size_t table = CLUSTER / 8 * CLUSTER;
	const size_t n = 2 * table + CLUSTER;
	uint8_t *want = calloc(1, n);
	uint64_t l1, l2, host;

	(void)state;
	make_qcow2(&image, 9, 3);
	l2 = qcow2_tables(&image, &l1);
	host = qcow2_cluster(&image);
	pattern(image.bytes + host, CLUSTER, 3);
	/* unallocated, zero with and without a cluster; the next L2 table is
	 * missing, the one behind it starts with data */
	qcow2_put(&image, l2 + 8, 8, 1);
	qcow2_put(&image, l2 + 16, 8, host | 1);
	qcow2_put(&image, l2 + 24, 8, host);
	memcpy(want + 3 * CLUSTER, image.bytes + host, CLUSTER);
	l2 = qcow2_cluster(&image);
	qcow2_put(&image, l1 + 24, 8, l2);
	qcow2_put(&image, l2, 8, host);
	memcpy(want + 2 * table, image.bytes + host, CLUSTER);
	/* neither counts for the end */
	qcow2_put(&image, l2 + 8, 8, 1);
	qcow2_put(&image, l2 + 16, 8, host | 1);
	qcow2_snapshot(&image, "1", "s", n, l1, 4);
	/* what a backing file holds is nothing to the VM state */
	qcow2_put(&image, 8, 8, 112);
	qcow2_put(&image, 16, 4, 4);
	assert_state(want, n);
	free(want);
}

static uint64_t store(const uint8_t *p, size_t n)
{
	const uint64_t at = image.length - CLUSTER + 100;

	qcow2_cluster(&image);
	memcpy(image.bytes + at, p, n);
	return at;
}

/* Offset and further sectors of an entry of 512-byte clusters. */
static uint64_t compressed_entry(uint64_t at, size_t n)
{
	const uint64_t sectors = (at + n - 1) / 512 - at / 512;

	return COMPRESSED | sectors << 61 | at;
}

static size_t deflated(const uint8_t *p, size_t n, uint8_t *to, size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p,
		       .avail_in = (uInt)n,
		       .next_out = to,
		       .avail_out = (uInt)room };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -12, 9,
				      Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static void make_compressed(uint8_t *want, const uint8_t *packed, size_t n)
{
	uint64_t l1, l2, host;

	l2 = qcow2_tables(&image, &l1);
	qcow2_cluster(&image);
	/* between two others */
	for (unsigned i = 0; i < 3; i += 2) {
		host = qcow2_cluster(&image);
		pattern(want + i * CLUSTER, CLUSTER, i);
		memcpy(image.bytes + host, want + i * CLUSTER, CLUSTER);
		qcow2_put(&image, l2 + i * 8, 8, host);
	}
	qcow2_cluster(&image);
	qcow2_put(&image, l2 + 8, 8, compressed_entry(store(packed, n), n));
	qcow2_snapshot(&image, "1", "s", 3 * CLUSTER, l1, 2);
}

static void zlib_clusters_are_read(void **state)
{
	uint8_t want[3 * CLUSTER], packed[1024];
	size_t n;

	(void)state;
	pattern(want + CLUSTER, CLUSTER, 1);
	n = deflated(want + CLUSTER, CLUSTER, packed, sizeof(packed));
	make_qcow2(&image, 9, 2);
	make_compressed(want, packed, n);
	assert_state(want, sizeof(want));
}

static void damaged_compressed_clusters_say_so(void **state)
{
	uint8_t want[3 * CLUSTER];
	const uint8_t packed[] = "\xff\xff\xff\xff\xff";
	struct opened o;

	(void)state;
	make_qcow2(&image, 9, 3);
	make_compressed(want, packed, sizeof(packed));
	open_image(&o, NULL);
	assert_false(o.c.refused);
	assert_non_null(rd_peek(&o.rd, CLUSTER));
	assert_null(rd_peek(&o.rd, CLUSTER + 1));
	assert_true(o.rd.failed);
	assert_non_null(strstr(o.rd.src->error, "zlib cluster at 0x"));
	close_image(&o);
}

#ifdef HAVE_ZSTD

static void zstd_clusters_are_read(void **state)
{
	uint8_t want[3 * CLUSTER], packed[1024];
	size_t n;

	(void)state;
	pattern(want + CLUSTER, CLUSTER, 1);
	n = ZSTD_compress(packed, sizeof(packed), want + CLUSTER, CLUSTER, 3);
	assert_false(ZSTD_isError(n));
	make_qcow2(&image, 9, 3);
	qcow2_put(&image, 72, 8, 8);
	qcow2_put(&image, 104, 1, 1);
	make_compressed(want, packed, n);
	assert_state(want, sizeof(want));
}

/* A frame's header: magic, no size of its content, the window. */
static void zstd_windows_are_bounded(void **state)
{
	static const uint8_t frame[] = {
		0x28, 0xb5, 0x2f, 0xfd, 0, (MAX_QCOW2_ZSTD_WINDOW_BITS - 9) << 3
	};
	uint8_t want[3 * CLUSTER];

	(void)state;
	make_qcow2(&image, 9, 3);
	qcow2_put(&image, 72, 8, 8);
	qcow2_put(&image, 104, 1, 1);
	make_compressed(want, frame, sizeof(frame));
	assert_breaks("its zstd window is over the limit of 2^" LIMIT_TEXT(
		MAX_QCOW2_ZSTD_WINDOW_BITS) " bytes");
}

#endif

static void subclusters_are_told_apart(void **state)
{
	enum { SIZE = 16384, PART = SIZE / 32 };
	static uint8_t want[2 * SIZE];
	uint64_t l1, l2, host;

	(void)state;
	make_qcow2(&image, 14, 3);
	qcow2_put(&image, 72, 8, 16);
	l2 = qcow2_tables(&image, &l1);
	for (unsigned i = 0; i < 2; i++) {
		host = qcow2_cluster(&image);
		pattern(image.bytes + host, SIZE, i);
		memcpy(want + i * SIZE, image.bytes + host, SIZE);
		qcow2_put(&image, l2 + i * 16, 8, host);
		/* all parts, but for one that is not there and one that
		 * reads as zeros */
		qcow2_put(&image, l2 + i * 16 + 8, 8,
			  UINT64_C(1) << 39 | (0xffffffff & ~UINT64_C(0x84)));
		memset(want + i * SIZE + 2 * PART, 0, PART);
		memset(want + i * SIZE + 7 * PART, 0, PART);
	}
	qcow2_snapshot(&image, "1", "s", sizeof(want), l1, 2);
	assert_state(want, sizeof(want));
}

/* ---- where the state ends ---- */

/* A state of n clusters with the size as recorded; want gets its bytes. */
static uint64_t make_plain(uint8_t *want, unsigned n, uint64_t recorded)
{
	uint64_t l1, l2, host;

	make_qcow2(&image, 9, 3);
	l2 = qcow2_tables(&image, &l1);
	for (unsigned i = 0; i < n; i++) {
		host = qcow2_cluster(&image);
		memcpy(image.bytes + host, want + i * CLUSTER, CLUSTER);
		qcow2_put(&image, l2 + i * 8, 8, host | COPIED);
	}
	qcow2_snapshot(&image, "1", "s", recorded, l1, 2);
	return l2;
}

static void the_recorded_size_trims_zeros_of_the_last_cluster(void **state)
{
	uint8_t want[4 * CLUSTER] = { 0 };

	(void)state;
	pattern(want, 3 * CLUSTER + 100, 1);
	make_plain(want, 4, 3 * CLUSTER + 100);
	assert_state(want, 3 * CLUSTER + 100);
	/* a byte that is not zero was written: the size is not to be trusted */
	make_plain(want, 4, 3 * CLUSTER + 99);
	assert_state(want, sizeof(want));
}

static void clusters_count_where_the_recorded_size_is_wrong(void **state)
{
	static const uint64_t recorded[] = { 10, 8 * CLUSTER,
					     UINT64_C(1) << 62 };
	uint8_t want[4 * CLUSTER];
	struct opened o;

	(void)state;
	pattern(want, sizeof(want), 1);
	for (size_t i = 0; i < sizeof(recorded) / sizeof(recorded[0]); i++) {
		make_plain(want, 4, recorded[i]);
		assert_state(want, sizeof(want));
		open_image(&o, NULL);
		assert_int_equal(o.faults.count, 1);
		assert_int_equal(o.faults.list[0].code, F_SNAPSHOT_SIZE);
		close_image(&o);
	}
}

static void a_file_may_end_inside_its_last_cluster(void **state)
{
	uint8_t want[2 * CLUSTER] = { 0 };

	(void)state;
	pattern(want, CLUSTER + 50, 1);
	make_plain(want, 2, CLUSTER + 50);
	image.length -= CLUSTER - 50;
	assert_state(want, CLUSTER + 50);
	image.length--;
	assert_breaks("cut short: a cluster of the VM state");
}

static void no_byte_is_made_up_wherever_the_file_is_cut(void **state)
{
	uint8_t want[4 * CLUSTER];

	(void)state;
	pattern(want, sizeof(want), 1);
	make_plain(want, 4, sizeof(want));
	for (size_t n = image.length; n-- > 0;) {
		struct opened o;
		const uint8_t *p;

		image.length = n;
		open_image(&o, NULL);
		for (size_t at = 0; !o.c.refused && n >= 8; at++) {
			p = rd_peek(&o.rd, 1);
			if (!p)
				break;
			assert_true(at < sizeof(want));
			assert_int_equal(*p, want[at]);
			rd_skip(&o.rd, 1);
		}
		if (n >= 4)
			assert_true(o.c.refused || o.rd.failed);
		close_image(&o);
	}
}

static void damage_in_the_tables_is_named(void **state)
{
	uint8_t want[2 * CLUSTER] = { 1 };
	uint64_t l2, l1;

	(void)state;
	l2 = make_plain(want, 2, sizeof(want));
	qcow2_put(&image, l2 + 8, 8, COMPRESSED | 0x1fffffff);
	assert_breaks("a compressed cluster at 0x");
	l2 = make_plain(want, 2, sizeof(want));
	l1 = l2 - CLUSTER;
	qcow2_put(&image, l1 + 8, 8, UINT64_C(1) << 40);
	assert_refused(NULL, "an L2 table at 0x10000000000 lies behind");
	make_plain(want, 2, sizeof(want));
	qcow2_put(&image, image.table + 8, 4, 1);
	assert_refused(NULL, "ends with its disk");
	qcow2_put(&image, image.table + 8, 4, 0xffffffff);
	assert_refused(NULL, "an L1 table of 4294967295 entries");
	make_plain(want, 2, sizeof(want));
	qcow2_put(&image, image.table, 8, UINT64_MAX);
	assert_refused(NULL, "an L1 table at 0xffffffffffffffff");
	make_plain(want, 2, sizeof(want));
	qcow2_put(&image, image.table + 48, 8, UINT64_MAX);
	assert_refused(NULL, "ends with its disk");
	make_plain(want, 2, sizeof(want));
	memset(image.bytes + l2, 0, CLUSTER);
	assert_refused(NULL, "no cluster");
}

static void misaligned_clusters_are_named(void **state)
{
	enum { SIZE = 1024 };
	uint64_t l1, l2;

	(void)state;
	make_qcow2(&image, 10, 3);
	l2 = qcow2_tables(&image, &l1);
	qcow2_put(&image, l2, 8, qcow2_cluster(&image) + 512);
	qcow2_snapshot(&image, "1", "s", 100, l1, 2);
	assert_refused(NULL, "does not start a cluster");
}

static void empty_tables_do_not_keep_us(void **state)
{
	uint64_t l1, l2;

	(void)state;
	make_qcow2(&image, 9, 3);
	l2 = qcow2_cluster(&image);
	l1 = qcow2_cluster(&image);
	while (image.length < QCOW2_ROOM)
		qcow2_cluster(&image);
	for (uint64_t at = l1; at < QCOW2_ROOM; at += 8)
		qcow2_put(&image, at, 8, l2);
	qcow2_snapshot(&image, "1", "s", 100, l1,
		       (uint32_t)((QCOW2_ROOM - l1) / 8));
	assert_refused(NULL, "empty L2 tables");
}

static void a_state_of_endless_holes_is_refused(void **state)
{
	enum { SIZE = 2 << 20, ENTRIES = 2000 };
	uint8_t *bytes = calloc(4, SIZE);
	struct opened o;
	uint64_t l1, l2;

	(void)state;
	/* more than the other tests' memory: clusters of 2 MiB, of which the
	 * first holds all tables but the L2 table */
	make_qcow2(&image, 9, 3);
	qcow2_put(&image, 20, 4, 21);
	l1 = 64 * 1024;
	l2 = SIZE;
	qcow2_put(&image, l1 + (ENTRIES - 1) * 8, 8, l2);
	qcow2_snapshot(&image, "1", "s", 100, l1, ENTRIES);
	memcpy(bytes, image.bytes, QCOW2_ROOM);
	bytes[l2 + 5] = 0x40; /* host offset 0x400000 */
	open_source(&o, source_memory(bytes, 4 * (size_t)SIZE), NULL);
	assert_true(o.c.refused);
	assert_non_null(strstr(o.c.problem.data, "over the limit of 64 TiB"));
	close_image(&o);
	free(bytes);
}

/* ---- header ---- */

static void features_are_refused_by_name(void **state)
{
	static const struct {
		uint64_t at;
		unsigned size;
		uint64_t value;
		const char *words;
	} rows[] = {
		{ 4, 4, 1, "qcow image of version 1" },
		{ 4, 4, 4, "version 4" },
		{ 20, 4, 8, "clusters of 2^8" },
		{ 20, 4, 22, "clusters of 2^22" },
		{ 32, 4, 1, "encrypted with AES" },
		{ 32, 4, 2, "encrypted with LUKS" },
		{ 32, 4, 3, "unknown encryption method 3" },
		{ 72, 8, 1, "marked dirty" },
		{ 72, 8, 2, "marked corrupt" },
		{ 72, 8, 4, "external data file" },
		{ 72, 8, 16, "from 2^14" },
		{ 72, 8, 32, "feature bit 5" },
		{ 72, 8, COPIED, "feature bit 63" },
		{ 60, 4, 65537, "65537 snapshots are over the limit of 65536" },
		{ 64, 8, UINT64_MAX, "told at 0xffffffffffffffff" },
	};
	uint8_t want[CLUSTER] = { 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_plain(want, 1, CLUSTER);
		qcow2_put(&image, rows[i].at, rows[i].size, rows[i].value);
		assert_refused(NULL, rows[i].words);
	}
	make_plain(want, 1, CLUSTER);
	qcow2_put(&image, 72, 8, 8);
	qcow2_put(&image, 104, 1, 2);
	assert_refused(NULL, "unknown compression type");
}

static void it_must_be_a_file(void **state)
{
	uint8_t want[CLUSTER] = { 1 };
	struct opened o;

	(void)state;
	make_plain(want, 1, CLUSTER);
	open_source(&o, source_chunks(image.bytes, image.length, 100), NULL);
	assert_true(o.c.refused);
	assert_non_null(strstr(o.c.problem.data, "only from a file"));
	close_image(&o);
}

/* ---- snapshots ---- */

static void make_several(void)
{
	uint8_t want[CLUSTER] = { 1 };

	make_plain(want, 1, CLUSTER);
	qcow2_snapshot(&image, "2", "disk \x1b[31m", 0, 0, 0);
	qcow2_snapshot(&image, "3", "1", 0, 0, 0);
}

static void the_only_one_with_state_is_taken(void **state)
{
	struct opened o;

	(void)state;
	make_several();
	open_image(&o, NULL);
	assert_false(o.c.refused);
	assert_int_equal(o.c.qcow2->snapshot_count, 3);
	assert_ptr_equal(o.c.qcow2->chosen, &o.c.qcow2->snapshots[0]);
	assert_int_equal(o.c.qcow2->chosen->date_seconds, 1700000000);
	assert_int_equal(o.faults.count, 1);
	assert_int_equal(o.faults.list[0].code, F_SNAPSHOT_TAKEN);
	close_image(&o);
}

static void snapshots_are_picked_by_name_or_id(void **state)
{
	struct opened o;

	(void)state;
	make_several();
	open_image(&o, "s");
	assert_false(o.c.refused);
	assert_int_equal(o.faults.count, 0);
	close_image(&o);
	/* a name goes before an id */
	assert_refused("1", "'1' is of the disk alone");
	assert_refused("2", "without VM state; with one: 's'");
	assert_refused("other", "there are: 's', 'disk \\x1b[31m', '1'");
}

static void one_of_several_must_be_picked(void **state)
{
	uint64_t l1, l2;
	char name[8];

	(void)state;
	make_qcow2(&image, 9, 3);
	assert_refused(NULL, "no internal snapshot");
	assert_refused("s", "no snapshot 's'; there are: none");
	l2 = qcow2_tables(&image, &l1);
	qcow2_put(&image, l2, 8, qcow2_cluster(&image));
	qcow2_snapshot(&image, "0", "d", 0, 0, 0);
	assert_refused(NULL, "no snapshot with VM state; of the disk alone: "
			     "'d'");
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		qcow2_snapshot(&image, name, name, CLUSTER, l1, 2);
	}
	assert_refused(NULL, "10 snapshots with VM state, pick one with "
			     "--snapshot: 'n0', 'n1'");
	assert_refused(NULL, "'n7' and 2 more");
}

static void hostile_entries_are_refused(void **state)
{
	uint8_t want[CLUSTER] = { 1 };

	(void)state;
	make_plain(want, 1, CLUSTER);
	qcow2_put(&image, image.table + 36, 4, 1025);
	assert_refused(NULL, "1025 bytes of extra data");
	make_plain(want, 1, CLUSTER);
	qcow2_put(&image, image.table + 14, 2, 65535);
	assert_refused(NULL, "entry 0 of the snapshot table");
	/* nothing but zeros is an entry, too */
	make_plain(want, 1, CLUSTER);
	qcow2_put(&image, 60, 4, 20);
	assert_refused("t", "no snapshot 't'; there are: 's', ''");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(clusters_are_found_in_any_order),
		cmocka_unit_test(what_is_not_there_reads_as_zeros),
		cmocka_unit_test(zlib_clusters_are_read),
		cmocka_unit_test(damaged_compressed_clusters_say_so),
#ifdef HAVE_ZSTD
		cmocka_unit_test(zstd_clusters_are_read),
		cmocka_unit_test(zstd_windows_are_bounded),
#endif
		cmocka_unit_test(subclusters_are_told_apart),
		cmocka_unit_test(
			the_recorded_size_trims_zeros_of_the_last_cluster),
		cmocka_unit_test(
			clusters_count_where_the_recorded_size_is_wrong),
		cmocka_unit_test(a_file_may_end_inside_its_last_cluster),
		cmocka_unit_test(no_byte_is_made_up_wherever_the_file_is_cut),
		cmocka_unit_test(damage_in_the_tables_is_named),
		cmocka_unit_test(misaligned_clusters_are_named),
		cmocka_unit_test(empty_tables_do_not_keep_us),
		cmocka_unit_test(a_state_of_endless_holes_is_refused),
		cmocka_unit_test(features_are_refused_by_name),
		cmocka_unit_test(it_must_be_a_file),
		cmocka_unit_test(the_only_one_with_state_is_taken),
		cmocka_unit_test(snapshots_are_picked_by_name_or_id),
		cmocka_unit_test(one_of_several_must_be_picked),
		cmocka_unit_test(hostile_entries_are_refused),
	};

	return cmocka_run_group_tests_name("qcow2", tests, NULL, NULL);
}
