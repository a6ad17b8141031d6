/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/capability.h"

/* qapi/migration.json: MigrationCapability, 5.2 to 11.1. `validated`: the
 * loader wants its own setting to be the one received (migration/savevm.c:
 * should_validate_capability); others may be named and are ignored. */
static const struct capability {
	const char *name;
	bool validated;
	bool since_9_0; /* newer than the releases that lack "configuration" */
} capabilities[] = {
	{ "xbzrle", false, false },
	{ "rdma-pin-all", false, false },
	{ "auto-converge", false, false },
	{ "zero-blocks", false, false },
	{ "compress", false, false },
	{ "events", false, false },
	{ "postcopy-ram", false, false },
	{ "x-colo", false, false },
	{ "release-ram", false, false },
	{ "block", false, false },
	{ "return-path", false, false },
	{ "pause-before-switchover", false, false },
	{ "multifd", false, false },
	{ "dirty-bitmaps", false, false },
	{ "postcopy-blocktime", false, false },
	{ "late-block-activate", false, false },
	{ "x-ignore-shared", true, false },
	{ "validate-uuid", false, false },
	{ "background-snapshot", false, false },
	{ "zero-copy-send", false, false },
	{ "postcopy-preempt", false, false },
	{ "switchover-ack", false, false },
	{ "dirty-limit", false, false },
	{ "mapped-ram", true, true },
};

static const struct capability *find(struct ms_text name)
{
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]);
	     i++)
		if (text_is(name, capabilities[i].name))
			return &capabilities[i];
	return NULL;
}

/* Only the description of 9.2 and newer says whether the writer meant it. */
static bool announced(const struct desc_object *o)
{
	for (uint32_t i = 0; i < o->subsection_count; i++)
		if (text_is(o->subsections[i].vmsd,
			    "configuration/capabilities"))
			return true;
	return false;
}

void capability_seen(struct walk *w, struct ms_text name, uint64_t at,
		     const struct where *where)
{
	const struct capability *c = find(name);
	struct fault f = { .offset = at,
			   .length = 1 + name.length,
			   .name = name };

	if (!c)
		f.code = F_CONFIG_CAPABILITY_UNKNOWN;
	else if (c->validated && w->hint && w->hint->configuration &&
		 !announced(w->hint->configuration))
		f.code = F_CONFIG_CAPABILITY_OFF;
	else if (c->since_9_0)
		f.code = F_CONFIG_CAPABILITY_NEW;
	else if (c->validated)
		f.code = F_CONFIG_CAPABILITY;
	else
		return;
	fault_add(w->faults, &f, where);
	if (f.code == F_CONFIG_CAPABILITY_OFF ||
	    (f.code == F_CONFIG_CAPABILITY_NEW && w->hint &&
	     !w->hint->configuration))
		return;
	w->ignore_shared |= text_is(name, "x-ignore-shared");
	w->mapped_ram |= text_is(name, "mapped-ram");
}
