/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#define HELP_COLUMN 24u
#define HELP_WIDTH 80u

static void option_line(struct out *o, const struct option_row *row)
{
	struct buf b = { 0 };

	buf_puts(&b, "  ");
	if (row->short_name)
		buf_printf(&b, "-%c", row->short_name);
	if (row->short_name && row->name)
		buf_puts(&b, ", ");
	if (row->name)
		buf_printf(&b, "--%s", row->name);
	if (row->argument)
		buf_printf(&b, " %s", row->argument);
	if (b.failed) {
		buf_free(&b);
		return;
	}
	if (b.length + 2 > HELP_COLUMN)
		out_printf(o, "%s\n%*s", b.data, (int)HELP_COLUMN, "");
	else
		out_printf(o, "%-*s", (int)HELP_COLUMN, b.data);
	out_wrap(o, row->help, HELP_COLUMN, HELP_WIDTH);
	out_putc(o, '\n');
	buf_free(&b);
}

/* Those that parse_options() knows without a table. */
static const struct option_row row_help = { "help", 0, NULL,
					    "print this and exit", NULL };

static const struct option_row row_version = { "version", 0, NULL,
					       "print the version and exit",
					       NULL };

static const struct option_row row_v = {
	NULL, 'v', NULL, "with --version: also what it was built with", NULL
};

void print_help(struct out *o)
{
	out_puts(o, "Usage: " PROGRAM " COMMAND [OPTION...] [FILE...]\n"
		    "Reads QEMU migration streams: what is in them, whether "
		    "they are whole.\n\n"
		    "Commands:\n");
	for (size_t i = 0; commands[i]; i++)
		out_printf(o, "  %-10s %s\n", commands[i]->name,
			   commands[i]->summary);
	out_puts(o, "\nOptions:\n");
	option_line(o, &row_help);
	option_line(o, &row_version);
	option_line(o, &row_v);
	out_puts(o, "\nA FILE of '-' is standard input. '" PROGRAM
		    " help COMMAND' says more about one.\n"
		    "Exit status: 0 nothing wrong was found, 1 something "
		    "was, 2 trouble.\n");
}

void print_command_help(struct out *o, const struct command *c)
{
	out_printf(o, "Usage: " PROGRAM " %s\n%s.\n\nOptions:\n", c->synopsis,
		   c->summary);
	for (size_t i = 0; c->options[i]; i++)
		option_line(o, c->options[i]);
	option_line(o, &row_help);
	option_line(o, &row_version);
	if (c->examples[0])
		out_puts(o, "\nExamples:\n");
	for (size_t i = 0; c->examples[i]; i++)
		out_printf(o, "  %s\n", c->examples[i]);
}

void print_version(struct out *o, bool verbose)
{
	const char *const *f = ms_features();

	out_printf(o, PROGRAM " %s\n", ms_version());
	if (!verbose)
		return;
	out_puts(o, "Built with:\n");
	for (; f && *f; f++)
		out_printf(o, "  %s\n", *f);
}
