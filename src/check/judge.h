/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From faults to findings and a verdict: that of the destination whose load
 * was replayed; without one, of the release that wrote the stream, as far as
 * the stream itself can tell. */
#ifndef CHECK_JUDGE_H
#define CHECK_JUDGE_H

#include "check/known-scan.h"
#include "check/rules.h"
#include "replay/replay.h"

struct judgement {
	struct ms_finding *findings;
	size_t count;
	enum ms_verdict verdict;
	const char *predicted; /* points into a finding, or NULL */
};

/* All text lives in the arena, or with the known issues that were found.
 * False: out of memory. */
bool judge(const struct walk *w, const struct replay *replay,
	   const struct known_scan *known, struct arena *arena,
	   struct judgement *ret);

#endif
