/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule's texts are in one piece, for a report's viewer. */
#ifndef OUTPUT_RULE_HELP_H
#define OUTPUT_RULE_HELP_H

#include "base/buf.h"
#include "check/rules.h"

/* What QEMU does, causes, remedies and waiving, each under its title; as
 * Markdown where that is wanted. */
void rule_help_text(struct buf *b, const struct rule_help *h, bool markdown);

#endif
