/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/decode-priv.h"

#include "base/limits.h"

#include <assert.h>

bool decode_too_deep(struct decoder *d, const struct where *w)
{
	if (d->depth < MAX_DECODE_DEPTH)
		return false;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = F_DEPTH,
				   .offset = rd_tell(d->rd),
				   .a = d->depth,
				   .b = MAX_DECODE_DEPTH },
		  w);
	return true;
}

/* ---- subsections ---- */

static const struct desc_object *subsection_find(const struct desc_object *o,
						 struct ms_text name,
						 uint32_t *ret_index)
{
	/* QEMU compares C strings: a NUL ends the name. */
	const char *nul = memchr(name.bytes, '\0', name.length);

	if (nul)
		name.length = (size_t)(nul - name.bytes);
	for (uint32_t i = 0; i < o->subsection_count; i++)
		if (text_eq(o->subsections[i].vmsd, name)) {
			*ret_index = i;
			return &o->subsections[i];
		}
	return NULL;
}

/* The version is kept in 8 bits by the loader (migration/vmstate.c:
 * vmstate_subsection_load; all releases). */
static bool subsection_version_ok(struct decoder *d, const struct where *w,
				  const struct desc_object *sub,
				  const struct desc_object *o, uint32_t version,
				  uint64_t at)
{
	int64_t local = sub->version;
	uint8_t got = (uint8_t)version;

	if (local < 0 || got == local)
		return true;
	fault_add(d->sink->faults,
		  &(struct fault){ .code = got > local ? F_SUBSECTION_TOO_NEW :
							 F_SUBSECTION_TOO_OLD,
				   .offset = at,
				   .length = 4,
				   .a = got,
				   .b = (uint64_t)local,
				   .name = sub->vmsd,
				   .other = o->vmsd },
		  w);
	return false;
}

static enum decode_result decode_subsections(struct decoder *d,
					     const struct desc_object *o,
					     const struct where *w)
{
	uint64_t seen = 0; /* of the first 64: enough to tell what lacks */

	for (;;) {
		struct ms_text here = decode_subsection_peek(d);
		const struct desc_object *sub;
		uint64_t at = rd_tell(d->rd);
		uint32_t version, index;
		char name[256];

		if (here.length < o->vmsd.length + 1 ||
		    !text_starts(here, o->vmsd))
			break;
		sub = subsection_find(o, here, &index);
		if (!sub) {
			fault_add(d->sink->faults,
				  &(struct fault){ .code = F_SUBSECTION_UNKNOWN,
						   .offset = at,
						   .length = 2 + here.length,
						   .name = here,
						   .other = o->vmsd },
				  w);
			return DECODE_FAILED;
		}
		struct where sw = { .outer = w,
				    .kind = WHERE_SUBSECTION,
				    .name = sub->vmsd,
				    .index = -1,
				    .vmsd = o->vmsd };
		if (!decode_subsection_open(d, o->vmsd, name, &version)) {
			decode_truncated(d, &sw, sub->vmsd, 4);
			return DECODE_FAILED;
		}
		if (!subsection_version_ok(d, &sw, sub, o, version,
					   rd_tell(d->rd) - 4))
			return DECODE_FAILED;
		if (index < 64 && (seen >> index & 1))
			fault_add(d->sink->faults,
				  &(struct fault){
					  .code = F_SUBSECTION_REPEATED,
					  .offset = at,
					  .length = rd_tell(d->rd) - at,
					  .name = sub->vmsd,
					  .other = o->vmsd },
				  w);
		if (index < 64)
			seen |= UINT64_C(1) << index;
		if (decode_object(d, sub, &sw) != DECODE_OK)
			return DECODE_FAILED;
		decode_subsection_close(d);
	}
	for (uint32_t i = 0; i < o->subsection_count && i < 64; i++)
		if (!(seen >> i & 1))
			fault_add(d->sink->faults,
				  &(struct fault){
					  .code = F_SUBSECTION_MISSING,
					  .offset = rd_tell(d->rd),
					  .name = o->subsections[i].vmsd,
					  .other = o->vmsd },
				  w);
	return DECODE_OK;
}

static enum decode_result object_fields(struct decoder *d,
					const struct desc_object *o,
					const struct where *w)
{
	for (uint32_t i = 0; i < o->field_count; i += o->fields[i].run) {
		assert(o->fields[i].run);
		if (!decode_run(d, o, i, w))
			return DECODE_FAILED;
		if (d->sink->stopped)
			return DECODE_FAILED;
	}
	return DECODE_OK;
}

enum decode_result decode_object(struct decoder *d, const struct desc_object *o,
				 const struct where *w)
{
	enum decode_result r;

	if (decode_too_deep(d, w))
		return DECODE_FAILED;
	d->depth++;
	r = object_fields(d, o, w);
	/* A legacy entry is no VMState object: no subsections follow it. */
	if (r == DECODE_OK && o->vmsd.length)
		r = decode_subsections(d, o, w);
	d->depth--;
	return r;
}
