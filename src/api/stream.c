/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "api/context.h"
#include "api/stream.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "check/inventory.h"
#include "check/judge.h"
#include "check/postcopy.h"
#include "check/requests.h"
#include "check/values.h"
#include "container/container.h"
#include "decode/items.h"
#include "wire/channel.h"
#include "wire/return-path.h"
#include "wire/walk.h"

#include <inttypes.h>
#include <stdlib.h>

/* Names and finding texts of one stream: bounded by the caps on sections,
 * blocks and findings, and by this. */
#define MAX_HANDLE_TEXT MIB(96)
/* Offset of the machine type's name from the magic. */
#define MACHINE_AT 13

struct ms_stream {
	struct reader rd;
	struct reader *channels, *return_paths;
	size_t channel_count, return_path_count;
	struct container container;
	char *container_name; /* with the compression around it */
	struct faults faults;
	struct arena arena;
	struct inventory inventory;
	struct postcopy postcopy;
	struct requests *requests; /* NULL: no return path was recorded */
	bool in_return_path, has_stream;
	struct walk walk;
	struct judgement judgement;
	struct context context; /* of the reader that is walked */
	struct ms_summary summary;
	bool walked;
	const struct schema *schema; /* borrowed, or NULL */
	const struct dest *dest;     /* borrowed, or NULL */
	struct locals *learn;        /* this is a reference stream */
	struct replay *replay;
	bool page_bytes;
	const char *read_error;
	const char *outer; /* compression of the whole input, or NULL */
	ms_visit visit;
	void *ctx;
	void (*progress)(void *ctx, uint64_t done, uint64_t size);
	void *progress_ctx;
	uint64_t progress_base, progress_size;
};

