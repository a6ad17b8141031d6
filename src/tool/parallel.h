/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many like things on all processors, with results in order.
 *
 *	const struct parallel p = { .count = n, .jobs = a->jobs, .ctx = run,
 *				    .work = judge, .finish = print };
 *	parallel_run(&p);
 *
 * work(ctx, i) is called in any thread and keeps what comes out by its number;
 * finish(ctx, i) in the caller's, from 0 on, each as soon as it is complete and
 * all before it are finished. */
#ifndef TOOL_PARALLEL_H
#define TOOL_PARALLEL_H

#include "tool/command.h"

struct parallel {
	size_t count;
	unsigned jobs; /* threads; 0: one for each processor */
	size_t ahead;  /* most that are begun and not finished; 0: no matter */
	void *ctx;
	void (*work)(void *ctx, size_t i);
	/* False: no more is begun, and nothing is finished any more. */
	bool (*finish)(void *ctx, size_t i);
	/* Or NULL: called now and then while there is nothing to finish. done:
	 * how many are complete. */
	void (*waiting)(void *ctx, size_t done);
};

/* Returns when no thread works any more. Without threads to be had, and with
 * one job and no waiting(), all is done in the caller's. */
void parallel_run(const struct parallel *p);

/* How many threads that would be, and the option that says so. */
unsigned parallel_jobs(unsigned jobs, size_t count);
extern const struct option_row opt_jobs;

#endif
