/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sections that a QEMU has registered, and which of them takes a section
 * of a stream (migration/savevm.c: find_se; 5.2 to 11.1): in the order of its
 * list the first that has
 *
 *   the name, and the instance: its own, or its alias; or
 *   a path in its name, the stream's is the part behind it, and the instance
 *   is the one that it had asked for.
 *
 * Without an alias the field holds -1, so instance 0xffffffff fits too. */
#ifndef REPLAY_REGISTRY_H
#define REPLAY_REGISTRY_H

#include "wire/release.h"

struct registered {
	struct ms_text name, vmsd; /* vmsd: "" where it has none */
	uint32_t instance;
	uint32_t compat; /* how many of that vmsd come before, with a path */
	bool live;       /* registered with a loader of its own, alias 0 */
	const struct desc_device *described; /* or NULL */
};

struct registry {
	struct registered *items; /* in the order of the list */
	uint32_t *by_name;        /* name, instance, place in the list */
	uint32_t *by_vmsd;        /* of those with a path: vmsd, compat */
	uint32_t count, with_path;
	bool failed; /* out of memory */
};

/* All that a stream brought, or that its description lists. */
void registry_of_walk(struct registry *c, const struct walk *w);
void registry_of_desc(struct registry *c, const struct desc *d);
void registry_free(struct registry *c);

/* UINT32_MAX: none takes it. */
uint32_t registry_find(const struct registry *c, enum release release,
		       struct ms_text idstr, uint32_t instance);
bool registry_named(const struct registry *c, struct ms_text idstr);

#endif