static char *why_not(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static char *why_not(const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	return buf_take(&b);
}

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
static struct source *open_other(const char *path, char *why, size_t room)
{
	struct source *src = source_open(path, why, room);

	if (!src && !strcmp(why, SOURCE_EMPTY))
		src = source_memory("", 0);
	return src;
}

static bool open_others(const char *const *paths, size_t n,
			struct reader **readers, size_t *count, char **ret_why)
{
	char why[256];

	if (!n)
		return true;
	*readers = mem_zero(n, sizeof(**readers));
	if (!*readers)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct source *src = open_other(paths[i], why, sizeof(why));

		if (!src) {
			*ret_why = why_not("%s: %s", paths[i], why);
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
	return !o ||
	       (open_others(o->channels, o->channel_count, &s->channels,
			    &s->channel_count, ret_why) &&
		open_others(o->return_paths, o->return_path_count,
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

ms_stream *stream_open(struct source *src, const struct ms_options *o,
		       char **ret_why)
{
	const unsigned long lost = mem_failures();
	ms_stream *s = mem_zero(1, sizeof(*s));

	*ret_why = NULL;
	if (!s) {
		source_close(src);
		return NULL;
	}
	s->schema = o ? o->schema : NULL;
	s->dest = o && o->dest ? &o->dest->dest : NULL;
	s->page_bytes = o && o->page_bytes;
	s->progress = o ? o->progress : NULL;
	s->progress_ctx = o ? o->progress_ctx : NULL;
	faults_init(&s->faults);
	arena_init(&s->arena, MAX_HANDLE_TEXT);
	inventory_init(&s->inventory, &s->arena);
	postcopy_init(&s->postcopy, &s->arena);
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
				   why_not("%s", s->rd.src->error) :
				   why_not("offset %" PRIu64
					   " is behind the end of the input",
					   o ? o->offset : 0);
		goto fail;
	}
	if (s->container.kind == CONTAINER_FOREIGN) {
		*ret_why =
			why_not("not a migration stream: %s%s%s",
				s->container.name,
				s->container.advice ? "; " : "",
				s->container.advice ? s->container.advice : "");
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
		*ret_why = why_not("out of memory");
	return NULL;
}

ms_stream *ms_open(const char *path, const struct ms_options *o, char **ret_why)
{
	const unsigned long lost = mem_failures();
	char why[256] = "";
	struct source *src = o && o->is_return_path ?
				     open_other(path, why, sizeof(why)) :
				     source_open(path, why, sizeof(why));

	if (src && mem_failures() == lost)
		return stream_open(src, o, ret_why);
	*ret_why = why_not("%s", src ? "out of memory" : why);
	source_close(src);
	return NULL;
}

ms_stream *ms_open_memory(const void *data, size_t length,
			  const struct ms_options *o, char **ret_why)
{
	struct source *src = source_memory(data, length);

	if (src)
		return stream_open(src, o, ret_why);
	*ret_why = why_not("out of memory");
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
	requests_free(s->requests);
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

static bool visit_return_path(ms_stream *s, const struct ms_record *rec)
{
	struct ms_record related = *rec;

	requests_answer(s->requests, &related, &s->faults);
	return !s->visit || s->visit(s->ctx, &related);
}

static bool visit(void *ctx, const struct ms_record *rec)
{
	ms_stream *s = ctx;

	context_passing(&s->context);
	if (s->in_return_path)
		return visit_return_path(s, rec);
	if (s->requests)
		requests_see(s->requests, rec);
	postcopy_visit(&s->postcopy, rec);
	if (s->replay)
		replay_visit(s->replay, rec);
	inventory_visit(&s->inventory, rec);
	values_visit(rec, s->faults.section, &s->faults);
	return !s->visit || s->visit(s->ctx, rec);
}

static void walk_leading(ms_stream *s)
{
	struct ms_record rec = { .kind = MS_LEADING,
				 .length = s->container.leading };
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("header"),
			       .index = -1 };

	if (!rec.length)
		return;
	sink_emit(&s->walk.sink, &rec);
	if (s->container.enclosed)
		return;
	fault_add(&s->faults,
		  &(struct fault){ .code = F_LEADING_DATA,
				   .length = rec.length,
				   .a = rec.length },
		  &where);
}

static void fill_summary(ms_stream *s)
{
	struct ms_summary *m = &s->summary;
	const struct walk *w = &s->walk;
	const struct desc *d = w->desc ? w->desc : NULL;

	inventory_fill(&s->inventory, m);
	m->size = rd_seekable(&s->rd) ? rd_size(&s->rd) : rd_tell(&s->rd);
	m->stream_offset = s->container.leading;
	m->stream_end = s->has_stream ? w->end : rd_tell(&s->rd);
	m->tables_cut = s->inventory.cut;
	m->unclaimed_bytes = w->sink.unclaimed;
	m->container = s->container_name;
	m->machine = w->machine;
	m->page_size = s->has_stream ? w->page_size : 0;
	m->producer = release_name(release_of(w));
	m->capabilities = w->caps;
	m->capability_count = w->cap_count;
	m->has_configuration = w->configured;
	m->has_footers = w->footers == 1;
	m->is_stream = w->has_header || s->container.kind != CONTAINER_STREAM;
	m->postcopy = s->postcopy.events;
	m->postcopy_count = s->postcopy.count;
	for (size_t i = 0; i < s->postcopy.count; i++) {
		struct ms_postcopy_event *e = &s->postcopy.events[i];

		if (s->requests && e->kind == MS_POSTCOPY_PAGES)
			e->requested = requests_on(s->requests, e->channel);
	}
	m->return_path = s->requests ? requests_summary(s->requests) : NULL;
	m->has_eof = w->has_eof;
	m->described = d && d->device_count;
	m->description_offset = d ? d->offset : 0;
	m->description_length = d ? d->length : 0;
}

static void report_tail(ms_stream *s)
{
	struct where where = { .kind = WHERE_PART,
			       .name = TEXT("stream"),
			       .index = -1 };

	if (!s->rd.src->tail)
		return;
	fault_add(&s->faults,
		  &(struct fault){ .code = F_COMPRESSED_TAIL,
				   .offset = s->walk.end,
				   .name = text_of(s->rd.src->tail) },
		  &where);
}

/* ---- progress ---- */

static void tick(void *ctx, uint64_t at)
{
	const ms_stream *s = ctx;

	s->progress(s->progress_ctx, s->progress_base + at, s->progress_size);
}

static void start_progress(ms_stream *s)
{
	bool known = rd_seekable(&s->rd);

	if (!s->progress)
		return;
	s->rd.tick = tick;
	s->rd.tick_ctx = s;
	s->progress_size = known ? rd_size(&s->rd) : 0;
	for (size_t i = 0; i < s->channel_count; i++) {
		struct reader *rd = &s->channels[i];

		rd->tick = tick;
		rd->tick_ctx = s;
		known = known && rd_seekable(rd);
		s->progress_size += known ? rd_size(rd) : 0;
	}
	if (!known)
		s->progress_size = 0;
}

/* ---- return path ---- */

/* Recording number i; where it was opened alone, the first is s->rd. */
static struct reader *recording(ms_stream *s, size_t i)
{
	if (s->has_stream)
		return &s->return_paths[i];
	return i ? &s->return_paths[i - 1] : &s->rd;
}

static size_t recordings(const ms_stream *s)
{
	return s->return_path_count + !s->has_stream;
}

static bool collect(void *ctx, const struct ms_record *rec)
{
	requests_collect(ctx, rec);
	return true;
}

/* All recordings, as channels behind those of the stream. */
static void walk_return_paths(ms_stream *s, struct sink *sink,
			      struct faults *faults)
{
	struct return_path p = { .sink = sink,
				 .faults = faults,
				 .ram = s->walk.ram,
				 .page_size = s->walk.page_size };

	for (size_t i = 0; i < recordings(s) && !sink->stopped; i++) {
		p.rd = recording(s, i);
		p.resumable = i + 1 < recordings(s);
		context_start(&s->context, faults, p.rd);
		return_path_walk(&p, (unsigned)(s->channel_count + 1 + i));
		context_end(&s->context);
		if (p.rd->failed && !s->read_error)
			s->read_error = p.rd->src->error;
	}
}

/* The first time, for the requests. False: nothing can be read. */
static bool collect_requests(ms_stream *s)
{
	struct faults faults;
	struct sink sink = { .visit = collect, .faults = &faults };

	s->requests = requests_new(s->channel_count + 1);
	sink.ctx = s->requests;
	for (size_t i = 0; i < recordings(s); i++) {
		if (rd_hold(recording(s, i)))
			continue;
		s->read_error = recording(s, i)->src->error;
		return false;
	}
	if (s->requests) {
		faults_init(&faults);
		walk_return_paths(s, &sink, &faults);
		faults_free(&faults);
	}
	if (!s->requests || !requests_sort(s->requests)) {
		s->read_error = "out of memory";
		return false;
	}
	for (size_t i = 0; i < recordings(s); i++)
		rd_seek(recording(s, i), 0);
	return !s->read_error;
}

/* The second time, to be shown. */
static void tell_return_paths(ms_stream *s)
{
	s->in_return_path = true;
	walk_return_paths(s, &s->walk.sink, &s->faults);
	s->in_return_path = false;
	requests_report(s->requests, s->walk.has_eof, &s->faults);
}

/* The stream and its channels. */
static void walk_all(ms_stream *s)
{
	struct walk *w = &s->walk;

	for (size_t i = 0; i < s->channel_count; i++)
		w->resumes_left += channel_resumes(&s->channels[i]);
	context_start(&s->context, &s->faults, &s->rd);
	walk_leading(s);
	if (s->container.kind == CONTAINER_CHANNEL) {
		w->start = s->container.leading;
		walk_channel(w, &s->rd, 1);
	} else {
		walk_stream(w);
	}
	context_end(&s->context);
	if (w->postcopy == POSTCOPY_PAUSED)
		postcopy_paused(&s->postcopy, 0, w->end);
	s->progress_base = rd_tell(&s->rd);
	for (size_t i = 0; i < s->channel_count && !w->sink.stopped; i++) {
		unsigned left = w->resumes_left;

		context_start(&s->context, &s->faults, &s->channels[i]);
		walk_channel(w, &s->channels[i], (unsigned)i + 1);
		context_end(&s->context);
		if (w->resumes_left < left && w->postcopy == POSTCOPY_PAUSED)
			postcopy_paused(&s->postcopy, (unsigned)i + 1,
					rd_tell(&s->channels[i]));
		if (s->channels[i].failed)
			s->read_error = s->channels[i].src->error;
		s->progress_base += rd_tell(&s->channels[i]);
	}
}

bool ms_walk(ms_stream *s, ms_visit user, void *ctx)
{
	const unsigned long lost = mem_failures();
	struct walk *w = &s->walk;

	if (s->walked || s->read_error)
		return false;
	s->walked = true;
	s->visit = user;
	s->ctx = ctx;
	if (!walk_init(w, &s->rd, &s->faults, visit, s)) {
		s->read_error = "out of memory";
		return false;
	}
	w->schema = s->schema || !s->dest ? s->schema : s->dest->schema;
	load_cache_init(&w->cache, w->schema);
	if (s->dest)
		s->replay = replay_new(s->dest, w, s->learn);
	if (s->dest && !s->replay) {
		s->read_error = "out of memory";
		return false;
	}
	w->page_bytes = s->page_bytes;
	start_progress(s);
	s->has_stream = s->container.kind != CONTAINER_RETURN_PATH;
	if (recordings(s) && !collect_requests(s))
		return false;
	if (s->has_stream)
		walk_all(s);
	if (s->requests && !w->sink.stopped)
		tell_return_paths(s);
	if (s->rd.failed)
		s->read_error = s->rd.src->error;
	context_start(&s->context, &s->faults, &s->rd);
	if (s->replay)
		replay_end(s->replay);
	report_tail(s);
	context_end(&s->context);
	fill_summary(s);
	if (!judge(w, s->replay, &s->arena, &s->judgement) ||
	    s->faults.failed || s->inventory.failed || s->postcopy.failed ||
	    mem_failures() != lost)
		s->read_error = s->read_error ? s->read_error : "out of memory";
	/* What could not be read was not checked. */
	if (s->read_error && s->judgement.verdict == MS_ACCEPT)
		s->judgement.verdict = MS_UNKNOWN;
	return !s->read_error && !w->sink.stopped;
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
	return s->faults.dropped;
}

enum ms_verdict ms_verdict_of(const ms_stream *s)
{
	return s->judgement.verdict;
}

const char *ms_predicted_error(const ms_stream *s)
{
	return s->judgement.predicted;
}

const char *ms_version(void)
{
	return PACKAGE_VERSION;
}

const char *const *ms_features(void)
{
	static const char *const features[] = {
#ifdef HAVE_ZSTD
		"zstd (multifd channels compressed with it)",
#endif
#ifdef HAVE_NETTLE
		"nettle (SHA-256 of RAM blocks)",
#endif
#ifdef HAVE_LIBARCHIVE
		"libarchive (gzip, bzip2, xz, zstd, lz4, lzip input)",
#endif
#ifdef HAVE_LZMA
		"liblzma (xz input with other data behind it)",
#endif
#ifdef HAVE_LIBELF
		"libelf (schemas from QEMU programs)",
#endif
#ifdef HAVE_ZSTD
		"libzstd (zstd clusters of qcow2 images)",
#endif
		NULL,
	};

	return features;
}
