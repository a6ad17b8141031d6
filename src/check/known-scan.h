/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks for known breakages in the records of a walk.
 *
 *	known_scan_init(&s, known, &arena);
 *	… known_scan_visit(&s, rec) for each record …
 *	known_scan_end(&s, walk);   // now it is known who wrote it
 */
#ifndef CHECK_KNOWN_SCAN_H
#define CHECK_KNOWN_SCAN_H

#include "base/where.h"
#include "base/sink.h"
#include "check/known.h"
#include "wire/walk.h"

struct known_hit {
	const struct known_issue *issue;
	const struct rule *rule;
	uint64_t offset, length;
	uint64_t value; /* of the first field looked at */
	bool has_value;
	const char *path;
};

/* One issue in the section that is being read. */
struct known_watch {
	const struct known_issue *issue;
	unsigned step;       /* fields found so far */
	bool found, lacking; /* the subsections of the match were seen */
	bool done;
	struct known_hit hit;
};

struct known_scan {
	const struct known *known; /* or NULL: nothing is looked for */
	struct arena *arena;       /* of the paths */
	struct known_watch *watches;
	size_t watch_count;
	struct known_hit *hits;
	size_t count;
	uint64_t *seen;    /* hits of each issue */
	uint64_t left_out; /* of them not in the list; after the end */
	/* Where we are in a section that is watched. */
	struct where frames[MAX_OPEN];
	enum ms_record_kind kinds[MAX_OPEN];
	unsigned depth;
	bool failed; /* out of memory */
};

void known_scan_init(struct known_scan *s, const struct known *known,
		     struct arena *arena);
void known_scan_free(struct known_scan *s);
void known_scan_look(struct known_scan *s, const struct ms_record *rec);
/* Most records stand in a section that no issue is about. */
static inline void known_scan_visit(struct known_scan *s,
				    const struct ms_record *rec)
{
	if (s->watch_count || rec->kind == MS_SECTION_BEGIN ||
	    rec->kind == MS_RAM_BLOCK)
		known_scan_look(s, rec);
}
/* Drops what the machine type or the writer's release speaks against. */
void known_scan_end(struct known_scan *s, const struct walk *w);

#endif
