/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "tool/command.h"

#include "api/schema.h"
#include "output/compat.h"

#include <stdlib.h>

static const char *set_both(struct arguments *a, const char *value)
{
	(void)value;
	a->both = true;
	return NULL;
}

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return compat_format_find(value) ? NULL : "not a format of compat";
}

static const struct option_row opt_both = {
	"both", 0, NULL, "from SRC to DST, then from DST to SRC", set_both
};

static const struct option_row opt_format = {
	"format", 0, "text|json", "form of the report; default: text",
	set_format
};

/* NULL: has complained. */
static struct schema *open_schema(const struct arguments *a, const char *spec)
{
	const struct schema_options o = { .snapshot = a->snapshot };
	char *why = NULL;
	struct schema *s = schema_open(spec, &o, &why);

	if (!s)
		complain("%s: %s", spec, why ? why : "out of memory");
	else
		detail(a, "%s: %u descriptions, %u devices", spec,
		       (unsigned)s->vmsd_count, (unsigned)s->device_count);
	free(why);
	return s;
}

static enum exit_status one_way(struct arguments *a, const char *const specs[2],
				struct schema *const schemas[2], int from)
{
	const struct compat_format *format =
		compat_format_find(a->format ? a->format : "text");
	struct compat *c = compat_run(schemas[from], schemas[!from]);
	enum exit_status status = EXIT_CLEAN;

	if (!c) {
		complain("out of memory");
		return EXIT_TROUBLE;
	}
	format->print(a->out,
		      &(struct compat_report_of){ .source = specs[from],
						  .destination = specs[!from],
						  .compat = c });
	for (size_t i = 0; i < c->count; i++)
		if (c->findings[i].f.severity >= a->fail_on)
			status = EXIT_FINDINGS;
	if (c->failed) {
		complain("not everything was compared: out of memory, or over "
			 "a limit");
		status = EXIT_TROUBLE;
	}
	compat_free(c);
	return status;
}

static enum exit_status run(struct arguments *a)
{
	const char *const specs[2] = { a->operands[0], a->operands[1] };
	struct schema *schemas[2] = { open_schema(a, specs[0]), NULL };
	enum exit_status status = EXIT_TROUBLE, back;

	if (schemas[0])
		schemas[1] = open_schema(a, specs[1]);
	if (schemas[1])
		status = one_way(a, specs, schemas, 0);
	if (schemas[1] && a->both) {
		back = one_way(a, specs, schemas, 1);
		status = back > status ? back : status;
	}
	schema_free(schemas[0]);
	schema_free(schemas[1]);
	return status;
}

const struct command cmd_compat = {
	.name = "compat",
	.synopsis = "compat [--both] [--format NAME] [--fail-on LEVEL] "
		    "[--snapshot NAME] SRC DST",
	.summary = "What breaks when one QEMU loads what another writes",
	.options = (const struct option_row *const[]){ &opt_both, &opt_format,
						       &opt_fail_on,
						       &opt_snapshot, NULL },
	.examples =
		(const char *const[]){
			"migscope compat qemu-7.2-x86_64 qemu-10.0-x86_64",
			"migscope compat --both old.json "
			"/usr/bin/qemu-system-x86_64",
			NULL },
	.least = 2,
	.most = 2,
	.run = run,
};
