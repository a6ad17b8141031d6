/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `compat`: what breaks from one schema to another. */
#ifndef OUTPUT_COMPAT_H
#define OUTPUT_COMPAT_H

#include "check/compat.h"
#include "output/report.h"

/* One direction. */
struct compat_report_of {
	const char *source, *destination; /* as given by the user */
	const struct compat *compat;
	const struct report_finding *findings; /* the same, with waivers */
	size_t waived;
	bool show_waived;
};

struct compat_format {
	const char *name;
	void (*print)(struct out *o, const struct compat_report_of *r);
	/* Behind all of them; waivers: or NULL. Or NULL itself. */
	void (*end)(struct out *o, const struct waivers *waivers);
};

/* NULL: there is none of that name. */
const struct compat_format *compat_format_find(const char *name);

extern const struct compat_format compat_text, compat_json;

/* ---- what both forms say ---- */

struct compat_counts {
	size_t errors[MS_CERTAIN + 1]; /* by certainty */
	size_t warnings, notes;
};

void compat_counts_of(struct compat_counts *ret, const struct compat *c);
/* Refuse when an error is certain or likely, unknown when nothing could be
 * compared. */
enum ms_verdict compat_verdict(const struct compat *c);
/* The next device type or section after *io_next that uses the description;
 * NULL: no more. */
const struct schema_device *compat_user(const struct schema *s,
					const struct schema_vmsd *v,
					uint32_t *io_next);

#endif
