/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/mem.h"
#include "decode/resolve.h"

#include "decode/blobs.h"
#include "decode/items.h"

#include <stdlib.h>

#define PCI_CONFIG 256
/* Bytes that are passed over in the time of a step, about. */
#define SCAN_PER_STEP 256

struct attempt {
	struct loader ld;
	struct sink sink; /* of tries */
	struct faults faults;
	struct resolve_choice choices[MAX_RESOLVE_CHOICES];
	unsigned count, fixed; /* passed in this run; prescribed for it */
	unsigned penalty;      /* implausible values met */
	uint64_t complaints;   /* of readers of types, so far */
	uint8_t pci_config[PCI_CONFIG];
	bool has_config;
	const char *over; /* the cap that was reached, or NULL */
	uint64_t over_most;
	bool all_counts; /* not just the usual ones */
};

static struct attempt *attempt_of(const struct load_object *o)
{
	return o->ld->ctx;
}

static void reach(struct attempt *a, const char *what, uint64_t most)
{
	a->over = what;
	a->over_most = most;
}

/* Which of `options` ways this run goes. */
static uint32_t choose(struct attempt *a, const struct schema_field *f,
		       uint32_t options)
{
	struct resolve_choice *c;

	for (unsigned i = 0; i < a->count; i++)
		if (a->choices[i].field == f)
			return a->choices[i].taken;
	if (a->count == MAX_RESOLVE_CHOICES) {
		reach(a, "choices", MAX_RESOLVE_CHOICES);
		return 0;
	}
	c = &a->choices[a->count++];
	if (a->count > a->fixed)
		c->taken = 0;
	c->field = f;
	c->options = options;
	return c->taken;
}

/* The next way: the last choice that has one left is moved on, what came
 * after it starts anew. False: all were tried. */
static bool next_way(struct attempt *a)
{
	while (a->count) {
		struct resolve_choice *c = &a->choices[a->count - 1];

		if (c->taken + 1 < c->options) {
			c->taken++;
			a->fixed = a->count;
			return true;
		}
		a->count--;
	}
	return false;
}

/* ---- the oracle ---- */

static bool exists(const struct load_object *o, uint32_t i,
		   struct load_entries e)
{
	(void)e;
	return !choose(attempt_of(o), &o->v->fields[i], 2);
}

/* Counts that devices use, tried first: several unknown ones in a section
 * would take too long otherwise. 131076 is an IDE drive's buffer
 * (hw/ide/core.c: IDE_DMA_BUF_SECTORS * 512 + 4, all releases). */
static const uint32_t usual_counts[] = {
	1,  2,  3,   4,   8,   16,  32,  64,  0,    5,    6,
	7,  9,  10,  12,  14,  15,  20,  24,  30,   31,   48,
	63, 96, 100, 127, 128, 255, 256, 512, 1024, 2048, 131076,
};
#define USUAL_COUNTS (sizeof(usual_counts) / sizeof(usual_counts[0]))

/* A number that was not loaded, at least not yet. Fields that share its place
 * share the answer. */
static uint64_t counted(const struct load_object *o, uint32_t i,
			const struct schema_source *src)
{
	struct attempt *a = attempt_of(o);
	const struct schema_field *f = &o->v->fields[i];
	uint64_t n = a->all_counts ? choose(a, f, MAX_RESOLVE_COUNT) :
				     usual_counts[choose(a, f, USUAL_COUNTS)];

	object_assume(o, src, n);
	return n;
}

static uint64_t elements(const struct load_object *o, uint32_t i,
			 struct load_entries e)
{
	const struct schema_field *f = &o->v->fields[i];

	(void)e;
	return load_elements(f, counted(o, i, &f->count));
}

static uint64_t buffer(const struct load_object *o, uint32_t i,
		       struct load_entries e)
{
	const struct schema_field *f = &o->v->fields[i];

	(void)e;
	return load_bytes(f, counted(o, i, &f->length));
}

static uint64_t msix_size(const struct attempt *a)
{
	uint64_t n = a->has_config ? pci_msix_vectors(a->pci_config) : 0;

	return 16 * n + (n + 7) / 8;
}

static uint64_t leaf(const struct load_object *o, uint32_t i,
		     struct load_entries e)
{
	struct attempt *a = attempt_of(o);
	const struct schema_field *f = &o->v->fields[i];
	const struct type_codec *c = type_codec_find(f->type);

