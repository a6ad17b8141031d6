/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects that SARIF is made of (2.1.0, OASIS). */
#ifndef OUTPUT_SARIF_H
#define OUTPUT_SARIF_H

#include "output/report.h"

/* "key": {"text": …} */
void sarif_message(struct json_writer *w, const char *key, const char *text);
/* "uri": … */
void sarif_uri(struct json_writer *w, const char *file);
/* location, 3.28; path: of the finding, or NULL */
void sarif_location(struct json_writer *w, const struct report_spot *at,
		    const char *path);
/* The same for a line of a text file. */
void sarif_line(struct json_writer *w, const char *file, unsigned line);
/* reportingDescriptor, 3.49 */
void sarif_rule(struct json_writer *w, const struct rule *rule);

#endif
