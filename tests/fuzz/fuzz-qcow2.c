/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qcow2 images: a whole one, changed. An input is a recipe:
 *
 *	u8 form | be16 N | N bytes of VM state, one cluster of them each |
 *	be16 place, u8 what to write there, again and again
 *
 * so that changes reach the tables at once. What starts like an image is taken
 * as it is. */
#include "config.h"

#include "base/bytes.h"
#include "read-container.h"
#include "unit/make-qcow2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COPIED (UINT64_C(1) << 63)
#define MAX_CLUSTERS 16
#define RECIPE_HEAD 3

/* Clusters of the state, every third one of zeros, and last a hole. */
static void map_state(struct qcow2_image *q, uint64_t l2, const uint8_t *p,
		      size_t n)
{
	for (unsigned i = 0; i < MAX_CLUSTERS && n; i++) {
		const size_t part = n < q->cluster ? n : q->cluster;
		const uint64_t at = qcow2_cluster(q);

		memcpy(q->bytes + at, p, part);
		qcow2_put(q, l2 + 8 * i, 8, at | COPIED | (i % 3 == 2));
		p += part;
		n -= part;
	}
}

static void make(struct qcow2_image *q, const uint8_t *data, size_t size)
{
	size_t state = load_be16(data + 1);
	uint64_t l1, l2;

	make_qcow2(q, 9 + (data[0] & 3), data[0] & 4 ? 3 : 2);
	if (state > size - RECIPE_HEAD)
		state = size - RECIPE_HEAD;
	l2 = qcow2_tables(q, &l1);
	map_state(q, l2, data + RECIPE_HEAD, state);
	qcow2_snapshot(q, "1", "s", state, l1, 2);
	if (data[0] & 8)
		qcow2_snapshot(q, "2", "other", state / 2, l1, 2);
	for (size_t i = RECIPE_HEAD + state; i + 3 <= size; i += 3)
		q->bytes[load_be16(data + i) % q->length] = data[i + 2];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct qcow2_image q;
	uint8_t *copy;

	if (size < RECIPE_HEAD || !memcmp(data, "QFI", 3)) {
		read_container(data, size);
		return 0;
	}
	make(&q, data, size);
	/* no spare byte: a sanitizer is to see the first one too many */
	copy = malloc(q.length);
	check(copy);
	memcpy(copy, q.bytes, q.length);
	read_container(copy, q.length);
	free(copy);
	return 0;
}
