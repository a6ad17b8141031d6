/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line per record as it is decoded. Each line has "kind", "path",
 * "offset" and "length"; every byte of an undamaged input belongs to exactly
 * one line. The last line has the kind "summary": without it the output was
 * cut short. */
#include "config.h"
#include "output/dump.h"
#include "output/info.h"
#include "output/names.h"
#include "output/record-json.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

struct frame {
	enum ms_record_kind kind;
	size_t path; /* length of the path outside of it */
};

struct state {
	struct out *out;
	struct json_writer w;
	struct buf path;
	struct frame *frames;
	size_t depth, room;
	bool in_section;
	uint32_t section;
};

static void *open_ndjson(struct out *o, const struct dump_request *req)
{
	struct state *d = mem_zero(1, sizeof(*d));

	(void)req;
	if (!d)
		return NULL;
	d->out = o;
	return d;
}

static void line_start(struct state *d, const char *kind)
{
	json_start(&d->w, d->out);
	json_object(&d->w);
	json_key(&d->w, "kind");
	json_string(&d->w, kind);
}

static void line_end(struct state *d)
{
	json_end(&d->w);
	out_putc(d->out, '\n');
}

/* What a record adds to the path of what is inside of it. */
static void extend(struct state *d, const struct ms_record *rec)
{
	const struct frame *f = d->depth ? &d->frames[d->depth - 1] : NULL;
	struct ms_text name = rec->name;
	int64_t index = -1;

	switch (rec->kind) {
	case MS_CONFIG_BEGIN:
		name = TEXT("configuration");
		break;
	case MS_PACKAGE_BEGIN:
	case MS_CHANNEL_BEGIN:
		return;
	case MS_FIELD:
		index = rec->u.value.index;
		break;
	case MS_STRUCT_BEGIN:
		index = rec->u.group.index;
		break;
	default:
		break;
	}
	if (name.length && !(f && f->kind == MS_ARRAY_BEGIN && index >= 0)) {
		if (d->path.length)
			buf_putc(&d->path, '/');
		buf_add(&d->path, name.bytes, name.length);
	}
	if (index >= 0)
		buf_printf(&d->path, "[%lld]", (long long)index);
}

static void cut_path(struct state *d, size_t length)
{
	if (length < d->path.length)
		d->path.length = length;
}

static void push(struct state *d, const struct ms_record *rec)
{
	if (d->depth == d->room) {
		size_t room = d->room ? 2 * d->room : 32;
		struct frame *f = mem_resize(d->frames, room * sizeof(*f));

		if (!f) {
			d->out->error = ENOMEM;
			return;
		}
		d->frames = f;
		d->room = room;
	}
	d->frames[d->depth] = (struct frame){ rec->kind, d->path.length };
	extend(d, rec);
	d->depth++;
}

static void pop(struct state *d, enum ms_record_kind opener)
{
	size_t i = d->depth;

	while (i && d->frames[i - 1].kind != opener)
		i--;
	if (!i)
		return;
	d->depth = i - 1;
	cut_path(d, d->frames[i - 1].path);
}

static void print(struct state *d, const struct ms_record *rec)
{
	line_start(d, record_name(rec->kind));
	json_key(&d->w, "path");
	json_text(&d->w, text_make(d->path.data, d->path.length));
	if (d->in_section && rec->kind != MS_SECTION_BEGIN) {
		json_key(&d->w, "section");
		json_uint(&d->w, d->section);
	}
	if (rec->channel) {
		json_key(&d->w, "channel");
		json_uint(&d->w, rec->channel);
	}
	json_key(&d->w, "offset");
	json_uint(&d->w, rec->offset);
	json_key(&d->w, "length");
	json_uint(&d->w, rec->length);
	record_json_members(&d->w, rec);
	line_end(d);
}

static void visit(void *state, const struct ms_record *rec)
{
	struct state *d = state;
	const enum record_shape shape = record_shape(rec->kind);
	const size_t outside = d->path.length;
	/* Brackets that claim nothing show in the paths of their members. */
	const bool bracket =
		rec->kind == MS_STRUCT_BEGIN || rec->kind == MS_ARRAY_BEGIN;

	if (rec->kind == MS_SECTION_BEGIN) {
		d->in_section = true;
		d->section = rec->u.section.id;
	}
	if (shape == RECORD_CLOSES) {
		if (rec->length)
			print(d, rec);
		pop(d, record_opener(rec->kind));
	} else if (shape == RECORD_OPENS) {
		push(d, rec);
		if (!bracket || rec->length)
			print(d, rec);
	} else {
		if (rec->kind == MS_FIELD || rec->kind == MS_OPAQUE)
			extend(d, rec);
		print(d, rec);
		cut_path(d, outside);
	}
	if (d->path.failed)
		d->out->error = ENOMEM;
	if (rec->kind == MS_SECTION_END) {
		/* Who reads a pipe wants whole sections, not buffers. */
		d->in_section = false;
		out_flush(d->out);
	}
}

static void close_ndjson(void *state, const ms_stream *s, bool complete)
{
	struct state *d = state;

	if (complete) {
		line_start(d, "summary");
		if (s)
			summary_json(&d->w, s);
		line_end(d);
	} else {
		line_start(d, "error");
		json_key(&d->w, "error");
		json_string(&d->w, s ? ms_read_error(s) : NULL);
		line_end(d);
	}
	buf_free(&d->path);
	free(d->frames);
	free(d);
}

const struct dump_format dump_ndjson = {
	.name = "ndjson",
	.summary = "one JSON object per line and record, as they are read",
	.open = open_ndjson,
	.visit = visit,
	.close = close_ndjson,
};
