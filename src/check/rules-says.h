/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What QEMU prints, as patterns: '#' stands for a number, '*' for a name or
 * other text, '~' for anything or nothing. They are made of the templates in
 * the tables of rules, and of the lines after "Says:" in doc/rules. */
#ifndef CHECK_RULES_SAYS_H
#define CHECK_RULES_SAYS_H

#include "check/rules.h"

/* A line of QEMU's; when: which releases, "" for all. */
typedef void (*says_line)(void *ctx, const char *pattern, const char *when);

/* Each line of a rule once. */
void says_of(const struct rule *r, says_line line, void *ctx);
/* A pattern as people read it: N, NAME and dots for what is open. */
void says_print(struct buf *b, const char *pattern);
/* The pattern of a template. False: it has a word that is not known here. */
bool says_pattern(struct buf *b, const char *template);

struct says_hit {
	const struct rule *rule;
	size_t letters; /* of the fixed text, that were found */
	bool whole;     /* the line is QEMU's, not just one like it */
	bool of_dest;   /* a destination that is another can print it */
	size_t lines;   /* that the rule has: fewer say more */
};

#define MAX_SAYS_HITS 12

/* The rules that the first line of a log which is QEMU's belongs to, best
 * first. Where none is any rule's, those with a line that shares most words. */
size_t says_find(const char *text, struct says_hit ret[MAX_SAYS_HITS]);

#endif
