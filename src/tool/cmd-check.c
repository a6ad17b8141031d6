/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "output/report.h"
#include "tool/destination.h"
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

struct run {
	struct arguments *a;
	struct destinations d;
	struct waiving w;
	struct reporting to;
};

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

static void walk(struct run *run, struct report *r, struct judged *j,
		 const struct destination *to, ms_stream *s, char **ret_why)
{
	*ret_why = NULL;
	if (!walk_input(s, look, &run->to))
		r->error = ms_read_error(s) ? ms_read_error(s) : "not read";
	else if (to && ms_summary_of(s)->is_stream)
		*ret_why = aim_missed(to, s);
	/* Findings of a load that nobody meant are none. */
	if (*ret_why)
		r->error = *ret_why;
	else if (!judge(run, r, j, to, s))
		r->error = "out of memory";
}

/* The i-th destination; none: by what the stream itself tells. */
static enum exit_status one(struct run *run, size_t i, const char *path)
{
	struct report r = { .file = path,
			    .verdict = MS_UNKNOWN,
			    .outcome = OUTCOME_TROUBLE };
	struct destinations *d = &run->d;
	const struct destination *to = NULL;
	struct judged j = { .list = NULL };
	char *why = NULL;
	ms_stream *s = open_quietly(run->a, path, &why);

	if (s && !i && !run->a->quiet && snapshot_passed_over(run->a, s))
		complain("%s: no qcow2 image, so --snapshot is not for it",
			 path);
	if (d->count)
		r.dest = d->aims[i].name;
	if (s && d->count)
		to = aim_at(d, i, path, s, &why);
	if (to)
		r.dest_about = to->about;
	if (s && !why)
		walk(run, &r, &j, to, s, &why);
	if (!r.stream && !r.error)
		r.error = why ? why : "out of memory";
	if (r.error || r.outcome == OUTCOME_UNKNOWN)
		complain("%s: %s", path, report_trouble(&r));
	reporting_add(&run->to, &r);
	judged_free(&j);
	ms_close(s);
	free(why);
	return status_of(&run->w, r.outcome, r.verdict);
}

static enum exit_status all(struct run *run)
{
	const size_t each = run->d.count ? run->d.count : 1;
	const struct arguments *a = run->a;
	enum exit_status worst = EXIT_CLEAN;

	run->to.expected = a->operand_count * each;
	reporting_begin(&run->to);
	for (size_t i = 0; i < a->operand_count * each && !a->out->error; i++) {
		enum exit_status status =
			one(run, i % each, a->operands[i / each]);

		if (status > worst)
			worst = status;
	}
	reporting_end(&run->to, (int)worst);
	return worst;
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
			&opt_waivers, &opt_write_baseline, &opt_show_waived,
			&opt_fail_on, &opt_exit_zero, &opt_offset,
			&opt_snapshot, &opt_channel, &opt_schema, NULL },
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
