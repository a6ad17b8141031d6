/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* getopt_long() driven by the option tables. */
#include "config.h"
#include "tool/command.h"

#include "base/mem.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_OPTIONS 48 /* of one command, with those of all */
/* Values for getopt_long() beyond any short option. */
enum { OPT_ROW = 256 };

bool parse_size(const char *text, uint64_t *ret)
{
	static const char units[] = "KMGT";
	const bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const unsigned base = hex ? 16 : 10;
	const char *p = text + (hex ? 2 : 0), *unit;
	uint64_t v = 0;
	bool any = false;

	for (; *p; p++, any = true) {
		unsigned digit;

		if (*p >= '0' && *p <= '9')
			digit = (unsigned)(*p - '0');
		else if (hex && (*p | 32) >= 'a' && (*p | 32) <= 'f')
			digit = (unsigned)((*p | 32) - 'a') + 10;
		else
			break;
		if (__builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, digit, &v))
			return false;
	}
	if (!any)
		return false;
	if (*p) {
		unit = strchr(units, *p == 'k' ? 'K' : *p);
		if (!unit || p[1] ||
		    __builtin_mul_overflow(
			    v, UINT64_C(1) << 10 * (unit - units + 1), &v))
			return false;
	}
	*ret = v;
	return true;
}

const char *string_list_add(struct string_list *l, const char *value)
{
	const char **items =
		mem_resize(l->items, (l->count + 1) * sizeof(*items));

	if (!items)
		return "out of memory";
	items[l->count++] = value;
	l->items = items;
	return NULL;
}

static const char *set_offset(struct arguments *a, const char *value)
{
	a->has_offset = parse_size(value, &a->offset);
	return a->has_offset ? NULL : "not a number of bytes";
}

static const char *set_snapshot(struct arguments *a, const char *value)
{
	a->snapshot = value;
	return NULL;
}

static const char *set_channel(struct arguments *a, const char *value)
{
	return string_list_add(&a->channels, value);
}

static const char *set_return_path(struct arguments *a, const char *value)
{
	return string_list_add(&a->return_paths, value);
}

static const char *set_schema(struct arguments *a, const char *value)
{
	a->schema_spec = value;
	return NULL;
}

static const char *set_host(struct arguments *a, const char *value)
{
	a->host_spec = value;
	return NULL;
}

static const char *set_dest(struct arguments *a, const char *value)
{
	return string_list_add(&a->dests, value);
}

static const char *set_dest_stream(struct arguments *a, const char *value)
{
	return string_list_add(&a->dest_streams, value);
}

static const char *set_fail_on(struct arguments *a, const char *value)
{
	a->fail_on = *value == 'e' ? MS_ERROR :
		     *value == 'w' ? MS_WARNING :
				     MS_NOTE;
	return NULL;
}

static const char *set_exit_zero(struct arguments *a, const char *value)
{
	(void)value;
	a->exit_zero = true;
	return NULL;
}

const struct option_row opt_offset = {
	"offset", 0, "N",
	"the stream starts N bytes into FILE (0x...; K, M, G, T)", set_offset
};

const struct option_row opt_snapshot = {
	"snapshot", 0, "NAME",
	"which internal snapshot of a qcow2 image, by name or id", set_snapshot
};

const struct option_row opt_channel = {
	"channel", 0, "FILE",
	"recording of a further channel: multifd, preempt, a connection that "
	"resumes postcopy (repeatable, in the order of connecting)",
	set_channel
};

const struct option_row opt_return_path = {
	"return-path", 0, "FILE",
	"recording of what the destination said on the return path "
	"(repeatable, one for each connection, in their order)",
	set_return_path
};

const struct option_row opt_schema = {
	"schema", 0, "SPEC",
	"reads device state that the stream does not describe: a schema's "
	"name or file, a QEMU program, a -dump-vmstate file or a stream",
	set_schema
};

const struct option_row opt_host = {
	"host", 0, "FILE",
	"profile of the host, what its KVM can do: a file that 'migscope host' "
	"made there, or a name that 'migscope host --list' tells",
	set_host
};

const struct option_row opt_dest = {
	"dest", 0, "SPEC",
	"the QEMU to load into: a schema's name (qemu-10.0-x86_64, or "
	"qemu-10.0) or file, a QEMU program or a -dump-vmstate file "
	"(repeatable)",
	set_dest
};

