/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qcow2 image with internal snapshots (QEMU docs/interop/qcow2, "Header"):
 *    0 magic | be32 version 2 or 3 | be64 backing file | be32 its length
 *   20 be32 cluster bits | be64 disk size | be32 encryption method
 *   36 be32 L1 entries | be64 L1 table | be64, be32 refcounts
 *   60 be32 snapshots | be64 snapshot table
 *   72 version 3: be64 features that a reader must know | be64 others
 *   88 be64 others | be32 refcount order | be32 header length
 *  104 u8 compression type, where the header is that long
 * Refcounts, the backing file and the guest's disk are nothing to us. */
#include "config.h"
#include "container/qcow2.h"

#include "base/bytes.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdlib.h>

#define HEADER_V2 72
#define HEADER_V3 104
#define FEATURE_COMPRESSION 3
#define FEATURE_EXTENDED_L2 4
/* QEMU block/qcow2.h: subclusters of at least 512 bytes */
#define MIN_EXTENDED_BITS 14

struct image {
	struct reader *rd;
	const struct container_options *o;
	struct container *c;
	struct qcow2 q;
	struct ms_qcow2 *facts;
	struct qcow2_table *tables;
};

const uint8_t *qcow2_view(const struct qcow2 *q, unsigned slot, uint64_t offset,
			  size_t n)
{
	size_t got;

	if (offset > q->size || n > q->size - offset)
		return NULL;
	return q->src->ops->view(q->src, slot, q->origin + offset, n, &got);
}

/* ---- header ---- */

static const char *const encryptions[] = { NULL, "AES", "LUKS" };

/* Bits of the incompatible features; NULL: we know what to do. */
static const char *const features[] = {
	"it is marked dirty: repair it with qemu-img check -r all",
	"it is marked corrupt: repair it with qemu-img check -r all",
	"its data lie in an external data file",
	NULL, /* compression type */
	NULL, /* extended L2 entries */
};

static bool check_features(struct image *im, uint64_t incompatible)
{
	const unsigned known = sizeof(features) / sizeof(features[0]);

	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(incompatible >> bit & 1))
			continue;
		if (bit >= known)
			container_refuse(im->c,
					 "qcow2 image: it needs feature bit "
					 "%u, which is not known",
					 bit);
		else if (features[bit])
			container_refuse(im->c, "qcow2 image: %s",
					 features[bit]);
	}
	return !im->c->refused;
}

static bool check_encryption(struct image *im, uint32_t method)
{
	if (!method)
		return true;
	if (method < sizeof(encryptions) / sizeof(encryptions[0]))
		container_refuse(im->c,
				 "qcow2 image: it is encrypted with %s, which "
				 "is not supported",
				 encryptions[method]);
	else
		container_refuse(im->c,
				 "qcow2 image: unknown encryption method "
				 "%" PRIu32,
				 method);
	return false;
}

/* Fields that only version 3 has. */
static bool read_version_3(struct image *im, const uint8_t *p)
{
	const uint64_t incompatible = load_be64(p + 72);
	const uint32_t length = load_be32(p + 100);
	const uint8_t *type;

	if (!check_features(im, incompatible))
		return false;
	im->q.extended_l2 = incompatible >> FEATURE_EXTENDED_L2 & 1;
	if (!(incompatible >> FEATURE_COMPRESSION & 1))
		return true;
	type = length > HEADER_V3 ? qcow2_view(&im->q, 1, HEADER_V3, 1) : NULL;
	if (!type || type[0] > 1) {
		container_refuse(im->c,
				 "qcow2 image: unknown compression type");
		return false;
	}
	im->q.zstd = type[0] == 1;
	return true;
}

static bool check_geometry(struct image *im)
{
	struct qcow2 *q = &im->q;
	const unsigned least =
		q->extended_l2 ? MIN_EXTENDED_BITS : MIN_QCOW2_CLUSTER_BITS;

	if (q->cluster_bits < least ||
	    q->cluster_bits > MAX_QCOW2_CLUSTER_BITS) {
		container_refuse(im->c,
				 "qcow2 image: clusters of 2^%u bytes; from "
				 "2^%u to 2^%d are possible",
				 q->cluster_bits, least,
				 MAX_QCOW2_CLUSTER_BITS);
		return false;
	}
	q->l2_bits = q->cluster_bits - (q->extended_l2 ? 4 : 3);
	return true;
}

