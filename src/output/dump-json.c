/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our own full form: one object, "records" in stream order, nested as the
 * stream is. An object that is open in the stream (section, subsection,
 * struct …) has its members in lists, each begun when its first member
 * comes:
 *
 *	"fields"       of what a description explains, or
 *	"records"      of sections with a format of their own
 *	"subsections"
 *	"rest"         whatever comes after the subsections
 *
 * so that no key stands twice whatever the order. Arrays have "elements",
 * where plain values stand without a wrapping: they follow each other from
 * "offset" on, "element_length" bytes each. An element of another length
 * is an object of its own. */
#include "config.h"
#include "output/dump.h"
#include "output/info.h"
#include "output/names.h"
#include "output/record-json.h"
#include "output/report.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

enum list { LIST_NONE, LIST_FIRST, LIST_SUBSECTIONS, LIST_REST };

struct frame {
	enum ms_record_kind kind;
	const char *first; /* name of the first list */
	enum list list;
	uint64_t offset;
	uint64_t element_length; /* of an array; 0 = none yet */
};

struct state {
	struct out *out;
	struct json_writer w;
	struct frame *frames;
	size_t depth, room;
};

static void *open_json(struct out *o, const struct dump_request *req)
{
	struct state *d = mem_zero(1, sizeof(*d));

	if (!d)
		return NULL;
	d->out = o;
	json_start(&d->w, o);
	d->w.indent = 1;
	d->w.wrap = 4; /* a line per field of a section */
	json_object(&d->w);
	json_key(&d->w, "file");
	json_string(&d->w, req->file);
	json_key(&d->w, "records");
	json_array(&d->w);
	return d;
}

static struct frame *top(struct state *d)
{
	return d->depth ? &d->frames[d->depth - 1] : NULL;
}

static void uint_member(struct state *d, const char *key, uint64_t v)
{
	json_key(&d->w, key);
	json_uint(&d->w, v);
}

/* Makes the list that rec belongs to the current one. */
static void choose_list(struct state *d, const struct ms_record *rec)
{
	static const char *const later[] = {
		[LIST_SUBSECTIONS] = "subsections",
		[LIST_REST] = "rest",
	};
	struct frame *f = top(d);
	enum list want = LIST_FIRST;

	if (!f)
		return;
	if (f->kind != MS_ARRAY_BEGIN) {
		if (rec->kind == MS_SUBSECTION_BEGIN)
			want = LIST_SUBSECTIONS;
		if (want < f->list)
			want = LIST_REST;
	}
	if (want == f->list)
		return;
	if (f->list)
		json_end(&d->w);
	f->list = want;
	json_key(&d->w, want == LIST_FIRST ? f->first : later[want]);
	json_array(&d->w);
}

static const char *first_list(const struct ms_record *rec)
{
	switch (rec->kind) {
	case MS_ARRAY_BEGIN:
		return "elements";
	case MS_SECTION_BEGIN:
		return dump_own_format(rec) ? "records" : "fields";
	case MS_PACKAGE_BEGIN:
	case MS_CHANNEL_BEGIN:
		return "records";
	default:
		return "fields";
	}
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
	d->frames[d->depth++] = (struct frame){
		.kind = rec->kind,
		.first = first_list(rec),
		.offset = rec->offset,
	};
}

static void pop(struct state *d, uint64_t end)
{
	struct frame *f = top(d);

	if (f->list)
		json_end(&d->w);
	if (f->element_length)
		uint_member(d, "element_length", f->element_length);
	uint_member(d, "length", end >= f->offset ? end - f->offset : 0);
	json_end(&d->w);
	d->depth--;
}

/* A decoder that gave up leaves brackets open: they end with the one
 * around them. */
static void close_bracket(struct state *d, const struct ms_record *rec)
{
	const enum ms_record_kind opener = record_opener(rec->kind);
	const uint64_t end = rec->offset + rec->length;
	size_t i = d->depth;

	while (i && d->frames[i - 1].kind != opener)
		i--;
	if (!i)
		return;
	while (d->depth > i)
		pop(d, rec->offset);
	if (rec->kind == MS_SECTION_END) {
		if (top(d)->list)
			json_end(&d->w);
		top(d)->list = LIST_NONE;
		json_key(&d->w, "footer");
		json_bool(&d->w, rec->length != 0);
	}
	pop(d, end);
}

/* Inside "fields" a field says what it is by its members. */
static bool kind_is_plain(const struct state *d, const struct ms_record *rec)
{
	const struct frame *f = d->depth ? &d->frames[d->depth - 1] : NULL;

	return f &&
	       (rec->kind == MS_FIELD || rec->kind == MS_STRUCT_BEGIN ||
		rec->kind == MS_ARRAY_BEGIN ||
		rec->kind == MS_SUBSECTION_BEGIN) &&
	       f->list != LIST_REST && *f->first != 'r';
}

static bool bare_element(struct state *d, const struct ms_record *rec)
{
	struct frame *f = top(d);

	if (rec->kind != MS_FIELD || !f || f->kind != MS_ARRAY_BEGIN)
		return false;
	if (!f->element_length)
		f->element_length = rec->length;
	if (!rec->length || f->element_length != rec->length)
		return false;
	record_json_value(&d->w, rec);
	return true;
}

static void visit(void *state, const struct ms_record *rec)
{
	struct state *d = state;
	const enum record_shape shape = record_shape(rec->kind);

	if (shape == RECORD_CLOSES) {
		close_bracket(d, rec);
		return;
	}
	choose_list(d, rec);
	if (bare_element(d, rec))
		return;
	json_object(&d->w);
	if (!kind_is_plain(d, rec)) {
		json_key(&d->w, "kind");
		json_string(&d->w, record_name(rec->kind));
	}
	record_json_members(&d->w, rec);
	uint_member(d, "offset", rec->offset);
	if (shape == RECORD_OPENS) {
		push(d, rec);
		return;
	}
	uint_member(d, "length", rec->length);
	json_end(&d->w);
}

static void close_json(void *state, const ms_stream *s, bool complete)
{
	struct state *d = state;

	while (d->depth)
		pop(d, top(d)->offset);
	json_end(&d->w);
	json_key(&d->w, "complete");
	json_bool(&d->w, complete);
	if (s) {
		const struct ms_summary *m = ms_summary_of(s);

		json_key(&d->w, "container");
		json_string(&d->w, m->container);
		uint_member(d, "size", m->size);
		findings_json(&d->w, s);
		json_key(&d->w, "summary");
		json_object(&d->w);
		summary_json(&d->w, s);
		json_end(&d->w);
	}
	json_end(&d->w);
	out_putc(d->out, '\n');
	free(d->frames);
	free(d);
}

const struct dump_format dump_json = {
	.name = "json",
	.summary = "one object with everything, nested as the stream is",
	.open = open_json,
	.visit = visit,
	.close = close_json,
};
