/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire/capability.h"

/* qapi/migration.json: MigrationCapability, 5.2 to 11.1. `validated`: the
 * loader wants its own setting to be the one received (migration/savevm.c:
 * should_validate_capability); others may be named and are ignored, unless
 * the release does not know them: the first that does, above 5.2, and the
 * last, as version_number() has them. */
static const struct capability {
	const char *name;
	bool validated;
	unsigned since, until; /* 0: no bound */
} capabilities[] = {
	{ "xbzrle", false, 0, 0 },
	{ "rdma-pin-all", false, 0, 0 },
	{ "auto-converge", false, 0, 0 },
	{ "zero-blocks", false, 0, 1002 },
	{ "compress", false, 0, 900 },
	{ "events", false, 0, 0 },
	{ "postcopy-ram", false, 0, 0 },
	{ "x-colo", false, 0, 0 },
	{ "release-ram", false, 0, 0 },
	{ "block", false, 0, 900 },
	{ "return-path", false, 0, 0 },
	{ "pause-before-switchover", false, 0, 0 },
	{ "multifd", false, 0, 0 },
	{ "dirty-bitmaps", false, 0, 0 },
	{ "postcopy-blocktime", false, 0, 0 },
	{ "late-block-activate", false, 0, 0 },
	{ "x-ignore-shared", true, 0, 0 },
	{ "validate-uuid", false, 0, 0 },
	{ "background-snapshot", false, 600, 0 },
	{ "zero-copy-send", false, 701, 0 },
	{ "postcopy-preempt", false, 701, 0 },
	{ "switchover-ack", false, 801, 0 },
	{ "dirty-limit", false, 801, 0 },
	{ "mapped-ram", true, 900, 0 },
};

static const struct capability *find(struct ms_text name)
{
	name = text_c(name);
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]);
	     i++)
		if (text_is(name, capabilities[i].name))
			return &capabilities[i];
	return NULL;
}

bool capability_known(struct ms_text name, unsigned version)
{
	const struct capability *c = find(name);

	return c && (!version || (version >= c->since &&
				  (!c->until || version <= c->until)));
}

const char *capability_validated(size_t n)
{
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]);
	     i++)
		if (capabilities[i].validated && !n--)
			return capabilities[i].name;
	return NULL;
}

/* Releases before it do not have "configuration" in their description. */
#define FIRST_DESCRIBED 900

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
	else if (c->since >= FIRST_DESCRIBED)
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
