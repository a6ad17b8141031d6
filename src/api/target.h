/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which target (x86_64, aarch64, …) a stream is of. A stream does not say:
 * its machine type's name does where only one target has it, else the fields
 * of its devices do. The shipped schemas know both; no name is built in.
 *
 *	target_guide_open("qemu-10.0", &g);
 *	name = target_resolve(g, "guest.mig", s, &why);  // qemu-10.0-x86_64
 */
#ifndef API_TARGET_H
#define API_TARGET_H

#include "api/schema.h"
#include "migscope.h"

/* What the schemas say that a name without target may mean. Not changed by
 * use: several threads may share it. */
struct target_guide;

/* *ret NULL: spec, which is borrowed, is no name of shipped schemas that lacks
 * its target. False: out of memory. */
bool target_guide_open(const char *spec, struct target_guide **ret);
void target_guide_free(struct target_guide *g);
/* The whole name of the schema that fits the stream, to free(). s: path,
 * opened and not walked; it stays so. NULL: *ret_why, to free(). */
char *target_resolve(const struct target_guide *g, const char *path,
		     ms_stream *s, char **ret_why);

/* For a destination known only by its reference stream, which is at path: the
 * whole name of the shipped schema of its release and target, to free(); NULL
 * when none is, or it cannot be told. */
char *target_schema_of(const char *path);

/* How well a schema explains the devices of a stream. */
struct target_fit {
	unsigned known; /* fields of them that the schema has too */
	bool strange;   /* a device whose name it has, and little else of it */
};

struct target_fit target_fit(const struct schema *s, const struct desc *d);
/* False: s is surely of another target than the stream, which was walked. */
bool target_fits(const struct schema *s, const ms_stream *walked);

#endif
