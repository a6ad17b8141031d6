/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `explain`: what rules mean. */
#ifndef OUTPUT_EXPLAIN_H
#define OUTPUT_EXPLAIN_H

#include "check/rules.h"
#include "output/json-writer.h"

enum explain_why {
	EXPLAIN_LISTED, /* all are */
	EXPLAIN_ASKED,  /* by its id */
	EXPLAIN_SAYS,   /* has the message that was asked for */
	EXPLAIN_ALIKE,  /* has one that is like it */
};

struct explained {
	const struct rule *rule;
	enum explain_why why;
	bool full; /* for people: all there is, not a line */
};

struct explain_report {
	const struct explained *list;
	size_t count;
	unsigned width; /* columns */
};

struct explain_format {
	const char *name;
	void (*print)(struct out *o, const struct explain_report *r);
};

/* NULL: there is none of that name. */
const struct explain_format *explain_format_find(const char *name);

extern const struct explain_format explain_text, explain_json, explain_man,
	explain_names;

/* ---- what all forms say ---- */

#define EXPLAIN_PARTS 6

struct explain_part {
	const char *key, *title, *text; /* text may be NULL */
};

/* In the order in which they are shown. */
void explain_parts(struct explain_part ret[EXPLAIN_PARTS],
		   const struct rule_help *h);
/* "error", or "warning or error" where it depends. */
const char *explain_severity(const struct rule *r);
/* The next paragraph of a part; false: no more. */
bool explain_paragraph(const char **io_text, struct ms_text *ret);

#endif
