/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values that QEMU itself compares with a fixed list after loading. */
#ifndef CHECK_VALUES_H
#define CHECK_VALUES_H

#include "base/fault.h"

/* Looks at one record; section: idstr of the section around it. */
void values_visit(const struct ms_record *rec, struct ms_text section,
		  struct faults *faults);

#endif
