/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* schema build, list, show and path: a table of actions under one command,
 * which share its options. */
#include "config.h"
#include "tool/command.h"

#include "api/schema.h"
#include "output/out-file.h"
#include "output/schema-json.h"
#include "output/schema-text.h"
#include "output/table.h"
#include "schema/machines.h"
#include "schema/sources.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- options ---- */

static const char *set_format(struct arguments *a, const char *value)
{
	a->format = value;
	return NULL;
}

static const char *set_output(struct arguments *a, const char *value)
{
	a->output = value;
	return *value ? NULL : "no name of a file";
}

static const char *set_module(struct arguments *a, const char *value)
{
	return string_list_add(&a->modules, value);
}

static const char *set_target(struct arguments *a, const char *value)
{
	a->target = value;
	return *value ? NULL : "no name of a target";
}

static const char *set_machines(struct arguments *a, const char *value)
{
	(void)value;
	a->machines = true;
	return NULL;
}

static const struct option_row opt_format = {
	"format", 0, "text|json|dump-vmstate",
	"show: form of the output; default: text", set_format
};

static const struct option_row opt_output = { "output", 'o', "OUTPUT",
					      "build: where the schema goes",
					      set_output };

static const struct option_row opt_module = {
	"module", 0, "FILE",
	"a module (.so) of the QEMU program; those beside it are found by "
	"themselves (repeatable)",
	set_module
};

static const struct option_row opt_machines = {
	"machines", 0, NULL, "show: the machine types instead", set_machines
};

static const struct option_row opt_target = {
	"target", 0, "NAME", "target of SPEC where it does not tell", set_target
};

/* ---- sources ---- */

static void tell_notes(const struct arguments *a, const char *spec,
		       const struct schema *s, uint32_t from)
{
	for (uint32_t i = from; i < s->note_count && !a->quiet; i++) {
		struct buf b = { 0 };

		buf_escape(&b, s->notes[i]);
		if (!b.failed)
			complain("%s: %s", spec, b.data);
		buf_free(&b);
	}
}

/* All sources as one. */
static struct schema *open_all(const struct arguments *a, char **specs,
			       size_t count)
{
	struct schema *all = open_spec(a, specs[0]);

	if (all)
		tell_notes(a, specs[0], all, 0);
	for (size_t i = 1; all && i < count; i++) {
		struct schema *next = open_spec(a, specs[i]), *both = NULL;

		if (next) {
			both = schema_merge(all, next);
			if (!both)
				complain("%s: cannot be merged: out of memory",
					 specs[i]);
			else
				tell_notes(a, specs[i], both, all->note_count);
		}
		schema_free(next);
		schema_free(all);
		all = both;
	}
	return all;
}

/* ---- build ---- */

static bool write_file(const struct schema *s, const char *path)
{
	struct out_file f;

	if (out_file_open(&f, path))
		schema_write(&f.out, s);
	if (out_file_close(&f, true))
		return true;
	complain("%s: %s", path, strerror(errno));
	return false;
}

static enum exit_status build(struct arguments *a, char **specs, size_t count)
{
	struct schema *s = open_all(a, specs, count);
	bool ok = s;

	if (s && a->target)
		s->target = text_of(a->target);
	if (s && a->output && strcmp(a->output, "-"))
		ok = write_file(s, a->output);
	else if (s)
		schema_write(a->out, s);
	schema_free(s);
	return ok ? EXIT_CLEAN : EXIT_TROUBLE;
}

/* ---- show ---- */

static void show_one(struct arguments *a, const struct schema *s,
		     const struct schema_vmsd *v)
{
	if (a->format && !strcmp(a->format, "json"))
		schema_write_vmsd(a->out, s, v);
	else
		schema_print_vmsd(a->out, s, v);
}

static void show_all(struct arguments *a, const struct schema *s)
{
	const bool json = a->format && !strcmp(a->format, "json");

	if (a->machines)
		(json ? schema_write_machines : schema_print_machines)(a->out,
								       s);
	else
		(json ? schema_write : schema_print)(a->out, s);
}

