/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What single kinds of virtio devices keep, as their savers write it: the
 * layouts are drawn above their readers in src/decode/virtio-*.c. */
#include "config.h"
#include "walked.h"

#include "decode/virtio.h"

#include <stdlib.h>

#define ELEMENT 49168

/* ---- state as it is written ---- */

static uint8_t state[3 * ELEMENT];
static size_t length;

static void put(uint64_t value, unsigned bytes)
{
	assert_true(length + bytes <= sizeof(state));
	while (bytes--)
		state[length++] = (uint8_t)(value >> 8 * bytes);
}

static void put_text(const char *s)
{
	while (*s)
		put((uint8_t)*s++, 1);
}

static void put_zeros(size_t n)
{
	assert_true(length + n <= sizeof(state));
	memset(state + length, 0, n);
	length += n;
}

static void put_subsection(const char *name, uint32_t version)
{
	put(5, 1);
	put(strlen(name), 1);
	put_text(name);
	put(version, 4);
}

static int begin(void **ctx)
{
	(void)ctx;
	length = 0;
	return 0;
}

/* ---- reading it ---- */

struct part {
	struct walked x;
	bool ok;
	uint64_t left;
};

static const struct virtio one_queue = { .queues = 1 };

/* All of the state, or its first `n` bytes. */
static struct part *read_some(virtio_part_reader *read, struct virtio v,
			      size_t n)
{
	struct part *p = calloc(1, sizeof(*p));
	struct section s = { .name = TEXT("0000:00:03.0/virtio-x") };
	struct where w = { .kind = WHERE_PART,
			   .name = TEXT("virtio"),
			   .index = -1 };
	struct decoder d;

	assert_non_null(p);
	walked_start(&p->x, state, n);
	d = walk_decoder(&p->x.w, &s);
	d.footers = true; /* as in every stream since 2.4 */
	v.end = length;
	p->ok = read(&d, &w, &v);
	p->left = rd_left(&p->x.rd);
	return p;
}

static void done(struct part *p)
{
	walked_end(&p->x);
	free(p);
}

static unsigned named(const struct part *p, const char *name)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->x.count && i < 64; i++)
		n += text_is(p->x.records[i].name, name);
	return n;
}

static void reads_all(virtio_part_reader *read, struct virtio v,
		      const char *name, unsigned times)
{
	struct part *p = read_some(read, v, length);

	assert_true(p->ok);
	assert_no_fault(&p->x);
	assert_int_equal(p->left, 0);
	assert_int_equal(named(p, name), times);
	done(p);
}

/* Each shorter piece of it ends with one fault, no read behind its end. */
static void fails_cut(virtio_part_reader *read, struct virtio v, size_t step)
{
	for (size_t n = 0; n < length; n += step) {
		struct part *p = read_some(read, v, n);

		assert_false(p->ok);
		assert_true(p->x.faults.count > 0);
		done(p);
	}
}

/* ---- block ---- */

static void a_disk_without_requests_is_one_byte(void **ctx)
{
	(void)ctx;
	put(0, 1);
	reads_all(virtio_blk_read, one_queue, "more", 1);
}

static void requests_of_a_disk_are_elements(void **ctx)
{
	(void)ctx;
	put(1, 1), put_zeros(ELEMENT);
	put(1, 1), put_zeros(ELEMENT);
	put(0, 1);
	reads_all(virtio_blk_read, one_queue, "element", 2);
	fails_cut(virtio_blk_read, one_queue, 9973);
}

static void several_queues_are_told_apart(void **ctx)
{
	(void)ctx;
	put(1, 1), put(3, 4), put_zeros(ELEMENT), put(0, 1);
	reads_all(virtio_blk_read, (struct virtio){ .queues = 4 }, "queue", 1);
}

static void a_packed_ring_shows_by_where_the_part_ends(void **ctx)
{
	(void)ctx;
	put(1, 1), put(2, 4), put_zeros(ELEMENT), put(0, 1);
	reads_all(virtio_blk_read, one_queue, "ndescs", 1);
}

/* ---- serial ---- */

static void put_port(uint32_t id, bool popped)
{
	put(id, 4), put(1, 1), put(1, 1), put(popped, 4);
	if (popped)
		put(0, 4), put(7, 8), put_zeros(ELEMENT);
}

static void ports_are_read_with_what_was_popped(void **ctx)
{
	(void)ctx;
	put(80, 2), put(25, 2), put(31, 4), put(0x3, 4);
	put(2, 4);
	put_port(0, false);
	put_port(1, true);
	reads_all(virtio_serial_read, (struct virtio){ .queues = 64 },
		  "iov_offset", 1);
	fails_cut(virtio_serial_read, (struct virtio){ .queues = 64 }, 4999);
}

