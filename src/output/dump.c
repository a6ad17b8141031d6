/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "output/dump.h"
#include "wire/walk.h"

#include <errno.h>
#include <fnmatch.h>

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

/* A NUL inside an idstr ends it for fnmatch; QEMU's own look-up compares
 * such names as C strings, too. */
static bool asked_for(struct dump *d, const struct ms_record *rec)
{
	const struct dump_request *req = d->request;
	struct buf full = { 0 }, name = { 0 };
	bool match = false;

	buf_add(&name, rec->name.bytes, rec->name.length);
	buf_add(&full, rec->name.bytes, rec->name.length);
	buf_printf(&full, "/%u", rec->u.section.instance);
	if ((name.failed || full.failed) && !d->out->error)
		d->out->error = ENOMEM;
	for (size_t i = 0; !d->out->error && i < req->device_count; i++)
		match |= !fnmatch(req->devices[i], name.data ? name.data : "",
				  0) ||
			 !fnmatch(req->devices[i], full.data, 0);
	buf_free(&full);
	buf_free(&name);
	return match;
}

bool dump_visit(void *ctx, const struct ms_record *rec)
{
	struct dump *d = ctx;

	if (d->request->device_count) {
		if (rec->kind == MS_SECTION_BEGIN)
			d->selected = asked_for(d, rec);
		d->matched |= d->selected;
		if (!d->selected)
			return !d->out->error;
		if (rec->kind == MS_SECTION_END)
			d->selected = false;
	}
	d->format->visit(d->state, rec);
	return !d->out->error;
}

void dump_close(struct dump *d, const ms_stream *s, bool complete)
{
	d->format->close(d->state, s, complete);
	d->state = NULL;
}
