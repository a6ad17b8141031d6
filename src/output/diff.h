/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `diff`: what two streams do not have in common.
 *
 *	struct diff_report r = { .format = diff_format_find("json"), … };
 *	diff_run(&r, &out);        // both sides were walked
 *	… r.differs, r.incomplete …
 *
 * A format is one const struct diff_format in a file of its own; its
 * functions are called in the order they stand in. Each difference is a
 * finding, which all of them are handed with what it was made of. */
#ifndef OUTPUT_DIFF_H
#define OUTPUT_DIFF_H

#include "diff/compare.h"
#include "diff/memory.h"
#include "diff/side.h"
#include "output/report.h"

struct diff_report {
	const struct diff_format *format;
	struct reporting *to; /* .format is for diff_as_report alone */
	struct side *a, *b;
	unsigned ignore;  /* classes */
	bool all;         /* text: no cap on lines */
	bool show_waived; /* text: those, too */
	/* Looks for a waiver. True: it makes for the exit status 1. Or NULL:
	 * all do. */
	bool (*weigh)(void *ctx, struct report_finding *f);
	void *weigh_ctx;
	/* results */
	uint64_t findings, waived, counting;
	bool differs;
	bool incomplete; /* what was not told of may differ all the same */
	struct compare compare;
	struct memory memory;
	uint64_t pages_same, pages_differ, blocks_differ;
	/* private */
	struct diff_findings *scratch;
	bool failed; /* out of memory for a finding */
	/* of the format */
	struct out *out;
	void *state;
};

struct diff_format {
	const char *name;
	size_t state; /* bytes, zeroed at first */
	void (*start)(struct diff_report *r);
	void (*change)(struct diff_report *r, const struct change *ch,
		       const struct report_finding *f);
	void (*changes_end)(struct diff_report *r);
	/* Those of a block, and then the block itself, f NULL where the lists
	 * agree on it; all blocks. */
	void (*range)(struct diff_report *r, const struct block_pair *p,
		      const struct page_range *range,
		      const struct report_finding *f);
	void (*block)(struct diff_report *r, const struct block_pair *p,
		      const struct report_finding *f);
	void (*end)(struct diff_report *r);
};

extern const struct diff_format diff_text, diff_json;
/* NULL: there is none. */
const struct diff_format *diff_format_find(const char *name);
/* All there is as findings, for a format of report_machine[]: r->to. */
extern const struct diff_format diff_as_report;
void diff_run(struct diff_report *r, struct out *o);

/* "equal", "different" or "incomplete" */
const char *diff_result(const struct diff_report *r);

/* A leaf as the record it came from, its bytes in room, as far as they go:
 * .data_length is what there is. False: they cannot be had. */
bool diff_record(struct tree *t, const struct node *n, void *room,
		 size_t room_size, struct ms_record *ret);
/* The same of one element of an array of numbers. */
bool diff_element(struct tree *t, const struct node *n, uint64_t i,
		  uint8_t room[8], struct ms_record *ret);

#endif