static void a_port_that_is_not_in_the_map_is_refused(void **ctx)
{
	struct part *p;

	(void)ctx;
	put(80, 2), put(25, 2), put(31, 4), put(0x1, 4);
	put(1, 4);
	put_port(5, false);
	p = read_some(virtio_serial_read, (struct virtio){ .queues = 64 },
		      length);
	assert_false(p->ok);
	assert_fault(&p->x, F_VIRTIO_PORTS);
	done(p);
}

/* ---- net ---- */

static void put_net(unsigned macs)
{
	put_zeros(6), put(0, 4), put(1, 4), put(1, 2), put(1, 1), put(0, 1);
	put(macs, 4), put_zeros(6 * macs), put_zeros(512), put(0, 4);
	put_zeros(7);
}

static void a_card_with_one_pair_of_queues_is_read(void **ctx)
{
	(void)ctx;
	put_net(2);
	reads_all(virtio_net_read, (struct virtio){ .queues = 3 },
		  "mac_table.macs", 1);
	fails_cut(virtio_net_read, (struct virtio){ .queues = 3 }, 7);
}

static void pairs_and_offloads_follow(void **ctx)
{
	const struct virtio v = { .queues = 9, .features = 1 << 2 };

	(void)ctx;
	put_net(0);
	put(4, 2), put(3, 2), put(0, 4), put(0, 4);
	put(0x1f, 8);
	reads_all(virtio_net_read, v, "tx_waiting", 2);
	reads_all(virtio_net_read, v, "curr_guest_offloads", 1);
}

static void receive_side_scaling_has_two_versions(void **ctx)
{
	(void)ctx;
	for (uint32_t version = 1; version <= 2; version++) {
		length = 0;
		put_net(0);
		put_subsection("virtio-net-device/rss", version);
		put(1, 1), put(1, 1), put(0, 1), put(0x3f, 4);
		if (version == 2)
			put(0x7f, 4);
		put(4, 2), put(0, 2), put_zeros(40), put_zeros(8);
		reads_all(virtio_net_read, (struct virtio){ .queues = 3 },
			  "rss_data.supported_hash_types", version - 1);
	}
}

/* ---- balloon ---- */

static void a_balloon_has_subsections(void **ctx)
{
	(void)ctx;
	put(256, 4), put(128, 4);
	reads_all(virtio_balloon_read, one_queue, "actual", 1);
	put_subsection("virtio-balloon-device/free-page-report", 1);
	put(7, 4), put(2, 4);
	put_subsection("virtio-balloon-device/page-poison", 1);
	put(0xaa, 4);
	reads_all(virtio_balloon_read, one_queue, "poison_val", 1);
}

/* ---- IOMMU ---- */

static void put_domain(uint32_t mappings, unsigned version)
{
	put(1, 1), put(9, 8), put(9, 4), put(mappings, 4);
	put(1, 1), put(0, 8), put(0xfff, 8), put(0x1000, 8), put(3, 4);
	put(0, 1);
	put(1, 1), put(0x18, 4);
	put(0, 1);
	if (version >= 2)
		put(0, 1);
}

static void domains_are_read_by_either_version(void **ctx)
{
	(void)ctx;
	for (unsigned version = 1; version <= 2; version++) {
		length = 0;
		put(1, 4);
		put_domain(1, version);
		put(0, 1);
		if (version == 2)
			put(1, 1);
		reads_all(virtio_iommu_read, one_queue, "mapping", 1);
		reads_all(virtio_iommu_read, one_queue, "config.bypass",
			  version - 1);
		fails_cut(virtio_iommu_read, one_queue, 1);
	}
}

static void a_tree_with_other_than_it_said_is_refused(void **ctx)
{
	struct part *p;

	(void)ctx;
	put(1, 4);
	put_domain(2, 2);
	put(0, 1), put(1, 1);
	p = read_some(virtio_iommu_read, one_queue, length);
	assert_false(p->ok);
	assert_fault(&p->x, F_FIELD_TREE);
	assert_int_equal(p->x.faults.list[0].a, 1);
	assert_int_equal(p->x.faults.list[0].b, 2);
	done(p);
}

/* ---- memory ---- */

static void memory_has_a_bit_for_each_block(void **ctx)
{
	struct part *p;

	(void)ctx;
	put(UINT64_C(1) << 32, 8), put(UINT64_C(65) << 21, 8);
	put(1 << 21, 8), put(0, 4);
	put(0, 8), put(0, 8), put(0, 8);
	put_zeros(16);
	p = read_some(virtio_mem_read, one_queue, length);
	assert_true(p->ok);
	assert_no_fault(&p->x);
	assert_int_equal(p->left, 0);
	assert_int_equal(p->x.records[p->x.count - 1].length, 16);
	done(p);
	fails_cut(virtio_mem_read, one_queue, 1);
}

