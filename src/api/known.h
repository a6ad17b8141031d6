/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue of known breakages (check/known.h), read once from the first
 * folder of schemas that has a known-issues.json.
 *
 *	char *why = NULL;
 *	if (!known_load(&why)) { complain(why); free(why); }
 */
#ifndef API_KNOWN_H
#define API_KNOWN_H

#include "check/known.h"

/* Threads may call it side by side. True also where no folder has one. False:
 * *ret_why, to free(), says why what is there cannot be read. */
bool known_load(char **ret_why);
/* NULL: not loaded, or there is none. */
const struct known *known_shared(void);

#endif
