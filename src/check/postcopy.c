/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "check/postcopy.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

void postcopy_init(struct postcopy *p, struct arena *arena)
{
	*p = (struct postcopy){ .arena = arena };
}

void postcopy_free(struct postcopy *p)
{
	free(p->events);
}

/* NULL: over the cap, or out of memory. */
static struct ms_postcopy_event *add(struct postcopy *p,
				     enum ms_postcopy_kind kind,
				     unsigned channel, uint64_t offset)
{
	struct ms_postcopy_event *e;

	if (p->count == MAX_POSTCOPY_EVENTS) {
		if (!p->left_out++)
			p->left_at = offset;
		return NULL;
	}
	if (p->count == p->room) {
		size_t room = p->room ? 2 * p->room : 16;

		e = mem_resize(p->events, room * sizeof(*e));
		if (!e) {
			p->failed = true;
			return NULL;
		}
		p->events = e;
		p->room = room;
	}
	e = &p->events[p->count++];
	*e = (struct ms_postcopy_event){ .kind = kind,
					 .channel = channel,
					 .offset = offset };
	return e;
}

static struct ms_postcopy_event *add_at(struct postcopy *p,
					enum ms_postcopy_kind kind,
					const struct ms_record *rec)
{
	return add(p, kind, rec->channel, rec->offset);
}

static void advise(struct postcopy *p, const struct ms_record *rec)
{
	struct ms_postcopy_event *e = add_at(p, MS_POSTCOPY_ADVISED, rec);

	p->advised = true;
	if (e && rec->data_length == 16)
		e->bytes = load_be64(rec->data);
}

/* At most 12 ranges a command: those of one block, side by side, are one
 * event (wire/command.c: postcopy_discard). */
static void discard(struct postcopy *p, const struct ms_record *rec)
{
	const size_t n = rec->data_length > 1 ? rec->data[1] : 0;
	struct ms_postcopy_event *e =
		p->count ? &p->events[p->count - 1] : NULL;
	struct ms_text block;

	if (rec->data_length < 3 + n)
		return;
	block = text_make(rec->data + 2, n);
	if (!e || e->kind != MS_POSTCOPY_DISCARDED ||
	    !text_eq(e->block, block)) {
		e = add_at(p, MS_POSTCOPY_DISCARDED, rec);
		if (!e)
			return;
		e->block = arena_text(p->arena, block);
	}
	for (size_t at = 3 + n; rec->data_length - at >= 16; at += 16) {
		e->ranges++;
		e->bytes += load_be64(rec->data + at + 8);
	}
}

static void package(struct postcopy *p, const struct ms_record *rec)
{
	struct ms_postcopy_event *e = add_at(p, MS_POSTCOPY_PACKAGE, rec);

	if (e && rec->data_length == 4)
		e->bytes = load_be32(rec->data);
}

static void listening(struct postcopy *p, const struct ms_record *rec)
{
	add_at(p, MS_POSTCOPY_LISTENING, rec);
	p->listening = true;
}

static void run(struct postcopy *p, const struct ms_record *rec)
{
	add_at(p, MS_POSTCOPY_RUNNING, rec);
}

static void recv_bitmap(struct postcopy *p, const struct ms_record *rec)
{
	(void)rec;
	p->bitmaps++;
}

static void resume(struct postcopy *p, const struct ms_record *rec)
{
	struct ms_postcopy_event *e = add_at(p, MS_POSTCOPY_RESUMED, rec);

	if (e)
		e->ranges = p->bitmaps;
}

/* By number, as on the wire. */
static void (*const commands[])(struct postcopy *p,
				const struct ms_record *rec) = {
	[3] = advise,  [4] = listening, [5] = run,          [6] = discard,
	[7] = package, [9] = resume,    [10] = recv_bitmap,
};

static void pages(struct postcopy *p, const struct ms_record *rec)
{
	struct ms_postcopy_event *e;

	if (!p->has_pages) {
		if (!add_at(p, MS_POSTCOPY_PAGES, rec))
			return;
		p->pages = p->count - 1;
		p->has_pages = true;
	}
	e = &p->events[p->pages];
	if (rec->u.pages.kind == MS_PAGE_ZERO)
		e->zero += rec->u.pages.count;
	else
		e->data += rec->u.pages.count;
}

void postcopy_paused(struct postcopy *p, unsigned channel, uint64_t offset)
{
	add(p, MS_POSTCOPY_PAUSED, channel, offset);
}

void postcopy_visit(struct postcopy *p, const struct ms_record *rec)
{
	const unsigned number = rec->u.command.number;

	switch (rec->kind) {
	case MS_COMMAND:
		if (number < sizeof(commands) / sizeof(commands[0]) &&
		    commands[number])
			commands[number](p, rec);
		break;
	case MS_CHANNEL_BEGIN:
		p->has_pages = false;
		p->bitmaps = 0;
		break;
	case MS_PAGES:
		if (p->listening)
			pages(p, rec);
		break;
	case MS_EOF:
		if (p->advised)
			add_at(p, MS_POSTCOPY_ENDED, rec);
		break;
	default:
		break;
	}
}