static void memory_that_went_early_leaves_two_numbers(void **ctx)
{
	(void)ctx;
	put(1 << 30, 8), put(1 << 30, 8);
	reads_all(virtio_mem_read, one_queue, "size", 0);
}

/* ---- graphics ---- */

static bool gpu_read(struct decoder *d, const struct where *w,
		     const struct virtio *v)
{
	return virtio_gpu_read(d, w, TEXT("virtio-gpu"), -1, v->end);
}

static bool gpu_blob_read(struct decoder *d, const struct where *w,
			  const struct virtio *v)
{
	return virtio_gpu_blob_read(d, w, TEXT("res_list"), -1, v->end);
}

static void put_resource(uint32_t id, uint32_t width, uint32_t height)
{
	put(id, 4), put(width, 4), put(height, 4), put(1, 4);
	put(1, 4), put(0x1000, 8), put(4096, 4);
	put_zeros((size_t)width * height * 4);
}

static void pictures_and_scanouts_are_read(void **ctx)
{
	(void)ctx;
	/* with and without what 9.1 adds to a scanout */
	for (unsigned fb = 0; fb <= 1; fb++) {
		length = 0;
		put_resource(1, 8, 4);
		put_resource(2, 0, 0);
		put(0, 4);
		put(1, 4), put(1, 4);
		put_zeros(40);
		put_zeros(fb * 24);
		reads_all(gpu_read, one_queue, "image", 1);
		reads_all(gpu_read, one_queue, "fb.stride", fb);
		fails_cut(gpu_read, one_queue, 1);
	}
}

static void the_second_of_two_scanouts_may_be_longer(void **ctx)
{
	(void)ctx;
	put(0, 4);
	put(3, 4), put(2, 4);
	put_zeros(40), put_zeros(40), put_zeros(24);
	reads_all(gpu_read, one_queue, "fb.stride", 1);
}

static void a_picture_larger_than_the_input_is_refused(void **ctx)
{
	struct part *p;

	(void)ctx;
	put(1, 4), put(UINT32_MAX, 4), put(UINT32_MAX, 4), put(1, 4);
	put(0, 4);
	put_zeros(64);
	p = read_some(gpu_read, one_queue, length);
	assert_false(p->ok);
	assert_fault(&p->x, F_FIELD_TRUNCATED);
	done(p);
}

static void more_scanouts_than_there_can_be_are_refused(void **ctx)
{
	struct part *p;

	(void)ctx;
	put(0, 4), put(0, 4), put(17, 4);
	put_zeros(17 * 40);
	p = read_some(gpu_read, one_queue, length);
	assert_false(p->ok);
	assert_fault(&p->x, F_LIMIT);
	done(p);
}

static void blobs_have_a_size_and_pieces(void **ctx)
{
	(void)ctx;
	put(5, 4), put(8192, 4), put(2, 4), put_zeros(24);
	put(6, 4), put(4096, 4), put(0, 4);
	put(0, 4);
	reads_all(gpu_blob_read, one_queue, "blob_size", 2);
	fails_cut(gpu_blob_read, one_queue, 1);
}

/* ---- the table ---- */

static void kinds_go_by_the_name_of_the_device(void **ctx)
{
	(void)ctx;
	assert_ptr_equal(virtio_device_find(TEXT("virtio-console"))->read,
			 virtio_serial_read);
	assert_null(virtio_device_find(TEXT("virtio-rng"))->read);
	assert_null(virtio_device_find(TEXT("virtio-of-tomorrow")));
}

#define TEST(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_disk_without_requests_is_one_byte),
		TEST(requests_of_a_disk_are_elements),
		TEST(several_queues_are_told_apart),
		TEST(a_packed_ring_shows_by_where_the_part_ends),
		TEST(ports_are_read_with_what_was_popped),
		TEST(a_port_that_is_not_in_the_map_is_refused),
		TEST(a_card_with_one_pair_of_queues_is_read),
		TEST(pairs_and_offloads_follow),
		TEST(receive_side_scaling_has_two_versions),
		TEST(a_balloon_has_subsections),
		TEST(domains_are_read_by_either_version),
		TEST(a_tree_with_other_than_it_said_is_refused),
		TEST(memory_has_a_bit_for_each_block),
		TEST(memory_that_went_early_leaves_two_numbers),
		TEST(pictures_and_scanouts_are_read),
		TEST(the_second_of_two_scanouts_may_be_longer),
		TEST(a_picture_larger_than_the_input_is_refused),
		TEST(more_scanouts_than_there_can_be_are_refused),
		TEST(blobs_have_a_size_and_pieces),
		TEST(kinds_go_by_the_name_of_the_device),
	};

	return cmocka_run_group_tests_name("virtio", tests, NULL, NULL);
}
