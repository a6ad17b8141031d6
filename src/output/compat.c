/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/compat.h"

const struct compat_format *compat_format_find(const char *name)
{
	static const struct compat_format *const formats[] = { &compat_text,
							       &compat_json };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

void compat_counts_of(struct compat_counts *ret, const struct compat *c)
{
	*ret = (struct compat_counts){ 0 };
	for (size_t i = 0; i < c->count; i++) {
		const struct ms_finding *f = &c->findings[i].f;

		ret->errors[f->certainty] += f->severity == MS_ERROR;
		ret->warnings += f->severity == MS_WARNING;
		ret->notes += f->severity == MS_NOTE;
	}
}

enum ms_verdict compat_verdict(const struct compat *c)
{
	struct compat_counts n;

	compat_counts_of(&n, c);
	if (n.errors[MS_CERTAIN] || n.errors[MS_LIKELY])
		return MS_REFUSE;
	return c->why || !c->judged ? MS_UNKNOWN : MS_ACCEPT;
}

const struct schema_device *compat_user(const struct schema *s,
					const struct schema_vmsd *v,
					uint32_t *io_next)
{
	while (v && *io_next < s->device_count) {
		const struct schema_device *d = &s->devices[(*io_next)++];

		if (d->vmsd == v)
			return d;
	}
	return NULL;
}
