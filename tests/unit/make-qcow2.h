/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A qcow2 image in memory, put together piece by piece:
 *
 *	struct qcow2_image q;
 *	make_qcow2(&q, 9, 3);                   clusters of 512 bytes
 *	at = qcow2_cluster(&q);                 a new one, all zero
 *	qcow2_put(&q, at, 8, 0x1234);           a big-endian number
 *	qcow2_snapshot(&q, "1", "name", state_size, l1, entries);
 *
 * Clusters are never given back; the image is q.bytes, q.length. */
#ifndef TESTS_MAKE_QCOW2_H
#define TESTS_MAKE_QCOW2_H

#include <stddef.h>
#include <stdint.h>

#define QCOW2_ROOM ((size_t)1 << 20)
/* Disk behind which the VM state lies; less than one L1 entry maps. */
#define QCOW2_DISK 4096
/* Room for the snapshot table. */
#define QCOW2_TABLE_ROOM 4096

struct qcow2_image {
	uint8_t bytes[QCOW2_ROOM];
	size_t length, cluster;
	uint64_t table, table_end; /* of snapshots */
	uint32_t snapshots;
};

void make_qcow2(struct qcow2_image *q, unsigned cluster_bits, unsigned version);
uint64_t qcow2_cluster(struct qcow2_image *q);
void qcow2_put(struct qcow2_image *q, uint64_t at, unsigned size, uint64_t v);
void qcow2_snapshot(struct qcow2_image *q, const char *id, const char *name,
		    uint64_t state_size, uint64_t l1, uint32_t entries);
/* An L1 table with one L2 table, which maps the start of the VM state;
 * returns the L2 table. */
uint64_t qcow2_tables(struct qcow2_image *q, uint64_t *ret_l1);

#endif
