/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay/dest.h"

/* Of those that look alike, one that distributions kept. */
static const unsigned kept[] = {
	[RELEASE_UNKNOWN] = 0, [RELEASE_5_2] = 502,   [RELEASE_7_2] = 702,
	[RELEASE_10_0] = 1000, [RELEASE_10_2] = 1002, [RELEASE_11_0] = 1101,
};

bool dest_init(struct dest *d, const struct schema *schema,
	       const struct walk *reference)
{
	*d = (struct dest){ .schema = schema, .reference = reference };
	locals_init(&d->locals);
	if (schema)
		d->release = release_of_version(schema->qemu_version);
	if (d->release == RELEASE_UNKNOWN && reference)
		d->release = release_of(reference);
	if (schema)
		d->version = version_number(schema->qemu_version);
	if (d->version < 100)
		d->version = kept[d->release];
	if (reference)
		registry_of_walk(&d->own, reference);
	return !d->own.failed;
}

void dest_free(struct dest *d)
{
	registry_free(&d->own);
	locals_free(&d->locals);
}
