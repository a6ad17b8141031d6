/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in a stream, gathered from its records: the tables of ms_summary.
 *
 *	inventory_init(&inv, &arena);
 *	… inventory_visit(&inv, rec) for each record …
 *	inventory_fill(&inv, &summary);    // tables stay with inv */
#ifndef CHECK_INVENTORY_H
#define CHECK_INVENTORY_H

#include "base/arena.h"
#include "base/names.h"

struct inventory {
	struct arena *arena; /* names */
	struct ms_ram_block_summary *blocks;
	struct ms_section_summary *sections;
	struct ms_command_summary *commands;
	size_t block_count, block_room;
	size_t section_count, section_room;
	size_t command_count, command_room;
	struct ms_section_summary *open; /* the section being read */
	uint64_t open_at;
	uint64_t ram_total, channels;
	struct names names; /* of blocks */
	struct names ids;   /* of sections, see section_key() */
	bool failed;        /* out of memory: tables are not whole */
	bool cut;           /* a table reached its cap */
	/* commands over the cap, the first of them */
	uint64_t left_out, left_at;
};

void inventory_init(struct inventory *inv, struct arena *arena);
void inventory_free(struct inventory *inv);
void inventory_visit(struct inventory *inv, const struct ms_record *rec);
void inventory_fill(const struct inventory *inv, struct ms_summary *ret);

#endif
