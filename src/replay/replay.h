/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A load into a destination, replayed beside the walk: it sees each record
 * before anyone else, reads device state the destination's way, and reports
 * what that QEMU would refuse. Its faults carry by_dest. */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

#include "replay/dest.h"

struct replay;

/* learn: not NULL when the walk is over the destination's reference stream;
 * its values are added there, and nothing is reported. NULL: no memory. */
struct replay *replay_new(const struct dest *d, struct walk *w,
			  struct locals *learn);
void replay_free(struct replay *r);
void replay_visit(struct replay *r, const struct ms_record *rec);
/* After the walk: what the stream lacks. */
void replay_end(struct replay *r);

/* The destination's schema; NULL: none, or there is no destination. */
const struct schema *replay_schema(const struct replay *r);
/* The destination's release; RELEASE_UNKNOWN when nothing told. */
enum release replay_release(const struct replay *r);

/* What the replay says of the place of a fault that the walk found. */
enum replay_cover {
	REPLAY_SILENT,  /* nothing: it did not read there */
	REPLAY_PASSED,  /* the destination reads on, so it is no refusal */
	REPLAY_REFUSED, /* it has reported its own reason there */
	REPLAY_BEHIND,  /* the destination never gets there */
};
enum replay_cover replay_cover(const struct replay *r, const struct fault *f);

#endif
