/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the JSON forms have in common: the members of one record that are
 * peculiar to its kind. Names, numbers, complete contents. */
#ifndef OUTPUT_RECORD_JSON_H
#define OUTPUT_RECORD_JSON_H

#include "output/json-writer.h"

/* Members of an object that is already open. */
void record_json_members(struct json_writer *w, const struct ms_record *rec);
/* The value of an MS_FIELD: a number up to 32 bits, "0x…" above. */
void record_json_value(struct json_writer *w, const struct ms_record *rec);

#endif
