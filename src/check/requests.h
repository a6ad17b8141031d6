/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the destination said on the return path, compared with the stream.
 *
 * The recordings are read twice: first, before the stream, for the pages that
 * were asked for, of which 32 bytes each are kept; then to be shown.
 *
 *	r = requests_new(channels);
 *	… requests_collect(r, rec) for their records, then requests_sort(r) …
 *	… requests_see(r, rec) for the stream's …
 *	… requests_answer(r, rec, faults) for theirs again …
 *	requests_report(r, has_eof, faults); */
#ifndef CHECK_REQUESTS_H
#define CHECK_REQUESTS_H

#include "base/fault.h"

struct requests;

/* NULL: out of memory. channels: of the stream, with the main one. */
struct requests *requests_new(size_t channels);
void requests_free(struct requests *r);

void requests_collect(struct requests *r, const struct ms_record *rec);
/* False: out of memory on the way here. */
bool requests_sort(struct requests *r);
void requests_see(struct requests *r, const struct ms_record *rec);
/* Fills in what is known of a message, and counts it. */
void requests_answer(struct requests *r, struct ms_record *rec,
		     struct faults *faults);
/* There is a stream, and the recordings were read to their end. */
void requests_report(struct requests *r, bool has_eof, struct faults *faults);

const struct ms_return_path *requests_summary(const struct requests *r);
/* Requests that were answered on a channel. */
uint64_t requests_on(const struct requests *r, unsigned channel);

#endif
