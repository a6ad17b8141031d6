/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "api/schema.h"
#include "base/mem.h"
#include "output/info.h"
#include "output/report.h"
#include "tool/progress.h"

#include <stdlib.h>
#include <string.h>

/* Opened with the first input, kept for the others. */
bool open_schema_option(struct arguments *a, char **ret_why)
{
	if (!a->schema_spec || a->schema)
		return true;
	a->schema = ms_schema_open(a->schema_spec, ret_why);
	if (!a->schema)
		complain("--schema %s: %s", a->schema_spec,
			 *ret_why ? *ret_why : "out of memory");
	return a->schema;
}

struct schema *open_spec(const struct arguments *a, const char *spec)
{
	const struct schema_options o = {
		.modules = a->modules.items,
		.module_count = a->modules.count,
		.target = a->target,
		.snapshot = a->snapshot,
	};
	char *why = NULL;
	struct schema *s = schema_open(spec, &o, &why);

	if (!s)
		complain("%s: %s", spec, why ? why : "out of memory");
	else
		detail(a, "%s: %u descriptions, %u devices", spec,
		       (unsigned)s->vmsd_count, (unsigned)s->device_count);
	free(why);
	return s;
}

ms_stream *open_quietly(const struct arguments *a, const char *path,
			char **ret_why)
{
	const struct ms_options opts = {
		.has_offset = a->has_offset,
		.offset = a->offset,
		.snapshot = a->snapshot,
		.channels = a->channels.items,
		.channel_count = a->channels.count,
		.return_paths = a->is_return_path ? a->return_paths.items + 1 :
						    a->return_paths.items,
		.return_path_count = a->return_paths.count - a->is_return_path,
		.is_return_path = a->is_return_path,
		.schema = a->schema,
		.host = a->host,
		.page_bytes = a->page_bytes,
		.progress = a->progress ? progress_bytes : NULL,
		.populate = !a->several,
		.limits = a->limits,
		.limit_count = a->limit_count,
	};
	ms_stream *s;

	if (a->progress)
		progress_begin(path);
	s = ms_open(path, &opts, ret_why);
	if (s && (a->several || !snapshot_passed_over(a, s))) {
		detail(a, "%s: %s%s%s", path, ms_summary_of(s)->container,
		       a->schema_spec ? ", schema " : "",
		       a->schema_spec ? a->schema_spec : "");
		return s;
	}
	if (!s)
		return NULL;
	ms_close(s);
	*ret_why = mem_strdup("a snapshot was asked for, but this is no qcow2 "
			      "image");
	return NULL;
}

bool open_host_option(struct arguments *a)
{
	char *why = NULL;

	if (!a->host_spec || a->host)
		return true;
	a->host = ms_host_open(a->host_spec, &why);
	if (!a->host)
		complain("--host %s: %s", a->host_spec,
			 why ? why : "out of memory");
	free(why);
	return a->host;
}

enum exit_status check_several(struct arguments *a)
{
	a->several = a->operand_count > 1;
	if (a->several && a->channels.count)
		return usage_error(a->command,
				   "--channel: the channels of one migration "
				   "belong to one FILE");
	return EXIT_CLEAN;
}

bool snapshot_passed_over(const struct arguments *a, const ms_stream *s)
{
	return a->snapshot && !ms_read_error(s) && !ms_summary_of(s)->qcow2;
}

ms_stream *open_input(struct arguments *a, const char *path, char **ret_why)
{
	ms_stream *s;

	if (!open_schema_option(a, ret_why))
		return NULL;
	s = open_quietly(a, path, ret_why);
	if (!s)
		complain("%s: %s", path, *ret_why ? *ret_why : "out of memory");
	return s;
}

bool walk_input(ms_stream *s, ms_visit visit, void *ctx)
{
	const bool complete = ms_walk(s, visit, ctx);

	progress_clear();
	return complete;
}

enum exit_status tell_findings(const struct arguments *a, const char *path,
			       const ms_stream *s)
{
	struct finding_counts c;
	struct buf line = { 0 };
	struct out o;

	finding_counts_of(&c, s);
	if (c.first_error && !a->quiet) {
		out_to_buf(&o, &line);
		finding_line(&o, c.first_error);
		if (c.by_severity[MS_ERROR] > 1)
			out_printf(&o, " (and %zu more errors)",
				   c.by_severity[MS_ERROR] - 1);
		if (out_finish(&o))
			complain("%s: %s", path, line.data);
		buf_free(&line);
	}
	return c.first_error ? EXIT_FINDINGS : EXIT_CLEAN;
}
