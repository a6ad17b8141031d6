/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The VM state of a snapshot as a source. It lies behind the end of the disk
 * in the snapshot's own mapping (QEMU docs/interop/qcow2, "Cluster mapping"):
 * L1 entry -> L2 table -> cluster. Neither table is ever held whole but for
 * the L2 table that was used last.
 *
 *   L1 entry   bits 9-55: host offset of the L2 table, 0 = none
 *   L2 entry   bit 62 clear: bits 9-55 host offset of the cluster, 0 = none,
 *              and bit 0 (without subclusters): reads as zeros
 *              bit 62 set: host offset and sectors of compressed data
 *   and with extended L2 entries a second word: bits 0-31 say which of the
 *   cluster's 32 parts are allocated, bits 32-63 which read as zeros
 *
 * What is not there reads as zeros, also in an image with a backing file:
 * that has nothing behind the end of the disk. */
#include "config.h"
#include "container/qcow2.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "io/source-priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define OFFSET_MASK UINT64_C(0x00fffffffffffe00)
#define COMPRESSED (UINT64_C(1) << 62)
#define READS_ZERO UINT64_C(1)
#define SUBCLUSTERS 32
#define SECTOR 512
/* What is put together at once where the file's order is not the guest's,
 * and what is looked ahead where it is. */
#define PIECE MIB(1)

enum extent_kind { EXTENT_ZERO, EXTENT_DATA, EXTENT_COMPRESSED };

/* Bytes of the VM state that are found the same way. */
struct extent {
	enum extent_kind kind;
	uint64_t host;   /* DATA: of the first byte; COMPRESSED: the entry */
	uint64_t inside; /* COMPRESSED: offset in the cluster */
	uint64_t length;
};

struct piece {
	uint8_t *bytes;
	size_t room;
};

struct map {
	struct source s;
	struct qcow2 q;
	struct qcow2_table table;
	uint64_t start, recorded;
	/* the L2 table of L1 entry table_index, where it has one */
	uint64_t table_index;
	bool table_there;
	uint8_t *l2;
	/* the compressed cluster that was used last, by its L2 entry */
	uint64_t cluster_entry;
	uint8_t *cluster;
	struct piece pieces[2]; /* one for each slot */
};

static uint64_t cluster_size(const struct map *m)
{
	return UINT64_C(1) << m->q.cluster_bits;
}

/* Source offsets that one L1 entry maps, as a power of two. */
static unsigned table_bits(const struct map *m)
{
	return m->q.cluster_bits + m->q.l2_bits;
}

/* What a view that failed means; what is named by place. */
static bool not_there(struct map *m, const char *what, uint64_t host)
{
	if (m->q.src->error[0])
		source_fail(&m->s, "%s", m->q.src->error);
	else
		source_fail(&m->s,
			    "qcow2 image cut short: %s at 0x%" PRIx64
			    " lies behind its end",
			    what, host);
	return false;
}

static bool misaligned(struct map *m, const char *what, uint64_t host)
{
	source_fail(&m->s,
		    "qcow2 image damaged: %s at 0x%" PRIx64
		    " does not start a cluster",
		    what, host);
	return false;
}

static bool load_table(struct map *m, unsigned slot, uint64_t index)
{
	const uint8_t *p;
	uint64_t host;

	if (index == m->table_index)
		return true;
	m->table_index = UINT64_MAX;
	m->table_there = false;
	if (index < m->table.entries) {
		p = qcow2_view(&m->q, slot, m->table.offset + index * 8, 8);
		if (!p)
			return not_there(m, "an L1 entry",
					 m->table.offset + index * 8);
		host = load_be64(p) & OFFSET_MASK;
		if (host & (cluster_size(m) - 1))
			return misaligned(m, "an L2 table", host);
		if (host) {
			p = qcow2_view(&m->q, slot, host,
				       (size_t)cluster_size(m));
			if (!p)
				return not_there(m, "an L2 table", host);
			memcpy(m->l2, p, (size_t)cluster_size(m));
			m->table_there = true;
		}
	}
	m->table_index = index;
	return true;
}

