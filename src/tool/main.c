/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From argv to one command, and from its end to the exit status. */
#include "config.h"
#include "tool/command.h"

#include "base/mem.h"
#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const struct command *const commands[] = {
	&cmd_info, &cmd_dump,   &cmd_check,   &cmd_matrix, &cmd_compat,
	&cmd_ram,  &cmd_schema, &cmd_explain, NULL
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/* A closed standard descriptor would be taken by the next file opened, and
 * our output or messages would go into it. /dev/null opened the wrong way
 * round keeps the place, and whoever uses it gets an error. */
static bool fill_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		const int mode = fd == STDOUT_FILENO ? O_RDONLY : O_WRONLY;

		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		if (open("/dev/null", mode) != fd)
			return false;
	}
	return true;
}

static enum exit_status finish(struct out *o, enum exit_status status)
{
	int error = 0;

	if (!out_finish(o))
		error = o->error;
	else if (close(STDOUT_FILENO) && errno != EINTR)
		error = errno;
	if (error)
		complain("cannot write standard output: %s", strerror(error));
	else if (mem_failures() && status != EXIT_TROUBLE)
		complain("out of memory: the output is not complete");
	else
		return status;
	return EXIT_TROUBLE;
}

static enum exit_status check_operands(const struct arguments *a)
{
	const struct command *c = a->command;

	if (a->operand_count < c->least && c->least > 1)
		return usage_error(c, "%zu operands are needed", c->least);
	if (a->operand_count < c->least)
		return usage_error(c, "no FILE given ('-' is standard input)");
	if (a->operand_count > c->most)
		return usage_error(c, "too many operands: '%s'",
				   a->operands[c->most]);
	return EXIT_CLEAN;
}

static enum exit_status run_command(const struct command *c, int argc,
				    char **argv, struct out *o)
{
	struct arguments a = { .command = c, .out = o, .fail_on = MS_ERROR };
	enum exit_status status = EXIT_TROUBLE;
	bool verbose = false;

	switch (parse_options(&a, argc, argv, &verbose)) {
	case PARSE_HELP:
		print_command_help(o, c);
		status = EXIT_CLEAN;
		break;
	case PARSE_VERSION:
		print_version(o, verbose);
		status = EXIT_CLEAN;
		break;
	case PARSE_RUN:
		status = check_operands(&a);
		if (status == EXIT_CLEAN)
			status = c->run(&a);
		break;
	case PARSE_ERROR:
		break;
	}
	free(a.channels.items);
	ms_schema_close(a.schema);
	free(a.dests.items);
	free(a.dest_streams.items);
	free(a.devices.items);
	free(a.modules.items);
	free(a.blocks.items);
	return status;
}

static enum exit_status run_help(int argc, char **argv, struct out *o)
{
	const struct command *c;

	if (argc < 2 || argv[1][0] == '-') {
		print_help(o);
		return EXIT_CLEAN;
	}
	c = command_find(argv[1]);
	if (!c)
		return usage_error(NULL, "unknown command '%s'", argv[1]);
	print_command_help(o, c);
	return EXIT_CLEAN;
}

/* Options before any command: --help, --version, -v. */
static enum exit_status run_plain(int argc, char **argv, struct out *o)
{
	struct arguments a = { .command = NULL };
	bool verbose = false;

	switch (parse_options(&a, argc, argv, &verbose)) {
	case PARSE_HELP:
		print_help(o);
		return EXIT_CLEAN;
	case PARSE_VERSION:
		print_version(o, verbose);
		return EXIT_CLEAN;
	case PARSE_RUN:
		return usage_error(
			NULL, a.operand_count ?
				      "the command comes before its options" :
				      "no command given");
	case PARSE_ERROR:
	default:
		return EXIT_TROUBLE;
	}
}

static enum exit_status dispatch(int argc, char **argv, struct out *o)
{
	const struct command *c;

	if (argc < 2 || argv[1][0] == '-')
		return run_plain(argc, argv, o);
	if (!strcmp(argv[1], "help"))
		return run_help(argc - 1, argv + 1, o);
	c = command_find(argv[1]);
	if (!c)
		return usage_error(NULL, "unknown command '%s'", argv[1]);
	return run_command(c, argc - 1, argv + 1, o);
}

int main(int argc, char **argv)
{
	struct out out;

	if (!fill_standard_descriptors())
		return EXIT_TROUBLE;
	source_guard_sigbus();
	/* a file over the limit is an error to report, not a signal */
	signal(SIGXFSZ, SIG_IGN);
	if (!out_to_fd(&out, STDOUT_FILENO)) {
		complain("out of memory");
		return EXIT_TROUBLE;
	}
	return (int)finish(&out, dispatch(argc, argv, &out));
}
