/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "base/mem.h"
#include "diff/classes.h"
#include "output/diff.h"
#include "tool/progress.h"
#include "tool/waiving.h"

#include <stdlib.h>

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return NULL;
}

static const char *set_ignore(struct arguments *a, const char *value)
{
	a->ignore |= diff_class_find(text_of(value));
	return NULL;
}

static const char *set_device(struct arguments *a, const char *value)
{
	return string_list_add(&a->devices, value);
}

static const char *set_all(struct arguments *a, const char *value)
{
	(void)value;
	a->all = true;
	return NULL;
}

static const char *set_offset_b(struct arguments *a, const char *value)
{
	a->other.has_offset = parse_size(value, &a->other.offset);
	return a->other.has_offset ? NULL : "not a number of bytes";
}

static const char *set_snapshot_b(struct arguments *a, const char *value)
{
	a->other.snapshot = value;
	return NULL;
}

static const char *set_channel_b(struct arguments *a, const char *value)
{
	return string_list_add(&a->other.channels, value);
}

static const char *set_schema_b(struct arguments *a, const char *value)
{
	a->other.schema_spec = value;
	return NULL;
}

static const struct option_row opt_format = {
	"format", 0, "text|json|sarif|junit|codequality|github",
	"form of the report; default: text", set_format
};

static const struct option_row opt_ignore = {
	"ignore", 0, "clocks|layout|ram|runstate",
	"leave out differences of this class (repeatable)", set_ignore
};

static const struct option_row opt_device = {
	"device", 0, "GLOB",
	"compare only sections whose idstr, or idstr/instance, matches "
	"(repeatable)",
	set_device
};

static const struct option_row opt_all = {
	"all", 0, NULL, "text: every difference, however many", set_all
};

static const struct option_row opt_offset_b = { "offset-b", 0, "N",
						"as --offset, for B",
						set_offset_b };

static const struct option_row opt_snapshot_b = { "snapshot-b", 0, "NAME",
						  "as --snapshot, for B",
						  set_snapshot_b };

static const struct option_row opt_channel_b = {
	"channel-b", 0, "FILE", "as --channel, for B (repeatable)",
	set_channel_b
};

static const struct option_row opt_schema_b = {
	"schema-b", 0, "SPEC",
	"as --schema, for B; without it, --schema is for both", set_schema_b
};

struct run {
	struct arguments *a, *b; /* what the command line says of each side */
	struct waiving w;
	struct reporting to;
	const struct diff_format *format;
	char *why; /* a side could not be read */
};

static bool weigh(void *ctx, struct report_finding *f)
{
	return waiving_weigh(ctx, f);
}

static enum outcome outcome_of(const struct diff_report *r)
{
	return r->incomplete ? OUTCOME_TROUBLE :
	       r->counting   ? OUTCOME_FINDINGS :
			       OUTCOME_CLEAN;
}

static enum exit_status compare(struct run *run, struct side *x, struct side *y)
{
	struct arguments *a = run->a;
	struct waiving_pair pair;
	struct diff_report r = {
		.format = run->format,
		.to = &run->to,
		.a = x,
		.b = y,
		.ignore = a->ignore,
		.all = a->all,
		.show_waived = a->show_waived,
		.weigh = weigh,
		.weigh_ctx = &pair,
	};
	const char *why;

	if (waiving_open_pair(&pair, &run->w, x->file, x->stream, y->stream)) {
		diff_run(&r, a->out);
	} else {
		complain("out of memory");
		r.incomplete = true;
	}
	waiving_close_pair(&pair);
	why = r.compare.why ? r.compare.why : r.memory.why;
	if (r.incomplete && !a->quiet)
		complain("%s and %s: not everything could be compared%s%s",
			 x->file, y->file, *why ? ": " : "", why);
	return status_of(&run->w, outcome_of(&r), MS_ACCEPT);
}

/* Opens and walks one side. */
static bool walk(struct run *run, struct arguments *a, const char *path,
		 struct side *ret)
{
	ms_stream *s = open_input(a, path, &run->why);
	bool walked;

	side_init(ret, path, s);
	ret->tree.devices = a->devices.items;
	ret->tree.device_count = a->devices.count;
	walked = s && side_walk(ret, a->page_bytes, a->channels.count);
	progress_clear();
	if (s && !walked) {
		complain("%s: %s", path, ret->why);
		run->why = mem_strdup(ret->why);
	}
	return walked;
}

