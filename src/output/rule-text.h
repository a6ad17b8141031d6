/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reports say about a rule: all that `explain` says, in one piece. */
#ifndef OUTPUT_RULE_TEXT_H
#define OUTPUT_RULE_TEXT_H

#include "base/buf.h"
#include "check/rules.h"

void rule_text(struct buf *b, const struct rule *r, bool markdown);

#endif
