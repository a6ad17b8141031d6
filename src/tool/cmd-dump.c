/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "output/dump.h"

#include <stdlib.h>
#include <unistd.h>

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return dump_format_find(value) ? NULL : "not a format of dump";
}

static const char *set_device(struct arguments *a, const char *value)
{
	return string_list_add(&a->devices, value);
}

static const char *set_offsets(struct arguments *a, const char *value)
{
	(void)value;
	a->offsets = true;
	return NULL;
}

static const struct option_row opt_format = {
	"format", 0, "tree|json|ndjson|analyze",
	"form of the output; default: tree", set_format
};

static const struct option_row opt_device = {
	"device", 0, "GLOB",
	"only sections whose idstr or idstr/instance matches (repeatable)",
	set_device
};

static const struct option_row opt_offsets = {
	"offsets", 0, NULL, "show byte ranges in the tree, too", set_offsets
};

static enum exit_status run(struct arguments *a)
{
	const bool alone = !a->operand_count && a->return_paths.count;
	const char *path = alone ? a->return_paths.items[0] : a->operands[0];
	const struct dump_request request = {
		.file = path,
		.offsets = a->offsets,
		.devices = a->devices.items,
		.device_count = a->devices.count,
	};
	enum exit_status status = EXIT_TROUBLE;
	char *why = NULL;
	struct dump d;
	bool complete;
	ms_stream *s;

	if (!path)
		return usage_error(a->command,
				   "no FILE given ('-' is standard input)");
	if (alone && a->format && !strcmp(a->format, "analyze"))
		return usage_error(a->command,
				   "--format analyze needs a stream");
	a->is_return_path = alone;
	/* what is printed meanwhile would be in its way */
	a->progress = a->progress && !isatty(STDOUT_FILENO);
	s = open_input(a, path, &why);
	if (!s) {
		free(why);
		return EXIT_TROUBLE;
	}
	if (dump_open(&d, dump_format_find(a->format ? a->format : "tree"),
		      a->out, &request)) {
		complete = walk_input(s, dump_visit, &d);
		dump_close(&d, s, complete);
		if (complete && !ms_summary_of(s)->is_stream)
			complain("%s: not a migration stream", path);
		else if (complete)
			status = tell_findings(a, path, s);
		if (complete && a->devices.count && !d.matched && !a->quiet)
			complain("%s: no section matches --device", path);
		if (!complete && !a->out->error)
			complain("%s: %s", path,
				 ms_read_error(s) ? ms_read_error(s) :
						    "not read");
	}
	ms_close(s);
	return status;
}

const struct command cmd_dump = {
	.name = "dump",
	.synopsis = "dump [--format NAME] [--device GLOB]... [--offsets] "
		    "[OPTION...] FILE | dump [OPTION...] --return-path FILE",
	.summary = "Everything in a stream, as a tree or as JSON",
	.options =
		(const struct option_row *const[]){
			&opt_format, &opt_device, &opt_offsets, &opt_limit,
			&opt_offset, &opt_snapshot, &opt_channel,
			&opt_return_path, &opt_schema, NULL },
	.examples =
		(const char *const[]){
			"migscope dump --device '*apic*' --offsets guest.mig",
			"migscope dump --format analyze guest.mig",
			"migscope dump --return-path guest.rp guest.mig",
			"migscope dump --format ndjson - | "
			"jq -c 'select(.kind == \"pages\")'",
			NULL },
	.least = 0, /* a return path may stand alone */
	.most = 1,
	.run = run,
};
