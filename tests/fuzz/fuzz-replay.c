/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads replayed into a destination: schema, reference stream and stream are
 * all the input's.
 *
 *	be32 S | be32 R | S bytes schema | R bytes reference | stream
 *
 * An input that has no such head is a stream that is loaded into its writer,
 * by a shipped schema where one is found. */
#include "config.h"

#include "../reported.h"
#include "api/stream.h"
#include "base/bytes.h"
#include "mutate.h"
#include "schema/sources.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const unsigned mutate_parts = 2;

struct parts {
	const uint8_t *schema, *reference, *stream;
	size_t schema_size, reference_size, stream_size;
};

static bool split(const uint8_t *data, size_t size, struct parts *p)
{
	uint32_t s, r;

	if (size < 8)
		return false;
	s = load_be32(data);
	r = load_be32(data + 4);
	if (s > size - 8 || r > size - 8 - s)
		return false;
	*p = (struct parts){ data + 8, data + 8 + s,    data + 8 + s + r, s,
			     r,        size - 8 - s - r };
	return true;
}

static bool visit(void *ctx, const struct ms_record *rec)
{
	(void)ctx;
	(void)rec;
	return true;
}

static ms_stream *open_part(const uint8_t *data, size_t size,
			    const struct ms_options *o)
{
	char *why = NULL;
	ms_stream *s = ms_open_memory(data, size, o, &why);

	free(why);
	return s;
}

static void load(const struct schema *schema, const struct parts *p,
		 size_t forms)
{
	struct ms_options o = { 0 };
	ms_stream *ref = open_part(p->reference, p->reference_size, NULL);
	char *why = NULL;
	ms_dest *dest = ref || schema ? dest_open(schema, ref, &why) : NULL;
	ms_stream *s;

	free(why);
	if (!dest)
		return;
	o.dest = dest;
	s = open_part(p->stream, p->stream_size, &o);
	if (s) {
		ms_walk(s, visit, NULL);
		if (!reported_well(s, forms))
			abort();
	}
	ms_close(s);
	ms_dest_close(dest);
}

static const struct schema *shipped(void)
{
	static ms_schema *schema;
	static bool tried;
	char *why = NULL;

	if (!tried)
		schema = ms_schema_open("qemu-7.2-x86_64", &why);
	tried = true;
	free(why);
	return schema;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t forms = forms_of(data, size);
	struct parts p;
	struct schema *own;
	char why[256];

	if (split(data, size, &p)) {
		own = schema_from_file((const char *)p.schema, p.schema_size,
				       why, sizeof(why));
		load(own, &p, forms);
		schema_free(own);
		return 0;
	}
	p = (struct parts){ NULL, data, data, 0, size, size };
	load(shipped(), &p, forms);
	p.reference_size = 0;
	load(shipped(), &p, forms);
	return 0;
}