	(void)e;
	if (text_is(f->type, "msix state"))
		return msix_size(a);
	/* ppc sends the 8 bytes of a floating-point register, not the vector
	 * register that holds it; mips sends all 16 (target machine.c). */
	if (text_is(f->type, "fpr") && f->size == 16)
		return choose(a, f, 2) ? 16 : 8;
	return c && c->read ? 0 : f->size;
}

static uint64_t complaints(const struct attempt *a)
{
	return a->faults.dropped;
}

/* Keeps what of it later fields depend on. False: it has another size. */
static bool keep_config(struct attempt *a, uint64_t at, uint64_t size)
{
	const uint8_t *p = rd_view(a->ld.dec.rd, at, PCI_CONFIG);

	a->has_config = p && size >= PCI_CONFIG;
	if (!a->has_config)
		return true;
	memcpy(a->pci_config, p, PCI_CONFIG);
	return size > PCI_CONFIG || !pci_config_express(a->pci_config);
}

/* What a type's own reader finds strange is read wrongly. */
static bool leaf_read(const struct load_object *o, uint32_t i,
		      const struct where *w, uint64_t from)
{
	struct attempt *a = attempt_of(o);
	const struct schema_field *f = &o->v->fields[i];
	const struct type_codec *c = type_codec_find(f->type);
	const bool fine = !c || !c->read || complaints(a) == a->complaints;

	(void)w;
	a->complaints = complaints(a);
	if (text_is(f->type, "pci config"))
		return keep_config(a, from, f->size);
	return fine;
}

static const struct load_oracle trying = {
	.exists = exists,
	.elements = elements,
	.buffer = buffer,
	.leaf = leaf,
	.leaf_read = leaf_read,
};

static bool weigh(void *ctx, const struct where *w, const struct ms_record *rec)
{
	struct attempt *a = ctx;

	(void)w;
	if (rec->offset > a->ld.end || rec->length > a->ld.end - rec->offset)
		return false;
	if (rec->u.value.class_ == MS_BOOL)
		a->penalty += rec->u.value.number > 1 ? 4 : 0;
	if (rec->data && text_is(rec->type, "unused_buffer"))
		for (uint64_t i = 0; i < rec->length && i < 64; i++)
			a->penalty += rec->data[i] != 0;
	return true;
}

/* ---- trying ---- */

/* Without footers a zero byte is no evidence: it passes for the end marker
 * anywhere. The real one is the last byte, or the description follows. */
static bool ends_here(struct attempt *a)
{
	struct reader *rd = a->ld.dec.rd;
	uint64_t at = rd_tell(rd);
	const uint8_t *p;

	if (a->ld.dec.footers)
		return decode_ends_at(&a->ld.dec, 0);
	if (item_header_at(rd, at, UINT64_MAX))
		return true;
	p = rd_peek(rd, 2);
	if (!p)
		return (p = rd_peek(rd, 1)) && *p == ITEM_EOF;
	return p[0] == ITEM_EOF && p[1] == ITEM_DESCRIPTION;
}

static bool load(struct attempt *a, const struct schema_vmsd *v,
		 uint32_t version, const struct where *w)
{
	struct load_object o = {
		.ld = &a->ld, .v = v, .version = version, .w = w
	};

	a->count = 0;
	a->penalty = 0;
	a->has_config = false;
	a->complaints = complaints(a);
	a->ld.ctx = a;
	return load_object(&o);
}

static bool fits(struct attempt *a, const struct schema_vmsd *v,
		 uint32_t version, uint64_t at)
{
	struct where w = { .kind = WHERE_PART, .name = v->name, .index = -1 };
	bool ok;

	rd_seek(a->ld.dec.rd, at);
	a->sink = (struct sink){ .faults = &a->faults, .claimed = at };
	ok = load(a, v, version, &w);
	if (!a->over && (*a->ld.work > a->ld.most || a->faults.failed))
		reach(a, "steps", a->ld.most);
	return ok && !a->over && ends_here(a);
}

static void remember(struct resolved *r, const struct attempt *a,
		     uint64_t length)
{
	memcpy(r->choices, a->choices, sizeof(r->choices));
	r->count = a->count;
	r->penalty = a->penalty;
	r->all_counts = a->all_counts;
	r->length = length;
	r->ambiguous = false;
}

