/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A container format is one file with one const struct container_format (or
 * a table of them), listed in container.c. */
#ifndef CONTAINER_FORMAT_H
#define CONTAINER_FORMAT_H

#include "container/container.h"

struct container_format {
	const char *magic;
	size_t length;
	enum container_kind kind;
	const char *name;
	const char *advice; /* foreign: what reads it; or NULL */
	/* Called with the reader at the magic number. Leaves it at the
	 * stream, or says in c->problem why there is none; c->leading is set
	 * to the reader's place afterwards. NULL: the stream begins here. */
	void (*open)(struct reader *rd, const struct container_options *o,
		     struct container *c);
};

/* The bytes of a literal that may hold zeros. */
#define MAGIC(s) s, sizeof(s) - 1

/* Each list ends with an entry without magic. */
extern const struct container_format container_plain[], container_libvirt[],
	container_qcow2[], container_foreign[];

/* Appends to c->problem, once. */
void container_refuse(struct container *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
