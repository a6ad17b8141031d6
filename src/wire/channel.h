/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings of further channels of one migration. */
#ifndef WIRE_CHANNEL_H
#define WIRE_CHANNEL_H

#include "wire/walk.h"

/* Walks rd as channel number n (1 up) with what w knows of the main channel
 * (page size, RAM blocks; none when w has walked nothing): multifd by its
 * magic, a connection that resumes postcopy by the command it starts with,
 * else the bare page records of postcopy-preempt. Records and unclaimed bytes
 * go to w's sink. Connections are walked in the order in which they came. */
/* Is rd such a connection? Before any is walked, w->resumes_left is to be
 * their number. */
bool channel_resumes(struct reader *rd);
void walk_channel(struct walk *w, struct reader *rd, unsigned n);

#endif
