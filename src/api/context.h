/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes around faults, kept for reports: what cannot be read again is
 * copied while it is still at hand.
 *
 *	struct context c;
 *	context_start(&c, faults, reader);     // faults from here on are its
 *	context_passing(&c);                   // now and then, with each record
 *	context_end(&c);                       // the reader is at its end
 */
#ifndef API_CONTEXT_H
#define API_CONTEXT_H

#include "base/fault.h"
#include "io/reader.h"

struct context {
	struct faults *faults;
	struct reader *rd;
	size_t first, next; /* of its faults; of those not looked at yet */
};

void context_start(struct context *c, struct faults *faults, struct reader *rd);
void context_take(struct context *c);
void context_end(struct context *c);

static inline void context_passing(struct context *c)
{
	if (c->next != c->faults->count)
		context_take(c);
}

#endif
