/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "base/fault.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

void faults_init(struct faults *f)
{
	*f = (struct faults){ 0 };
	faults_keep(f, MAX_FINDINGS);
}

void faults_keep(struct faults *f, uint64_t most)
{
	const uint64_t bytes =
		MAX_FAULT_BYTES * ((most - 1) / MAX_FINDINGS + 1);

	f->most = (size_t)most;
	arena_init(&f->arena, bytes < SIZE_MAX ? (size_t)bytes : SIZE_MAX);
}

void faults_free(struct faults *f)
{
	arena_free(&f->arena);
	free(f->list);
	*f = (struct faults){ 0 };
}

/* Copies *t in place. An absent text stays absent. */
static bool keep_text(struct faults *f, struct ms_text *t)
{
	if (!t->bytes)
		return true;
	if (t->length > MAX_FAULT_TEXT)
		t->length = MAX_FAULT_TEXT;
	*t = arena_text(&f->arena, *t);
	return t->bytes;
}

static bool keep_path(struct faults *f, struct fault *x, const struct where *w)
{
	struct buf b = { 0 };
	char *path;

	where_render(&b, w);
	path = buf_take(&b);
	if (!path)
		return false;
	x->path = arena_text(&f->arena, text_of(path)).bytes;
	free(path);
	return x->path;
}

static bool keep_frames(struct faults *f, struct fault *x,
			const struct where *w)
{
	struct fault_frame *frames;
	size_t n = 0;

	for (const struct where *i = w; i; i = i->outer)
		n++;
	frames = arena_array(&f->arena, n, sizeof(*frames));
	if (!frames)
		return false;
	x->frames = frames;
	x->frame_count = n;
	for (; w; w = w->outer, frames++) {
		*frames = (struct fault_frame){
			.kind = w->kind,
			.name = w->name,
			.vmsd = w->vmsd,
			.type = w->type,
			.member = w->member,
		};
		if (!keep_text(f, &frames->name) ||
		    !keep_text(f, &frames->vmsd) ||
		    !keep_text(f, &frames->type) ||
		    !keep_text(f, &frames->member))
			return false;
	}
	return true;
}

static bool list_grow(struct faults *f)
{
	size_t room = f->room ? f->room * 2 : 16;
	struct fault *list;

	if (f->count < f->room)
		return true;
	list = mem_resize(f->list, room * sizeof(*list));
	if (!list)
		return false;
	f->list = list;
	f->room = room;
	return true;
}

void fault_add(struct faults *f, const struct fault *what,
	       const struct where *w)
{
	struct fault x = *what;

	x.by_dest |= f->by_dest;
	x.doubtful |= f->doubtful;
	if (f->mute || (f->count >= f->most && f->seen[x.code])) {
		f->dropped++;
		return;
	}
	f->seen[x.code] = true;
	if (!x.section.length && f->section.length) {
		x.section = f->section;
		x.section_id = f->section_id;
		x.instance = f->instance;
		x.section_type = f->section_type;
	}
	if (!list_grow(f) || !keep_text(f, &x.name) ||
	    !keep_text(f, &x.other) || !keep_text(f, &x.section) ||
	    !keep_path(f, &x, w) || !keep_frames(f, &x, w)) {
		f->failed = true;
		f->dropped++;
		return;
	}
	f->list[f->count++] = x;
}
