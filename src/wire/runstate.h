/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of run states, as section globalstate has them. */
#ifndef WIRE_RUNSTATE_H
#define WIRE_RUNSTATE_H

#include "base/text.h"

/* What the loader takes the n bytes of its field for. */
struct ms_text runstate_text(const uint8_t *bytes, size_t n);
bool runstate_known(struct ms_text state);

#endif
