/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device state without a description in the stream: the wire layout of one
 * section worked out from a schema and the bytes.
 *
 * A schema leaves open what only the running device knows: whether a
 * conditional field is there, how many elements an array has whose count is
 * not in the stream. Each is tried every way until the section ends where its
 * footer (or, without footers, the next section) stands. What comes out is an
 * object for decode_object(), as if the stream had described it. */
#ifndef DECODE_RESOLVE_H
#define DECODE_RESOLVE_H

#include "decode/decode.h"
#include "schema/schema.h"

enum resolve_status {
	RESOLVE_OK,
	RESOLVE_NONE,  /* no way of reading it ends where the section does */
	RESOLVE_LIMIT, /* gave up: too many ways */
};

struct resolved {
	struct desc_object *object; /* in the arena given */
	uint64_t length;            /* bytes */
	/* Another layout fits as well; the field they differ in first. */
	bool ambiguous;
	struct ms_text field;
};

/* The reader of d stands at the body and is seekable; it stands there again
 * afterwards. d->footers, section_id and idstr tell where the body can end.
 * *work: elements read so far in this stream, over all tries; counted on. */
enum resolve_status resolve_section(struct decoder *d,
				    const struct schema_vmsd *v,
				    uint32_t version, struct arena *arena,
				    uint64_t *work, struct resolved *ret);

#endif
