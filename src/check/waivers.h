/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings that someone has accepted, with a reason: migscope-waivers(5).
 *
 *	struct waivers w;
 *	struct waiver_fault wrong;
 *	if (!waivers_parse(&w, text, n, waiver_today(), &wrong))
 *		… wrong.line, wrong.what …
 *	waivers_enter(&w, &subject);               // once for each report
 *	waiver = waivers_match(&w, &subject, f);   // NULL: the finding stands
 *	waivers_free(&w);
 *
 * Matching may go on in several threads. */
#ifndef CHECK_WAIVERS_H
#define CHECK_WAIVERS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "check/rules.h"

#include <stdatomic.h>

/* Versions as version_number() has them, both ends included. */
struct waiver_span {
	unsigned first, last;
	bool set; /* of a waiver: asked for; of a subject: known */
};

struct waiver {
	const struct rule *rule; /* first with its id */
	/* Globs; .length 0: any. */
	struct ms_text path, file, machine;
	struct waiver_span source, destination;
	const char *reason;
	unsigned expires; /* 20270131: the last day that it holds; 0: never */
	bool expired;
	unsigned line;        /* where it begins */
	atomic_bool in_scope; /* a report was of its files and releases */
	atomic_bool used;
};

struct waivers {
	struct waiver *list;
	size_t count;
	const char *file; /* its name, for messages; set by the caller */
	/* private */
	size_t room;
	struct arena arena;
	/* By what paths they hold for, so that not each of them is tried for
	 * each finding; and how long what globs start with is. */
	struct waiver **sorted;
	bool starts[MAX_WAIVER_GLOB + 1];
};

/* What findings are about. Texts are escaped; .bytes NULL: not known. */
struct waiver_subject {
	struct ms_text file, machine;
	struct waiver_span source, destination;
};

struct waiver_fault {
	unsigned line;
	char what[160];
};

/* today: 20261121. True: *ret is to be freed. */
bool waivers_parse(struct waivers *ret, const char *text, size_t n,
		   unsigned today, struct waiver_fault *ret_why);
void waivers_free(struct waivers *w);
/* Once the list is complete. False: out of memory. */
bool waivers_sort(struct waivers *w);
/* By the clock, UTC. */
unsigned waiver_today(void);

void waivers_enter(struct waivers *w, const struct waiver_subject *s);
const struct waiver *waivers_match(struct waivers *w,
				   const struct waiver_subject *s,
				   const struct ms_finding *f);

/* Once all is matched: does it hide what comes next? One that expired, or was
 * not needed for anything it was made for. Adds a sentence to b, which stays
 * as it is else. */
bool waiver_complaint(const struct waiver *w, struct buf *b);

/* '*' stands for any bytes, '/' among them, '?' for one character; all others
 * for themselves. */
bool waiver_glob(struct ms_text pattern, struct ms_text text);
/* What globs on paths are compared with: a finding on the whole stream has
 * the path "stream". */
struct ms_text waiver_path(const struct ms_finding *f);

/* ---- waivers-baseline.c: a file that accepts what was found ---- */

struct baseline {
	char **entries; /* each the lines of one waiver, but its reason */
	size_t count, room;
	bool failed; /* no memory */
};

void baseline_add(struct baseline *b, const struct waiver_subject *s,
		  const struct ms_finding *f);
/* The file's text, sorted, each entry once. NULL, or why there can be none. */
const char *baseline_write(struct baseline *b, unsigned today, struct buf *ret);
void baseline_free(struct baseline *b);

#endif