static bool read_header(struct image *im)
{
	struct qcow2 *q = &im->q;
	const uint8_t *p = qcow2_view(q, 1, 0, HEADER_V2);

	if (p && load_be32(p + 4) == 3)
		p = qcow2_view(q, 1, 0, HEADER_V3);
	if (!p) {
		container_refuse(im->c,
				 "qcow2 image: cut short inside its header");
		return false;
	}
	q->version = load_be32(p + 4);
	q->cluster_bits = load_be32(p + 20);
	q->disk_size = load_be64(p + 24);
	q->snapshot_count = load_be32(p + 60);
	q->snapshots_offset = load_be64(p + 64);
	if (q->version != 2 && q->version != 3) {
		container_refuse(im->c,
				 "qcow image of version %" PRIu32
				 ": only 2 and 3 can hold a VM state",
				 q->version);
		return false;
	}
	return check_encryption(im, load_be32(p + 32)) &&
	       (q->version == 2 || read_version_3(im, p)) && check_geometry(im);
}

static bool tell_facts(struct image *im)
{
	struct ms_qcow2 *f = arena_alloc(im->o->arena, sizeof(*f));

	if (!f) {
		container_refuse(im->c, "out of memory");
		return false;
	}
	f->version = im->q.version;
	f->cluster_size = UINT32_C(1) << im->q.cluster_bits;
	f->disk_size = im->q.disk_size;
	f->compression = im->q.zstd ? "zstd" : "zlib";
	f->extended_l2 = im->q.extended_l2;
	im->facts = f;
	im->c->qcow2 = f;
	return true;
}

/* ---- choosing ---- */

static void name_snapshots(struct buf *b, const struct ms_qcow2 *f,
			   bool with_state)
{
	size_t told = 0, more = 0;

	for (size_t i = 0; i < f->snapshot_count; i++) {
		const struct ms_snapshot *s = &f->snapshots[i];

		if (with_state && !s->vm_state_size)
			continue;
		if (told == MAX_NAMES_TOLD) {
			more++;
			continue;
		}
		buf_puts(b, told++ ? ", '" : "'");
		buf_escape(b, s->name);
		buf_puts(b, "'");
	}
	if (more)
		buf_printf(b, " and %zu more", more);
}

/* By name, else by id, the first of several: as QEMU (block/snapshot.c). */
static const struct ms_snapshot *find_snapshot(const struct ms_qcow2 *f,
					       const char *wanted)
{
	for (size_t i = 0; i < f->snapshot_count; i++)
		if (text_is(f->snapshots[i].name, wanted))
			return &f->snapshots[i];
	for (size_t i = 0; i < f->snapshot_count; i++)
		if (text_is(f->snapshots[i].id, wanted))
			return &f->snapshots[i];
	return NULL;
}

static const struct ms_snapshot *choose_named(struct image *im)
{
	const struct ms_snapshot *s = find_snapshot(im->facts, im->o->snapshot);
	struct buf names = { 0 };

	if (s && s->vm_state_size)
		return s;
	name_snapshots(&names, im->facts, s != NULL);
	if (s)
		container_refuse(im->c,
				 "qcow2 image: snapshot '%s' is of the disk "
				 "alone, without VM state; with one: %s",
				 im->o->snapshot,
				 names.length ? names.data : "none");
	else
		container_refuse(im->c,
				 "qcow2 image: no snapshot '%s'; there are: %s",
				 im->o->snapshot,
				 names.length ? names.data : "none");
	buf_free(&names);
	return NULL;
}

static const struct ms_snapshot *choose_alone(struct image *im)
{
	const struct ms_qcow2 *f = im->facts;
	const struct ms_snapshot *only = NULL;
	struct buf names = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < f->snapshot_count; i++) {
		if (!f->snapshots[i].vm_state_size)
			continue;
		only = &f->snapshots[i];
		count++;
	}
	if (count == 1)
		return only;
	name_snapshots(&names, f, count > 0);
	if (count)
		container_refuse(im->c,
				 "qcow2 image: %zu snapshots with VM state, "
				 "pick one with --snapshot: %s",
				 count, names.data ? names.data : "");
	else if (f->snapshot_count)
		container_refuse(im->c,
				 "qcow2 image: no snapshot with VM state; of "
				 "the disk alone: %s",
				 names.data ? names.data : "");
	else
		container_refuse(im->c,
				 "qcow2 image: it holds no internal snapshot");
	buf_free(&names);
	return NULL;
}

