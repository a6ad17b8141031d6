/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where records go. Every byte is claimed exactly once and in order: the
 * sink keeps the line between claimed and not, so that a byte no reader
 * accounted for shows as a gap instead of disappearing. */
#ifndef BASE_SINK_H
#define BASE_SINK_H

#include "base/fault.h"

/* MAX_DECODE_DEPTH levels of array, struct and subsection, and some */
#define MAX_OPEN 160

struct sink {
	ms_visit visit;
	void *ctx;
	struct faults *faults;
	unsigned channel;
	uint64_t claimed;   /* all bytes below are accounted for */
	uint64_t unclaimed; /* bytes that ended up in gaps */
	uint64_t empty;     /* fields so far that claimed none */
	bool stopped;       /* the visitor wants no more */
	/* Brackets that are open: kinds of their BEGIN records. Decoding
	 * depth is capped, so MAX_OPEN is never reached. */
	enum ms_record_kind open[MAX_OPEN];
	unsigned open_count;
};

/* Hands rec on. rec->offset is set to the claim line when length is 0.
 * A hole before rec->offset is reported as F_GAP first. */
void sink_emit(struct sink *s, struct ms_record *rec);
/* Closes brackets, innermost first, until `count` are open: after damage the
 * records must still nest. */
void sink_unwind(struct sink *s, unsigned count);
/* After damage a section was read too far: its real end is at `to`. Records
 * from here on may claim bytes a second time. */
void sink_rewind(struct sink *s, uint64_t to);
/* Gives up on bytes up to `to`: a gap record and F_GAP. */
void sink_gap(struct sink *s, uint64_t to, const struct where *w);

#endif
