/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The walk of a handle: its stream, further channels and return paths, with
 * all that looks on. */
#include "config.h"
#include "api/stream-priv.h"

#include "base/mem.h"
#include "check/values.h"
#include "wire/channel.h"
#include "wire/return-path.h"

static bool visit_return_path(ms_stream *s, const struct ms_record *rec)
{
	struct ms_record related = *rec;

	requests_answer(s->requests, &related, &s->faults);
	return !s->visit || s->visit(s->ctx, &related);
}

/* Most records are fields and what encloses them, and no part of what is
 * counted of sections, pages and commands. */
static bool is_field(enum ms_record_kind kind)
{
	return kind == MS_FIELD || kind == MS_STRUCT_BEGIN ||
	       kind == MS_STRUCT_END || kind == MS_ARRAY_BEGIN ||
	       kind == MS_ARRAY_END;
}

static bool visit(void *ctx, const struct ms_record *rec)
{
	ms_stream *s = ctx;

	context_passing(&s->context);
	if (s->in_return_path)
		return visit_return_path(s, rec);
	if (!is_field(rec->kind)) {
		if (s->requests)
			requests_see(s->requests, rec);
		postcopy_visit(&s->postcopy, rec);
		inventory_visit(&s->inventory, rec);
	}
	if (s->replay)
		replay_visit(s->replay, rec);
	values_visit(rec, s->faults.section, &s->faults);
	known_scan_visit(&s->known, rec);
	host_check_visit(&s->host_check, rec);
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

/* What would be listed, but for a cap. */
static void report_left_out(ms_stream *s, const char *what, uint64_t left_out,
			    uint64_t at, uint64_t cap)
{
	const struct where where = { .kind = WHERE_PART,
				     .name = TEXT("stream"),
				     .index = -1 };

	if (left_out)
		fault_add(&s->faults,
			  &(struct fault){ .code = F_LIMIT,
					   .offset = at,
					   .a = cap + left_out,
					   .b = cap,
					   .name = text_of(what) },
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

/* Why not all that was found is told. */
static const char *lack_of(const ms_stream *s)
{
	_Static_assert(MAX_FAULT_BYTES == MIB(32) &&
			       MAX_STREAM_TEXT == MIB(96) &&
			       MAX_FINDINGS == 1000,
		       "the texts below name them");

	if (s->faults.arena.full)
		return "names in findings are over the limit of 32 MiB for "
		       "each 1000 findings that are kept";
	if (s->arena.full)
		return "texts of the stream are over the limit of 96 MiB for "
		       "each 1000 findings that are kept";
	return "out of memory";
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
	host_check_start(&s->host_check, s->host, &s->faults);
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
	if (s->has_stream)
		host_check_end(&s->host_check);
	report_tail(s);
	report_left_out(s, "commands that are listed", s->inventory.left_out,
			s->inventory.left_at, MAX_COMMANDS);
	report_left_out(s, "events of postcopy", s->postcopy.left_out,
			s->postcopy.left_at, MAX_POSTCOPY_EVENTS);
	context_end(&s->context);
	fill_summary(s);
	known_scan_end(&s->known, w);
	if (!judge(w, s->replay, &s->known, &s->arena, &s->judgement) ||
	    s->known.failed || s->faults.failed || s->inventory.failed ||
	    s->postcopy.failed || mem_failures() != lost)
		s->read_error = s->read_error ? s->read_error : lack_of(s);
	/* What could not be read was not checked. */
	if (s->read_error && s->judgement.verdict == MS_ACCEPT)
		s->judgement.verdict = MS_UNKNOWN;
	return !s->read_error && !w->sink.stopped;
}
