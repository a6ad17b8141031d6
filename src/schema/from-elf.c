/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/from-elf.h"

#include <stdio.h>
#include <stdlib.h>

bool schema_is_elf(const uint8_t *bytes, size_t n)
{
	return n >= 4 && !memcmp(bytes, "\177ELF", 4);
}

#ifdef HAVE_LIBELF

#include "base/limits.h"
#include "schema/elf-tables.h"

/* A program or module and all that is made on the way. */
struct job {
	struct elf_image im;
	struct elf_program program;
	struct harvest harvest;
	struct elf_types types;
	uint64_t budget;
};

static void job_free(struct job *j)
{
	harvest_free(&j->harvest);
	elf_types_free(&j->types);
	free(j->program.arrays);
	elf_image_close(&j->im);
}

static struct ms_text base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return text_of(slash ? slash + 1 : path);
}

/* "qemu-system-x86_64", also with something behind it. */
static struct ms_text target_of_name(struct ms_text name)
{
	const struct ms_text prefix = TEXT("qemu-system-");
	size_t n = 0;

	if (!text_starts(name, prefix))
		return text_make(NULL, 0);
	name = text_make(name.bytes + prefix.length,
			 name.length - prefix.length);
	while (n < name.length && name.bytes[n] != '-' && name.bytes[n] != '.')
		n++;
	return text_make(name.bytes, n);
}

static void add_origin(struct job *j, struct schema *s, const char *name,
		       enum schema_source_kind kind)
{
	const struct elf_layout *l = &j->program.layout;
	char layout[32];

	snprintf(layout, sizeof(layout), "%s/%s", l->field->name,
		 l->vmsd->name);
	schema_add_origin(s, (struct schema_origin){
				     .kind = kind,
				     .name = schema_text(s, base_name(name)),
				     .host = text_of(j->im.host->name),
				     .layout = schema_text(s, text_of(layout)),
			     });
}

static const char too_many_tests[] =
	"tests of what could be a description are over the limit of " LIMIT_TEXT(
		MAX_PROGRAM_TESTS);

static const char *find_and_harvest(struct job *j, struct schema *s,
				    const struct job *main, char *why,
				    size_t room)
{
	static const char no_memory[] = "out of memory";

	j->budget = MAX_PROGRAM_TESTS;
	j->program.im = &j->im;
	j->program.main = main ? &main->program : NULL;
	j->program.budget = &j->budget;
	if (!elf_find_layout(&j->program, why, room))
		return j->budget ? why : too_many_tests;
	j->harvest.program = &j->program;
	j->harvest.main = main ? &main->harvest : NULL;
	j->harvest.schema = s;
	if (!harvest_all(&j->harvest))
		return s->failed ? s->failure : no_memory;
	if (!elf_read_types(&j->im, &j->types) ||
	    !elf_bind_types(&j->harvest, &j->types, main ? &main->types : NULL))
		return no_memory;
	return j->budget ? NULL : too_many_tests;
}

static const char *read_program(struct job *j, struct schema *s,
				const char *name, char *why, size_t room)
{
	const char *wrong = find_and_harvest(j, s, NULL, why, room);
	struct ms_text target;

	if (wrong)
		return wrong;
	add_origin(j, s, name, SOURCE_ELF);
	elf_read_version(&j->im, s);
	elf_read_commands(&j->im, s);
	if (!elf_find_machines(&j->im, &j->types, s))
		return "out of memory";
	target = target_of_name(base_name(name));
	if (!target.length)
		target = elf_find_target(&j->types);
	s->target = schema_text(s, target);
	return NULL;
}

/* ---- modules ---- */

/* util/module.c: a module exports qemu_stamp_<hash>, which the program that
 * it was built with asks for by name. */
static bool belongs_to(const struct elf_image *module,
		       const struct elf_image *main)
{
	static const struct ms_text prefix = TEXT("qemu_stamp_");

	for (size_t i = 0; i < module->symbol_count; i++) {
		const struct ms_text name = module->symbols[i].name;

		if (!text_starts(name, prefix))
			continue;
		elf_each_segment(main,
				 g) if (!g->code &&
					memmem(main->bytes + g->offset,
					       (size_t)(g->file_end - g->start),
					       name.bytes,
					       name.length)) return true;
	}
	return false;
}

/* One that refers to what its program lacks is for another target
 * (s390x has no vmstate_vga_common). */
static bool fits_target(const struct elf_image *module,
			const struct elf_image *main)
{
	for (size_t i = 0; i < module->outside_count; i++) {
		const struct ms_text name = module->outside[i];

		if (text_has(name, TEXT("vmstate")) &&
		    !elf_symbol_find(main, name))
			return false;
	}
	return true;
}

/* What is wrong with a module alone is a note. False: the schema has failed. */
static bool read_module(struct job *main, struct schema *s,
			struct elf_module *m)
{
	struct job j = { .program.im = NULL };
	const uint32_t before = s->vmsd_count;
	const char *wrong;
	char why[160];

	if (!elf_image_open(&j.im, m->bytes, m->length, why, sizeof(why))) {
		schema_note(s, "module %s: %s", m->name, why);
		m->bytes = NULL;
		return !s->failed;
	}
	m->bytes = NULL;
	if (j.im.host == main->im.host && belongs_to(&j.im, &main->im) &&
	    fits_target(&j.im, &main->im)) {
		wrong = find_and_harvest(&j, s, main, why, sizeof(why));
		if (wrong && !s->failed)
			schema_note(s, "module %s: %s", m->name, wrong);
		if (s->vmsd_count != before)
			add_origin(&j, s, m->name, SOURCE_MODULE);
	}
	job_free(&j);
	return !s->failed;
}

static struct schema *read_all(struct job *j, const char *name,
			       struct elf_module *modules, size_t module_count,
			       char *why, size_t room)
{
	struct schema *s = schema_new();
	const char *wrong =
		s ? read_program(j, s, name, why, room) : "out of memory";

	for (size_t i = 0; !wrong && i < module_count; i++)
		if (!read_module(j, s, &modules[i]))
			break;
	if (!wrong && !schema_finish(s))
		wrong = s->failure;
	if (!wrong)
		return s;
	if (wrong != why)
		snprintf(why, room, "%s", wrong);
	schema_free(s);
	return NULL;
}

struct schema *schema_from_elf(const char *name, uint8_t *bytes, size_t n,
			       struct elf_module *modules, size_t module_count,
			       char *why, size_t why_room)
{
	struct job j = { .program.im = NULL };
	struct schema *s = NULL;

	if (elf_image_open(&j.im, bytes, n, why, why_room)) {
		s = read_all(&j, name, modules, module_count, why, why_room);
		job_free(&j);
	}
	for (size_t i = 0; i < module_count; i++)
		free(modules[i].bytes);
	return s;
}

#else

struct schema *schema_from_elf(const char *name, uint8_t *bytes, size_t n,
			       struct elf_module *modules, size_t module_count,
			       char *why, size_t why_room)
{
	(void)name;
	(void)n;
	free(bytes);
	for (size_t i = 0; i < module_count; i++)
		free(modules[i].bytes);
	snprintf(why, why_room,
		 "built without libelf: programs cannot be read");
	return NULL;
}

#endif
