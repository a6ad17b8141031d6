/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "make-qcow2.h"

#include <stdlib.h>
#include <string.h>

void qcow2_put(struct qcow2_image *q, uint64_t at, unsigned size, uint64_t v)
{
	if (at + size > QCOW2_ROOM)
		abort();
	for (unsigned i = 0; i < size; i++)
		q->bytes[at + i] = (uint8_t)(v >> 8 * (size - 1 - i));
}

static uint64_t grow(struct qcow2_image *q, size_t n)
{
	const uint64_t at = q->length;

	if (n > QCOW2_ROOM - q->length)
		abort();
	q->length += n;
	return at;
}

uint64_t qcow2_cluster(struct qcow2_image *q)
{
	return grow(q, q->cluster);
}

void make_qcow2(struct qcow2_image *q, unsigned cluster_bits, unsigned version)
{
	memset(q, 0, sizeof(*q));
	q->cluster = (size_t)1 << cluster_bits;
	grow(q, q->cluster);
	memcpy(q->bytes, "QFI\xfb", 4);
	qcow2_put(q, 4, 4, version);
	qcow2_put(q, 20, 4, cluster_bits);
	qcow2_put(q, 24, 8, QCOW2_DISK);
	if (version >= 3)
		qcow2_put(q, 100, 4, 112);
	q->table = q->table_end = grow(q, (QCOW2_TABLE_ROOM + q->cluster - 1) &
						  ~(q->cluster - 1));
	qcow2_put(q, 64, 8, q->table);
}

void qcow2_snapshot(struct qcow2_image *q, const char *id, const char *name,
		    uint64_t state_size, uint64_t l1, uint32_t entries)
{
	const uint64_t at = q->table_end;
	const size_t ids = strlen(id), names = strlen(name);

	if (at + 56 + ids + names > q->table + QCOW2_TABLE_ROOM)
		abort();
	qcow2_put(q, at, 8, l1);
	qcow2_put(q, at + 8, 4, entries);
	qcow2_put(q, at + 12, 2, ids);
	qcow2_put(q, at + 14, 2, names);
	qcow2_put(q, at + 16, 4, 1700000000);
	qcow2_put(q, at + 24, 8, 1500000000);
	qcow2_put(q, at + 32, 4, state_size & UINT32_MAX);
	qcow2_put(q, at + 36, 4, 16);
	qcow2_put(q, at + 40, 8, state_size);
	qcow2_put(q, at + 48, 8, QCOW2_DISK);
	memcpy(q->bytes + at + 56, id, ids);
	memcpy(q->bytes + at + 56 + ids, name, names);
	q->table_end += (56 + ids + names + 7) / 8 * 8;
	qcow2_put(q, 60, 4, ++q->snapshots);
}

uint64_t qcow2_tables(struct qcow2_image *q, uint64_t *ret_l1)
{
	const uint64_t l1 = qcow2_cluster(q), l2 = qcow2_cluster(q);

	/* entry 0 maps the disk */
	qcow2_put(q, l1 + 8, 8, l2 | UINT64_C(1) << 63);
	*ret_l1 = l1;
	return l2;
}
