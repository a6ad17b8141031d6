/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the qcow2 files share. The image lies in a seekable source; offsets
 * in it ("host offsets") count from its own first byte. */
#ifndef CONTAINER_QCOW2_H
#define CONTAINER_QCOW2_H

#include "container/format.h"

struct qcow2 {
	struct source *src;
	uint64_t origin, size; /* of the image in src */
	uint32_t version;
	unsigned cluster_bits;
	unsigned l2_bits; /* entries of an L2 table, as a power of two */
	bool extended_l2; /* entries of 16 bytes, for 32 subclusters each */
	bool zstd;        /* what compressed clusters hold, else zlib */
	uint64_t disk_size;
	uint64_t snapshots_offset;
	uint32_t snapshot_count;
};

/* A snapshot's L1 table: where its clusters are told. */
struct qcow2_table {
	uint64_t offset;
	uint32_t entries;
};

/* n bytes at a host offset; NULL: behind the end, or a read error (then
 * q->src->error is set). slot as for source_ops.view. */
const uint8_t *qcow2_view(const struct qcow2 *q, unsigned slot, uint64_t offset,
			  size_t n);

/* qcow2-snapshots.c: fills the table of snapshots, in the arena, and with it
 * *ret_tables, likewise. False: has said why in c->problem. */
bool qcow2_read_snapshots(const struct qcow2 *q, struct arena *arena,
			  struct container *c, struct ms_qcow2 *facts,
			  struct qcow2_table **ret_tables);

/* qcow2-map.c: the VM state that starts at guest offset start (a multiple of
 * what one L1 entry maps) as a source. Takes q->src over on success. NULL:
 * why. recorded is its size as the snapshot tells it. */
struct source *qcow2_map(const struct qcow2 *q, const struct qcow2_table *table,
			 uint64_t start, uint64_t recorded, char *why,
			 size_t why_room);

/* qcow2-cluster.c: one compressed cluster of exactly room bytes. NULL, or
 * what is wrong with it. */
const char *qcow2_inflate(bool zstd, const uint8_t *p, size_t n, uint8_t *out,
			  size_t room);

#endif
