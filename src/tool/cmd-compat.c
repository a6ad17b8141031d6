/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "api/schema.h"
#include "output/compat.h"
#include "tool/waiving.h"

#include <stdio.h>
#include <stdlib.h>

static const char *set_both(struct arguments *a, const char *value)
{
	(void)value;
	a->both = true;
	return NULL;
}

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return compat_format_find(value) ||
			       report_format_find(report_machine, value) ?
		       NULL :
		       "not a format of compat";
}

static const struct option_row opt_both = {
	"both", 0, NULL, "from SRC to DST, then from DST to SRC", set_both
};

static const struct option_row opt_format = {
	"format", 0, "text|json|sarif|junit|codequality|github",
	"form of the report; default: text", set_format
};

struct run {
	struct arguments *a;
	struct waiving w;
	const char *specs[2];
	struct schema *schemas[2];
	const struct compat_format *format; /* or else: */
	struct reporting to;
	char trouble[160]; /* of the two compared */
};

static const struct ms_finding *finding_of(const void *ctx, size_t i)
{
	const struct compat *c = ctx;

	return &c->findings[i].f;
}

static bool judge(struct run *run, const struct compat *c, struct report *r,
		  struct judged *j)
{
	struct waiver_subject subject = {
		.source = span_of_version(c->src->qemu_version),
		.destination = span_of_version(c->dst->qemu_version),
	};
	struct buf file = { 0 };
	bool ok;

	if (c->why)
		snprintf(run->trouble, sizeof(run->trouble),
			 "not everything was compared: %s", c->why);
	buf_escape(&file, text_of(r->file));
	subject.file = text_make(file.data, file.length);
	ok = !file.failed && waiving_judge(&run->w, &subject, finding_of, c,
					   c->count, 0, r->verdict, j);
	buf_free(&file);
	r->findings = j->list;
	r->count = j->count;
	r->waived = j->waived;
	r->outcome = j->outcome;
	if (!ok)
		r->error = "out of memory";
	else if (c->why)
		r->error = run->trouble;
	if (r->error)
		r->outcome = OUTCOME_TROUBLE;
	return ok;
}

static enum exit_status one_way(struct run *run, int from)
{
	struct compat *c = compat_run(run->schemas[from], run->schemas[!from]);
	struct report r = { .file = run->specs[from],
			    .dest = run->specs[!from] };
	struct judged j = { .list = NULL };

	if (!c) {
		complain("out of memory");
		return EXIT_TROUBLE;
	}
	r.verdict = compat_verdict(c);
	judge(run, c, &r, &j);
	if (run->format && j.list)
		run->format->print(run->a->out,
				   &(struct compat_report_of){
					   .source = r.file,
					   .destination = r.dest,
					   .compat = c,
					   .findings = r.findings,
					   .waived = r.waived,
					   .show_waived =
						   run->a->show_waived });
	else if (!run->format)
		reporting_add(&run->to, &r);
	if (r.error || r.outcome == OUTCOME_UNKNOWN)
		complain("%s", report_trouble(&r));
	judged_free(&j);
	compat_free(c);
	return status_of(&run->w, r.outcome, r.verdict);
}

static enum exit_status both_ways(struct run *run)
{
	enum exit_status status, back;

	if (!run->format)
		reporting_begin(&run->to);
	status = one_way(run, 0);
	if (run->a->both) {
		back = one_way(run, 1);
		status = back > status ? back : status;
	}
	if (!run->format)
		reporting_end(&run->to, (int)status);
	else if (run->format->end)
		run->format->end(run->a->out, run->to.waivers);
	return status;
}

static enum exit_status run(struct arguments *a)
{
	const char *format = a->format ? a->format : "text";
	struct run run = {
		.a = a,
		.specs = { a->operands[0], a->operands[1] },
		.format = compat_format_find(format),
		.to = { .format = report_format_find(report_machine, format),
			.out = a->out,
			.command = "compat",
			.fail_on = a->fail_on,
			.waivers = a->waivers ? &run.w.waivers : NULL },
	};
	enum exit_status status = waiving_open(&run.w, a);

	if (status != EXIT_CLEAN)
		return status;
	run.schemas[0] = open_spec(a, run.specs[0]);
	if (run.schemas[0])
		run.schemas[1] = open_spec(a, run.specs[1]);
	if (run.schemas[1]) {
		status = waiving_close(&run.w, both_ways(&run));
	} else {
		waiving_free(&run.w);
		status = EXIT_TROUBLE;
	}
	schema_free(run.schemas[0]);
	schema_free(run.schemas[1]);
	return status;
}

const struct command cmd_compat = {
	.name = "compat",
	.synopsis = "compat [--both] [OPTION...] SRC DST",
	.summary = "What breaks when one QEMU loads what another writes",
	.options =
		(const struct option_row *const[]){
			&opt_both, &opt_format, &opt_waivers,
			&opt_write_baseline, &opt_show_waived, &opt_fail_on,
			&opt_exit_zero, &opt_snapshot, NULL },
	.examples =
		(const char *const[]){
			"migscope compat qemu-7.2-x86_64 qemu-10.0-x86_64",
			"migscope compat --both old.json "
			"/usr/bin/qemu-system-x86_64",
			NULL },
	.least = 2,
	.most = 2,
	.run = run,
};
