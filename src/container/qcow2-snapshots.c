/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of internal snapshots (QEMU docs/interop/qcow2, "Snapshots").
 * Entries follow each other, each from a multiple of 8 bytes on:
 *    0 be64 L1 table offset | be32 L1 entries | be16 id length
 *   14 be16 name length | be32 seconds | be32 nanoseconds | be64 VM clock
 *   32 be32 VM state size | be32 length of extra data
 *   40 extra data: be64 VM state size | be64 disk size | be64 icount
 *   then id and name, without NUL */
#include "config.h"
#include "container/qcow2.h"

#include "base/bytes.h"
#include "base/limits.h"

#include <inttypes.h>

#define ENTRY_BYTES 40
#define ALIGNMENT 8

struct table_reader {
	const struct qcow2 *q;
	struct arena *arena;
	struct container *c;
	uint64_t at;         /* host offset of the next entry */
	uint64_t name_bytes; /* seen so far */
};

static bool cut_short(struct table_reader *t, uint32_t index)
{
	const char *why = t->q->src->error;

	container_refuse(t->c,
			 "qcow2 image: %s: entry %" PRIu32
			 " of the snapshot table, at 0x%" PRIx64
			 ", lies behind the end",
			 *why ? why : "cut short", index, t->at);
	return false;
}

/* The sizes that newer releases put behind the entry's fixed part. */
static void read_extra(const struct qcow2 *q, const uint8_t *p, uint32_t n,
		       struct ms_snapshot *s)
{
	s->disk_size = q->disk_size;
	if (n >= 8)
		s->vm_state_size = load_be64(p);
	if (n >= 16)
		s->disk_size = load_be64(p + 8);
}

static bool read_entry(struct table_reader *t, uint32_t index,
		       struct ms_snapshot *s, struct qcow2_table *table)
{
	const uint8_t *p = qcow2_view(t->q, 1, t->at, ENTRY_BYTES);
	uint32_t extra;
	size_t id, name, all;

	if (!p)
		return cut_short(t, index);
	table->offset = load_be64(p);
	table->entries = load_be32(p + 8);
	id = load_be16(p + 12);
	name = load_be16(p + 14);
	s->date_seconds = load_be32(p + 16);
	s->date_nanoseconds = load_be32(p + 20);
	s->vm_clock_nanoseconds = load_be64(p + 24);
	s->vm_state_size = load_be32(p + 32);
	extra = load_be32(p + 36);
	if (extra > MAX_QCOW2_EXTRA_DATA) {
		container_refuse(t->c,
				 "qcow2 image: damaged: snapshot %" PRIu32
				 " has %" PRIu32
				 " bytes of extra data, over the limit of %d",
				 index, extra, MAX_QCOW2_EXTRA_DATA);
		return false;
	}
	all = ENTRY_BYTES + extra + id + name;
	t->name_bytes += id + name;
	p = qcow2_view(t->q, 1, t->at, all);
	if (!p)
		return cut_short(t, index);
	read_extra(t->q, p + ENTRY_BYTES, extra, s);
	p += ENTRY_BYTES + extra;
	s->id = arena_text(t->arena, text_make(p, id));
	s->name = arena_text(t->arena, text_make(p + id, name));
	if (t->name_bytes > MAX_QCOW2_NAME_BYTES) {
		container_refuse(t->c,
				 "qcow2 image: names of its first %" PRIu32
				 " snapshots take %" PRIu64
				 " bytes, over the limit of %" PRIu64,
				 index + 1, t->name_bytes,
				 MAX_QCOW2_NAME_BYTES);
		return false;
	}
	if (!s->id.bytes || !s->name.bytes) {
		container_refuse(t->c, "out of memory");
		return false;
	}
	t->at += (all + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	return true;
}

bool qcow2_read_snapshots(const struct qcow2 *q, struct arena *arena,
			  struct container *c, struct ms_qcow2 *facts,
			  struct qcow2_table **ret_tables)
{
	struct table_reader t = {
		.q = q, .arena = arena, .c = c, .at = q->snapshots_offset
	};
	const uint32_t n = q->snapshot_count;
	struct ms_snapshot *list;

	/* before anything is allocated for them */
	if (n > MAX_QCOW2_SNAPSHOTS) {
		container_refuse(c,
				 "qcow2 image: damaged: %" PRIu32
				 " snapshots are over the limit of %d",
				 n, MAX_QCOW2_SNAPSHOTS);
		return false;
	}
	if (t.at > q->size || n > (q->size - t.at) / ENTRY_BYTES) {
		container_refuse(c,
				 "qcow2 image: cut short or damaged: its %u "
				 "snapshots would be told at 0x%" PRIx64
				 ", the file ends at 0x%" PRIx64,
				 n, t.at, q->size);
		return false;
	}
	list = arena_array(arena, n, sizeof(*list));
	*ret_tables = arena_array(arena, n, sizeof(**ret_tables));
	if (n && (!list || !*ret_tables)) {
		container_refuse(c, "out of memory");
		return false;
	}
	facts->snapshots = list;
	for (uint32_t i = 0; i < n; i++) {
		if (!read_entry(&t, i, &list[i], &(*ret_tables)[i]))
			return false;
		facts->snapshot_count = i + 1;
	}
	return true;
}
