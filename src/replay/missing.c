/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the destination has and the stream did not bring. QEMU does not notice
 * (migration/savevm.c: qemu_loadvm_state_main ends at the end marker, whatever
 * came before it; migration/vmstate.c: vmstate_subsection_load reads those
 * that are there): it starts the guest all the same. */
#include "config.h"

#include "replay/priv.h"

#include "base/limits.h"
#include "wire/ram.h"

/* Without these no guest goes on: the code that tells how badly. */
static const struct {
	const char *name;
	enum fault_code code;
} vital[] = {
	{ "ram", F_DEST_UNSENT_RAM },
	{ "cpu", F_DEST_UNSENT_CPU },
	{ "cpu_common", F_DEST_UNSENT_CPU },
	{ "timer", F_DEST_UNSENT_TIMER },
	{ "globalstate", F_DEST_UNSENT_STATE },
};

static enum fault_code unsent_code(struct ms_text name)
{
	for (size_t i = 0; i < sizeof(vital) / sizeof(vital[0]); i++)
		if (text_is(name, vital[i].name))
			return vital[i].code;
	return F_DEST_UNSENT;
}

static struct where where_of(const struct section *s)
{
	return (struct where){ .kind = WHERE_PART,
			       .name = s->name,
			       .index = s->instance ? (int64_t)s->instance :
						      -1 };
}

/* The walk has told of those that the stream's own description lists. */
static bool described(const struct replay *r, const struct section *s)
{
	return r->w->desc && desc_find(r->w->desc, s->name, s->instance, 0);
}

static void missing_sections(struct replay *r)
{
	const struct walk *ref = r->dest->reference;

	for (size_t i = 0; i < ref->section_count; i++) {
		const struct section *s = ref->opened[i];
		struct where w = where_of(s);

		if (r->brought[i] || described(r, s))
			continue;
		replay_fault(r,
			     &(struct fault){ .code = unsent_code(s->name),
					      .offset = r->w->end,
					      .a = s->instance,
					      .name = s->name },
			     &w);
	}
}

static void missing_blocks(struct replay *r)
{
	const struct ram *ours = r->dest->reference->ram;
	struct where w = { .kind = WHERE_PART,
			   .name = TEXT("ram"),
			   .index = -1 };

	if (!ours || !r->w->ram || !r->w->ram->listed)
		return;
	for (size_t i = 0; i < RAM_HASH; i++)
		for (const struct ram_block *b = ours->by_name[i]; b;
		     b = b->next_same_hash) {
			const struct ram_block *sent =
				ram_find(r->w->ram, b->name);

			if (!b->listed || (sent && sent->listed))
				continue;
			replay_fault(r,
				     &(struct fault){
					     .code = F_DEST_UNSENT_BLOCK,
					     .offset = r->w->end,
					     .a = b->used_length,
					     .name = b->name },
				     &w);
		}
}

/* ---- subsections ---- */

static const struct desc_object *subsection_in(const struct desc_object *o,
					       struct ms_text name)
{
	for (uint32_t i = 0; i < o->subsection_count; i++)
		if (text_eq(o->subsections[i].vmsd, name))
			return &o->subsections[i];
	return NULL;
}

/* One without a condition is in every stream of that release; whether others
 * are sent depends on what the guest does. */
static bool always_sent(const struct replay *r, struct ms_text name)
{
	const struct schema_vmsd *v =
		r->dest->schema ? schema_find(r->dest->schema, name, 0) : NULL;

	return v && v->known & KNOWN_HOOKS && !(v->hooks & HOOK_NEEDED);
}

static void missing_subsections(struct replay *r, const struct desc_object *own,
				const struct desc_object *sent,
				const struct where *w, unsigned depth)
{
	for (uint32_t i = 0;
	     i < own->subsection_count && depth < MAX_DECODE_DEPTH; i++) {
		const struct desc_object *o = &own->subsections[i];
		const struct desc_object *s = subsection_in(sent, o->vmsd);
		struct where sw = { .outer = w,
				    .kind = WHERE_SUBSECTION,
				    .name = o->vmsd,
				    .index = -1,
				    .vmsd = own->vmsd };

		if (s)
			missing_subsections(r, o, s, &sw, depth + 1);
		else
			replay_fault(
				r,
				&(struct fault){
					.code = always_sent(r, o->vmsd) ?
							F_DEST_UNSENT_SUBSECTION :
							F_DEST_UNSENT_OPTIONAL,
					.offset = r->w->end,
					.name = o->vmsd,
					.other = own->vmsd },
				&sw);
	}
}

static void devices(struct replay *r)
{
	const struct desc *own = r->dest->reference->desc;

	for (uint32_t i = 0; own && r->w->desc && i < own->device_count; i++) {
		const struct desc_device *d = &own->devices[i];
		const struct desc_device *s =
			desc_find(r->w->desc, d->name, d->instance, 0);
		struct where w = { .kind = WHERE_PART,
				   .name = d->name,
				   .index = d->instance ? (int64_t)d->instance :
							  -1 };

		if (s)
			missing_subsections(r, &d->object, &s->object, &w, 0);
	}
}

/* A load that failed, or a stream that ends too early, has told why. */
static bool worth_it(const struct replay *r)
{
	if (!r->dest->reference || !r->w->has_eof ||
	    r->w->faults->seen[F_DEST_SECTION_UNKNOWN])
		return false;
	for (size_t i = 0; i < r->judged_count; i++)
		if (r->judged[i].refused)
			return false;
	return true;
}

void replay_missing(struct replay *r)
{
	if (!worth_it(r))
		return;
	missing_sections(r);
	missing_blocks(r);
	devices(r);
}
