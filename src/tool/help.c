/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "output/style.h"

#define HELP_COLUMN 24u

static void option_line(struct out *o, const struct option_row *row)
{
	struct buf b = { 0 };

	buf_puts(&b, "  ");
	if (row->short_name)
		buf_printf(&b, "-%c", row->short_name);
	buf_printf(&b, "%s--%s", row->short_name ? ", " : "", row->name);
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
	out_wrap(o, row->help, HELP_COLUMN, style_width(o));
	out_putc(o, '\n');
	buf_free(&b);
}

static void option_lines(struct out *o, const struct option_row *const *rows)
{
	for (size_t i = 0; rows[i]; i++)
		option_line(o, rows[i]);
}

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
	option_lines(o, common_options);
	out_puts(o, "\nA FILE of '-' is standard input. '" PROGRAM
		    " help COMMAND' says more about one.\n"
		    "Exit status: 0 nothing wrong was found, 1 something "
		    "was, 2 trouble.\n");
}

static void action_lines(struct out *o, const struct action *actions)
{
	out_puts(o, "\nActions:\n");
	for (; actions->name; actions++) {
		struct buf b = { 0 };

		buf_printf(&b, "  %s %s", actions->name, actions->operands);
		if (!b.failed)
			out_printf(o, "%-*s", (int)HELP_COLUMN, b.data);
		out_wrap(o, actions->summary, HELP_COLUMN, style_width(o));
		out_putc(o, '\n');
		buf_free(&b);
	}
}

void print_command_help(struct out *o, const struct command *c)
{
	out_printf(o, "Usage: " PROGRAM " %s\n%s.\n", c->synopsis, c->summary);
	if (c->actions)
		action_lines(o, c->actions);
	if (c->options[0]) {
		out_puts(o, "\nOptions:\n");
		option_lines(o, c->options);
	}
	out_puts(o, "\nOptions of every command:\n");
	option_lines(o, common_options);
	if (c->examples[0])
		out_puts(o, "\nExamples:\n");
	for (size_t i = 0; c->examples[i]; i++)
		out_printf(o, "  %s\n", c->examples[i]);
}

/* As --limit takes it. */
static void put_size(struct out *o, uint64_t v)
{
	static const char units[] = "KMGTP";
	unsigned unit = 0;

	while (unit < sizeof(units) - 1 && v >= 1024 && v % 1024 == 0) {
		v /= 1024;
		unit++;
	}
	out_printf(o, "%llu", (unsigned long long)v);
	if (unit)
		out_putc(o, units[unit - 1]);
}

void print_limits(struct out *o)
{
	const struct ms_limit_row *row;
	size_t n;

	out_puts(o, "What --limit can change:\n");
	for (row = ms_limits(&n); n; n--, row++) {
		out_printf(o, "\n%s=", row->name);
		put_size(o, row->usual);
		out_printf(o, " %s (", row->unit);
		put_size(o, row->least);
		out_puts(o, " to ");
		put_size(o, row->most);
		out_puts(o, ")\n    ");
		out_wrap(o, row->reason, 4, style_width(o));
		out_putc(o, '\n');
	}
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
	out_printf(o, "Sandbox: %s\n", sandbox_about());
}
