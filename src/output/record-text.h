/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the forms for people have in common: one record in words, without its
 * place. For the values of fields see value-text.h. */
#ifndef OUTPUT_RECORD_TEXT_H
#define OUTPUT_RECORD_TEXT_H

#include "output/out.h"

/* Any record but a field, a struct or an array, of which it says nothing. */
void record_text(struct out *o, const struct ms_record *rec);

#endif
