/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/waiving.h"

#include "api/stream.h"
#include "base/limits.h"
#include "base/mem.h"
#include "output/out-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- options ---- */

static const char *set_waivers(struct arguments *a, const char *value)
{
	a->waivers = value;
	return *value ? NULL : "no name of a file";
}

static const char *set_write_baseline(struct arguments *a, const char *value)
{
	a->baseline = value;
	return *value ? NULL : "no name of a file";
}

static const char *set_show_waived(struct arguments *a, const char *value)
{
	(void)value;
	a->show_waived = true;
	return NULL;
}

const struct option_row opt_waivers = {
	"waivers", 0, "FILE",
	"findings that are accepted, with reasons: migscope-waivers(5)",
	set_waivers
};

const struct option_row opt_write_baseline = {
	"write-baseline", 0, "OUTPUT",
	"accepts what is found now: writes a new file, for --waivers",
	set_write_baseline
};

const struct option_row opt_show_waived = {
	"show-waived", 0, NULL, "text: lists what is waived, and why",
	set_show_waived
};

/* ---- files ---- */

/* All of it, but no more than a file of waivers may have. */
static bool read_text(const char *path, struct buf *ret)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char piece[16384];
	ssize_t n = 0;
	int error;

	if (fd < 0)
		return false;
	while (ret->length <= MAX_WAIVER_TEXT &&
	       ((n = read(fd, piece, sizeof(piece))) > 0 ||
		(n < 0 && errno == EINTR)))
		buf_add(ret, piece, n > 0 ? (size_t)n : 0);
	error = n < 0 ? errno : ret->failed ? ENOMEM : 0;
	close(fd);
	errno = error;
	return !error;
}

/* A name that is taken is left alone: the reasons in that file are people's
 * work. */
static bool write_new(const char *path, const struct buf *text)
{
	struct out_file f;

	if (out_file_open(&f, path))
		out_add(&f.out, text->data, text->length);
	return out_file_close(&f, false);
}

/* ---- open and close ---- */

enum exit_status waiving_open(struct waiving *w, const struct arguments *a)
{
	struct waiver_fault wrong = { 0 };
	struct buf text = { 0 };
	struct stat st;
	bool ok;

	*w = (struct waiving){ .a = a, .lock = PTHREAD_MUTEX_INITIALIZER };
	/* Better now than after an hour's work. */
	if (a->baseline && !lstat(a->baseline, &st)) {
		complain("--write-baseline %s: %s", a->baseline,
			 strerror(EEXIST));
		return EXIT_TROUBLE;
	}
	if (!a->waivers)
		return EXIT_CLEAN;
	if (!read_text(a->waivers, &text)) {
		complain("--waivers %s: %s", a->waivers, strerror(errno));
		buf_free(&text);
		return EXIT_TROUBLE;
	}
	ok = waivers_parse(&w->waivers, text.data ? text.data : "", text.length,
			   waiver_today(), &wrong);
	buf_free(&text);
	w->waivers.file = a->waivers;
	if (ok)
		return EXIT_CLEAN;
	if (wrong.line)
		complain("%s:%u: %s", a->waivers, wrong.line, wrong.what);
	else
		complain("%s: %s", a->waivers, wrong.what);
	return EXIT_TROUBLE;
}

/* Waivers that nobody needs hide what comes next. */
static void warn(const struct waiving *w)
{
	for (size_t i = 0; i < w->waivers.count && !w->a->quiet; i++) {
		struct buf b = { 0 };

		if (waiver_complaint(&w->waivers.list[i], &b) && !b.failed)
			complain("%s:%u: warning: %s", w->a->waivers,
				 w->waivers.list[i].line, b.data);
		buf_free(&b);
	}
}

static bool write_baseline(struct waiving *w)
{
	struct buf text = { 0 };
	const char *why = baseline_write(&w->baseline, waiver_today(), &text);

	if (!why && !write_new(w->a->baseline, &text))
		why = strerror(errno);
	if (why)
		complain("--write-baseline %s: %s", w->a->baseline, why);
	buf_free(&text);
	return !why;
}

void waiving_free(struct waiving *w)
{
	baseline_free(&w->baseline);
	waivers_free(&w->waivers);
}

enum exit_status waiving_close(struct waiving *w, enum exit_status status)
{
	warn(w);
	if (w->a->baseline && w->missed)
		complain("--write-baseline %s: not written, as not every input "
			 "could be read",
			 w->a->baseline);
	else if (w->a->baseline && !write_baseline(w))
		status = EXIT_TROUBLE;
	waiving_free(w);
	return status;
}

/* ---- findings ---- */

void judged_free(struct judged *j)
{
	free(j->list);
	*j = (struct judged){ 0 };
}