/* The first field that two ways read differently. */
static struct ms_text difference(const struct resolved *r,
				 const struct attempt *a)
{
	for (unsigned i = 0; i < r->count && i < a->count; i++)
		if (r->choices[i].taken != a->choices[i].taken)
			return r->choices[i].field->name;
	return TEXT("");
}

static enum resolve_status try_all(struct attempt *a, uint64_t at,
				   struct resolved *ret)
{
	unsigned runs = 0, last = 0; /* last: when the best was found */
	bool found = false;

	do {
		bool ok = fits(a, ret->v, ret->version, at);
		uint64_t length = rd_tell(a->ld.dec.rd) - at;

		if (a->over || ++runs > (found ? last + MAX_RESOLVE_MORE :
						 MAX_RESOLVE_RUNS))
			break;
		if (ok && (!found || a->penalty < ret->penalty)) {
			remember(ret, a, length);
			found = true;
			last = runs;
		} else if (ok && a->penalty == ret->penalty) {
			ret->ambiguous = true;
			ret->field = difference(ret, a);
		}
		if (!next_way(a)) {
			if (found || a->all_counts)
				break;
			a->all_counts = true;
			a->fixed = 0;
		}
	} while (true);
	if (found)
		return RESOLVE_OK;
	if (!a->over && runs > MAX_RESOLVE_RUNS)
		reach(a, "combinations", MAX_RESOLVE_RUNS);
	ret->over = a->over;
	ret->over_most = a->over_most;
	return a->over ? RESOLVE_LIMIT : RESOLVE_NONE;
}

static struct attempt *attempt_new(const struct decoder *d,
				   struct load_cache *cache, uint64_t *work,
				   uint64_t most)
{
	struct attempt *a = mem_zero(1, sizeof(*a));

	if (a)
		a->ld = (struct loader){ .dec = *d,
					 .oracle = &trying,
					 .cache = cache,
					 .work = work,
					 .most = most };
	return a;
}

/* Most sections end at the first place that looks like it. Looking for it
 * counts as work: many sections may be without one. */
static uint64_t likely_end(const struct decoder *d, uint64_t at, uint64_t *work)
{
	uint64_t size = rd_size(d->rd);
	uint64_t end = d->footers ? item_find_footer(d->rd, at, UINT64_MAX,
						     d->section_id) :
				    item_find_header(d->rd, at, UINT64_MAX);

	if (end > size)
		end = size;
	*work += (end - at) / SCAN_PER_STEP;
	return end;
}

enum resolve_status resolve_section(const struct decoder *d,
				    const struct schema_vmsd *v,
				    uint32_t version, struct load_cache *cache,
				    uint64_t *work, struct resolved *ret)
{
	uint64_t at = rd_tell(d->rd);
	enum resolve_status status;
	struct attempt *a;

	*ret = (struct resolved){ .v = v,
				  .version = version,
				  .over = "steps",
				  .over_most = MAX_RESOLVE_WORK };
	a = *work > MAX_RESOLVE_WORK ?
		    NULL :
		    attempt_new(d, cache, work, MAX_RESOLVE_WORK);
	if (!a)
		return RESOLVE_LIMIT;
	a->faults.mute = true;
	a->ld.dec.sink = &a->sink;
	a->ld.dec.check = weigh;
	a->ld.dec.check_ctx = a;
	a->ld.end = likely_end(d, at, work);
	status = try_all(a, at, ret);
	if (status != RESOLVE_OK && a->ld.end < rd_size(d->rd)) {
		a->ld.end = rd_size(d->rd);
		a->over = NULL;
		a->all_counts = false;
		a->fixed = 0;
		status = try_all(a, at, ret);
	}
	rd_seek(d->rd, at);
	free(a);
	return status;
}

bool resolved_read(const struct decoder *d, const struct resolved *way,
		   struct load_cache *cache, const struct where *w)
{
	uint64_t work = 0;
	struct attempt *a = attempt_new(d, cache, &work, MAX_RESOLVE_WORK);
	bool ok;

	if (!a) {
		d->sink->faults->failed = true;
		return false;
	}
	memcpy(a->choices, way->choices, sizeof(a->choices));
	a->fixed = way->count;
	a->all_counts = way->all_counts;
	a->ld.show = true;
	ok = load(a, way->v, way->version, w);
	free(a);
	return ok;
}
