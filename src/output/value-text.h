/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of fields for people: long contents are shortened to their length,
 * first bytes and CRC-32. */
#ifndef OUTPUT_VALUE_TEXT_H
#define OUTPUT_VALUE_TEXT_H

#include "output/out.h"

/* Of an MS_FIELD record. */
void value_text(struct out *o, const struct ms_record *rec);
/* A number of one, with as many digits as it has bytes on the wire. */
void value_hex(struct out *o, const struct ms_record *rec);
/* p may be NULL: not to be had. */
void value_bytes(struct out *o, const uint8_t *p, uint64_t n);

#endif