static const uint8_t *entry_at(const struct map *m, uint64_t index)
{
	return m->l2 + index * (m->q.extended_l2 ? 16 : 8);
}

/* With subclusters the state is told for each, else for the cluster. */
static enum extent_kind kind_of(const struct map *m, const uint8_t *entry,
				uint64_t inside)
{
	const uint64_t word = load_be64(entry);
	uint64_t states, part;

	if (word & COMPRESSED)
		return EXTENT_COMPRESSED;
	if (!(word & OFFSET_MASK))
		return EXTENT_ZERO;
	if (!m->q.extended_l2)
		return word & READS_ZERO ? EXTENT_ZERO : EXTENT_DATA;
	states = load_be64(entry + 8);
	part = inside * SUBCLUSTERS / cluster_size(m);
	return states >> part & 1 ? EXTENT_DATA : EXTENT_ZERO;
}

static bool look_up(struct map *m, unsigned slot, uint64_t off,
		    struct extent *ret)
{
	const uint64_t guest = m->start + off, size = cluster_size(m);
	const uint64_t inside = guest & (size - 1);
	const uint64_t part = m->q.extended_l2 ? size / SUBCLUSTERS : size;
	const uint8_t *entry;
	uint64_t word;

	if (!load_table(m, slot, guest >> table_bits(m)))
		return false;
	*ret = (struct extent){ .kind = EXTENT_ZERO,
				.length = part - inside % part };
	if (!m->table_there) {
		const uint64_t all = UINT64_C(1) << table_bits(m);

		ret->length = all - (guest & (all - 1));
		return true;
	}
	entry = entry_at(m, guest >> m->q.cluster_bits &
				    ((UINT64_C(1) << m->q.l2_bits) - 1));
	word = load_be64(entry);
	ret->kind = kind_of(m, entry, inside);
	if (ret->kind == EXTENT_COMPRESSED) {
		ret->host = word;
		ret->inside = inside;
		ret->length = size - inside;
	} else if (ret->kind == EXTENT_DATA) {
		if (word & OFFSET_MASK & (size - 1))
			return misaligned(m, "a cluster", word & OFFSET_MASK);
		ret->host = (word & OFFSET_MASK) + inside;
	}
	return true;
}

/* Bytes from off on that also lie one behind the other in the file, looked
 * for until there are enough. */
static bool run_of(struct map *m, unsigned slot, uint64_t off, uint64_t enough,
		   struct extent *ret)
{
	struct extent next;

	if (!look_up(m, slot, off, ret))
		return false;
	while (ret->kind == EXTENT_DATA && ret->length < enough &&
	       off + ret->length < m->s.size) {
		if (!look_up(m, slot, off + ret->length, &next))
			return false;
		if (next.kind != EXTENT_DATA ||
		    next.host != ret->host + ret->length)
			break;
		ret->length += next.length;
	}
	return true;
}

/* ---- reading ---- */

/* The end of a file may cut its last cluster off behind what is used of it,
 * as QEMU takes what lies behind the end of a file for zeros. */
static bool copy_data(struct map *m, unsigned slot, uint64_t off,
		      const struct extent *e, uint8_t *to, size_t n)
{
	const uint64_t there = e->host < m->q.size ? m->q.size - e->host : 0;
	const size_t have = n < there ? n : (size_t)there;
	const uint64_t cluster = e->host & ~(cluster_size(m) - 1);
	const uint8_t *p;

	if (have < n && (cluster >= m->q.size || off + have < m->recorded))
		return not_there(m, "a cluster of the VM state", cluster);
	if (have) {
		p = qcow2_view(&m->q, slot, e->host, have);
		if (!p)
			return not_there(m, "a cluster of the VM state",
					 e->host);
		memcpy(to, p, have);
	}
	memset(to + have, 0, n - have);
	return true;
}

/* With x = 62 - (cluster_bits - 8): bits 0 to x - 1 are the host offset, the
 * rest up to bit 61 how many sectors follow the one that it lies in. */
