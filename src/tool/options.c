/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* getopt_long() driven by the option tables. */
#include "config.h"
#include "tool/command.h"

#include "base/mem.h"

#include <getopt.h>
#include <stdlib.h>

#define MAX_OPTIONS 32
/* Values for getopt_long() beyond any short option. */
enum { OPT_HELP = 256, OPT_VERSION, OPT_ROW };

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

static const char *set_schema(struct arguments *a, const char *value)
{
	a->schema_spec = value;
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
	if (!strcmp(value, "error"))
		a->fail_on = MS_ERROR;
	else if (!strcmp(value, "warning"))
		a->fail_on = MS_WARNING;
	else
		return "neither 'error' nor 'warning'";
	return NULL;
}

static const char *set_quiet(struct arguments *a, const char *value)
{
	(void)value;
	a->quiet = true;
	return NULL;
}

const struct option_row opt_offset = {
	"offset", 0, "N",
	"the stream starts N bytes into FILE (0x…; K, M, G, T)", set_offset
};

const struct option_row opt_snapshot = {
	"snapshot", 0, "NAME",
	"which internal snapshot of a qcow2 image, by name or id", set_snapshot
};

const struct option_row opt_channel = {
	"channel", 0, "FILE",
	"recording of a further channel: multifd, preempt (repeatable)",
	set_channel
};

const struct option_row opt_schema = {
	"schema", 0, "SPEC",
	"reads device state that the stream does not describe: a schema's "
	"name or file, a QEMU program, a -dump-vmstate file or a stream",
	set_schema
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
	"fail-on", 0, "LEVEL",
	"exit with 1 on findings from here up: error (the default) or warning",
	set_fail_on
};

const struct option_row opt_quiet = {
	"quiet", 'q', NULL, "no messages about findings on standard error",
	set_quiet
};

struct parser {
	struct option longs[MAX_OPTIONS + 3];
	char shorts[2 * MAX_OPTIONS + 4];
	const struct option_row *rows[MAX_OPTIONS];
	int count;
};

static void build(struct parser *p, const struct command *c)
{
	char *s = p->shorts;
	int n = 0;

	*s++ = ':'; /* a missing argument is told apart */
	*s++ = 'v';
	p->count = 0;
	for (; c && c->options[p->count]; p->count++) {
		const struct option_row *row = c->options[p->count];

		p->rows[p->count] = row;
		if (row->short_name) {
			*s++ = row->short_name;
			if (row->argument)
				*s++ = ':';
		}
		if (row->name)
			p->longs[n++] = (struct option){
				row->name,
				row->argument ? required_argument : no_argument,
				NULL, OPT_ROW + p->count
			};
	}
	*s = '\0';
	p->longs[n++] = (struct option){ "help", no_argument, NULL, OPT_HELP };
	p->longs[n++] =
		(struct option){ "version", no_argument, NULL, OPT_VERSION };
	p->longs[n] = (struct option){ NULL, 0, NULL, 0 };
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

	if (optopt >= OPT_HELP || row_of(p, optopt)) {
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

/* --help wins over everything else on the line, --version over the rest. */
enum parse_result parse_options(struct arguments *a, int argc, char **argv,
				bool *ret_verbose)
{
	const struct command *c = a->command;
	enum parse_result result = PARSE_RUN;
	struct parser p;
	int value;

	build(&p, c);
	opterr = 0;
	optind = 0; /* glibc: start anew, permuting */
	while ((value = getopt_long(argc, argv, p.shorts, p.longs, NULL)) !=
	       -1) {
		const struct option_row *row;
		const char *wrong;

		switch (value) {
		case OPT_HELP:
			return PARSE_HELP;
		case OPT_VERSION:
			result = PARSE_VERSION;
			continue;
		case 'v':
			*ret_verbose = true;
			continue;
		case ':':
			usage_error(c, "option '%s' needs an argument",
				    argv[optind - 1]);
			return PARSE_ERROR;
		case '?':
			refuse(&p, c, argv[optind - 1]);
			return PARSE_ERROR;
		default:
			break;
		}
		row = row_of(&p, value);
		wrong = row ? row->set(a, optarg) : NULL;
		if (wrong) {
			usage_error(c, "--%s '%s': %s", row->name, optarg,
				    wrong);
			return PARSE_ERROR;
		}
	}
	a->operands = argv + optind;
	a->operand_count = (size_t)(argc - optind);
	return result;
}
