/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a reader saw that is wrong or strange. A fault is a fact with its
 * numbers; how bad it is, and what which QEMU release prints, is decided by
 * src/check after the walk, when the writer's release is known.
 *
 *	fault_add(faults, &(struct fault){
 *		.code = F_RAM_OFFSET, .offset = at, .length = 8,
 *		.a = address, .b = block_length, .name = block }, &where);
 *
 * Names are copied. Beyond .most faults are only counted, but for the
 * first of each code: a flood of warnings hides no error. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/arena.h"
#include "base/where.h"

enum fault_code {
#define FAULT(code, ...) code,
#include "base/fault.def"
#undef FAULT
	FAULT_COUNT
};

/* One frame of where the fault happened, innermost first. */
struct fault_frame {
	enum where_kind kind;
	struct ms_text name, vmsd, type, member;
};

struct fault {
	enum fault_code code;
	uint64_t offset, length; /* bytes */
	uint64_t a, b;           /* meaning: see fault.def */
	struct ms_text name, other;
	uint32_t section_id, instance;
	struct ms_text section; /* idstr of the section around it */
	enum ms_section_type section_type;
	/* A destination refuses it: the replay says so, not the walk. */
	bool by_dest;
	bool doubtful; /* something it depends on is not known */
	/* filled by fault_add() */
	const char *path;
	const struct fault_frame *frames;
	size_t frame_count;
	/* What stands around it in the input, filled in by the reader's owner;
	 * NULL: not kept. */
	const uint8_t *context;
	uint64_t context_at;
	size_t context_length;
};

struct faults {
	struct arena arena;
	struct fault *list;
	size_t count, room;
	size_t most; /* that are kept: MAX_FINDINGS, but for --limit */
	uint64_t dropped;
	bool seen[FAULT_COUNT];
	bool failed; /* out of memory: something was lost */
	bool mute;   /* none is kept, all are dropped */
	/* Copied into each fault: the section being read, and who reads it. */
	bool by_dest, doubtful;
	struct ms_text section;
	uint32_t section_id, instance;
	enum ms_section_type section_type;
};

void faults_init(struct faults *f);
/* How many are kept; before the first. */
void faults_keep(struct faults *f, uint64_t most);
void faults_free(struct faults *f);
void fault_add(struct faults *f, const struct fault *what,
	       const struct where *w);

#endif