static bool load_compressed(struct map *m, unsigned slot, uint64_t entry)
{
	const unsigned x = 62 - (m->q.cluster_bits - 8);
	const uint64_t host = entry & ((UINT64_C(1) << x) - 1);
	const uint64_t sectors = (entry & (COMPRESSED - 1)) >> x;
	uint64_t n = (sectors + 1) * SECTOR - host % SECTOR;
	const uint8_t *p;
	const char *wrong;

	if (entry == m->cluster_entry)
		return true;
	m->cluster_entry = 0;
	if (!m->cluster)
		m->cluster = mem_alloc((size_t)cluster_size(m));
	if (!m->cluster) {
		source_fail(&m->s, "out of memory");
		return false;
	}
	if (host >= m->q.size)
		return not_there(m, "a compressed cluster", host);
	/* the last sector need not be there whole */
	n = n < m->q.size - host ? n : m->q.size - host;
	p = qcow2_view(&m->q, slot, host, (size_t)n);
	if (!p)
		return not_there(m, "a compressed cluster", host);
	wrong = qcow2_inflate(m->q.zstd, p, (size_t)n, m->cluster,
			      (size_t)cluster_size(m));
	if (wrong) {
		source_fail(&m->s,
			    "qcow2 image: %s cluster at 0x%" PRIx64 ": %s",
			    m->q.zstd ? "zstd" : "zlib", host, wrong);
		return false;
	}
	m->cluster_entry = entry;
	return true;
}

static bool copy_extent(struct map *m, unsigned slot, uint64_t off,
			const struct extent *e, uint8_t *to, size_t n)
{
	switch (e->kind) {
	case EXTENT_DATA:
		return copy_data(m, slot, off, e, to, n);
	case EXTENT_COMPRESSED:
		if (!load_compressed(m, slot, e->host))
			return false;
		memcpy(to, m->cluster + e->inside, n);
		return true;
	case EXTENT_ZERO:
	default:
		memset(to, 0, n);
		return true;
	}
}

/* n bytes that do not lie so in the file, and some more. */
static const uint8_t *assemble(struct map *m, unsigned slot, uint64_t off,
			       size_t n, size_t *ret_n)
{
	struct piece *piece = &m->pieces[slot];
	const uint64_t left = m->s.size - off;
	size_t want = left < PIECE ? (size_t)left : (size_t)PIECE, done = 0;

	want = want > n ? want : n;
	if (want > piece->room) {
		uint8_t *grown = mem_resize(piece->bytes, want);

		if (!grown) {
			source_fail(&m->s, "out of memory");
			return NULL;
		}
		piece->bytes = grown;
		piece->room = want;
	}
	while (done < want) {
		struct extent e;
		size_t step;

		if (!look_up(m, slot, off + done, &e))
			return NULL;
		step = e.length < want - done ? (size_t)e.length : want - done;
		/* what nobody asked for yet may be missing */
		if (done >= n && e.kind != EXTENT_ZERO &&
		    (e.kind != EXTENT_DATA || e.host > m->q.size ||
		     step > m->q.size - e.host))
			break;
		if (!copy_extent(m, slot, off + done, &e, piece->bytes + done,
				 step))
			return NULL;
		done += step;
	}
	*ret_n = done;
	return piece->bytes;
}

static const uint8_t *map_view(struct source *s, unsigned slot, uint64_t off,
			       size_t n, size_t *ret_n)
{
	struct map *m = (struct map *)s;
	struct extent e;
	const uint8_t *p;
	uint64_t most;

	if (!run_of(m, slot, off, n > PIECE ? n : PIECE, &e))
		return NULL;
	most = m->s.size - off;
	most = most < e.length ? most : e.length;
	if (e.kind != EXTENT_DATA || e.host > m->q.size ||
	    most > m->q.size - e.host || most < n)
		return assemble(m, slot, off, n, ret_n);
	p = qcow2_view(&m->q, slot, e.host, (size_t)most);
	if (!p)
		not_there(m, "a cluster of the VM state", e.host);
	*ret_n = (size_t)most;
	return p;
}

static void drop_pieces(struct map *m)
{
	for (int i = 0; i < 2; i++) {
		free(m->pieces[i].bytes);
		m->pieces[i] = (struct piece){ 0 };
	}
}