/* The input options of B, where there are any, take the place of A's. */
static void turn_to_b(struct arguments *b)
{
	b->has_offset = b->other.has_offset;
	b->offset = b->other.offset;
	b->snapshot = b->other.snapshot;
	b->channels = b->other.channels;
	if (b->other.schema_spec)
		b->schema_spec = b->other.schema_spec;
}

/* A report says so as well, where it is its format's own. */
static enum exit_status trouble(struct run *run, const char *path)
{
	struct report r = { .file = run->a->operands[0],
			    .dest = run->a->operands[1],
			    .result = "incomplete",
			    .outcome = OUTCOME_TROUBLE };
	struct buf b = { 0 };

	if (path) {
		buf_escape(&b, text_of(path));
		buf_puts(&b, ": ");
	}
	buf_puts(&b, run->why ? run->why : "out of memory");
	r.error = b.failed ? "out of memory" : b.data;
	if (run->to.format)
		reporting_add(&run->to, &r);
	buf_free(&b);
	return status_of(&run->w, r.outcome, MS_UNKNOWN);
}

static enum exit_status compare_files(struct run *run)
{
	struct arguments *a = run->a, *b = run->b;
	struct side x, y = { .file = NULL };
	enum exit_status status;

	if (!walk(run, a, a->operands[0], &x)) {
		status = trouble(run, a->operands[0]);
	} else {
		b->schema = b->schema_spec == a->schema_spec ? a->schema : NULL;
		if (!walk(run, b, a->operands[1], &y)) {
			status = trouble(run, a->operands[1]);
		} else if (a->devices.count && !x.tree.count && !y.tree.count) {
			run->why = mem_strdup("no section matches --device");
			complain("no section matches --device");
			status = trouble(run, NULL);
		} else {
			status = compare(run, &x, &y);
		}
		ms_close(y.stream);
		side_free(&y);
	}
	ms_close(x.stream);
	side_free(&x);
	return status;
}

static enum exit_status run(struct arguments *a)
{
	const char *format = a->format ? a->format : "text";
	struct arguments b;
	struct run run = {
		.a = a,
		.b = &b,
		.to = { .format = report_format_find(report_machine, format),
			.out = a->out,
			.command = "diff",
			.fail_on = a->fail_on,
			.waivers = a->waivers ? &run.w.waivers : NULL,
			.expected = 1 },
		.format = diff_format_find(format),
	};
	enum exit_status status;

	if (!strcmp(a->operands[0], "-") && !strcmp(a->operands[1], "-"))
		return usage_error(a->command,
				   "standard input cannot be both streams");
	status = waiving_open(&run.w, a);
	if (status != EXIT_CLEAN)
		return status;
	a->page_bytes = !(a->ignore & DIFF_RAM) && !a->devices.count;
	b = *a;
	turn_to_b(&b);
	if (run.to.format) {
		run.format = &diff_as_report;
		reporting_begin(&run.to);
	}
	status = compare_files(&run);
	if (run.to.format)
		reporting_end(&run.to, (int)status);
	status = waiving_close(&run.w, status);
	if (b.schema != a->schema)
		ms_schema_close(b.schema);
	free(run.why);
	return status;
}

const struct command cmd_diff = {
	.name = "diff",
	.synopsis =
		"diff [--format NAME] [--ignore CLASS]... [--device GLOB]... "
		"[OPTION...] A B",
	.notes_count = true,
	.summary = "What differs between two streams: device state and RAM",
	.options =
		(const struct option_row *const[]){
			&opt_format, &opt_ignore, &opt_device, &opt_all,
			&opt_waivers, &opt_write_baseline, &opt_show_waived,
			&opt_fail_on_note, &opt_exit_zero, &opt_limit,
			&opt_offset, &opt_offset_b, &opt_snapshot,
			&opt_snapshot_b, &opt_channel, &opt_channel_b,
			&opt_schema, &opt_schema_b, NULL },
	.examples =
		(const char *const[]){
			"migscope diff --ignore clocks before.mig after.mig",
			"migscope diff --snapshot first --snapshot-b second "
			"disk.qcow2 disk.qcow2",
			"migscope diff --format json --device 'cpu*' before.mig "
			"after.mig",
			"migscope diff --waivers accepted --format junit "
			"before.mig after.mig > report.xml",
			NULL },
	.least = 2,
	.most = 2,
	.run = run,
};
