/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text for XML documents, whatever it holds. Bytes that are no UTF-8 and
 * characters that XML 1.0 forbids or a terminal acts on become \xNN, one for
 * each byte; the rest is escaped. */
#ifndef OUTPUT_XML_H
#define OUTPUT_XML_H

#include "output/out.h"

/* Between tags. */
void xml_text(struct out *o, struct ms_text t);
/* ` name="value"`; NULL: nothing. */
void xml_attribute(struct out *o, const char *name, const char *value);

#endif