/* By name or alias. */
static bool show_machine(struct arguments *a, const struct schema *s,
			 struct ms_text name)
{
	const struct schema_machine *m = machine_find(s, name);

	m = m ? m : machine_of_alias(s, name);
	if (m)
		schema_print_machine(a->out, s, m);
	return m;
}

/* By key, by name, by the device that uses it, or a machine type. */
static unsigned show_named(struct arguments *a, const struct schema *s,
			   const char *name)
{
	const struct ms_text wanted = text_of(name);
	const struct schema_vmsd *v;
	const struct schema_device *d;
	unsigned n = 0;

	while ((v = schema_find(s, wanted, n))) {
		if (n++)
			out_putc(a->out, '\n');
		show_one(a, s, v);
	}
	if (n)
		return n;
	v = schema_find_key(s, wanted);
	d = schema_device_find(s, wanted);
	v = v ? v : d ? d->vmsd : NULL;
	if (!v)
		return show_machine(a, s, wanted);
	show_one(a, s, v);
	return 1;
}

static enum exit_status show(struct arguments *a, char **specs, size_t count)
{
	const char *name = count > 1 ? specs[1] : NULL;
	struct schema *s = open_spec(a, specs[0]);
	enum exit_status status = EXIT_CLEAN;

	if (!s)
		return EXIT_TROUBLE;
	if (a->format && !strcmp(a->format, "dump-vmstate")) {
		const struct schema_vmsd *only =
			name ? schema_find(s, text_of(name), 0) : NULL;

		if (name && !only) {
			complain("%s: no description '%s'", specs[0], name);
			status = EXIT_TROUBLE;
		} else {
			schema_write_dump(a->out, s, only);
		}
	} else if (!name) {
		show_all(a, s);
	} else if (!show_named(a, s, name)) {
		complain("%s: no description, device or machine type '%s'",
			 specs[0], name);
		status = EXIT_TROUBLE;
	}
	schema_free(s);
	return status;
}

/* ---- list, path ---- */

static void add_shipped(void *ctx, const char *name, const char *path)
{
	table_text(ctx, text_of(name));
	table_text(ctx, text_of(path));
}

static enum exit_status list(struct arguments *a, char **specs, size_t count)
{
	static const struct table_column columns[] = { { NULL, false },
						       { NULL, false } };
	struct table t;

	(void)specs;
	(void)count;
	table_start(&t, columns, 2);
	t.indent = 0;
	if (!schema_each_shipped(add_shipped, &t)) {
		complain("out of memory");
		return EXIT_TROUBLE;
	}
	table_print(&t, a->out);
	return EXIT_CLEAN;
}

static void print_folder(void *ctx, const char *folder)
{
	out_escape(ctx, text_of(folder));
	out_putc(ctx, '\n');
}

static enum exit_status path(struct arguments *a, char **specs, size_t count)
{
	(void)specs;
	(void)count;
	schema_each_folder(print_folder, a->out);
	return EXIT_CLEAN;
}

/* ---- actions ---- */

static const struct action actions[] = {
	{ "build", "SPEC...", "all sources as one schema, see --output", 1,
	  SIZE_MAX, build },
	{ "list", "", "names and files of the shipped schemas", 0, 0, list },
	{ "show", "SPEC [NAME]",
	  "what is in one, or one description or machine type of it", 1, 2,
	  show },
	{ "path", "", "where shipped schemas are looked for", 0, 0, path },
	{ 0 },
};

const struct command cmd_schema = {
	.name = "schema",
	.synopsis = "schema build SPEC... | list | show SPEC [NAME] | path",
	.summary = "Device schemas: from a QEMU program, a dump, a stream",
	.actions = actions,
	.options =
		(const struct option_row *const[]){
			&opt_output, &opt_format, &opt_machines, &opt_snapshot,
			&opt_module, &opt_target, NULL },
	.examples =
		(const char *const[]){
			"migscope schema build /usr/bin/qemu-system-x86_64 "
			"-o here.json",
			"migscope schema show here.json apic",
			"migscope schema show qemu-10.0-x86_64 --machines",
			"migscope schema show qemu-10.0-x86_64 pc-q35-7.2",
			NULL },
};
