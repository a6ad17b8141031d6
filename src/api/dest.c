/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "api/stream.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Learns from d->reference. */
static bool learn(struct ms_dest *d, const struct schema *schema,
		  char **ret_why)
{
	struct locals locals;
	struct dest own;
	bool ok;

	locals_init(&locals);
	dest_init(&own, schema, NULL);
	ok = stream_learn(d->reference, &own, &locals);
	dest_free(&own);
	if (!ok) {
		const char *why = ms_read_error(d->reference);

		*ret_why = mem_strdup(why ? why : "not a migration stream");
		locals_free(&locals);
		return false;
	}
	stream_idle(d->reference);
	if (locals.over) {
		*ret_why = mem_strdup(locals.over);
		locals_free(&locals);
		return false;
	}
	ok = dest_init(&d->dest, schema, stream_walk(d->reference));
	d->dest.locals = locals;
	return ok;
}

ms_dest *dest_open(const struct schema *schema, ms_stream *reference,
		   char **ret_why)
{
	struct ms_dest *d = mem_zero(1, sizeof(*d));

	*ret_why = NULL;
	if (!d) {
		ms_close(reference);
		return NULL;
	}
	d->reference = reference;
	if (!reference)
		dest_init(&d->dest, schema, NULL);
	else if (!learn(d, schema, ret_why)) {
		ms_dest_close(d);
		return NULL;
	}
	return d;
}

/* What a damaged reference does not show the destination may have all the
 * same. NULL: it is whole. */
static char *damage(const ms_stream *s)
{
	struct buf b = { 0 };

	if (ms_verdict_of(s) != MS_REFUSE)
		return NULL;
	buf_puts(&b, "is damaged itself");
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		const struct ms_finding *f = ms_finding_at(s, i);

		if (f->severity != MS_ERROR || f->certainty < MS_LIKELY)
			continue;
		buf_printf(&b, ": %s @0x%llx: %s", f->path,
			   (unsigned long long)f->offset, f->message);
		break;
	}
	return buf_take(&b);
}

ms_dest *ms_dest_open(const ms_schema *schema, const char *reference,
		      const struct ms_options *opts, char **ret_why)
{
	struct ms_options o = opts ? *opts : (struct ms_options){ 0 };
	ms_stream *s = NULL;
	ms_dest *d;

	*ret_why = NULL;
	o.dest = NULL;
	if (reference) {
		s = ms_open(reference, &o, ret_why);
		if (!s)
			return NULL;
	}
	d = dest_open(schema, s, ret_why);
	if (d && s)
		*ret_why = damage(s);
	if (!*ret_why)
		return d;
	ms_dest_close(d);
	return NULL;
}

void ms_dest_close(ms_dest *dest)
{
	if (!dest)
		return;
	dest_free(&dest->dest);
	ms_close(dest->reference);
	free(dest);
}
