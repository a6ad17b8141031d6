/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What text for people looks like on a terminal: see struct out's .colour and
 * .width. */
#ifndef OUTPUT_STYLE_H
#define OUTPUT_STYLE_H

#include "migscope.h"
#include "output/out.h"

/* Their names, coloured where that is wanted. */
void style_severity(struct out *o, enum ms_severity severity);
/* "warning or error": all in the colour of the highest. */
void style_severities(struct out *o, const char *words);
void style_verdict(struct out *o, enum ms_verdict verdict);
/* How wide paragraphs are: 80 columns, less on a narrow terminal. */
unsigned style_width(const struct out *o);

#endif
