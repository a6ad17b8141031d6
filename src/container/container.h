/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an input is, by its first bytes: a stream, the recording of a multifd
 * channel, an image that a stream stands in, or something that another tool
 * reads and is named as such. One table entry each (format.h). Compression
 * of the whole input is looked through before (src/io). */
#ifndef CONTAINER_CONTAINER_H
#define CONTAINER_CONTAINER_H

#include "base/buf.h"
#include "base/fault.h"
#include "io/reader.h"

enum container_kind {
	CONTAINER_STREAM,      /* the reader stands at the header, or at what
			     * should have been one */
	CONTAINER_CHANNEL,     /* at a multifd channel's first packet */
	CONTAINER_RETURN_PATH, /* said to be one: nothing tells it */
	CONTAINER_FOREIGN,     /* not ours: name and advice are set */
};

struct container_options {
	bool has_offset; /* the container starts exactly there */
	uint64_t offset;
	const char *snapshot;  /* name or id, or NULL */
	struct faults *faults; /* what is strange about it */
	struct arena *arena;   /* owns the details */
};

struct container {
	enum container_kind kind;
	const char *name;   /* "stream", "multifd channel", "ELF file" … */
	const char *advice; /* foreign: what reads it; or NULL */
	uint64_t leading;   /* bytes before the stream's header */
	bool enclosed;      /* they are a container's header, not zeros */
	const struct ms_libvirt *libvirt; /* or NULL */
	const struct ms_qcow2 *qcow2;     /* or NULL */
	/* It is ours but gives no stream: a line to say why (empty: no
	 * memory). The details above are there as far as they could be read;
	 * the reader is empty or of no use. */
	bool refused;
	struct buf problem;
};

/* Moves the reader to the start, and may put another source under it.
 * Without an offset, leading zeros are passed over. False: the offset is
 * behind the end, or a read error. */
bool container_open(struct reader *rd, const struct container_options *o,
		    struct container *ret);
void container_free(struct container *c);

#endif