const struct option_row opt_dest_stream = {
	"dest-stream", 0, "FILE",
	"a stream that the destination saved itself, started with the same "
	"command line (repeatable, one for each SPEC)",
	set_dest_stream
};

const struct option_row opt_fail_on = {
	"fail-on", 0, "error|warning|note",
	"exit with 1 on findings from here up; default: error", set_fail_on
};

const struct option_row opt_fail_on_note = {
	"fail-on", 0, "error|warning|note",
	"exit with 1 on differences from here up; default: note, all of them",
	set_fail_on
};

const struct option_row opt_exit_zero = {
	"exit-zero", 0, NULL, "exit with 0 on findings; with 2 on trouble",
	set_exit_zero
};

/* ---- limits ---- */

static const char *no_such_limit(struct arguments *a)
{
	const struct ms_limit_row *rows;
	size_t n, used = 0;

	rows = ms_limits(&n);
	for (size_t i = 0; i < n && used < sizeof(a->wrong); i++)
		used += (size_t)snprintf(a->wrong + used,
					 sizeof(a->wrong) - used, "%s%s",
					 i ? ", " : "no limit of that name: ",
					 rows[i].name);
	return a->wrong;
}

static const char *out_of_range(struct arguments *a,
				const struct ms_limit_row *row)
{
	snprintf(a->wrong, sizeof(a->wrong),
		 "from %" PRIu64 " to %" PRIu64 " %s are possible", row->least,
		 row->most, row->unit);
	return a->wrong;
}

static const char *set_limit(struct arguments *a, const char *value)
{
	const char *equals = strchr(value, '=');
	const struct ms_limit_row *rows;
	struct ms_limit *list, limit;
	size_t n;

	a->limits_help = !strcmp(value, "help");
	if (a->limits_help)
		return NULL;
	if (!equals)
		return "not NAME=N; '--limit help' lists the names";
	rows = ms_limits(&n);
	for (; n; n--, rows++)
		if (strlen(rows->name) == (size_t)(equals - value) &&
		    !strncmp(rows->name, value, (size_t)(equals - value)))
			break;
	if (!n)
		return no_such_limit(a);
	limit.name = rows->name;
	if (!parse_size(equals + 1, &limit.value))
		return "not a number; K, M, G and T may stand behind it";
	if (limit.value < rows->least || limit.value > rows->most)
		return out_of_range(a, rows);
	list = mem_resize_array(a->limits, a->limit_count + 1, sizeof(*list));
	if (!list)
		return "out of memory";
	a->limits = list;
	list[a->limit_count++] = limit;
	return NULL;
}

const struct option_row opt_limit = {
	"limit", 0, "NAME",
	"raises or lowers one of our own limits, as NAME=N (repeatable); "
	"'--limit help' lists them",
	set_limit
};

/* ---- options of every command ---- */

static const char *set_quiet(struct arguments *a, const char *value)
{
	(void)value;
	a->quiet = true;
	return NULL;
}

static const char *set_verbose(struct arguments *a, const char *value)
{
	(void)value;
	a->verbose = true;
	return NULL;
}

static const char *set_color(struct arguments *a, const char *value)
{
	a->color = value;
	return NULL;
}

static const char *set_help(struct arguments *a, const char *value)
{
	(void)value;
	a->help = true;
	return NULL;
}

static const char *set_version(struct arguments *a, const char *value)
{
	(void)value;
	a->version = true;
	return NULL;
}

static const struct option_row opt_quiet = {
	"quiet", 'q', NULL, "no messages but errors on standard error",
	set_quiet
};

static const struct option_row opt_verbose = {
	"verbose", 'v', NULL,
	"say on standard error what is read; with --version: what this was "
	"built with",
	set_verbose
};

static const struct option_row opt_color = {
	"color", 0, "auto|always|never",
	"colours in text; auto, the default: on a terminal, unless NO_COLOR is "
	"set",
	set_color
};

static const char *set_no_sandbox(struct arguments *a, const char *value)
{
	(void)value;
	a->no_sandbox = true;
	return NULL;
}

static const struct option_row opt_no_sandbox = {
	"no-sandbox", 0, NULL, "keep the right to open files and run programs",
	set_no_sandbox
};

static const struct option_row opt_help = { "help", 'h', NULL,
					    "print this and exit", set_help };

static const struct option_row opt_version = { "version", 0, NULL,
					       "print the version and exit",
					       set_version };

const struct option_row *const common_options[] = { &opt_quiet, &opt_verbose,
						    &opt_color, &opt_no_sandbox,
						    &opt_help,  &opt_version,
						    NULL };

