/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The capabilities a stream names, and what each means for reading it. */
#ifndef WIRE_CAPABILITY_H
#define WIRE_CAPABILITY_H

#include "wire/walk.h"

/* Takes note of a name at offset `at`, and reports what is odd about it. */
void capability_seen(struct walk *w, struct ms_text name, uint64_t at,
		     const struct where *where);
/* Of a release, see version_number(); 0: of any. */
bool capability_known(struct ms_text name, unsigned version);
/* The n-th of those that both sides must have set alike; NULL: no more. */
const char *capability_validated(size_t n);

#endif
