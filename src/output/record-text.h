/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the forms for people have in common: one record in words, without its
 * place. Long contents are shortened: length, first bytes, CRC-32. */
#ifndef OUTPUT_RECORD_TEXT_H
#define OUTPUT_RECORD_TEXT_H

#include "output/out.h"

/* Any record but a field, a struct or an array, of which it says nothing. */
void record_text(struct out *o, const struct ms_record *rec);
/* The value of an MS_FIELD. */
void record_text_value(struct out *o, const struct ms_record *rec);
/* That of a number in hexadecimal: as many digits as it has on the wire. */
void record_text_number(struct out *o, const struct ms_record *rec);

#endif
