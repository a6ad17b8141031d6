/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/dump.h"

#include "base/globs.h"
#include "wire/walk.h"

#include <errno.h>

const struct dump_format *const dump_formats[] = { &dump_tree, &dump_json,
						   &dump_ndjson, &dump_analyze,
						   NULL };

const struct dump_format *dump_format_find(const char *name)
{
	for (size_t i = 0; dump_formats[i]; i++)
		if (!strcmp(dump_formats[i]->name, name))
			return dump_formats[i];
	return NULL;
}

bool dump_own_format(const struct ms_record *section)
{
	return section_kind_find(section->name) != &kind_device;
}

bool dump_open(struct dump *d, const struct dump_format *f, struct out *o,
	       const struct dump_request *req)
{
	d->format = f;
	d->request = req;
	d->out = o;
	d->selected = false;
	d->matched = false;
	d->state = f->open(o, req);
	if (!d->state && !o->error)
		o->error = ENOMEM;
	return d->state;
}

/* Is it part of a section that was asked for? */
static bool selects(struct dump *d, const struct ms_record *rec)
{
	const struct dump_request *req = d->request;
	bool failed = false, selected;

	if (rec->kind == MS_SECTION_BEGIN)
		d->selected =
			globs_match(req->devices, req->device_count, rec->name,
				    rec->u.section.instance, &failed);
	if (failed && !d->out->error)
		d->out->error = ENOMEM;
	selected = d->selected;
	d->matched |= selected;
	if (rec->kind == MS_SECTION_END)
		d->selected = false;
	return selected;
}

bool dump_visit(void *ctx, const struct ms_record *rec)
{
	struct dump *d = ctx;

	if (!d->request->device_count || selects(d, rec))
		d->format->visit(d->state, rec);
	return !d->out->error;
}

void dump_close(struct dump *d, const ms_stream *s, bool complete)
{
	d->format->close(d->state, s, complete);
	d->state = NULL;
}
