/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/info.h"

bool info_has_text(const ms_stream *s)
{
	const struct ms_summary *m = ms_summary_of(s);

	return m->is_stream || m->libvirt || m->qcow2;
}

void finding_counts_of(struct finding_counts *c, const ms_stream *s)
{
	*c = (struct finding_counts){ .first_error = NULL };
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		const struct ms_finding *f = ms_finding_at(s, i);

		c->by_severity[f->severity]++;
		if (f->severity == MS_ERROR && !c->first_error)
			c->first_error = f;
	}
}
