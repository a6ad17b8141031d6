/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which section of one stream is which of the other. */
#ifndef DIFF_MATCH_H
#define DIFF_MATCH_H

#include "diff/tree.h"

/* Sets .twin of all sections: the same idstr and instance, and the n-th of
 * them in both. False: no memory. */
bool match_sections(struct tree *a, struct tree *b);
/* For each section of a, once matched: does it stand in another order than
 * its twin, counted so that the fewest do? NULL: no memory. */
bool *match_moved(const struct tree *a);
void match_free(bool *moved);

#endif
