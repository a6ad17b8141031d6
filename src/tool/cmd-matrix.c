/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each stream into each destination, on all processors. A job is one pair, and
 * has a handle of its own; what is known of a destination is shared. */
#include "config.h"
#include "tool/command.h"

#include "api/stream.h"
#include "base/mem.h"
#include "check/known.h"
#include "check/rules.h"
#include "output/matrix.h"
#include "tool/parallel.h"
#include "tool/progress.h"
#include "tool/waiving.h"

#include <stdlib.h>

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return matrix_format_find(value) ||
			       report_format_find(report_machine, value) ?
		       NULL :
		       "not a format of matrix";
}

static const struct option_row opt_format = {
	"format", 0,
	"text|markdown|rst|csv|json|sarif|junit|codequality|github",
	"form of the grid; default: text", set_format
};

static const char *set_written_by(struct arguments *a, const char *value)
{
	if (version_number(text_of(value)) < 100)
		return "not a release of QEMU, such as 10.0";
	return string_list_add(&a->written_by, value);
}

static const struct option_row opt_written_by = {
	"written-by", 0, "VERSION",
	"the release that wrote a stream, where it is known (repeatable, one "
	"for each FILE); default: as far as the stream tells",
	set_written_by
};

struct run {
	struct arguments *a;
	struct destinations d;
	struct waiving w;
	struct matrix m;
	const struct matrix_format *format; /* or else: */
	struct reporting to;
	size_t count;              /* pairs */
	bool show;                 /* on the terminal */
	struct matrix_cell *cells; /* row by row */
	enum exit_status worst;
};

/* ---- one pair ---- */

static char *copy(const char *s)
{
	return s ? mem_strdup(s) : NULL;
}

static bool decides(const struct ms_finding *f)
{
	return f->severity == MS_ERROR && f->certainty >= MS_LIKELY;
}

/* What its releases are known for, where nothing else speaks against it. */
static const struct rule *known_issue(const ms_stream *s)
{
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		const struct ms_finding *f = ms_finding_at(s, i);

		if (f->severity == MS_WARNING && known_rule(f->rule))
			return rule_find(f->rule);
	}
	return NULL;
}

/* The finding that the verdict rests on; NULL: none. */
static const struct ms_finding *decisive(const ms_stream *s)
{
	for (size_t i = 0; i < ms_finding_count(s); i++)
		if (decides(ms_finding_at(s, i)))
			return ms_finding_at(s, i);
	return NULL;
}

static unsigned rank(const struct report_finding *f, enum ms_severity fail_on)
{
	if (f->waiver)
		return decides(f->f) ? 1 : 0;
	if (decides(f->f) && fail_on <= MS_ERROR)
		return 3;
	return f->f->severity >= fail_on ? 2 : 0;
}

/* Findings go with their handle, rules stay. */
static void keep_lead(const struct judged *j, enum ms_severity fail_on,
		      struct matrix_cell *c)
{
	const struct report_finding *lead = NULL;

	for (size_t i = 0; i < j->count; i++)
		if (rank(&j->list[i], fail_on) &&
		    (!lead || rank(&j->list[i], fail_on) > rank(lead, fail_on)))
			lead = &j->list[i];
	if (!lead || !rule_find(lead->f->rule))
		return;
	c->what = *lead->f;
	c->what.rule = rule_find(lead->f->rule)->id;
	c->what.path = copy(lead->f->path);
	c->what.message = copy(lead->f->message);
	c->what.expected = copy(lead->f->expected);
	c->what.actual = copy(lead->f->actual);
	c->what.qemu = NULL;
	/* Rules' own help has no end. */
	c->lead =
		(struct report_finding){ .f = c->what.message ? lead->f : NULL,
					 .waiver = lead->waiver };
}

/* Where both spans have a release, it may be one and the same. */
static enum matrix_way way_between(struct matrix_releases from,
				   struct waiver_span to)
{
	if (!from.last || !to.set)
		return WAY_UNKNOWN;
	if (to.first > from.last)
		return WAY_FORWARD;
	return to.last < from.first ? WAY_BACKWARD : WAY_SAME;
}

/* Who wrote it, and of which machine type. */
static void fill_source(const struct arguments *a, size_t file,
			const ms_stream *s, struct matrix_cell *c)
{
	struct matrix_releases *w = &c->writer;
	struct buf machine = { 0 };

	if (file < a->written_by.count)
		w->first = w->last =
			version_number(text_of(a->written_by.items[file]));
	else if (!release_span(release_of(stream_walk(s)), &w->first, &w->last))
		*w = (struct matrix_releases){ 0, 0 };
	if (!ms_summary_of(s)->machine.length)
		return;
	buf_add(&machine, ms_summary_of(s)->machine.bytes,
		ms_summary_of(s)->machine.length);
	c->machine = buf_take(&machine);
}

