/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* x86 processors' state against what a KVM host takes: what a load puts into
 * KVM once QEMU has it all, which is not the destination's vmstate's business
 * (src/replay) but that of the kernel under it.
 *
 *	host_check_start(&c, host, faults);
 *	host_check_visit(&c, rec);       // each record
 *	host_check_end(&c);
 */
#ifndef CHECK_HOST_CHECK_H
#define CHECK_HOST_CHECK_H

#include "base/fault.h"
#include "check/host-rows.h"

/* Subsections within each other: cpu, nested_state, vmx, vmcs12. */
#define MAX_HOST_PARTS 8

/* What is told once, as it is the same for all processors. */
enum host_once {
	ONCE_XSAVE = MAX_HOST_ROWS,
	ONCE_XSAVE_SIZE,
	ONCE_TSC,
	ONCE_NESTED,
	ONCE_SMM,
	ONCE_COUNT
};

struct host_check {
	const struct host *host; /* NULL: nothing is checked */
	struct faults *faults;
	bool in_cpu, seen_x86, seen_unread;
	bool told[ONCE_COUNT];     /* of the stream */
	bool found[MAX_HOST_ROWS]; /* of the processor at hand */
	uint32_t instance;
	/* Description names of the objects around, innermost last. */
	struct {
		bool rows; /* the table has some */
		char name[64];
	} parts[MAX_HOST_PARTS];
	unsigned depth;
	uint64_t nested_format;
	/* env.xcr0, which QEMU puts after what the next field is of */
	struct ms_record xcr0;
	bool has_xcr0;
};

void host_check_start(struct host_check *c, const struct host *h,
		      struct faults *f);
void host_check_look(struct host_check *c, const struct ms_record *rec);
static inline void host_check_visit(struct host_check *c,
				    const struct ms_record *rec)
{
	if (c->host)
		host_check_look(c, rec);
}
void host_check_end(struct host_check *c);

/* ---- for the parts of it ---- */

/* A fault at rec's field of the processor at hand. */
void host_fault(struct host_check *c, const struct ms_record *rec,
		struct fault *f);
/* True the first time. */
bool host_once(struct host_check *c, unsigned what);

/* host-state.c: fields that no table row covers. */
void host_check_xcr0(struct host_check *c);
void host_check_main(struct host_check *c, const struct ms_record *rec);
void host_check_sub(struct host_check *c, struct ms_text part,
		    const struct ms_record *rec);

#endif
