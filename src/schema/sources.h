/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas from text and from a stream's description. What is damaged gives
 * what was whole before, with a note; NULL only when nothing can be used,
 * with why filled. name: of the file, for provenance. */
#ifndef SCHEMA_SOURCES_H
#define SCHEMA_SOURCES_H

#include "schema/schema.h"

/* What -dump-vmstate wrote (migration/savevm.c: dump_vmstate_json_to_file).
 * Also one that is cut short: QEMU crashes while writing some. */
struct schema *schema_from_dump(const char *name, const char *text, size_t n,
				char *why, size_t why_room);
/* The description embedded in a stream. Tells what was sent, so fields and
 * subsections may be missing. Each object of other content is a description
 * of its own. */
struct schema *schema_from_embedded(const char *name, const struct desc *d,
				    char *why, size_t why_room);
/* A reply to query-machines: names, aliases, which is deprecated. The lists of
 * properties are the program's. */
struct schema *schema_from_machines(const char *name, const char *text,
				    size_t n, char *why, size_t why_room);
/* Our own format, migscope-schema(5). Strict. */
struct schema *schema_from_file(const char *text, size_t n, char *why,
				size_t why_room);

enum schema_text_kind {
	SCHEMA_TEXT_OURS,
	SCHEMA_TEXT_DUMP,
	SCHEMA_TEXT_MACHINES,
	SCHEMA_TEXT_EMBEDDED, /* as it stands at the end of a stream */
	SCHEMA_TEXT_FOREIGN,
};
enum schema_text_kind schema_text_kind(const char *text, size_t n);

/* One schema out of two for the same QEMU. Descriptions of the same name
 * whose fields agree become one: what one does not know is taken from the
 * other, what both know differently is noted and a's is kept. Both stay as
 * they are. NULL: no memory. */
struct schema *schema_merge(const struct schema *a, const struct schema *b);

/* The file's text: first key. */
#define SCHEMA_FORMAT_KEY "migscope_schema"
#define SCHEMA_FORMAT_VERSION 1

#endif
