/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From argv to one command, and from its end to the exit status. */
#include "config.h"
#include "tool/command.h"

#include "api/known.h"
#include "base/mem.h"
#include "io/source.h"
#include "tool/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#ifdef HAVE_MALLOPT
#include <malloc.h>
#endif

/* Bytes of free memory that are kept, and by which the heap grows. */
#define KEPT_MEMORY (4 << 20)
#define HEAP_STEP (256 << 10)

const struct command *const commands[] = {
	&cmd_info,   &cmd_dump,    &cmd_check, &cmd_matrix,
	&cmd_compat, &cmd_diff,    &cmd_ram,   &cmd_schema,
	&cmd_host,   &cmd_explain, NULL
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
	/* EPIPE: whoever reads it has seen enough, as head(1) does. Most are
	 * told of that by SIGPIPE; here it is ignored. */
	if (error && error != EPIPE)
		complain("cannot write standard output: %s",
			 o->why ? o->why : strerror(error));
	else if (!error && mem_failures() && status != EXIT_TROUBLE)
		complain("out of memory: the output is not complete");
	else if (!error)
		return status;
	return EXIT_TROUBLE;
}

static enum exit_status run_action(struct arguments *a)
{
	const struct action *t = a->command->actions;
	const char *name = a->operand_count ? a->operands[0] : NULL;
	const size_t count = a->operand_count - (name ? 1 : 0);
	struct buf names = { 0 };

	for (; name && t->name; t++) {
		if (strcmp(t->name, name))
			continue;
		if (count >= t->least && count <= t->most)
			return t->run(a, a->operands + 1, count);
		return usage_error(a->command, "'%s' takes %s", name,
				   *t->operands ? t->operands : "no operands");
	}
	for (t = a->command->actions; t->name; t++)
		buf_printf(&names, "%s%s", names.length ? ", " : "", t->name);
	if (name)
		usage_error(a->command, "unknown action '%s'", name);
	else if (!names.failed)
		usage_error(a->command, "no action given: %s", names.data);
	buf_free(&names);
	return EXIT_TROUBLE;
}

/* From here on nothing can be opened but what the command line names. */
static bool enter_sandbox(struct arguments *a)
{
	bool ok = true;

	if (a->no_sandbox)
		return true;
	a->sandbox.device = a->command->device;
	a->sandbox.requests = a->command->requests;
	for (size_t i = 0; ok && i < a->operand_count; i++)
		ok = sandbox_input(&a->sandbox, a->operands[i]);
	for (size_t i = 0; ok && i < a->sandbox.input_count; i++)
		source_prepare(a->sandbox.inputs[i]);
	errno = ENOMEM;
	ok = ok && sandbox_enter(&a->sandbox);
	if (!ok)
		complain("no sandbox: %s; --no-sandbox does without",
			 strerror(errno));
	return ok;
}

/* Its rules are asked for by id from here on. */
static bool load_known(void)
{
	char *why;
	const bool ok = known_load(&why);

	if (!ok)
		complain("%s", why ? why : "out of memory");
	free(why);
	return ok;
}

static enum exit_status run_operands(struct arguments *a)
{
	const struct command *c = a->command;

	if (c->actions)
		return run_action(a);
	if (a->operand_count < c->least && c->least > 1)
		return usage_error(c, "%zu operands are needed", c->least);
	if (a->operand_count < c->least)
		return usage_error(c, "no FILE given ('-' is standard input)");
	if (a->operand_count > c->most)
		return usage_error(c, "too many operands: '%s'",
				   a->operands[c->most]);
	return c->run(a);
}

static enum exit_status run_command(const struct command *c, int argc,
				    char **argv, struct out *o)
{
	struct arguments a = { .command = c,
			       .out = o,
			       .fail_on = c->notes_count ? MS_NOTE : MS_ERROR };
	enum exit_status status = EXIT_TROUBLE;
	enum parse_result result;
	struct timespec start, end;

	result = parse_options(&a, argc, argv);
	terminal_style(o, &a);
	switch (result) {
	case PARSE_HELP:
		if (a.limits_help)
			print_limits(o);
		else
			print_command_help(o, c);
		status = EXIT_CLEAN;
		break;
	case PARSE_VERSION:
		print_version(o, a.verbose);
		status = EXIT_CLEAN;
		break;
	case PARSE_RUN:
		clock_gettime(CLOCK_MONOTONIC, &start);
		a.progress = !a.quiet && progress_possible();
		if (enter_sandbox(&a) && load_known())
			status = run_operands(&a);
		clock_gettime(CLOCK_MONOTONIC, &end);
		detail(&a, "took %.3f s",
		       (double)(end.tv_sec - start.tv_sec) +
			       (double)(end.tv_nsec - start.tv_nsec) / 1e9);
		break;
	case PARSE_ERROR:
		break;
	}
	sandbox_free(&a.sandbox);
	free(a.channels.items);
	free(a.return_paths.items);
	free(a.other.channels.items);
	ms_schema_close(a.schema);
	ms_host_close(a.host);
	free(a.dests.items);
	free(a.dest_streams.items);
	free(a.written_by.items);
	free(a.devices.items);
	free(a.modules.items);
	free(a.blocks.items);
	free(a.places);
	free(a.limits);
	return status;
}

static enum exit_status run_help(int argc, char **argv, struct out *o)
{
	const struct arguments a = { .command = NULL };
	const struct command *c;

	terminal_style(o, &a);
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

/* Options before any command: those of every command. */
static enum exit_status run_plain(int argc, char **argv, struct out *o)
{
	struct arguments a = { .command = NULL };
	const enum parse_result result = parse_options(&a, argc, argv);

	terminal_style(o, &a);
	switch (result) {
	case PARSE_HELP:
		print_help(o);
		return EXIT_CLEAN;
	case PARSE_VERSION:
		print_version(o, a.verbose);
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

/* What was freed is asked for again soon, section by section: given back to
 * the kernel in between it would be cleared and mapped anew, a page at a
 * time, which is most of what a short run takes. */
static void keep_memory(void)
{
#ifdef HAVE_MALLOPT
	mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
	mallopt(M_TOP_PAD, HEAP_STEP);
#endif
}

int main(int argc, char **argv)
{
	struct out out;

	if (!fill_standard_descriptors())
		return EXIT_TROUBLE;
	keep_memory();
	setlocale(LC_CTYPE, "");
	source_guard_sigbus();
	/* a file over the limit is an error to report, not a signal */
	signal(SIGXFSZ, SIG_IGN);
	if (!out_to_fd(&out, STDOUT_FILENO)) {
		complain("out of memory");
		return EXIT_TROUBLE;
	}
	return (int)finish(&out, dispatch(argc, argv, &out));
}