/* Returns true when the finding is to make for the exit status 1. */
static bool weigh(struct waiving *w, const struct waiver_subject *subject,
		  struct report_finding *f)
{
	f->waiver = waivers_match(&w->waivers, subject, f->f);
	if (f->waiver || f->f->severity < w->a->fail_on)
		return false;
	if (!w->a->baseline)
		return true;
	pthread_mutex_lock(&w->lock);
	baseline_add(&w->baseline, subject, f->f);
	pthread_mutex_unlock(&w->lock);
	return false;
}

bool waiving_judge(struct waiving *w, const struct waiver_subject *subject,
		   const struct ms_finding *(*at)(const void *ctx, size_t i),
		   const void *ctx, size_t count, uint64_t dropped,
		   enum ms_verdict verdict, struct judged *ret)
{
	bool counts = false;

	*ret = (struct judged){ .list = mem_zero(count + 1, sizeof(*ret->list)),
				.count = count };
	if (!ret->list)
		return false;
	waivers_enter(&w->waivers, subject);
	for (size_t i = 0; i < count; i++) {
		ret->list[i].f = at(ctx, i);
		counts |= weigh(w, subject, &ret->list[i]);
		ret->waived += ret->list[i].waiver != NULL;
	}
	/* Of those that are not kept, nobody knows which would be waived. */
	if (dropped && (ret->waived || w->a->baseline))
		counts = true;
	if (counts)
		ret->outcome = OUTCOME_FINDINGS;
	else if (verdict == MS_UNKNOWN)
		ret->outcome = OUTCOME_UNKNOWN;
	return true;
}

static struct waiver_span span_of_release(enum release r)
{
	struct waiver_span s = { 0 };

	s.set = release_span(r, &s.first, &s.last);
	return s;
}

struct waiver_span span_of_version(struct ms_text version)
{
	const unsigned n = version_number(version);

	return (struct waiver_span){ .first = n, .last = n, .set = n >= 100 };
}

struct waiver_span span_of_destination(const struct destination *to)
{
	if (to->schema && to->schema->qemu_version.length)
		return span_of_version(to->schema->qemu_version);
	if (to->dest->reference)
		return span_of_release(
			release_of(stream_walk(to->dest->reference)));
	return (struct waiver_span){ 0 };
}

/* What is known of a stream and the file it is in. */
struct about {
	struct waiver_subject subject;
	struct buf file, machine;
};

static bool about_stream(struct about *x, const char *path, ms_stream *s)
{
	*x = (struct about){ .subject.source = span_of_release(
				     release_of(stream_walk(s))) };
	buf_escape(&x->file, text_of(path));
	x->subject.file = text_make(x->file.data, x->file.length);
	buf_escape(&x->machine, ms_summary_of(s)->machine);
	x->subject.machine = text_make(x->machine.data, x->machine.length);
	return !x->file.failed && !x->machine.failed;
}

static void about_free(struct about *x)
{
	buf_free(&x->file);
	buf_free(&x->machine);
}

static const struct ms_finding *finding_of_stream(const void *ctx, size_t i)
{
	return ms_finding_at(ctx, i);
}

bool waiving_judge_stream(struct waiving *w, const char *path, ms_stream *s,
			  const struct destination *to, struct judged *ret)
{
	struct about x;
	bool ok = about_stream(&x, path, s);

	/* Without one, the release that wrote the stream loads it. */
	x.subject.destination = to ? span_of_destination(to) : x.subject.source;
	ok = ok && waiving_judge(w, &x.subject, finding_of_stream, s,
				 ms_finding_count(s), ms_findings_dropped(s),
				 ms_verdict_of(s), ret);
	about_free(&x);
	return ok;
}

bool waiving_open_pair(struct waiving_pair *p, struct waiving *w,
		       const char *path, ms_stream *a, ms_stream *b)
{
	*p = (struct waiving_pair){ .w = w, .x = mem_zero(1, sizeof(*p->x)) };
	if (!p->x || !about_stream(p->x, path, a))
		return false;
	p->x->subject.destination = span_of_release(release_of(stream_walk(b)));
	waivers_enter(&w->waivers, &p->x->subject);
	return true;
}

void waiving_close_pair(struct waiving_pair *p)
{
	if (p->x)
		about_free(p->x);
	free(p->x);
	p->x = NULL;
}

bool waiving_weigh(struct waiving_pair *p, struct report_finding *f)
{
	return weigh(p->w, &p->x->subject, f);
}

enum exit_status status_of(struct waiving *w, enum outcome outcome,
			   enum ms_verdict verdict)
{
	switch (outcome) {
	case OUTCOME_CLEAN:
		return EXIT_CLEAN;
	case OUTCOME_FINDINGS:
		if (!w->a->exit_zero)
			return EXIT_FINDINGS;
		return verdict == MS_UNKNOWN ? EXIT_TROUBLE : EXIT_CLEAN;
	case OUTCOME_TROUBLE:
		w->missed = true;
		return EXIT_TROUBLE;
	case OUTCOME_UNKNOWN:
	default:
		return EXIT_TROUBLE;
	}
}
