/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/walk.h"

#include "base/limits.h"
#include "decode/resolve.h"

/* Device sections that only a schema knows: machine types up to 2.2, postcopy
 * packages, suppress-vmdesc=on. */

static void report(struct walk *w, const struct section *s,
		   enum fault_code code, uint64_t length, uint64_t a,
		   struct ms_text other, const struct where *where)
{
	fault_add(w->faults,
		  &(struct fault){ .code = code,
				   .offset = rd_tell(w->rd),
				   .length = length,
				   .a = a,
				   .name = s->name,
				   .other = other },
		  where);
}

/* One description against the section's bytes. */
static enum resolve_status try_one(struct walk *w, struct section *s,
				   const struct schema_vmsd *v,
				   struct resolved *ret)
{
	struct decoder d = walk_decoder(w, s);

	if (!(v->known & KNOWN_TYPES) || s->version > (uint32_t)v->version ||
	    (v->known & KNOWN_MINIMUM && (int64_t)s->version < v->minimum))
		return RESOLVE_NONE;
	return resolve_section(&d, v, s->version, &w->cache, &w->schema_work,
			       ret);
}

/* The idstr is the description's name, or a path, '/', and the name; a name
 * may hold '/' itself. */
static enum resolve_status try_names(struct walk *w, struct section *s,
				     struct resolved *ret)
{
	enum resolve_status worst = RESOLVE_NONE;
	struct resolved met = { .v = NULL };
	struct ms_text name = s->name;

	for (;;) {
		const struct schema_vmsd *v;
		const char *slash;

		/* One that others embed is rarely the section's own:
		 * serial-isa holds serial under the same name. */
		for (unsigned k = 0; k < 2; k++)
			for (unsigned n = 0;
			     (v = schema_find(w->schema, name, n)); n++) {
				enum resolve_status r;

				if (k != !!(v->roles & ROLE_NESTED))
					continue;
				r = try_one(w, s, v, ret);
				if (r == RESOLVE_OK)
					return r;
				if (r == RESOLVE_LIMIT) {
					worst = r;
					met = *ret;
				}
			}
		slash = memchr(name.bytes, '/', name.length);
		if (!slash) {
			*ret = met;
			return worst;
		}
		name.length -= (size_t)(slash + 1 - name.bytes);
		name.bytes = slash + 1;
	}
}

enum body_end resolved_body(struct walk *w, struct section *s,
			    const struct where *where)
{
	struct where inner = *where;
	struct decoder d;
	struct resolved r;

	if (w->footers < 0)
		return BODY_LOST;
	switch (try_names(w, s, &r)) {
	case RESOLVE_OK:
		break;
	case RESOLVE_LIMIT:
		report(w, s, F_SCHEMA_LIMIT, 0, r.over_most, text_of(r.over),
		       where);
		return BODY_LOST;
	default:
		report(w, s, F_SCHEMA_NONE, 0, 0, TEXT(""), where);
		return BODY_LOST;
	}
	if (r.ambiguous)
		report(w, s, F_SCHEMA_AMBIGUOUS, r.length, 0, r.field, where);
	d = walk_decoder(w, s);
	inner.vmsd = r.v->name;
	return resolved_read(&d, &r, &w->cache, &inner) ? BODY_DONE : BODY_LOST;
}
