/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the pages of multifd packets hold, for visitors that asked for it. */
#ifndef WIRE_CHANNEL_BYTES_H
#define WIRE_CHANNEL_BYTES_H

#include "wire/unpack.h"
#include "wire/walk.h"

/* The normal pages of one packet; the reader stands at their bytes. */
struct packet_pages {
	struct ms_text block;
	const uint8_t *offsets; /* be64 each */
	uint32_t count;
	uint32_t payload; /* bytes that follow */
	const char *type; /* of the compression */
};

/* Both hand out a record per page and leave the reader behind the payload.
 * False: fewer bytes are left. */
bool channel_plain_pages(struct walk *w, const struct packet_pages *k);
/* *unpack is the channel's, made at its first packet. What does not
 * decompress is reported, and its pages have no bytes. */
bool channel_packed_pages(struct walk *w, struct unpack **unpack,
			  enum unpack_kind kind, const struct packet_pages *k,
			  const struct where *where);

#endif
