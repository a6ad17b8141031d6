/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A walk over bytes of a test, and what it reported.
 *
 *	struct walked x;
 *	walked_start(&x, BYTES("\x08\0\1\0\0"));
 *	assert_true(walk_command(&x.w));
 *	assert_no_fault(&x);
 *	walked_end(&x); */
#ifndef TESTS_WALKED_H
#define TESTS_WALKED_H

#include "unit.h"

#include "wire/walk.h"

#define BYTES(s) (s), sizeof(s) - 1

struct walked {
	struct faults faults;
	struct reader rd;
	struct walk w;
	struct ms_record records[64];
	size_t count;
};

static inline bool walked_visit(void *ctx, const struct ms_record *rec)
{
	struct walked *x = ctx;

	if (x->count < 64)
		x->records[x->count] = *rec;
	x->count++;
	return true;
}

static inline void walked_start(struct walked *x, const void *p, size_t n)
{
	memset(x, 0, sizeof(*x));
	faults_init(&x->faults);
	assert_true(rd_init(&x->rd, source_memory(p, n)));
	assert_true(walk_init(&x->w, &x->rd, &x->faults, walked_visit, x));
}

static inline void walked_end(struct walked *x)
{
	walk_free(&x->w);
	rd_free(&x->rd);
	faults_free(&x->faults);
}

#define assert_no_fault(x) assert_int_equal((x)->faults.count, 0)

/* The first fault, which is the one that QEMU would print. */
#define assert_fault(x, wanted)                                                \
	do {                                                                   \
		assert_true((x)->faults.count > 0);                            \
		assert_int_equal((x)->faults.list[0].code, (wanted));          \
	} while (0)

#endif
