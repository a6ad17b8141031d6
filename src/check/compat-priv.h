/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of compat share. */
#ifndef CHECK_COMPAT_PRIV_H
#define CHECK_COMPAT_PRIV_H

#include "base/buf.h"
#include "base/limits.h"
#include "check/compat-wire.h"
#include "check/compat.h"
#include "check/rules-compat.h"

/* Two descriptions under comparison. */
struct compat_pair {
	struct compat *c;
	const struct schema_vmsd *top; /* the source's section */
	enum ms_certainty cap;         /* of everything found in here */
	bool bare, lengths;
	unsigned depth;
	/* For as long as the two are compared; NULL: not yet. */
	struct arena *arena;
};

/* What a finding is about; texts may be NULL. */
struct compat_fact {
	enum compat_code code;
	enum ms_certainty certainty;
	const struct wire_step *path;
	struct ms_text name, other;
	int64_t a, b;
	const char *expected, *actual; /* destination's, source's */
};

static inline enum ms_certainty certainty_least(enum ms_certainty a,
						enum ms_certainty b)
{
	return a < b ? a : b;
}

/* Nothing more is compared; the first reason stays. */
static inline void compat_stop(struct compat *c, const char *why)
{
	if (!c->why)
		c->why = why;
}

/* False: the work was more than is allowed, c->why says so. */
static inline bool compat_spend(struct compat *c, uint64_t steps)
{
	if (steps > c->steps)
		compat_stop(c, "steps of the comparison are over the limit "
			       "of " LIMIT_TEXT(MAX_COMPAT_STEPS));
	else
		c->steps -= steps;
	return !c->why;
}

/* ---- compat-report.c ---- */

void compat_report(struct compat_pair *p, const struct compat_fact *fact);
/* How bad the findings from there on are; 0: not at all. */
uint64_t compat_badness(const struct compat *c, size_t from);
/* Forgets the findings in [from, to). */
void compat_forget(struct compat *c, size_t from, size_t to);
/* "uint32[4], 16 bytes" */
void compat_describe(struct buf *b, const struct wire_item *item);

/* ---- compat-fit.c ---- */

enum fit {
	FIT_SAME, /* the same on the wire, as far as is known */
	FIT_TYPE, /* as many bytes, read as something else */
	FIT_NOT,
};

enum fit compat_fit(const struct wire_item *s, const struct wire_item *d);
/* How sure a FIT_NOT is. */
enum ms_certainty compat_misfit_certainty(const struct wire_item *s,
					  const struct wire_item *d);
bool compat_same_name(const struct wire_item *s, const struct wire_item *d);
/* All bytes of it; false: not known. */
bool compat_bytes(const struct wire_item *item, uint64_t *ret);
/* Findings about a run of items that have no counterpart one by one. */
void compat_region(struct compat_pair *p, const struct wire_item *s,
		   uint32_t s_count, const struct wire_item *d,
		   uint32_t d_count);

/* ---- compat-align.c ---- */

/* Which items stand for each other. Of s from item i on, those of d from
 * low[i] to high[i] stand at the same place. */
struct alignment {
	uint32_t *low, *high; /* s_count + 1 each */
	uint32_t *partner;    /* of each item of s; UINT32_MAX: none */
};

/* Memory of the pair's arena; false: none, or too much work. */
bool compat_align(struct compat_pair *p, const struct wire_list *s,
		  const struct wire_list *d, struct alignment *ret);

/* ---- compat-marks.c ---- */

/* Tests that the destination has and the source has not. */
void compat_tests(struct compat_pair *p, const struct wire_list *s,
		  const struct wire_list *d);
/* The source's subsections, against those that the destination takes at the
 * place where each stands. */
void compat_points(struct compat_pair *p, const struct wire_list *s,
		   const struct wire_list *d, const struct alignment *a);

/* ---- compat-object.c ---- */

/* Two descriptions and all that is in them. */
void compat_object(struct compat_pair *p, const struct schema_vmsd *s,
		   const struct schema_vmsd *d, int32_t version,
		   const struct wire_step *path);

#endif
