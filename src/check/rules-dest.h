/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of a load into a destination: what src/replay reports. */
#ifndef CHECK_RULES_DEST_H
#define CHECK_RULES_DEST_H

#include "check/rules.h"

/* The fault codes from here on are the replay's (base/fault.def). */
#define F_DEST_FIRST F_DEST_SECTION_UNKNOWN

const struct rule *rule_of_dest(enum fault_code code);

#endif