static const struct ms_snapshot *choose(struct image *im)
{
	return im->o->snapshot ? choose_named(im) : choose_alone(im);
}

/* ---- its VM state ---- */

/* Where the VM state starts: at the first L1 entry behind the disk's
 * (QEMU block/qcow2.h: qcow2_vm_state_offset). False: there is none. */
static bool place_state(struct image *im, const struct ms_snapshot *s,
			const struct qcow2_table *table)
{
	const unsigned bits = im->q.cluster_bits + im->q.l2_bits;
	const uint64_t index =
		(s->disk_size >> bits) +
		((s->disk_size & ((UINT64_C(1) << bits) - 1)) != 0);

	if (table->entries > MAX_QCOW2_L1_ENTRIES)
		container_refuse(im->c,
				 "qcow2 image: damaged: an L1 table of %" PRIu32
				 " entries is over the limit of %" PRIu64,
				 table->entries,
				 (uint64_t)MAX_QCOW2_L1_ENTRIES);
	else if (table->offset > im->q.size ||
		 table->entries > (im->q.size - table->offset) / 8)
		container_refuse(im->c,
				 "qcow2 image: cut short: an L1 table at "
				 "0x%" PRIx64 " lies behind its end",
				 table->offset);
	else if (index >= table->entries)
		container_refuse(im->c,
				 "qcow2 image: damaged: the snapshot's L1 "
				 "table ends with its disk, before its VM "
				 "state");
	else
		im->facts->vm_state_offset = index << bits;
	return !im->c->refused;
}

static void report(const struct image *im, enum fault_code code, uint64_t a,
		   uint64_t b)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("qcow2 image"),
			       .index = -1 };

	fault_add(im->o->faults,
		  &(struct fault){ .code = code,
				   .a = a,
				   .b = b,
				   .name = im->facts->chosen->name },
		  &where);
}

/* Puts the VM state in place of the image. */
static void map_state(struct image *im)
{
	const struct ms_snapshot *s = im->facts->chosen;
	const struct qcow2_table *table = &im->tables[s - im->facts->snapshots];
	const uint64_t cluster = im->facts->cluster_size;
	struct source *src;
	char why[200];

	if (!place_state(im, s, table))
		return;
	src = qcow2_map(&im->q, table, im->facts->vm_state_offset,
			s->vm_state_size, why, sizeof(why));
	if (!src) {
		container_refuse(im->c, "%s", why);
		return;
	}
	rd_release(im->rd);
	if (!rd_init(im->rd, src)) {
		container_refuse(im->c, "out of memory");
		return;
	}
	if (!im->o->snapshot && im->facts->snapshot_count > 1)
		report(im, F_SNAPSHOT_TAKEN, im->facts->snapshot_count, 0);
	if (src->size > s->vm_state_size ||
	    s->vm_state_size - src->size >= cluster)
		report(im, F_SNAPSHOT_SIZE, s->vm_state_size, src->size);
}

static void open_image(struct reader *rd, const struct container_options *o,
		       struct container *c)
{
	struct image im = { .rd = rd, .o = o, .c = c };

	c->enclosed = true;
	if (!rd_seekable(rd)) {
		container_refuse(c, "qcow2 image: it can be read only from a "
				    "file, neither through a pipe nor "
				    "compressed");
		return;
	}
	im.q.src = rd->src;
	im.q.origin = rd_tell(rd);
	im.q.size = rd_size(rd) - im.q.origin;
	if (!read_header(&im) || !tell_facts(&im) ||
	    !qcow2_read_snapshots(&im.q, o->arena, c, im.facts, &im.tables))
		return;
	im.facts->chosen = choose(&im);
	if (im.facts->chosen)
		map_state(&im);
}

const struct container_format container_qcow2[] = {
	{ MAGIC("QFI\xfb"), CONTAINER_STREAM, "qcow2 snapshot", NULL,
	  open_image },
	{ NULL, 0, CONTAINER_STREAM, NULL, NULL, NULL },
};
