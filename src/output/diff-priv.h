/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the formats of `diff` share. */
#ifndef OUTPUT_DIFF_PRIV_H
#define OUTPUT_DIFF_PRIV_H

#include "output/diff.h"

/* ---- diff-words.c: one line each, without end ---- */

/* "disk 1" */
void diff_section_name(struct out *o, const struct tree_section *s);
void diff_words(struct diff_report *r, struct out *o, const struct change *ch);
/* Has it stretches to be listed? Starts them. */
bool diff_stretches(struct diff_report *r, const struct change *ch,
		    struct ranges *ret);
/* "[3..4] 01 02 -> 03 04" */
void diff_stretch(struct out *o, const struct ranges *g);
/* "[0x1000..0x2000) 1 page differs: …" */
void diff_range_words(struct out *o, const struct page_range *g);
/* What differs in the list of blocks, with sep between its parts. */
void diff_block_words(struct out *o, const struct block_pair *p,
		      const char *sep);

/* ---- diff-finding.c: as findings ---- */

/* Of this the texts are; they last until the next. */
struct diff_findings {
	struct ms_finding f;
	struct report_finding found;
	struct report_spot spots[MAX_SPOTS];
	struct buf path, message;
	struct out words; /* into message */
};

void diff_findings_init(struct diff_findings *d);
void diff_findings_free(struct diff_findings *d);
struct report_finding *diff_finding_of_change(struct diff_report *r,
					      const struct change *ch);
struct report_finding *diff_finding_of_range(struct diff_report *r,
					     const struct block_pair *p,
					     const struct page_range *g);
struct report_finding *diff_finding_of_block(struct diff_report *r,
					     const struct block_pair *p);

#endif
