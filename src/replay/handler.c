/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the destination's devices takes a section, and by which
 * description it loads it. */
#include "config.h"

#include "replay/priv.h"

/* ---- descriptions ---- */

/* How many of the described fields v has, in order; -1: one is missing. */
static int likeness(const struct schema_vmsd *v, const struct desc_object *o)
{
	int n = 0;
	uint32_t at = 0;

	for (uint32_t i = 0; i < o->field_count; i += o->fields[i].run) {
		struct ms_text name = o->fields[i].name;
		uint32_t k = at;

		/* names may have [k] behind them in a description */
		while (k < v->field_count &&
		       !(text_starts(name, v->fields[k].name) &&
			 (name.length == v->fields[k].name.length ||
			  name.bytes[v->fields[k].name.length] == '[')))
			k++;
		if (k == v->field_count)
			continue;
		at = k + (name.length == v->fields[k].name.length);
		n++;
	}
	return n;
}

static const struct schema_vmsd *best_of(const struct schema *s,
					 struct ms_text name,
					 const struct desc_object *like)
{
	const struct schema_vmsd *v, *best = NULL;
	int most = -1;

	for (unsigned n = 0; (v = schema_find(s, name, n)); n++) {
		int fits = like ? 2 * likeness(v, like) : 0;

		/* one that others embed is rarely the section's own */
		fits += !(v->roles & ROLE_NESTED);
		if (v->known & KNOWN_TYPES && fits > most) {
			best = v;
			most = fits;
		}
	}
	return best;
}

const struct schema_vmsd *handler_vmsd(const struct schema *s,
				       struct ms_text idstr,
				       const struct desc_object *like)
{
	const struct schema_vmsd *v;

	if (!s)
		return NULL;
	if (like && like->vmsd.length)
		return best_of(s, like->vmsd, like);
	for (;;) {
		const char *slash;

		v = best_of(s, idstr, like);
		slash = memchr(idstr.bytes, '/', idstr.length);
		if (v || !slash)
			return v;
		idstr.length -= (size_t)(slash + 1 - idstr.bytes);
		idstr.bytes = slash + 1;
	}
}

/* The source's own description of what it sent under that name. */
static const struct desc_device *
witness_of(struct replay *r, struct ms_text idstr, uint32_t instance)
{
	uint32_t i =
		registry_find(&r->source, r->dest->release, idstr, instance);

	return i < r->source.count ? r->source.items[i].described : NULL;
}

static void fill(struct replay *r, struct ms_text idstr, uint32_t instance,
		 struct handler *h)
{
	const struct desc_device *like;

	h->witness = witness_of(r, idstr, instance);
	like = h->reference ? h->reference : h->witness;
	h->vmsd = handler_vmsd(r->dest->schema, idstr,
			       like && !like->legacy ? &like->object : NULL);
}

/* ---- lookup ---- */

/* Handlers that every guest has, whether its stream shows them or not
 * (register_savevm_live; block up to 9.0). */
static bool always_there(const struct replay *r, struct ms_text idstr)
{
	return text_is(idstr, "ram") || text_is(idstr, "dirty-bitmap") ||
	       (text_is(idstr, "block") && r->dest->release <= RELEASE_7_2);
}

/* A device whose section is only sent when it has something to say may be
 * there all the same. */
static bool may_be_silent(const struct replay *r, struct ms_text idstr)
{
	const struct schema_vmsd *v =
		handler_vmsd(r->dest->schema, idstr, NULL);

	return !r->dest->schema || (v && v->hooks & HOOK_NEEDED);
}

static enum handler_found in_reference(struct replay *r, struct ms_text idstr,
				       uint32_t instance, struct handler *h)
{
	const struct registry *own = &r->dest->own;
	uint32_t i = registry_find(own, r->dest->release, idstr, instance);

	if (i < own->count) {
		h->reference = own->items[i].described;
		h->name = own->items[i].name;
		h->instance = own->items[i].instance;
		r->brought[i] = true;
		return HANDLER_FOUND;
	}
	/* a device that speaks under another instance has no silent twin */
	return !registry_named(own, idstr) && may_be_silent(r, idstr) ?
		       HANDLER_UNKNOWN :
		       HANDLER_NONE;
}

static enum handler_found in_description(struct replay *r, struct ms_text idstr,
					 uint32_t instance, struct handler *h)
{
	uint32_t i;

	if (!r->w->desc || r->w->desc->error)
		return HANDLER_FOUND; /* nothing speaks against it */
	i = registry_find(&r->source, r->dest->release, idstr, instance);
	if (i >= r->source.count)
		return HANDLER_UNKNOWN;
	h->name = r->source.items[i].name;
	h->instance = r->source.items[i].instance;
	return HANDLER_FOUND;
}

/* The stream's description, once it is there. */
static void know_source(struct replay *r)
{
	if (!r->w->desc || r->source_known)
		return;
	r->source_known = true;
	registry_of_desc(&r->source, r->w->desc);
	r->w->faults->failed |= r->source.failed;
}

enum handler_found handler_find(struct replay *r, struct ms_text idstr,
				uint32_t instance, struct handler *ret)
{
	const struct section_kind *kind = section_kind_find(idstr);
	enum handler_found found;

	*ret = (struct handler){ .name = idstr, .instance = instance };
	know_source(r);
	if (r->dest->reference)
		found = in_reference(r, idstr, instance, ret);
	else
		found = in_description(r, idstr, instance, ret);
	if (found != HANDLER_FOUND && always_there(r, idstr) && !instance)
		found = HANDLER_FOUND;
	if (kind != &kind_device) {
		return found == HANDLER_UNKNOWN && !r->dest->reference ?
			       HANDLER_FOUND :
			       found;
	}
	fill(r, idstr, instance, ret);
	/* A destination without such a description has no such device. */
	if (r->dest->schema && !ret->vmsd && !ret->reference)
		return HANDLER_NONE;
	return found;
}
