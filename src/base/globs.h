/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sections by shell patterns, as --device takes them. */
#ifndef BASE_GLOBS_H
#define BASE_GLOBS_H

#include "base/text.h"

/* Does one of the patterns match "idstr" or "idstr/instance"? A NUL inside
 * an idstr ends it; QEMU's own look-up compares such names as C strings, too.
 * False also when memory ran out: *ret_failed is set then. */
bool globs_match(const char *const *patterns, size_t count,
		 struct ms_text idstr, uint32_t instance, bool *ret_failed);

#endif
