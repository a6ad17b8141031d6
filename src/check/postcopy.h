/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A postcopy migration as a list of events, gathered from the records of a
 * stream and its channels.
 *
 *	postcopy_init(&p, &arena);
 *	… postcopy_visit(&p, rec) for each record …
 *	postcopy_paused(&p, channel, offset);  // where a connection broke off
 *	… p.events, p.count …                  // stay with p */
#ifndef CHECK_POSTCOPY_H
#define CHECK_POSTCOPY_H

#include "base/arena.h"

struct postcopy {
	struct arena *arena; /* names */
	struct ms_postcopy_event *events;
	size_t count, room;
	size_t pages; /* the event that pages of this channel go to */
	bool has_pages, advised, listening;
	uint64_t bitmaps;           /* RECV_BITMAP since the connection began */
	bool failed;                /* out of memory */
	uint64_t left_out, left_at; /* events over the cap, the first of them */
};

void postcopy_init(struct postcopy *p, struct arena *arena);
void postcopy_free(struct postcopy *p);
void postcopy_visit(struct postcopy *p, const struct ms_record *rec);
void postcopy_paused(struct postcopy *p, unsigned channel, uint64_t offset);

#endif
