/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "output/report.h"
#include "tool/destination.h"

#include <stdlib.h>

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return report_format_find(value) ? NULL : "not a format of check";
}

static const struct option_row opt_format = {
	"format", 0, "text|json|html", "form of the report; default: text",
	set_format
};

struct looker {
	const struct report_format *format;
	void *state;
	const struct out *out;
};

static bool look(void *ctx, const struct ms_record *rec)
{
	const struct looker *l = ctx;

	if (l->format->visit && !l->out->error)
		l->format->visit(l->state, rec);
	return !l->out->error;
}

static enum exit_status walk(const struct arguments *a,
			     const struct report_format *format,
			     struct report *r, const struct destination *to,
			     ms_stream *s, char **ret_why)
{
	struct looker looker = { format, r->state, a->out };

	*ret_why = NULL;
	r->stream = s;
	if (!ms_walk(s, look, &looker)) {
		r->error = ms_read_error(s) ? ms_read_error(s) : "not read";
		return EXIT_TROUBLE;
	}
	if (!ms_summary_of(s)->is_stream)
		return EXIT_TROUBLE;
	*ret_why = to ? aim_missed(to, s) : NULL;
	if (!*ret_why)
		return status_of_findings(s, a->fail_on);
	/* Findings of a load that nobody meant are none. */
	r->error = *ret_why;
	r->stream = NULL;
	return EXIT_TROUBLE;
}

/* The i-th destination; none: by what the stream itself tells. */
static enum exit_status one(struct arguments *a, struct destinations *d,
			    size_t i, const struct report_format *format,
			    void *state, const char *path)
{
	const struct destination *to = NULL;
	struct report r = { .file = path, .state = state };
	enum exit_status status = EXIT_TROUBLE;
	char *why = NULL;
	ms_stream *s = open_quietly(a, path, &why);

	if (d->count)
		r.dest = d->aims[i].name;
	if (s && d->count)
		to = aim_at(d, i, path, s, &why);
	if (to)
		r.dest_about = to->about;
	if (s && !why)
		status = walk(a, format, &r, to, s, &why);
	if (!r.stream && !r.error)
		r.error = why ? why : "out of memory";
	if (r.error && !a->out->error)
		complain("%s: %s", path, r.error);
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
	struct destinations d;
	void *state = NULL;
	char *why = NULL;
	size_t each;

	if (!open_schema_option(a, &why)) {
		free(why);
		return EXIT_TROUBLE;
	}
	worst = destinations_open(&d, a);
	if (worst != EXIT_CLEAN)
		return worst;
	each = d.count ? d.count : 1;
	if (format->begin)
		state = format->begin(a->out, a->operand_count * each);
	for (size_t i = 0; i < a->operand_count * each && !a->out->error; i++) {
		enum exit_status status = one(a, &d, i % each, format, state,
					      a->operands[i / each]);

		if (status > worst)
			worst = status;
	}
	if (format->end)
		format->end(state);
	destinations_close(&d);
	return worst;
}

const struct command cmd_check = {
	.name = "check",
	.synopsis = "check [--dest SPEC]... [--dest-stream FILE] [OPTION...] "
		    "FILE...",
	.summary = "What is wrong with streams, and whether QEMU would load "
		   "them",
	.options =
		(const struct option_row *const[]){
			&opt_dest, &opt_dest_stream, &opt_format, &opt_fail_on,
			&opt_offset, &opt_snapshot, &opt_channel, &opt_schema,
			NULL },
	.examples =
		(const char *const[]){
			"migscope check guest.mig",
			"migscope check --dest qemu-7.2-x86_64 guest.mig",
			"migscope check --dest /usr/bin/qemu-system-x86_64 "
			"--dest-stream there.mig guest.mig",
			"migscope check --format json *.mig > report.ndjson",
			"migscope check --format html *.mig > report.html",
			NULL },
	.least = 1,
	.most = SIZE_MAX,
	.run = run,
};
