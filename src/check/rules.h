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
	 * is a note, or none if `quiet`. */
	enum release refused_from, refused_until;
	bool quiet;
	bool early; /* QEMU meets it where it is, we see it later */
	const char *summary;
	const char *message;
	const char *expected, *actual; /* or NULL */
	const char *help;
	const char *qemu_7_2; /* first line up to 9.1; NULL: qemu_old */
	const char *qemu_old; /* first line, up to 10.1; NULL: none */
	const char *qemu_new; /* from 10.2; NULL: none */
};

/* Rules in the order of the fault codes, then those of compat; several faults
 * may share an id, and rule_at() shows each id once. */
const struct rule *rule_of(enum fault_code code);
size_t rule_count(void);
const struct rule *rule_at(size_t i);
const struct rule *rule_find(const char *id);

struct buf;
/* Fills in a template. */
void rule_render(struct buf *b, const char *text, const struct fault *f);

#endif
