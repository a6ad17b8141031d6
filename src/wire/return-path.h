/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings of the return path: what the destination says to the source over
 * the same connection, the other way. */
#ifndef WIRE_RETURN_PATH_H
#define WIRE_RETURN_PATH_H

#include "wire/walk.h"

/* enum mig_rp_message_type (migration/migration.h). Numbers are the wire's. */
enum rp_type {
	RP_INVALID,
	RP_SHUT,
	RP_PONG,
	RP_REQ_PAGES_ID,
	RP_REQ_PAGES,
	RP_RECV_BITMAP,
	RP_RESUME_ACK,
	RP_SWITCHOVER_ACK,
	RP_TYPES,
};

/* Requests are for whole pages of the host (migration/migration.c:
 * migrate_handle_rp_req_pages), which no host has smaller. */
#define RP_HOST_PAGE 4096

struct return_path {
	struct reader *rd;
	struct sink *sink;
	struct faults *faults;
	/* RAM blocks that the stream lists; NULL or none listed: nothing is
	 * compared with them. */
	const struct ram *ram;
	uint32_t page_size; /* target page */
	/* Block that REQ_PAGES means; QEMU keeps it over connections. */
	struct ms_text last;
	char last_name[256];
	bool shut;      /* the last message was read */
	bool resumable; /* another recording follows: this one may be cut */
};

/* Reads p->rd to its end as channel number n. Every byte is claimed, or in a
 * gap. May be called again with the recording of the next connection. */
void return_path_walk(struct return_path *p, unsigned n);

#endif
