/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "output/info.h"
#include "output/report.h"

#include <stdlib.h>

static void print_text(struct reporting *to, const struct report *r)
{
	if (info_has_text(r->stream))
		info_text(to->out, r->file, r->stream);
}

static void print_json(struct reporting *to, const struct report *r)
{
	info_json(to->out, r->file, r->stream);
}

static const struct report_format info_formats[] = {
	{ .name = "text", .print = print_text },
	{ .name = "json", .print = print_json },
};

/* The HTML report is that of check. */
static const struct report_format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof(info_formats) / sizeof(*info_formats);
	     i++)
		if (!strcmp(info_formats[i].name, name))
			return &info_formats[i];
	return strcmp(name, report_html.name) ? NULL : &report_html;
}

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return find_format(value) ? NULL : "not a format of info";
}

static const char *set_json(struct arguments *a, const char *value)
{
	(void)value;
	return set_format(a, "json");
}

static const struct option_row opt_format = {
	"format", 0, "text|json|html", "form of the report; default: text",
	set_format
};

static const struct option_row opt_json = { "json", 0, NULL,
					    "the same as --format json",
					    set_json };

static const char *set_xml(struct arguments *a, const char *value)
{
	(void)value;
	a->xml = true;
	return NULL;
}

static const struct option_row opt_xml = {
	"xml", 0, NULL, "print the XML and the cookie of a libvirt save image",
	set_xml
};

static bool look(void *ctx, const struct ms_record *rec)
{
	return reporting_visit(ctx, rec);
}

/* Why the stream could not be read, or NULL. */
static const char *show(struct arguments *a, ms_stream *s)
{
	struct reporting to = {
		.format = find_format(a->format ? a->format : "text"),
		.out = a->out,
		.command = "info",
		.expected = 1,
	};
	struct report r = { .file = a->operands[0], .stream = s };

	reporting_begin(&to);
	if (!walk_input(s, look, &to))
		r.error = ms_read_error(s) ? ms_read_error(s) : "not read";
	else if (!ms_summary_of(s)->is_stream)
		r.error = "not a migration stream";
	r.verdict = ms_verdict_of(s);
	r.predicted = ms_predicted_error(s);
	reporting_add(&to, &r);
	reporting_end(&to, r.error ? EXIT_TROUBLE : EXIT_CLEAN);
	return r.error;
}

static enum exit_status run(struct arguments *a)
{
	const char *path = a->operands[0], *error;
	enum exit_status status = EXIT_TROUBLE;
	char *why = NULL;
	ms_stream *s = open_input(a, path, &why);

	if (!s) {
		free(why);
		return EXIT_TROUBLE;
	}
	if (a->xml) {
		if (info_xml(a->out, s))
			status = EXIT_CLEAN;
		else
			complain("%s: no libvirt save image, or one without "
				 "XML",
				 path);
		ms_close(s);
		return status;
	}
	error = show(a, s);
	if (error && !a->out->error)
		complain("%s: %s", path, error);
	ms_close(s);
	return error ? EXIT_TROUBLE : EXIT_CLEAN; /* check is for judging */
}

const struct command cmd_info = {
	.name = "info",
	.synopsis = "info [--format NAME | --json | --xml] [OPTION...] FILE",
	.summary = "One screen about a stream: machine, RAM, sections, "
		   "what is wrong",
	.options =
		(const struct option_row *const[]){
			&opt_format, &opt_json, &opt_xml, &opt_limit,
			&opt_offset, &opt_snapshot, &opt_channel,
			&opt_return_path, &opt_schema, NULL },
	.examples =
		(const char *const[]){
			"migscope info guest.mig",
			"migscope info --json - < guest.mig | jq .machine",
			"migscope info --format html guest.mig > guest.html",
			"migscope info --snapshot 1 disk.qcow2", NULL },
	.least = 1,
	.most = 1,
	.run = run,
};
