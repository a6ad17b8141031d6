/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "output/report.h"

#include <stdlib.h>

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return report_format_find(value) ? NULL : "not a format of check";
}

static const struct option_row opt_format = { "format", 0, "NAME",
					      "text (the default) or json",
					      set_format };

static bool look(void *ctx, const struct ms_record *rec)
{
	(void)ctx;
	(void)rec;
	return true;
}

static enum exit_status
one(struct arguments *a, const struct report_format *format, const char *path)
{
	struct report r = { .file = path };
	enum exit_status status = EXIT_TROUBLE;
	char *why = NULL;
	ms_stream *s = open_input(a, path, &why);

	r.stream = s;
	if (!s) {
		r.error = why ? why : "out of memory";
	} else if (!ms_walk(s, look, NULL)) {
		r.error = ms_read_error(s) ? ms_read_error(s) : "not read";
		complain("%s: %s", path, r.error);
	} else if (ms_summary_of(s)->is_stream) {
		status = status_of_findings(s, a->fail_on);
	}
	format->print(a->out, &r);
	/* Whole reports reach a pipe while the next file is read. */
	out_flush(a->out);
	ms_close(s);
	free(why);
	return status;
}

static enum exit_status run(struct arguments *a)
{
	const struct report_format *format =
		report_format_find(a->format ? a->format : "text");
	enum exit_status worst = EXIT_CLEAN;

	for (size_t i = 0; i < a->operand_count && !a->out->error; i++) {
		enum exit_status status = one(a, format, a->operands[i]);

		if (status > worst)
			worst = status;
	}
	return worst;
}

const struct command cmd_check = {
	.name = "check",
	.synopsis = "check [--format NAME] [--fail-on LEVEL] [OPTION...] "
		    "FILE...",
	.summary = "What is wrong with streams, and whether QEMU would load "
		   "them",
	.options =
		(const struct option_row *const[]){
			&opt_format, &opt_fail_on, &opt_offset, &opt_snapshot,
			&opt_channel, &opt_schema, &opt_quiet, NULL },
	.examples =
		(const char *const[]){
			"migscope check guest.mig",
			"migscope check --format json *.mig > report.ndjson",
			NULL },
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
