/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "api/known.h"
#include "api/stream-priv.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "decode/items.h"

#include <inttypes.h>
#include <stdlib.h>

/* Offset of the machine type's name from the magic. */
#define MACHINE_AT 13

static bool name_container(ms_stream *s)
{
	struct buf b = { 0 };

	if (s->outer)
		buf_printf(&b, "%s ", s->outer);
	buf_puts(&b, s->container.name);
	s->container_name = buf_take(&b);
	return s->container_name;
}

/* A preempt channel may never have been used, and nothing is said on its
 * return path. */
static struct source *open_other(const char *path, const struct limits *l,
				 char *why, size_t room)
{
	struct source *src = source_open(path, l, why, room);

	if (!src && !strcmp(why, SOURCE_EMPTY))
		src = source_memory("", 0);
	return src;
}

static bool open_others(const char *const *paths, size_t n,
			const struct limits *l, struct reader **readers,
			size_t *count, char **ret_why)
{
	char why[256];

	if (!n)
		return true;
	*readers = mem_zero(n, sizeof(**readers));
	if (!*readers)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct source *src = open_other(paths[i], l, why, sizeof(why));

		if (!src) {
			*ret_why = buf_text("%s: %s", paths[i], why);
			return false;
		}
		if (!rd_init(&(*readers)[i], src))
			return false;
		++*count;
	}
	return true;
}

static bool open_channels(ms_stream *s, const struct ms_options *o,
			  char **ret_why)
{
	/* a container that gives no stream leaves no source */
	const struct limits *l = s->rd.src ? &s->rd.src->limits : NULL;

	return !o ||
	       (open_others(o->channels, o->channel_count, l, &s->channels,
			    &s->channel_count, ret_why) &&
		open_others(o->return_paths, o->return_path_count, l,
			    &s->return_paths, &s->return_path_count, ret_why));
}

static bool open_container(ms_stream *s, const struct ms_options *o)
{
	const struct container_options options = {
		.has_offset = o && o->has_offset,
		.offset = o ? o->offset : 0,
		.snapshot = o ? o->snapshot : NULL,
		.faults = &s->faults,
		.arena = &s->arena,
	};

	if (!o || !o->is_return_path)
		return container_open(&s->rd, &options, &s->container);
	s->container = (struct container){ .kind = CONTAINER_RETURN_PATH,
					   .name = "return path" };
	return true;
}

/* What is known before the walk. */
static void tell_container(ms_stream *s)
{
	const struct container *c = &s->container;

	s->summary.container = s->container_name;
	s->summary.libvirt = c->libvirt;
	s->summary.qcow2 = c->qcow2;
	if (!c->refused)
		return;
	s->judgement.verdict = MS_UNKNOWN;
	s->read_error = c->problem.data ? c->problem.data : "out of memory";
}

static size_t handle_text(uint64_t findings)
{
	const uint64_t n =
		MAX_STREAM_TEXT * ((findings - 1) / MAX_FINDINGS + 1);

	return n < SIZE_MAX ? (size_t)n : SIZE_MAX;
}

ms_stream *stream_open(struct source *src, const struct ms_options *o,
		       char **ret_why)
{
	const unsigned long lost = mem_failures();
	ms_stream *s = mem_zero(1, sizeof(*s));
	uint64_t findings;

	*ret_why = NULL;
	if (!s) {
		source_close(src);
		return NULL;
	}
	s->schema = o ? o->schema : NULL;
	s->dest = o && o->dest ? &o->dest->dest : NULL;
	s->host = o && o->host ? &o->host->host : NULL;
	s->page_bytes = o && o->page_bytes;
	s->progress = o ? o->progress : NULL;
	s->progress_ctx = o ? o->progress_ctx : NULL;
	faults_init(&s->faults);
	findings = limit_of(&src->limits, LIMIT_FINDINGS);
	faults_keep(&s->faults, findings);
	arena_init(&s->arena, handle_text(findings));
	inventory_init(&s->inventory, &s->arena);
	postcopy_init(&s->postcopy, &s->arena);
	if (!known_load(ret_why)) {
		source_close(src);
		src = NULL;
		goto fail;
	}
	known_scan_init(&s->known, known_shared(), &s->arena);
	if (!rd_init(&s->rd, src))
		goto fail;
	/* a container may put another source in its place */
	if (src->filter) {
		s->outer = arena_text(&s->arena, text_of(src->filter)).bytes;
		if (!s->outer)
			goto fail;
	}
	if (!open_container(s, o)) {
		*ret_why = s->rd.failed ?
				   buf_text("%s", s->rd.src->error) :
				   buf_text("offset %" PRIu64
					    " is behind the end of the input",
					    o ? o->offset : 0);
		goto fail;
	}
	if (s->container.kind == CONTAINER_FOREIGN) {
		*ret_why = buf_text("not a migration stream: %s%s%s",
				    s->container.name,
				    s->container.advice ? "; " : "",
				    s->container.advice ? s->container.advice :
							  "");
		goto fail;
	}
	if (!name_container(s) || !open_channels(s, o, ret_why) ||
	    mem_failures() != lost)
		goto fail;
	tell_container(s);
	return s;
fail:
	ms_close(s);
	if (!*ret_why)
		*ret_why = buf_text("out of memory");
	return NULL;
}

