/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device state without a description in the stream: how a section is to be
 * read, worked out from a schema and the bytes.
 *
 * A schema leaves open what only the running device knows: whether a
 * conditional field is there, how many elements an array has whose count is
 * not in the stream. Each is tried every way until the section ends where its
 * footer (or, without footers, the next section) stands. */
#ifndef DECODE_RESOLVE_H
#define DECODE_RESOLVE_H

#include "base/limits.h"
#include "decode/load.h"

enum resolve_status {
	RESOLVE_OK,
	RESOLVE_NONE,  /* no way of reading it ends where the section does */
	RESOLVE_LIMIT, /* gave up: too many ways */
};

/* A thing that only the device knew. The same field gets the same answer
 * everywhere in a section: devices of one kind are alike. */
struct resolve_choice {
	const struct schema_field *field;
	uint32_t taken, options;
};

/* A way of reading a section. */
struct resolved {
	const struct schema_vmsd *v;
	uint32_t version;
	uint64_t length; /* bytes */
	/* Another one fits as well; the field they differ in first. */
	bool ambiguous;
	struct ms_text field;
	/* Of RESOLVE_LIMIT: which, and its value. */
	const char *over;
	uint64_t over_most;
	/* ---- private ---- */
	struct resolve_choice choices[MAX_RESOLVE_CHOICES];
	unsigned count, penalty;
	bool all_counts;
};

/* The reader of d stands at the body and is seekable; it stands there again
 * afterwards. d->footers, section_id and idstr tell where the body can end.
 * *work: steps so far in this stream, over all tries; counted on. */
enum resolve_status resolve_section(const struct decoder *d,
				    const struct schema_vmsd *v,
				    uint32_t version, struct load_cache *cache,
				    uint64_t *work, struct resolved *ret);

/* The section, read that way and told to the sink of d. False: reported. */
bool resolved_read(const struct decoder *d, const struct resolved *way,
		   struct load_cache *cache, const struct where *w);

#endif