/* ---- parsing ---- */

struct parser {
	struct option longs[MAX_OPTIONS + 1];
	char shorts[2 * MAX_OPTIONS + 2];
	const struct option_row *rows[MAX_OPTIONS];
	int count;
};

static void add_rows(struct parser *p, const struct option_row *const *rows)
{
	char *s = p->shorts + strlen(p->shorts);

	for (size_t i = 0; rows[i] && p->count < MAX_OPTIONS; i++) {
		const struct option_row *row = rows[i];

		if (row->short_name) {
			*s++ = row->short_name;
			if (row->argument)
				*s++ = ':';
		}
		p->longs[p->count] =
			(struct option){ row->name,
					 row->argument ? required_argument :
							 no_argument,
					 NULL, OPT_ROW + p->count };
		p->rows[p->count++] = row;
	}
	*s = '\0';
}

static const struct option_row *row_of(const struct parser *p, int value)
{
	if (value >= OPT_ROW)
		return p->rows[value - OPT_ROW];
	for (int i = 0; value > 0 && i < p->count; i++)
		if (p->rows[i]->short_name == value)
			return p->rows[i];
	return NULL;
}

/* getopt_long() does not say what it did not like about a long option. */
static void refuse(const struct parser *p, const struct command *c,
		   const char *word)
{
	const size_t n = strcspn(word, "=");
	unsigned like = 0;

	if (row_of(p, optopt)) {
		usage_error(c, "option '%.*s' takes no argument", (int)n, word);
		return;
	}
	if (optopt) {
		usage_error(c, "unknown option '-%c'", optopt);
		return;
	}
	for (const struct option *o = p->longs; o->name && n > 2; o++)
		like += !strncmp(o->name, word + 2, n - 2);
	usage_error(c, "%s option '%.*s'", like > 1 ? "ambiguous" : "unknown",
		    (int)n, word);
}

bool one_of(const char *words, const char *value)
{
	const size_t n = strlen(value);

	for (const char *w = words; n && *w; w += strcspn(w, "|")) {
		w += *w == '|';
		if (strcspn(w, "|") == n && !strncmp(w, value, n))
			return true;
	}
	return false;
}

/* False: has complained. */
/* Files that an option names are those that the sandbox leaves. */
static bool named_file(struct arguments *a, const struct option_row *row,
		       const char *value)
{
	const char *kind = row->argument ? row->argument : "";

	if (!strcmp(kind, "OUTPUT"))
		return sandbox_output(&a->sandbox, value);
	if (!strcmp(kind, "FILE") || !strcmp(kind, "SPEC"))
		return sandbox_input(&a->sandbox, value);
	return true;
}

static bool take(struct arguments *a, const struct option_row *row,
		 const char *value)
{
	const char *wrong = NULL;

	if (row->argument && strchr(row->argument, '|') &&
	    !one_of(row->argument, value)) {
		usage_error(a->command, "--%s '%s': not one of %s", row->name,
			    value, row->argument);
		return false;
	}
	wrong = row->set(a, value);
	if (!wrong && !named_file(a, row, value))
		wrong = "out of memory";
	if (wrong)
		usage_error(a->command, "--%s '%s': %s", row->name, value,
			    wrong);
	return !wrong;
}

/* --help wins over everything else on the line, --version over the rest. */
enum parse_result parse_options(struct arguments *a, int argc, char **argv)
{
	const struct command *c = a->command;
	struct parser p = { .shorts = ":" }; /* a missing argument is told */
	int value;

	if (c)
		add_rows(&p, c->options);
	add_rows(&p, common_options);
	opterr = 0;
	optind = 0; /* glibc: start anew, permuting */
	while ((value = getopt_long(argc, argv, p.shorts, p.longs, NULL)) !=
	       -1) {
		if (value == ':') {
			usage_error(c, "option '%s' needs an argument",
				    argv[optind - 1]);
			return PARSE_ERROR;
		}
		if (value == '?') {
			refuse(&p, c, argv[optind - 1]);
			return PARSE_ERROR;
		}
		if (!take(a, row_of(&p, value), optarg))
			return PARSE_ERROR;
		if (a->help || a->limits_help)
			return PARSE_HELP;
	}
	a->operands = argv + optind;
	a->operand_count = (size_t)(argc - optind);
	return a->version ? PARSE_VERSION : PARSE_RUN;
}
