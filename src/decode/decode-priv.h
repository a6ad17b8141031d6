/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the files that read a described object: decode.c (objects),
 * decode-run.c (fields), decode-element.c, decode-emit.c (what is handed on). */
#ifndef DECODE_DECODE_PRIV_H
#define DECODE_DECODE_PRIV_H

#include "decode/decode.h"

/* A NULL element of an array of pointers (include/migration/vmstate.h:
 * VMS_NULLPTR_MARKER, all releases); 11.1 marks the others as well. */
#define NULL_MARKER 0x30
#define POINTER_MARKER 0x31

/* True: reported. */
bool decode_too_deep(struct decoder *d, const struct where *w);
/* Report, and are false. */
bool decode_truncated(struct decoder *d, const struct where *w,
		      struct ms_text name, uint64_t wanted);
bool decode_undescribed(struct decoder *d, const struct where *w,
			const struct desc_field *f);

/* All entries of one name, from o->fields[at] on. */
bool decode_run(struct decoder *d, const struct desc_object *o, uint32_t at,
		const struct where *outer);
/* codec: of a leaf's type, or NULL. */
bool decode_element(struct decoder *d, struct where *w,
		    const struct desc_field *f, const struct type_codec *codec,
		    int64_t index);

#endif