static void fill(const ms_stream *s, const struct judged *j,
		 const struct destination *to, enum ms_severity fail_on,
		 struct matrix_cell *c)
{
	const struct ms_finding *f = decisive(s);

	c->verdict = ms_verdict_of(s);
	for (size_t i = 0; i < ms_finding_count(s); i++) {
		c->errors += ms_finding_at(s, i)->severity == MS_ERROR;
		c->warnings += ms_finding_at(s, i)->severity == MS_WARNING;
	}
	c->rule = f && rule_find(f->rule) ? rule_find(f->rule)->id : NULL;
	c->path = f ? copy(f->path) : NULL;
	c->predicted = copy(ms_predicted_error(s));
	c->outcome = ms_summary_of(s)->is_stream ? j->outcome : OUTCOME_TROUBLE;
	c->waived = j->waived;
	c->places = report_places_of(ms_summary_of(s));
	c->known = known_issue(s);
	c->way = way_between(c->writer, span_of_destination(to));
	keep_lead(j, fail_on, c);
}

static void judge_pair(struct run *run, size_t file, size_t dest,
		       struct matrix_cell *c)
{
	const char *path = run->m.files[file];
	ms_stream *s = open_quietly(run->a, path, &c->error);
	const struct destination *to = NULL;
	struct judged j = { .list = NULL };

	*c = (struct matrix_cell){ .verdict = MS_UNKNOWN,
				   .outcome = OUTCOME_TROUBLE,
				   .error = c->error };
	if (s)
		to = aim_at(&run->d, dest, path, s, &c->error);
	if (to && !ms_walk(s, NULL, NULL))
		c->error =
			copy(ms_read_error(s) ? ms_read_error(s) : "not read");
	else if (to)
		c->error = aim_missed(to, s);
	if (to && !c->error)
		fill_source(run->a, file, s, c);
	if (to && !c->error && waiving_judge_stream(&run->w, path, s, to, &j))
		fill(s, &j, to, run->a->fail_on, c);
	else if (!c->error)
		c->error = copy("out of memory");
	judged_free(&j);
	ms_close(s);
}

/* ---- all of them ---- */

static void work(void *ctx, size_t i)
{
	struct run *r = ctx;
	const size_t wide = r->d.count;
	struct matrix_cell *c = &r->cells[i];

	judge_pair(r, i / wide, i % wide, c);
	if (c->lead.f)
		c->lead.f = &c->what;
}

static void cells_free(struct matrix_cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(cells[i].path);
		free(cells[i].predicted);
		free(cells[i].error);
		free(cells[i].machine);
		cells[i].path = cells[i].predicted = cells[i].error =
			cells[i].machine = NULL;
		free((void *)(uintptr_t)cells[i].what.path);
		free((void *)(uintptr_t)cells[i].what.message);
		free((void *)(uintptr_t)cells[i].what.expected);
		free((void *)(uintptr_t)cells[i].what.actual);
		cells[i].what = (struct ms_finding){ .rule = NULL };
		cells[i].lead.f = NULL;
	}
}

static void tell_trouble(const struct run *r, size_t file, size_t dest)
{
	const struct matrix_cell *c = &r->cells[file * r->d.count + dest];
	const struct report report = matrix_report(&r->m, file, dest, c);

	if (c->error || c->outcome == OUTCOME_UNKNOWN)
		complain("%s -> %s: %s", report.file, report.dest,
			 report_trouble(&report));
}

static void print_row(struct run *r, size_t file,
		      const struct matrix_cell *cells)
{
	if (r->format) {
		r->format->row(&r->m, file, cells, r->a->out);
		out_flush(r->a->out);
		return;
	}
	for (size_t i = 0; i < r->d.count; i++) {
		const struct report report =
			matrix_report(&r->m, file, i, &cells[i]);

		reporting_add(&r->to, &report);
	}
}

static void show_progress(void *ctx, size_t done)
{
	const struct run *r = ctx;

	if (r->show)
		progress_count(done, r->count);
}

