/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an input is, by its first bytes: a stream, the recording of a multifd
 * channel, or something that another tool reads and is named as such. One
 * table entry each. Compression is looked through before (src/io). */
#ifndef CONTAINER_CONTAINER_H
#define CONTAINER_CONTAINER_H

#include "io/reader.h"

enum container_kind {
	CONTAINER_STREAM,  /* the reader stands at the header, or at what
			     * should have been one */
	CONTAINER_CHANNEL, /* at a multifd channel's first packet */
	CONTAINER_FOREIGN, /* not ours: name and advice are set */
};

struct container {
	enum container_kind kind;
	const char *name;   /* "stream", "multifd channel", "ELF file" … */
	const char *advice; /* foreign: what reads it; or NULL */
	uint64_t leading;   /* bytes before the header */
};

/* Moves the reader to the start. has_offset: exactly there, else behind
 * leading zeros. False: the offset is behind the end, or a read error. */
bool container_open(struct reader *rd, bool has_offset, uint64_t offset,
		    struct container *ret);

#endif
