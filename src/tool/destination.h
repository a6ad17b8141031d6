/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The destinations of a command line, from --dest and --dest-stream: opened
 * once each, for all inputs.
 *
 *	struct destinations d;
 *	status = destinations_open(&d, a);      // has complained if not 0
 *	for (size_t i = 0; i < d.count; i++)
 *		aim(&d, i, path, stream, &at, &why);
 *	destinations_close(&d);
 */
#ifndef TOOL_DESTINATION_H
#define TOOL_DESTINATION_H

#include "tool/command.h"

#include <pthread.h>

/* A QEMU, with all that is known of it. */
struct destination {
	char *schema_name; /* as it was found; NULL: none */
	char *about;       /* release and target for people, or NULL */
	ms_schema *schema;
	ms_dest *dest;
	struct destination *next; /* the same SPEC for another target */
};

/* One --dest, --dest-stream or pair of them. */
struct aim {
	const char *spec, *reference; /* as given, or NULL */
	const char *name;             /* for reports: one of both */
	struct ms_options options;    /* of the reference */
	struct target_guide *guide;   /* spec leaves the target open */
	struct destination *opened;   /* the first, or NULL yet */
};

struct destinations {
	const struct arguments *arguments;
	struct aim *aims;
	size_t count;
	pthread_mutex_t lock; /* over what is opened with the first input */
};

/* Checks the options and opens what does not depend on an input. */
enum exit_status destinations_open(struct destinations *d,
				   const struct arguments *a);
void destinations_close(struct destinations *d);

/* Makes s, not walked yet, one that is loaded into the i-th destination. Any
 * thread may call it. NULL: *ret_why, to free(), says why not. */
const struct destination *aim_at(struct destinations *d, size_t i,
				 const char *path, ms_stream *s,
				 char **ret_why);
/* After the walk. NULL, or why the stream can never have been meant for that
 * destination, to free(). */
char *aim_missed(const struct destination *at, const ms_stream *s);

#endif
