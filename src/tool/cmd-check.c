/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "base/mem.h"
#include "output/report.h"
#include "tool/destination.h"
#include "tool/parallel.h"
#include "tool/progress.h"
#include "tool/waiving.h"

#include <stdlib.h>

static const struct report_format *format_of(const char *name)
{
	const struct report_format *own =
		report_format_find(report_formats, name);

	return own ? own : report_format_find(report_machine, name);
}

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return format_of(value) ? NULL : "not a format of check";
}

static const struct option_row opt_format = {
	"format", 0, "text|json|html|sarif|junit|codequality|github",
	"form of the report; default: text", set_format
};

/* Of one stream and one destination, from work() to finish(). */
struct result {
	struct report report;
	struct judged judged;
	ms_stream *stream;
	char *why;
	bool passed_over; /* --snapshot, and this is no image */
};

struct run {
	struct arguments *a;
	struct destinations d;
	struct waiving w;
	struct reporting to;
	size_t each, count; /* results of a stream, and in all */
	struct result *results;
	enum exit_status worst;
	bool show; /* how many are done, on the terminal */
};

/* Complete results that wait for one before them hold their streams open. */
#define AHEAD_PER_JOB 4

static bool look(void *ctx, const struct ms_record *rec)
{
	return reporting_visit(ctx, rec);
}

/* Fills in what the walk and the waivers tell. */
static bool judge(struct run *run, struct report *r, struct judged *j,
		  const struct destination *to, ms_stream *s)
{
	if (!waiving_judge_stream(&run->w, r->file, s, to, j))
		return false;
	r->stream = s;
	r->places = report_places_of(ms_summary_of(s));
	r->predicted = ms_predicted_error(s);
	r->findings = j->list;
	r->count = j->count;
	r->waived = j->waived;
	r->dropped = ms_findings_dropped(s);
	if (r->error || !ms_summary_of(s)->is_stream) {
		r->outcome = OUTCOME_TROUBLE;
		r->verdict = r->error ? MS_UNKNOWN : ms_verdict_of(s);
		return true;
	}
	r->verdict = ms_verdict_of(s);
	r->outcome = j->outcome;
	return true;
}

static void walk(struct run *run, struct result *x,
		 const struct destination *to)
{
	struct report *r = &x->report;
	ms_stream *s = x->stream;

	/* only who works alone sees records */
	if (!ms_walk(s, run->to.format->visit ? look : NULL, &run->to))
		r->error = ms_read_error(s) ? ms_read_error(s) : "not read";
	else if (to && ms_summary_of(s)->is_stream)
		x->why = aim_missed(to, s);
	/* Findings of a load that nobody meant are none. */
	if (x->why)
		r->error = x->why;
	else if (!judge(run, r, &x->judged, to, s))
		r->error = "out of memory";
}

/* Stream and destination number i; no destination: by what the stream itself
 * tells. */
static void work(void *ctx, size_t i)
{
	struct run *run = ctx;
	struct result *x = &run->results[i];
	const char *path = run->a->operands[i / run->each];
	struct destinations *d = &run->d;
	const struct destination *to = NULL;
	ms_stream *s = open_quietly(run->a, path, &x->why);

	x->report = (struct report){ .file = path,
				     .verdict = MS_UNKNOWN,
				     .outcome = OUTCOME_TROUBLE };
	x->stream = s;
	x->passed_over =
		s && !(i % run->each) && snapshot_passed_over(run->a, s);
	if (d->count)
		x->report.dest = d->aims[i % run->each].name;
	if (s && d->count)
		to = aim_at(d, i % run->each, path, s, &x->why);
	if (to)
		x->report.dest_about = to->about;
	if (s && !x->why)
		walk(run, x, to);
	if (!x->report.stream && !x->report.error)
		x->report.error = x->why ? x->why : "out of memory";
}

static void result_free(struct result *x)
{
	judged_free(&x->judged);
	ms_close(x->stream);
	free(x->why);
	*x = (struct result){ .stream = NULL };
}

