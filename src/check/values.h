/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values that QEMU itself compares with a fixed list after loading. */
#ifndef CHECK_VALUES_H
#define CHECK_VALUES_H

#include "base/fault.h"

/* A field of the section "globalstate". */
void values_global_state(const struct ms_record *field, struct faults *faults);

/* Looks at one record; section: idstr of the section around it. */
static inline void values_visit(const struct ms_record *rec,
				struct ms_text section, struct faults *faults)
{
	if (rec->kind == MS_FIELD && text_eq(section, TEXT("globalstate")))
		values_global_state(rec, faults);
}

#endif
