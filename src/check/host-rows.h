/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What parts of an x86 processor's state need of a KVM host: one table. */
#ifndef CHECK_HOST_ROWS_H
#define CHECK_HOST_ROWS_H

#include "host/host.h"

enum host_need {
	NEED_MSR,     /* QEMU writes it only if KVM lists it */
	NEED_CAP,     /* QEMU writes it only with a capability */
	NEED_FEATURE, /* … if the guest has a feature, which KVM must report */
	NEED_COUNTER, /* … a counter of the PMU that KVM must have */
	NEED_TCG,     /* there is nothing in KVM that takes it */
};

struct host_row {
	const char *part;  /* "cpu", or the subsection it is in */
	const char *field; /* name in the description */
	uint64_t usual;    /* the value after reset: nothing is lost */
	enum host_need need;
	uint32_t msr, step; /* of element 0; between elements */
	const char *what;   /* that is missing, with its Linux release */
	const char *loss;   /* what the guest runs with then */
	bool minor;         /* no guest goes wrong by it */
	enum host_cap cap;
	struct {
		uint32_t function, index;
		enum host_register reg;
		uint32_t bits; /* one of them is enough */
	} feature;
};

/* Ended by a row without part; those of a part follow each other. */
extern const struct host_row host_rows[];
#define MAX_HOST_ROWS 128

#endif
