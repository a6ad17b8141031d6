/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the values of the public enums are called in our output, and which
 * record kinds are brackets. All tables; unknown values give "unknown". */
#ifndef OUTPUT_NAMES_H
#define OUTPUT_NAMES_H

#include "migscope.h"

enum record_shape {
	RECORD_LEAF,
	RECORD_OPENS,
	RECORD_CLOSES, /* record_opener() is what it closes */
};

/* Of the return path: is there a number in it? */
bool message_has_value(const struct ms_record *rec);
const char *record_name(enum ms_record_kind kind);
enum record_shape record_shape(enum ms_record_kind kind);
enum ms_record_kind record_opener(enum ms_record_kind kind);

const char *section_type_name(enum ms_section_type type);
const char *section_how_name(enum ms_section_how how);
const char *page_kind_name(enum ms_page_kind kind);
const char *sent_name(enum ms_sent sent);
const char *postcopy_name(enum ms_postcopy_kind kind);
const char *severity_name(enum ms_severity severity);
const char *certainty_name(enum ms_certainty certainty);
const char *verdict_name(enum ms_verdict verdict);

#endif
