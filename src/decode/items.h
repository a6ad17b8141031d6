/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may stand between sections, and how plausible a place looks: used to
 * tell whether a section really ends here and to find the way back after
 * damage. Never used to accept bytes that a description explains otherwise. */
#ifndef DECODE_ITEMS_H
#define DECODE_ITEMS_H

#include "io/reader.h"

/* migration/savevm.h: enum of section types (all releases) */
enum item_type {
	ITEM_EOF = 0x00,
	ITEM_START = 0x01,
	ITEM_PART = 0x02,
	ITEM_END = 0x03,
	ITEM_FULL = 0x04,
	ITEM_SUBSECTION = 0x05,
	ITEM_DESCRIPTION = 0x06,
	ITEM_CONFIGURATION = 0x07,
	ITEM_COMMAND = 0x08,
	ITEM_FOOTER = 0x7e,
};

/* migration/savevm.c: mig_cmd_args: one past the highest known command */
#define COMMAND_MAX 12
/* u8 0x7e, be32 section id */
#define FOOTER_SIZE 5

/* Looks at the bytes at off: could an item stand there? Offsets at or behind
 * the end (of the input or of `limit`) count as plausible when end_ok. */
bool item_plausible(struct reader *rd, uint64_t off, uint64_t limit,
		    bool end_ok);
/* A whole START or FULL header with a printable name, small version. */
bool item_header_at(struct reader *rd, uint64_t off, uint64_t limit);
/* A footer of section id, and behind it a plausible item. */
bool item_footer_at(struct reader *rd, uint64_t off, uint64_t limit,
		    uint32_t id);
/* First such footer, or header, in [from, to); UINT64_MAX: none. */
uint64_t item_find_footer(struct reader *rd, uint64_t from, uint64_t to,
			  uint32_t id);
/* Where the input ends at `to`, which is too early: the footer that is cut
 * short there, or that has only part of an item behind it. */
uint64_t item_find_cut_footer(struct reader *rd, uint64_t from, uint64_t to,
			      uint32_t id);
uint64_t item_find_header(struct reader *rd, uint64_t from, uint64_t to);

#endif
