/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A schema from whatever the user names.
 *
 *	char *why = NULL;
 *	struct schema *s = schema_open("qemu-10.0-x86_64", NULL, &why);
 *	if (!s) { complain(why); free(why); }
 */
#ifndef API_SCHEMA_H
#define API_SCHEMA_H

#include "schema/schema.h"

struct schema_options {
	/* Modules of a program; those beside it are found without. */
	const char *const *modules;
	size_t module_count;
	bool no_modules;      /* do not look beside the program */
	const char *snapshot; /* of a qcow2 image, by name or id, or NULL */
	const char *target;   /* for a SPEC that leaves it open, or NULL */
};

/* SPEC: a file (QEMU program, -dump-vmstate, migscope-schema(5), stream;
 * compressed or not), or the name of a shipped schema, with or without its
 * target. NULL: *ret_why, to free(), says why. */
struct schema *schema_open(const char *spec, const struct schema_options *o,
			   char **ret_why);

/* ---- shipped schemas: search.c ---- */

/* Calls visit for each folder that is searched, in order. */
void schema_each_folder(void (*visit)(void *ctx, const char *folder),
			void *ctx);
/* For each schema in them, by name within a folder; those hidden by an
 * earlier folder are left out. False: out of memory. */
bool schema_each_shipped(void (*visit)(void *ctx, const char *name,
				       const char *path),
			 void *ctx);
/* The file of a shipped schema, to free(); NULL: there is none. False: out of
 * memory. */
bool schema_find_shipped(const char *name, const char *target, char **ret);

#endif
