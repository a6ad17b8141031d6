/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fault means: one row per fault code. Text templates hold words in
 * braces; src/check/render.c has the table of them. */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include "wire/release.h"

struct rule {
	const char *id;
	enum ms_severity severity;
	enum ms_certainty certainty;
	/* Releases that refuse (0 = no bound). Outside of them the finding
	 * is a note, none if `quiet`, or a warning if `lossy`: the guest goes
	 * on without what is refused elsewhere. */
	enum release refused_from, refused_until;
	bool quiet, lossy;
	bool early; /* QEMU meets it where it is, we see it later */
	const char *summary;
	const char *message;
	const char *expected, *actual; /* or NULL */
	const char *help;
	const char *qemu_7_2; /* first line up to 9.1; NULL: qemu_old */
	const char *qemu_old; /* first line, up to 10.1; NULL: none */
	const char *qemu_new; /* from 10.2; NULL: none */
};

const struct rule *rule_of(enum fault_code code);
/* The row that stands for all of its id. NULL: there is no such rule. */
const struct rule *rule_find(const char *id);
/* Row by row, several of which may share an id; NULL: no more. */
const struct rule *rule_row(size_t i);

/* What explain, the manual and the reports say about a rule: plain text, made
 * of doc/rules/SUBJECT.md (see doc/adding-a-rule.md). A '\n' ends a paragraph;
 * one that starts with "- " is an item of a list. The last has none. */
struct rule_help {
	const char *subject; /* the title of the group of rules it is in */
	const char *summary; /* one line */
	const char *means;   /* what it is about */
	const char *qemu;    /* what QEMU does, and what the guest will miss */
	const char *says;    /* QEMU's lines that no template has, or NULL: a
			      * pattern each, see check/rules-says.h */
	const char *causes;
	const char *mend;
	const char *waive; /* or why not to; NULL: nothing to say */
	/* Of known breakages (check/known.h): where it is told, and how it was
	 * tried. NULL: of any other. */
	const char *sources;
};

/* Of any row of the rule. */
struct rule_help rule_help_of(const struct rule *r);

/* Each id once, by subject, in the order of the texts. */
size_t rule_count(void);
const struct rule *rule_at(size_t i);

/* Rules that are read and not built in, with a text each; kept by the caller
 * as long as the program runs. Before any thread but the first looks. */
void rules_extend(const struct rule *rows, const struct rule_help *helps,
		  size_t n);

struct buf;
/* Fills in a template. */
void rule_render(struct buf *b, const char *text, const struct fault *f);

#endif
