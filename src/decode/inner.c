/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "decode/blobs.h"

#include "base/limits.h"

/* Enough for any table of inner subsections; tells repeated ones. */
#define MAX_SEEN 32

const uint8_t *blob_ahead(struct decoder *d, uint64_t n, size_t length)
{
	const uint8_t *p;

	if (rd_seekable(d->rd))
		return rd_view(d->rd, rd_tell(d->rd) + n, length);
	if (n > MAX_PEEK || length > MAX_PEEK - n)
		return NULL;
	p = rd_peek(d->rd, (size_t)n + length);
	return p ? p + n : NULL;
}

bool blob_uint(struct decoder *d, const struct where *w, const char *name,
	       unsigned size, uint64_t *ret)
{
	static const char *const types[] = {
		[1] = "uint8",
		[2] = "uint16",
		[4] = "uint32",
		[8] = "uint64",
	};

	return decode_leaf(d, w, text_of(name), text_of(types[size]), -1,
			   MS_UINT, size, ret);
}

bool blob_bytes(struct decoder *d, const struct where *w, const char *name,
		uint64_t n)
{
	return decode_leaf(d, w, text_of(name), TEXT("buffer"), -1, MS_BYTES, n,
			   NULL);
}

void blob_open(struct decoder *d, const struct where *w, struct ms_text name,
	       int64_t index, uint64_t size)
{
	const uint8_t *raw = NULL;

	if (size <= MAX_FIELD_VIEW && (rd_seekable(d->rd) || size <= MAX_PEEK))
		raw = rd_peek(d->rd, (size_t)size);
	decode_open(d, name, w->type, index, raw, raw ? size : 0);
}

/* The fault lies in the bytes that were just read. */
void blob_fault(struct decoder *d, const struct where *w, enum fault_code code,
		uint64_t back, uint64_t a, uint64_t b)
{
	fault_add(d->sink->faults,
		  &(struct fault){ .code = code,
				   .offset = rd_tell(d->rd) - back,
				   .length = back,
				   .a = a,
				   .b = b,
				   .name = w->name },
		  w);
}

static bool inner_object(struct decoder *d, const struct where *w,
			 const struct inner *o, uint8_t version, void *ctx);

static bool inner_element(struct decoder *d, const struct where *w,
			  const struct inner_row *row, int64_t index, void *ctx)
{
	if (!row->inner)
		return decode_leaf(d, w, w->name, w->type, index, row->cls,
				   row->size, NULL);
	decode_open(d, w->name, w->type, index, NULL, 0);
	if (!inner_object(d, w, row->inner, row->inner->version, ctx))
		return false;
	decode_close(d);
	return true;
}

static bool inner_field(struct decoder *d, const struct where *outer,
			const struct inner *o, const struct inner_row *row,
			void *ctx)
{
	struct where w = { .outer = outer,
			   .kind = WHERE_FIELD,
			   .name = text_of(row->name),
			   .index = -1,
			   .vmsd = text_of(o->vmsd),
			   .type = text_of(row->type) };

	if (!row->count)
		return inner_element(d, &w, row, -1, ctx);
	decode_array_open(d, w.name, w.type, row->count);
	for (w.index = 0; w.index < row->count; w.index++)
		if (!inner_element(d, &w, row, w.index, ctx))
			return false;
	decode_array_close(d);
	return true;
}

static const struct inner *subsection_named(const struct inner *o,
					    struct ms_text name,
					    unsigned *ret_index)
{
	/* QEMU compares C strings: a NUL ends the name. */
	const char *nul = memchr(name.bytes, '\0', name.length);

	if (nul)
		name.length = (size_t)(nul - name.bytes);
	for (unsigned i = 0; o->subsections && o->subsections[i]; i++)
		if (text_is(name, o->subsections[i]->vmsd)) {
			*ret_index = i;
			return o->subsections[i];
		}
	return NULL;
}

static void subsection_fault(struct decoder *d, const struct where *w,
			     enum fault_code code, uint64_t at, uint64_t a,
			     uint64_t b, struct ms_text name,
			     const struct inner *o)
{
	fault_add(d->sink->faults,
		  &(struct fault){ .code = code,
				   .offset = at,
				   .length = rd_tell(d->rd) - at,
				   .a = a,
				   .b = b,
				   .name = name,
				   .other = text_of(o->vmsd) },
		  w);
}

static bool inner_subsection(struct decoder *d, const struct where *outer,
			     const struct inner *o, const struct inner *sub,
			     bool again, void *ctx)
{
	struct where w = { .outer = outer,
			   .kind = WHERE_SUBSECTION,
			   .name = text_of(sub->vmsd),
			   .index = -1,
			   .vmsd = text_of(o->vmsd) };
	uint64_t at = rd_tell(d->rd);
	char name[256];
	uint32_t version;
	uint8_t got;

	if (!decode_subsection_open(d, text_of(o->vmsd), name, &version)) {
		blob_fault(d, &w, F_FIELD_TRUNCATED, 0, 4, rd_left(d->rd));
		return false;
	}
	/* The loader keeps the version in 8 bits. */
	got = (uint8_t)version;
	if (got > sub->version || got < sub->minimum) {
		subsection_fault(d, &w,
				 got > sub->version ? F_SUBSECTION_TOO_NEW :
						      F_SUBSECTION_TOO_OLD,
				 rd_tell(d->rd) - 4, got,
				 got > sub->version ? sub->version :
						      sub->minimum,
				 w.name, o);
		return false;
	}
	if (again)
		subsection_fault(d, outer, F_SUBSECTION_REPEATED, at, 0, 0,
				 w.name, o);
	if (!inner_object(d, &w, sub, got, ctx))
		return false;
	decode_subsection_close(d);
	return true;
}

/* migration/vmstate.c: vmstate_subsection_load (all releases): any name that
 * starts with the object's own must be one of its subsections; any other is
 * left to whoever reads next. */
static bool inner_subsections(struct decoder *d, const struct where *w,
			      const struct inner *o, void *ctx)
{
	struct ms_text prefix = text_of(o->vmsd);
	uint32_t seen = 0;

	for (;;) {
		struct ms_text here = decode_subsection_peek(d);
		const struct inner *sub;
		unsigned i = MAX_SEEN;

		if (here.length < prefix.length + 1 ||
		    !text_starts(here, prefix))
			return true;
		sub = subsection_named(o, here, &i);
		if (!sub) {
			fault_add(d->sink->faults,
				  &(struct fault){ .code = F_SUBSECTION_UNKNOWN,
						   .offset = rd_tell(d->rd),
						   .length = 2 + here.length,
						   .name = here,
						   .other = prefix },
				  w);
			return false;
		}
		if (!inner_subsection(d, w, o, sub,
				      i < MAX_SEEN && (seen >> i & 1), ctx))
			return false;
		if (i < MAX_SEEN)
			seen |= UINT32_C(1) << i;
	}
}

static bool inner_object(struct decoder *d, const struct where *w,
			 const struct inner *o, uint8_t version, void *ctx)
{
	if (d->sink->stopped)
		return false;
	for (const struct inner_row *r = o->rows; r && r->name; r++)
		if (!inner_field(d, w, o, r, ctx))
			return false;
	if (o->more && !o->more(d, w, version, ctx))
		return false;
	return inner_subsections(d, w, o, ctx);
}

bool inner_read(struct decoder *d, const struct where *w, const struct inner *o,
		void *ctx)
{
	return inner_object(d, w, o, o->version, ctx);
}