static bool take_limits(const struct ms_options *o, struct limits *ret,
			char **ret_why)
{
	*ret = (struct limits){ { 0 } };
	for (size_t i = 0; o && i < o->limit_count; i++) {
		enum limit which;
		const char *wrong = limit_check(&o->limits[i], &which);

		if (wrong) {
			*ret_why = buf_text("limit '%s' of %" PRIu64 ": %s",
					    o->limits[i].name,
					    o->limits[i].value, wrong);
			return false;
		}
		ret->value[which] = o->limits[i].value;
	}
	return true;
}

ms_stream *ms_open(const char *path, const struct ms_options *o, char **ret_why)
{
	const unsigned long lost = mem_failures();
	char why[256] = "";
	struct limits l;
	struct source *src;

	if (!take_limits(o, &l, ret_why))
		return NULL;
	src = o && o->is_return_path ? open_other(path, &l, why, sizeof(why)) :
				       source_open(path, &l, why, sizeof(why));
	if (src && mem_failures() == lost) {
		if (o && o->populate)
			source_populate(src);
		return stream_open(src, o, ret_why);
	}
	*ret_why = buf_text("%s", src ? "out of memory" : why);
	source_close(src);
	return NULL;
}

ms_stream *ms_open_memory(const void *data, size_t length,
			  const struct ms_options *o, char **ret_why)
{
	struct source *src;
	struct limits l;

	if (!take_limits(o, &l, ret_why))
		return NULL;
	src = source_memory(data, length);
	if (src) {
		src->limits = l;
		return stream_open(src, o, ret_why);
	}
	*ret_why = buf_text("out of memory");
	return NULL;
}

void ms_close(ms_stream *s)
{
	if (!s)
		return;
	replay_free(s->replay);
	if (s->walked)
		walk_free(&s->walk);
	inventory_free(&s->inventory);
	postcopy_free(&s->postcopy);
	known_scan_free(&s->known);
	requests_free(s->requests);
	known_scan_free(&s->known);
	arena_free(&s->arena);
	faults_free(&s->faults);
	for (size_t i = 0; i < s->channel_count; i++)
		rd_free(&s->channels[i]);
	free(s->channels);
	for (size_t i = 0; i < s->return_path_count; i++)
		rd_free(&s->return_paths[i]);
	free(s->return_paths);
	rd_free(&s->rd);
	container_free(&s->container);
	free(s->container_name);
	free(s);
}

static bool ignore(void *ctx, const struct ms_record *rec)
{
	(void)ctx;
	(void)rec;
	return true;
}

bool stream_learn(ms_stream *s, const struct dest *d, struct locals *ret)
{
	s->dest = d;
	s->learn = ret;
	return ms_walk(s, ignore, NULL) && s->summary.is_stream;
}

const struct walk *stream_walk(const ms_stream *s)
{
	return &s->walk;
}

struct reader *stream_reader(ms_stream *s, unsigned channel)
{
	/* the recording of one channel alone is not the main one */
	const bool alone = s->container.kind == CONTAINER_CHANNEL;

	if (channel <= (alone ? 1u : 0u))
		return &s->rd;
	return channel <= s->channel_count ? &s->channels[channel - 1] : NULL;
}

void stream_idle(ms_stream *s)
{
	struct reader *r;

	for (unsigned i = 0; (r = stream_reader(s, i)); i++)
		rd_idle(r);
}

void stream_set_dest(ms_stream *s, const ms_dest *dest)
{
	s->dest = &dest->dest;
}

/* be32 magic | be32 version | u8 0x07 | be32 length | name */
bool stream_peek_machine(ms_stream *s, char *ret, size_t room)
{
	const uint8_t *p = rd_peek(&s->rd, MACHINE_AT);
	size_t length;

	if (!p || memcmp(p, "QEVM", 4) || p[8] != ITEM_CONFIGURATION)
		return false;
	length = load_be32(p + 9);
	p = length && length < room ? rd_peek(&s->rd, MACHINE_AT + length) :
				      NULL;
	if (!p)
		return false;
	memcpy(ret, p + MACHINE_AT, length);
	ret[length] = '\0';
	return strlen(ret) == length;
}

const char *ms_read_error(const ms_stream *s)
{
	return s->read_error;
}

const struct ms_summary *ms_summary_of(const ms_stream *s)
{
	return &s->summary;
}

size_t ms_finding_count(const ms_stream *s)
{
	return s->judgement.count;
}

const struct ms_finding *ms_finding_at(const ms_stream *s, size_t i)
{
	return i < s->judgement.count ? &s->judgement.findings[i] : NULL;
}

uint64_t ms_findings_dropped(const ms_stream *s)
{
	return s->faults.dropped + s->known.left_out;
}

enum ms_verdict ms_verdict_of(const ms_stream *s)
{
	return s->judgement.verdict;
}

const char *ms_predicted_error(const ms_stream *s)
{
	return s->judgement.predicted;
}
