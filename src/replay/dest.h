/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A destination: the QEMU that a stream is to be loaded into, as far as it is
 * known. Its schema tells what any guest of that QEMU can load; its reference
 * stream, saved by that very guest, tells which devices it has, how they are
 * set up, and what their values are. Not changed by the loads that are
 * replayed into it. */
#ifndef REPLAY_DEST_H
#define REPLAY_DEST_H

#include "replay/registry.h"
#include "replay/locals.h"
#include "wire/release.h"

struct dest {
	const struct schema *schema; /* borrowed; NULL: not known */
	/* A finished walk over the reference stream, borrowed; or NULL. */
	const struct walk *reference;
	struct registry own;  /* its sections, as the reference has them */
	struct locals locals; /* values in the reference stream */
	enum release release; /* of the destination */
	/* Likewise, 1000 = 10.0, for what changed within a release step: the
	 * step's best known one where only looks tell. 0: not known. */
	unsigned version;
};

/* reference: walked to its end with a replay that learned into locals, which
 * the destination takes over. False: out of memory; dest_free() is due all the
 * same. */
bool dest_init(struct dest *d, const struct schema *schema,
	       const struct walk *reference);
void dest_free(struct dest *d);

#endif
