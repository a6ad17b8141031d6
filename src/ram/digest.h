/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-256 of what a RAM block holds, pages never sent counting as zeros. */
#ifndef RAM_DIGEST_H
#define RAM_DIGEST_H

#include "ram/image.h"

#define DIGEST_SIZE 32

/* What was built in. */
bool digest_available(void);
/* No more of the blocks was never sent than is hashed as zeros. False:
 * im->why. */
bool digest_allowed(struct image *im);
/* False: im->why, or not available. */
bool digest_block(struct image *im, struct image_block *b,
		  uint8_t ret[DIGEST_SIZE]);

#endif
