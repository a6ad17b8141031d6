/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device bytes and a description in, fields out.
 *
 * Reads an object as QEMU's own loader does (migration/vmstate.c:
 * vmstate_load_state, vmstate_subsection_load): fields in order, then
 * subsections as long as the next byte is 5 and the name that follows starts
 * with the object's own. Records go to the sink, what is wrong to its
 * faults. */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "base/sink.h"
#include "io/reader.h"
#include "schema/desc.h"

/* What was read last, and where bytes and description first took another
 * length: for the message when a section does not end where it should. */
struct decode_trace {
	struct ms_text last_vmsd, last_field;
	uint64_t last_at;
	bool parted;
	struct ms_text part_vmsd, part_field;
	uint64_t part_at, part_read, part_described; /* bytes */
};

struct decoder {
	struct reader *rd;
	struct sink *sink;
	/* The section around us. */
	struct ms_text idstr;
	/* What ends the section: with footers, 7e and this id. */
	bool footers;
	uint32_t section_id;
	struct desc *desc; /* the whole description, or NULL */
	unsigned depth;
	struct decode_trace trace;
	uint64_t number; /* of the leaf read last: BOOL, INT, UINT */
	/* What is handed on. Most of a record is the same in each, zero above
	 * all, and clearing it takes as long as all else that a field costs. */
	struct ms_record leaf, group;
	/* Looks at each leaf before it is handed on, and may refuse it, having
	 * reported why; or NULL. */
	bool (*check)(void *ctx, const struct where *w,
		      const struct ms_record *rec);
	void *check_ctx;
};

struct type_codec;

enum decode_result {
	DECODE_OK,
	DECODE_FAILED, /* reported; the reader stands where it stopped */
};

/* The object at the reader's place. version = -1: as described. */
enum decode_result decode_object(struct decoder *d, const struct desc_object *o,
				 const struct where *w);

/* One value of a leaf field as f describes it: by its type's own reader, or
 * of its fixed size. codec: of its type, or NULL. False: reported. */
bool decode_value(struct decoder *d, struct where *w,
		  const struct desc_field *f, const struct type_codec *codec,
		  int64_t index);

/* ---- for the decoders of single types (types.c, virtio.c, …) ---- */

/* Emits the next n bytes as a leaf and moves behind them. Faults with
 * F_FIELD_TRUNCATED and returns false when fewer are left. index -1: not an
 * element. *ret_number (may be NULL) receives BOOL, INT, UINT. */
bool decode_leaf(struct decoder *d, const struct where *w, struct ms_text name,
		 struct ms_text type, int64_t index, enum ms_value_class cls,
		 uint64_t n, uint64_t *ret_number);

/* Behind a tree's last mark: were there as many elements as it said? False: a
 * fault was reported. */
bool decode_tree_complete(struct decoder *d, const struct where *w,
			  struct ms_text name, uint64_t seen, uint64_t said);

/* Brackets. raw, raw_length: all bytes of a described field that QEMU's
 * analyze script prints as one blob, or NULL. */
void decode_open(struct decoder *d, struct ms_text name, struct ms_text type,
		 int64_t index, const uint8_t *raw, uint64_t raw_length);
void decode_close(struct decoder *d);
void decode_array_open(struct decoder *d, struct ms_text name,
		       struct ms_text type, uint64_t count);
void decode_array_close(struct decoder *d);
/* The next size bytes as a bracket's raw; NULL: too many. */
const uint8_t *decode_raw(struct decoder *d, uint64_t size);

/* A fixed layout by hand: rows until one without a name. count 0 = scalar.
 * For objects inside blobs, whose tables no stream describes. */
struct layout {
	const char *name;
	const char *type;
	enum ms_value_class cls;
	uint32_t size;  /* bytes of an element */
	uint32_t count; /* elements; 0 = scalar */
};
bool decode_layout(struct decoder *d, const struct where *w,
		   const struct layout *rows);

/* If a subsection stands here whose name starts with prefix: its full name
 * and version, with the reader behind its header and SUBSECTION_BEGIN
 * emitted; the caller emits the end with decode_subsection_close(). */
bool decode_subsection_open(struct decoder *d, struct ms_text prefix,
			    char name[256], uint32_t *ret_version);
/* Looks only: name of the subsection at the reader's place, or length 0. */
struct ms_text decode_subsection_peek(struct decoder *d);
void decode_subsection_close(struct decoder *d);

/* True when a footer of this section and a plausible item stand n bytes
 * ahead; streams without footers: a plausible section header. */
bool decode_ends_at(struct decoder *d, uint64_t n);

/* ---- types.c: the table of type names ---- */

struct type_codec {
	const char *name;
	enum ms_value_class cls;
	uint32_t size; /* bytes, 0 = as described */
	/* Types with an encoding of their own; NULL: cls and size say all.
	 * size = bytes described (0 = not known). Must leave the reader
	 * behind the field. */
	bool (*read)(struct decoder *d, const struct where *w,
		     struct ms_text name, int64_t index, uint64_t size);
};

const struct type_codec *type_codec_find(struct ms_text type);

#endif
