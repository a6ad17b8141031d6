/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known breakages: releases of QEMU that wrote what others refuse, or lose,
 * under a machine type that promised otherwise. schemas/known-issues.json is
 * the catalogue of them, with a rule each; doc/adding-a-known-issue.md says
 * what its keys mean.
 *
 *	struct known *k = known_read(text, n, why, sizeof(why));
 *	if (!k) complain(why);
 *	rules_extend(k->rules, k->helps, k->count);
 */
#ifndef CHECK_KNOWN_H
#define CHECK_KNOWN_H

#include "base/arena.h"
#include "base/limits.h"
#include "check/rules.h"

/* A number that a section of the stream shows: least <= n & mask <= most. */
struct known_step {
	struct ms_text field; /* its name, */
	struct ms_text type;  /* and type; .bytes NULL: any */
	uint64_t mask, least, most;
	/* Of a field of bytes: where in it, little-endian; size 0: it is a
	 * number itself. */
	unsigned at, size;
	/* "pci config": .at counts from this capability, if not 0. */
	unsigned capability;
	bool extended; /* in PCI Express configuration space */
};

/* All that is set must be so in one section, or of one RAM block. Of names,
 * a * in front or at the end stands for anything. */
struct known_match {
	struct ms_text section, block;   /* .bytes NULL: not looked at */
	struct ms_text subsection, lack; /* which is there, and not there */
	uint32_t subsection_version;     /* least */
	uint32_t version, instance;      /* of the section, least */
	/* Fields, each behind the one before, and with no other of its name
	 * in between. */
	struct known_step steps[MAX_KNOWN_STEPS];
	unsigned step_count;
};

struct known_issue {
	unsigned written_from, written_until; /* version_number() */
	/* Of the machine type's name; 0 and 0: it need not have a version. */
	unsigned machine_from, machine_until;
	struct ms_text machines[MAX_KNOWN_MACHINES];
	unsigned machine_count; /* 0: any */
	struct known_match match;
};

struct known {
	struct arena arena; /* all of it */
	struct known_issue *issues;
	struct rule *rules;      /* one each, */
	struct rule_help *helps; /* and its texts */
	size_t count;
};

/* NULL: why is one line. */
struct known *known_read(const char *text, size_t n, char *why, size_t room);
void known_free(struct known *k);
/* By its id. */
bool known_rule(const char *id);

#endif
