/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line as tables: what main.c parses, --help prints,
 * completions/generate.sh makes the shells' completions of, and the tests
 * compare with the manual.
 *
 * A subcommand is one cmd-NAME.c with one const struct command, listed in
 * commands[] in main.c. An option is one const struct option_row; those
 * that several commands share, and those that all have, are in options.c. */
#ifndef TOOL_COMMAND_H
#define TOOL_COMMAND_H

#include "migscope.h"
#include "output/out.h"
#include "tool/sandbox.h"

#define PROGRAM "migscope"

enum exit_status {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1, /* something at or above --fail-on */
	EXIT_TROUBLE = 2,  /* usage, unreadable input, no stream, no output */
};

struct string_list {
	const char **items;
	size_t count;
};

struct export_place; /* ram/export.h */

/* Everything a command line can say. */
struct arguments {
	const struct command *command;
	char **operands;
	size_t operand_count;
	struct out *out; /* standard output */
	/* of the input */
	bool has_offset;
	uint64_t offset;
	const char *snapshot;
	struct ms_limit *limits; /* for all inputs */
	size_t limit_count;
	struct string_list channels, return_paths;
	bool is_return_path; /* the input is the first of those */
	const char *schema_spec;
	ms_schema *schema; /* of schema_spec, once an input was opened */
	const char *host_spec;
	ms_host *host; /* likewise */
	bool help, limits_help, version, quiet, verbose, no_sandbox;
	struct sandbox sandbox; /* the files that the command line names */
	const char *color;      /* NULL: auto */
	bool page_bytes;        /* what pages hold is wanted */
	bool progress;          /* may be shown while an input is read */
	bool several;           /* inputs */
	/* of the destinations, see destination.h */
	struct string_list dests, dest_streams;
	struct string_list written_by; /* releases, of the inputs */
	/* of single commands */
	bool xml, offsets, both, digest, all;
	unsigned ignore; /* classes of differences */
	struct {         /* of a second input */
		bool has_offset;
		uint64_t offset;
		const char *snapshot, *schema_spec;
		struct string_list channels;
	} other;
	const char *format;
	struct string_list devices, modules, blocks;
	const char *output, *target;
	struct export_place *places;
	size_t place_count;
	uint64_t below_4g;
	enum ms_severity fail_on;
	bool exit_zero, show_waived;
	bool machines;                  /* schema show */
	const char *waivers, *baseline; /* files, see waiving.h */
	unsigned jobs;                  /* 0: as many as there are processors */
	char wrong[256]; /* room for what is, with the value of an option */
};

struct option_row {
	const char *name; /* without the dashes */
	char short_name;  /* or 0 */
	/* NULL: takes none. Words with '|' between them: takes one of them,
	 * nothing else. Else a name that tells its kind, in --help and to the
	 * completions and to the sandbox: FILE (which is read), OUTPUT (a file
	 * that is made), SPEC (a schema's name or a file), N (a number), NAME,
	 * GLOB, VERSION (of QEMU). */
	const char *argument;
	const char *help;
	/* value is NULL for options without argument. NULL on success, or
	 * what is wrong with the value. */
	const char *(*set)(struct arguments *a, const char *value);
};

/* A command of a command: "list" in "migscope schema list". */
struct action {
	const char *name;
	const char *operands; /* as in --help; "" for none */
	const char *summary;
	size_t least, most; /* operands */
	enum exit_status (*run)(struct arguments *a, char **operands,
				size_t count);
};

struct command {
	const char *name;
	const char *synopsis;         /* behind the program's name */
	const char *summary;          /* one line */
	const struct action *actions; /* ended by one without name; or NULL */
	const struct option_row *const *options; /* NULL-terminated */
	const char *const *examples;             /* NULL-terminated */
	bool notes_count; /* --fail-on is "note", if it is not given */
	/* A device that is asked, by these requests of ioctl(), ended by 0;
	 * or NULL. */
	const char *device;
	const unsigned long *requests;
	/* Of a command without actions. */
	size_t least, most; /* operands */
	enum exit_status (*run)(struct arguments *a);
};

extern const struct command cmd_info, cmd_dump, cmd_check, cmd_explain,
	cmd_compat, cmd_diff, cmd_matrix, cmd_ram, cmd_schema, cmd_host;
/* NULL-terminated, in the order of --help. */
extern const struct command *const commands[];
const struct command *command_find(const char *name);

/* ---- options.c ---- */

extern const struct option_row opt_offset, opt_snapshot, opt_channel,
	opt_return_path, opt_schema, opt_host, opt_dest, opt_dest_stream,
	opt_fail_on, opt_fail_on_note, opt_exit_zero, opt_limit;
/* Those of every command, and of the program itself; NULL-terminated. */
extern const struct option_row *const common_options[];

/* Appends to a list of the command line; NULL, or what went wrong. */
const char *string_list_add(struct string_list *l, const char *value);
/* Is value one of words, which have '|' between them? */
bool one_of(const char *words, const char *value);
/* A number of bytes: decimal or 0x…, K M G T = powers of 1024. */
bool parse_size(const char *text, uint64_t *ret);

enum parse_result { PARSE_RUN, PARSE_HELP, PARSE_VERSION, PARSE_ERROR };
/* Takes the options out of argv (argv[0] is the command); without a->command,
 * those of the program itself. Complains on standard error. */
enum parse_result parse_options(struct arguments *a, int argc, char **argv);

/* ---- help.c ---- */

void print_help(struct out *o);
void print_command_help(struct out *o, const struct command *c);
void print_limits(struct out *o);
void print_version(struct out *o, bool verbose);

/* ---- terminal.c ---- */

/* Colour, width and characters of standard output. */
void terminal_style(struct out *o, const struct arguments *a);
bool terminal_utf8(void);

/* ---- message.c ---- */

/* One line on standard error, "migscope: " in front. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same where --verbose was given. */
void detail(const struct arguments *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same with ` (see "migscope COMMAND --help")` at its end. */
enum exit_status usage_error(const struct command *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- input.c ---- */

/* Of a command that takes several inputs: are the options for that many?
 * Sets a->several. EXIT_TROUBLE: has complained. */
enum exit_status check_several(struct arguments *a);
/* --snapshot is for qcow2 images: is there one it is not for? */
bool snapshot_passed_over(const struct arguments *a, const ms_stream *s);
/* The schema of --schema, once for all inputs. False: has complained. */
bool open_schema_option(struct arguments *a, char **ret_why);
/* The schema of an operand, by the options for SPEC. NULL: has complained. */
struct schema *open_spec(const struct arguments *a, const char *spec);
/* The same for the profile of --host. */
bool open_host_option(struct arguments *a);
/* Opens with the input options; says nothing. */
ms_stream *open_quietly(const struct arguments *a, const char *path,
			char **ret_why);
/* Both. NULL: has complained, and *ret_why is the reason, to free(). */
ms_stream *open_input(struct arguments *a, const char *path, char **ret_why);
/* ms_walk(), after which no progress is shown any more. */
bool walk_input(ms_stream *s, ms_visit visit, void *ctx);
/* For commands that print something else than findings: says on standard
 * error that there are some, and the first. */
enum exit_status tell_findings(const struct arguments *a, const char *path,
			       const ms_stream *s);

#endif
