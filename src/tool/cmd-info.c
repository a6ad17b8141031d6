/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "output/info.h"

#include <stdlib.h>

static const char *set_json(struct arguments *a, const char *value)
{
	(void)value;
	a->json = true;
	return NULL;
}

static const struct option_row opt_json = { "json", 0, NULL,
					    "print one JSON object", set_json };

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
	(void)ctx;
	(void)rec;
	return true;
}

static enum exit_status run(struct arguments *a)
{
	const char *path = a->operands[0];
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
	if (!walk_input(s, look, NULL))
		complain("%s: %s", path,
			 ms_read_error(s) ? ms_read_error(s) : "not read");
	else if (!ms_summary_of(s)->is_stream)
		complain("%s: not a migration stream", path);
	else
		status = EXIT_CLEAN; /* check is for judging */
	if (a->json)
		info_json(a->out, path, s);
	else if (info_has_text(s))
		info_text(a->out, path, s);
	ms_close(s);
	return status;
}

const struct command cmd_info = {
	.name = "info",
	.synopsis = "info [--json | --xml] [OPTION...] FILE",
	.summary = "One screen about a stream: machine, RAM, sections, "
		   "what is wrong",
	.options =
		(const struct option_row *const[]){
			&opt_json, &opt_xml, &opt_offset, &opt_snapshot,
			&opt_channel, &opt_return_path, &opt_schema, NULL },
	.examples =
		(const char *const[]){
			"migscope info guest.mig",
			"migscope info --json - < guest.mig | jq .machine",
			"migscope info --snapshot 1 disk.qcow2", NULL },
	.least = 1,
	.most = 1,
	.run = run,
};