/* Rows, each as soon as it and those before are complete. */
static bool finish(void *ctx, size_t i)
{
	struct run *r = ctx;
	const size_t wide = r->d.count, file = i / wide;
	struct matrix_cell *row = &r->cells[file * wide];
	const enum exit_status status =
		status_of(&r->w, r->cells[i].outcome, r->cells[i].verdict);

	if (status > r->worst)
		r->worst = status;
	if (i % wide + 1 < wide)
		return true;
	progress_clear();
	for (size_t k = 0; k < wide; k++)
		tell_trouble(r, file, k);
	print_row(r, file, row);
	cells_free(row, wide);
	return !r->a->out->error;
}

static enum exit_status run_all(struct run *r)
{
	const struct parallel p = { .count = r->count,
				    .jobs = r->a->jobs,
				    .ctx = r,
				    .work = work,
				    .finish = finish,
				    .waiting = show_progress };

	if (r->show)
		progress_begin("matrix");
	if (r->format)
		r->format->start(&r->m, r->a->out);
	else
		reporting_begin(&r->to);
	parallel_run(&p);
	cells_free(r->cells, r->count);
	if (r->format)
		r->format->end(&r->m, r->a->out);
	else
		reporting_end(&r->to, (int)r->worst);
	return r->worst;
}

static bool prepare(struct run *r)
{
	const size_t files = r->a->operand_count, wide = r->d.count;
	const char **names = mem_zero(wide, sizeof(*names));
	size_t count;

	r->m = (struct matrix){
		.files = (const char *const *)r->a->operands,
		.dests = names,
		.file_count = files,
		.dest_count = wide,
		.width = r->a->out->width,
		.waivers = r->to.waivers,
	};
	for (size_t i = 0; names && i < wide; i++)
		names[i] = r->d.aims[i].name;
	if (__builtin_mul_overflow(files, wide, &count))
		return false;
	r->count = count;
	r->m.marks = mem_zero(count, sizeof(*r->m.marks));
	r->m.streams = mem_zero(files, sizeof(*r->m.streams));
	r->cells = mem_zero(count, sizeof(*r->cells));
	return names && r->m.marks && r->m.streams && r->cells;
}

static enum exit_status run(struct arguments *a)
{
	const char *format = a->format ? a->format : "text";
	struct run r = {
		.a = a,
		.format = matrix_format_find(format),
		.to = { .format = report_format_find(report_machine, format),
			.out = a->out,
			.command = "matrix",
			.fail_on = a->fail_on,
			.waivers = a->waivers ? &r.w.waivers : NULL },
		.show = a->progress,
	};
	enum exit_status status;
	char *why = NULL;

	if (!a->dests.count && !a->dest_streams.count)
		return usage_error(a->command, "no --dest given");
	if (a->written_by.count > a->operand_count)
		return usage_error(a->command, "more --written-by than FILEs");
	if (check_several(a) != EXIT_CLEAN)
		return EXIT_TROUBLE;
	if (!open_schema_option(a, &why)) {
		free(why);
		return EXIT_TROUBLE;
	}
	/* of the pairs, not of the threads' files */
	a->progress = false;
	status = waiving_open(&r.w, a);
	if (status != EXIT_CLEAN)
		return status;
	status = destinations_open(&r.d, a);
	if (status != EXIT_CLEAN) {
		waiving_free(&r.w);
		return status;
	}
	if (prepare(&r)) {
		status = waiving_close(&r.w, run_all(&r));
	} else {
		complain("out of memory");
		waiving_free(&r.w);
		status = EXIT_TROUBLE;
	}
	free((void *)(uintptr_t)r.m.dests);
	matrix_forget(&r.m);
	free(r.cells);
	destinations_close(&r.d);
	return status;
}

const struct command cmd_matrix = {
	.name = "matrix",
	.synopsis = "matrix --dest SPEC... [OPTION...] FILE...",
	.summary = "Which destinations load which streams: a grid",
	.options =
		(const struct option_row *const[]){
			&opt_dest, &opt_dest_stream, &opt_written_by,
			&opt_format, &opt_jobs, &opt_waivers,
			&opt_write_baseline, &opt_fail_on, &opt_exit_zero,
			&opt_limit, &opt_offset, &opt_snapshot, &opt_channel,
			&opt_schema, NULL },
	.examples =
		(const char *const[]){
			"migscope matrix --dest qemu-7.2 --dest qemu-10.0 "
			"*.mig",
			"migscope matrix --dest qemu-11.1 --format csv "
			"*.mig > grid.csv",
			"migscope matrix --dest qemu-7.2 --dest qemu-10.0 "
			"--format markdown *.mig > compatibility.md",
			NULL },
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
