/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device's state, loaded the destination's way.
 *
 * What its schema leaves open (conditional fields, counts that are not sent)
 * depends on how the destination's device is set up, which its reference
 * stream shows; where it does not, what the source wrote is taken for what
 * the destination expects. */
#include "config.h"

#include "replay/priv.h"

#include "base/limits.h"

bool object_local(const struct load_object *o, const char *field, int64_t *ret)
{
	struct where w = { .outer = o->w,
			   .kind = WHERE_FIELD,
			   .name = text_of(field),
			   .index = -1 };
	const struct local *v = load_local(load_of(o), &w, w.name, -1);

	if (v)
		*ret = (int64_t)v->number;
	return v;
}

const struct local *load_local(const struct load *l, const struct where *w,
			       struct ms_text name, int64_t index)
{
	return locals_find(&l->r->dest->locals,
			   local_key(l->root, w, name, index));
}

void load_fault(struct load *l, const struct fault *f, const struct where *w)
{
	fault_add(l->sink.faults, f, w);
}

/* ---- what the schema leaves open ---- */

/* A choice that neither stream told: from here on nothing is certain. */
static void guess(const struct load_object *o)
{
	struct load *l = load_of(o);

	l->guesses++;
	l->sink.faults->doubtful = true;
}

/* Whether the destination reads a field that its own code decides on: as it
 * did when it wrote that version itself, else as the source did. */
static bool exists(const struct load_object *o, uint32_t i,
		   struct load_entries e)
{
	(void)i;
	if (o->reference && (o->reference->version == o->version ||
			     !o->witness || o->witness->version != o->version))
		return e.reference;
	if (o->witness)
		return e.witness;
	guess(o);
	return true;
}

/* Elements of a run. Each marker has an entry, and so has the object behind
 * it, if there is one. */
static uint64_t described_count(const struct schema_field *f,
				const struct desc_field *d)
{
	uint64_t n = 0;

	if (!d || !(f->flags & FIELD_POINTER_MARKERS))
		return d ? desc_run_count(d) : 0;
	for (uint32_t i = 0; i < d->run; i++)
		n += load_is_marker(&d[i]) ? desc_entry_count(&d[i]) : 0;
	return n;
}

static uint64_t elements(const struct load_object *o, uint32_t i,
			 struct load_entries e)
{
	const struct schema_field *f = &o->v->fields[i];

	if (o->reference)
		return described_count(f, e.reference);
	if (o->witness)
		return described_count(f, e.witness);
	guess(o);
	return 0;
}

static uint64_t buffer(const struct load_object *o, uint32_t i,
		       struct load_entries e)
{
	const struct desc_field *seen = e.reference ? e.reference : e.witness;

	(void)i;
	if (!seen && !o->reference && !o->witness)
		guess(o);
	return seen ? seen->size : 0;
}

/* Types whose length on the wire follows from how the device is set up, not
 * from what is sent. */
static bool sized_by_device(struct ms_text type)
{
	return text_is(type, "msix state") || text_is(type, "shpc");
}

static uint64_t leaf(const struct load_object *o, uint32_t i,
		     struct load_entries e)
{
	const struct schema_field *f = &o->v->fields[i];
	const struct type_codec *c = type_codec_find(f->type);
	const struct desc_field *seen = e.witness ? e.witness : e.reference;

	if (sized_by_device(f->type) && e.reference)
		return e.reference->size;
	/* types that have no length of their own: as the source wrote it */
	if ((c && c->read) || text_is(f->type, "fpr") ||
	    !(f->flags & FIELD_BUFFER || (c && f->size)))
		return seen ? seen->size : c && c->read ? 0 : f->size;
	return f->size;
}

static bool leaf_read(const struct load_object *o, uint32_t i,
		      const struct where *w, uint64_t from)
{
	return !text_is(o->v->fields[i].type, "virtio") ||
	       virtio_check(load_of(o), w, from, rd_tell(o->ld->dec.rd));
}

/* Only reads: values are not judged. */
static const struct load_oracle looking = {
	.exists = exists,
	.elements = elements,
	.buffer = buffer,
	.leaf = leaf,
};

static const struct load_oracle judging = {
	.exists = exists,
	.elements = elements,
	.buffer = buffer,
	.leaf = leaf,
	.leaf_read = leaf_read,
	.check = validate_check,
	.loaded = post_load_check,
};

/* ---- a section ---- */

static bool keep_local(struct load *l, const struct where *w,
		       const struct ms_record *rec)
{
	const bool number = rec->length <= 8;

	if (rec->u.value.index >= MAX_LOCAL_ELEMENTS)
		return true;

	struct local v = {
		.key = local_key(l->root, w, rec->name, leaf_index(l, rec)),
		.number = rec->u.value.number,
		.length = rec->length,
		.data = number || rec->length > MAX_LOCAL_VALUE ? NULL :
								  rec->data,
	};

	locals_add(l->r->learn, &v);
	return true;
}

static bool look(void *ctx, const struct where *w, const struct ms_record *rec)
{
	struct load *l = ctx;

	if (l->r->learn)
		return keep_local(l, w, rec);
	return leaf_check(l, w, rec);
}

/* False: refused. */
static bool load_by(struct load *l, const struct handler *h,
		    const struct section *s, const struct where *w)
{
	struct load_object o = {
		.ld = &l->ld,
		.v = h->vmsd,
		.version = s->version,
		.reference = h->reference ? &h->reference->object : NULL,
		.witness = h->witness ? &h->witness->object : NULL,
		.w = w,
	};
	struct faults *faults = l->sink.faults;
	bool ok;

	l->ld.dec.sink = &l->sink;
	l->ld.ctx = l;
	faults->by_dest = true;
	if (h->vmsd)
		ok = load_object(&o);
	else
		ok = decode_object(&l->ld.dec,
				   o.reference ? o.reference : o.witness,
				   w) == DECODE_OK;
	faults->by_dest = false;
	faults->doubtful = false;
	return ok;
}

static struct load load_make(struct replay *r, const struct handler *h,
			     const struct section *s, struct faults *faults,
			     const struct load_oracle *oracle)
{
	return (struct load){
		.r = r,
		.handler = h,
		.ld = { .dec = walk_decoder(r->w, s),
			.oracle = oracle,
			.cache = &r->cache,
			.work = &r->work,
			.most = MAX_LOAD_WORK },
		.sink = { .faults = faults, .claimed = rd_tell(r->w->rd) },
		.root = local_root(h->name, h->instance),
	};
}

enum load_end load_section(struct replay *r, const struct handler *h,
			   const struct section *s, const struct where *w)
{
	struct load l =
		load_make(r, h, s, r->learn ? &r->scratch : r->w->faults,
			  r->learn ? &looking : &judging);

	l.ld.dec.check = look;
	l.ld.dec.check_ctx = &l;
	if (load_by(&l, h, s, w))
		return LOAD_OK;
	return l.guesses || l.ld.unknown ? LOAD_UNKNOWN : LOAD_REFUSED;
}

void load_look(struct replay *r, const struct handler *h,
	       const struct section *s, const struct where *w, ms_visit visit,
	       void *ctx)
{
	struct load l = load_make(r, h, s, &r->scratch, &looking);

	l.sink.visit = visit;
	l.sink.ctx = ctx;
	load_by(&l, h, s, w);
}
