/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "diff/classes.h"
#include "output/diff.h"
#include "tool/progress.h"

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
	"format", 0, "text|json", "form of the output; text is the default",
	set_format
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

static enum exit_status compare(struct arguments *a, struct side *x,
				struct side *y)
{
	struct diff_report r = {
		.format = diff_format_find(a->format ? a->format : "text"),
		.a = x,
		.b = y,
		.ignore = a->ignore,
		.all = a->all,
	};

	diff_run(&r, a->out);
	if (r.incomplete && !a->quiet)
		complain("%s and %s: not everything could be compared", x->file,
			 y->file);
	return r.incomplete ? EXIT_TROUBLE :
	       r.differs    ? EXIT_FINDINGS :
			      EXIT_CLEAN;
}

/* Opens and walks one side. */
static bool walk(struct arguments *a, const char *path, struct side *ret)
{
	char *why = NULL;
	ms_stream *s = open_input(a, path, &why);
	bool walked;

	free(why);
	side_init(ret, path, s);
	ret->tree.devices = a->devices.items;
	ret->tree.device_count = a->devices.count;
	walked = s && side_walk(ret, a->page_bytes, a->channels.count);
	progress_clear();
	if (walked)
		return true;
	if (s)
		complain("%s: %s", path, ret->why);
	return false;
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

static enum exit_status compare_files(struct arguments *a, struct arguments *b)
{
	enum exit_status status = EXIT_TROUBLE;
	struct side x, y = { .file = NULL };

	if (walk(a, a->operands[0], &x)) {
		b->schema = b->schema_spec == a->schema_spec ? a->schema : NULL;
		if (!walk(b, a->operands[1], &y))
			status = EXIT_TROUBLE;
		else if (a->devices.count && !x.tree.count && !y.tree.count)
			complain("no section matches --device");
		else
			status = compare(a, &x, &y);
		ms_close(y.stream);
		side_free(&y);
	}
	ms_close(x.stream);
	side_free(&x);
	return status;
}

static enum exit_status run(struct arguments *a)
{
	enum exit_status status;
	struct arguments b;

	if (!strcmp(a->operands[0], "-") && !strcmp(a->operands[1], "-"))
		return usage_error(a->command,
				   "standard input cannot be both streams");
	a->page_bytes = !(a->ignore & DIFF_RAM) && !a->devices.count;
	b = *a;
	turn_to_b(&b);
	status = compare_files(a, &b);
	if (b.schema != a->schema)
		ms_schema_close(b.schema);
	return status;
}

const struct command cmd_diff = {
	.name = "diff",
	.synopsis =
		"diff [--format NAME] [--ignore CLASS]... [--device GLOB]... "
		"[OPTION...] A B",
	.summary = "What differs between two streams: device state and RAM",
	.options =
		(const struct option_row *const[]){
			&opt_format, &opt_ignore, &opt_device, &opt_all,
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
			NULL },
	.least = 2,
	.most = 2,
	.run = run,
};