static void map_idle(struct source *s)
{
	struct map *m = (struct map *)s;
	struct source *src = m->q.src;

	drop_pieces(m);
	if (src->ops->idle)
		src->ops->idle(src);
}

static void map_close(struct source *s)
{
	struct map *m = (struct map *)s;

	source_close(m->q.src);
	free(m->l2);
	free(m->cluster);
	drop_pieces(m);
	free(m);
}

static const struct source_ops map_ops = {
	.name = "qcow2",
	.view = map_view,
	.idle = map_idle,
	.close = map_close,
};

/* ---- where it ends ---- */

static bool holds_data(const struct map *m, const uint8_t *entry)
{
	const uint64_t word = load_be64(entry);

	if (word & COMPRESSED)
		return true;
	if (!(word & OFFSET_MASK))
		return false;
	return m->q.extended_l2 ? load_be32(entry + 12) != 0 :
				  !(word & READS_ZERO);
}

/* Behind the last cluster with content. The recorded size is not it where
 * the state was written with mapped-ram (QEMU 11.1 counts what was written
 * in order alone). */
static bool find_end(struct map *m, uint64_t *ret)
{
	const uint64_t first = m->start >> table_bits(m);
	const uint64_t count = UINT64_C(1) << m->q.l2_bits;
	unsigned empty = 0;

	*ret = 0;
	for (uint64_t i = m->table.entries; i > first; i--) {
		if (!load_table(m, 1, i - 1))
			return false;
		for (uint64_t k = m->table_there ? count : 0; k > 0; k--) {
			if (!holds_data(m, entry_at(m, k - 1)))
				continue;
			*ret = ((i - 1 - first) << table_bits(m)) +
			       (k << m->q.cluster_bits);
			return true;
		}
		if (m->table_there && ++empty > MAX_QCOW2_EMPTY_TABLES) {
			source_fail(&m->s,
				    "qcow2 image: empty L2 tables at the end "
				    "of the VM state are over the limit of %d",
				    MAX_QCOW2_EMPTY_TABLES);
			return false;
		}
	}
	return true;
}

/* The size as recorded, where only zeros stand between it and the end of its
 * cluster, else the end of the clusters. */
static uint64_t trim(struct map *m)
{
	const uint64_t end = m->s.size;
	const uint8_t *p;
	size_t n, got, i = 0;

	if (m->recorded >= end || end - m->recorded >= cluster_size(m))
		return end;
	n = (size_t)(end - m->recorded);
	p = map_view(&m->s, 1, m->recorded, n, &got);
	while (p && i < n && !p[i])
		i++;
	return p && i == n ? m->recorded : end;
}

struct source *qcow2_map(const struct qcow2 *q, const struct qcow2_table *table,
			 uint64_t start, uint64_t recorded, char *why,
			 size_t why_room)
{
	struct map *m = mem_zero(1, sizeof(*m));

	if (m)
		m->l2 = mem_alloc((size_t)1 << q->cluster_bits);
	if (!m || !m->l2) {
		free(m);
		snprintf(why, why_room, "out of memory");
		return NULL;
	}
	m->s.ops = &map_ops;
	m->s.seekable = true;
	m->q = *q;
	m->table = *table;
	m->start = start;
	m->recorded = recorded;
	m->table_index = UINT64_MAX;
	source_name_filter(&m->s, q->src, NULL);
	if (find_end(m, &m->s.size) && m->s.size > MAX_QCOW2_STATE_BYTES)
		source_fail(&m->s,
			    "qcow2 image: its VM state ends at 0x%" PRIx64
			    ", over the limit of %" PRIu64 " TiB",
			    m->s.size, MAX_QCOW2_STATE_BYTES >> 40);
	else if (m->s.size)
		m->s.size = trim(m);
	if (m->s.error[0] || !m->s.size) {
		snprintf(why, why_room, "%s",
			 m->s.error[0] ? m->s.error :
					 "its VM state has no cluster");
		m->q.src = NULL;
		map_close(&m->s);
		return NULL;
	}
	return &m->s;
}