static bool finish(void *ctx, size_t i)
{
	struct run *run = ctx;
	struct result *x = &run->results[i];
	const struct report *r = &x->report;
	enum exit_status status;

	progress_clear();
	if (x->passed_over && !run->a->quiet)
		complain("%s: no qcow2 image, so --snapshot is not for it",
			 r->file);
	if (r->error || r->outcome == OUTCOME_UNKNOWN)
		complain("%s: %s", r->file, report_trouble(r));
	reporting_add(&run->to, r);
	status = status_of(&run->w, r->outcome, r->verdict);
	if (status > run->worst)
		run->worst = status;
	result_free(x);
	return !run->a->out->error;
}

static void show_progress(void *ctx, size_t done)
{
	const struct run *run = ctx;

	progress_count(done, run->count);
}

static enum exit_status all(struct run *run)
{
	struct arguments *a = run->a;
	struct parallel p = {
		.jobs = a->jobs, .ctx = run, .work = work, .finish = finish
	};

	run->each = run->d.count ? run->d.count : 1;
	if (!__builtin_mul_overflow(a->operand_count, run->each, &run->count))
		run->results = mem_zero(run->count, sizeof(*run->results));
	if (!run->results) {
		complain("out of memory");
		return EXIT_TROUBLE;
	}
	/* A page is written while the stream is walked, and so is what
	 * --verbose tells. */
	if (run->to.format->visit || a->verbose)
		p.jobs = 1;
	p.count = run->count;
	p.jobs = parallel_jobs(p.jobs, p.count);
	p.ahead = (size_t)p.jobs * AHEAD_PER_JOB;
	if (p.jobs > 1 && a->progress) {
		a->progress = false;
		p.waiting = show_progress;
		progress_begin("check");
	}
	run->to.expected = run->count;
	reporting_begin(&run->to);
	parallel_run(&p);
	reporting_end(&run->to, (int)run->worst);
	for (size_t i = 0; i < run->count; i++)
		result_free(&run->results[i]);
	free(run->results);
	return run->worst;
}

static enum exit_status run(struct arguments *a)
{
	struct run run = {
		.a = a,
		.to = { .format = format_of(a->format ? a->format : "text"),
			.out = a->out,
			.command = "check",
			.fail_on = a->fail_on,
			.waivers = a->waivers ? &run.w.waivers : NULL,
			.show_waived = a->show_waived },
	};
	enum exit_status status;
	char *why = NULL;

	if (check_several(a) != EXIT_CLEAN)
		return EXIT_TROUBLE;
	if (!open_schema_option(a, &why) || !open_host_option(a)) {
		free(why);
		return EXIT_TROUBLE;
	}
	status = waiving_open(&run.w, a);
	if (status != EXIT_CLEAN)
		return status;
	status = destinations_open(&run.d, a);
	if (status != EXIT_CLEAN) {
		waiving_free(&run.w);
		return status;
	}
	status = waiving_close(&run.w, all(&run));
	destinations_close(&run.d);
	return status;
}

const struct command cmd_check = {
	.name = "check",
	.synopsis = "check [--dest SPEC]... [--dest-stream FILE] "
		    "[--host FILE] [OPTION...] FILE...",
	.summary = "What is wrong with streams, and whether QEMU would load "
		   "them",
	.options =
		(const struct option_row *const[]){
			&opt_dest, &opt_dest_stream, &opt_host, &opt_format,
			&opt_jobs, &opt_waivers, &opt_write_baseline,
			&opt_show_waived, &opt_fail_on, &opt_exit_zero,
			&opt_limit, &opt_offset, &opt_snapshot, &opt_channel,
			&opt_schema, NULL },
	.examples =
		(const char *const[]){
			"migscope check guest.mig",
			"migscope check --dest qemu-7.2-x86_64 guest.mig",
			"migscope check --dest /usr/bin/qemu-system-x86_64 "
			"--dest-stream there.mig guest.mig",
			"migscope check --dest qemu-10.0 --host there.json "
			"guest.mig",
			"migscope check --format json *.mig > report.ndjson",
			"migscope check --dest qemu-10.0 --waivers accepted "
			"--format junit *.mig > report.xml",
			"migscope check --format html *.mig > report.html",
			NULL },
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
