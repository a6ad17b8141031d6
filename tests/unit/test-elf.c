/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "api/schema.h"
#include "base/limits.h"
#include "make-elf.h"
#include "schema/from-elf.h"

#include <elf.h>
#include <stdio.h>
#include <unistd.h>

static const struct made_recipe plain = { MADE_10_0, MADE_RELA, EM_X86_64,
					  false, false };

static struct schema *read_elf(uint8_t *bytes, size_t n)
{
	char why[160] = "";
	struct schema *s = schema_from_elf("/x/qemu-system-x86_64", bytes, n,
					   NULL, 0, why, sizeof(why));

	if (!s)
		print_message("%s\n", why);
	return s;
}

static struct schema *read_made(const struct made_recipe *r)
{
	size_t n;
	uint8_t *bytes = make_elf(r, &n);

	assert_non_null(bytes);
	return read_elf(bytes, n);
}

static const struct schema_vmsd *vmsd(const struct schema *s, const char *name)
{
	return schema_find(s, text_of(name), 0);
}

static void assert_text(struct ms_text t, const char *expected)
{
	assert_int_equal(t.length, strlen(expected));
	assert_memory_equal(t.bytes, expected, t.length);
}

/* What make-elf.h promises. */
static void check_outer(const struct schema *s)
{
	const struct schema_vmsd *v = vmsd(s, "outer");
	const struct schema_field *f;

	assert_non_null(v);
	assert_int_equal(v->version, 3);
	assert_int_equal(v->minimum, 2);
	assert_int_equal(v->field_count, 6);
	f = v->fields;
	assert_text(f[0].name, "id");
	assert_text(f[0].type, "uint32");
	assert_int_equal(f[0].size, 4);
	assert_int_equal(f[2].flags, FIELD_ARRAY);
	assert_int_equal(f[2].num, 4);
	assert_int_equal(f[3].flags, FIELD_VARRAY | FIELD_POINTER);
	assert_int_equal(f[3].version, 3);
	assert_int_equal(f[3].count.width, 2);
	assert_int_equal(f[3].count.field, 1);
	assert_text(f[3].count.name, "n");
	assert_text(f[4].type, "struct");
	assert_ptr_equal(f[4].vmsd, vmsd(s, "inner"));
	assert_true(f[5].flags & FIELD_CONDITIONAL);
	assert_int_equal(v->subsection_count, 1);
	assert_text(v->subsections[0]->name, "outer/sub");
	assert_int_equal(v->subsections[0]->hooks, HOOK_NEEDED);
	assert_int_equal(v->subsections[0]->roles, ROLE_SUBSECTION);
	assert_text(vmsd(s, "inner")->fields[2].type, "timer");
}

static void check_recipe(const struct made_recipe *r, const char *layout)
{
	struct schema *s = read_made(r);

	assert_non_null(s);
	check_outer(s);
	assert_text(s->origins[0].layout, layout);
	assert_text(s->qemu_version, "10.0.13");
	assert_text(s->package, "Made 1:10");
	assert_text(s->target, "x86_64");
	schema_free(s);
}

static void layouts_of_releases_are_told_apart(void **state)
{
	struct made_recipe r = plain;

	(void)state;
	r.layout = MADE_5_2;
	check_recipe(&r, "F104/D104");
	r.layout = MADE_7_2;
	check_recipe(&r, "F104/D88");
	r.layout = MADE_10_0;
	check_recipe(&r, "F104e/D88");
	r.layout = MADE_11_1;
	check_recipe(&r, "F96i/D112");
}

static void pointers_are_found_in_any_form(void **state)
{
	struct made_recipe r = plain;

	(void)state;
	r.pointers = MADE_RELR;
	check_recipe(&r, "F104e/D88");
	r.pointers = MADE_FIXED;
	check_recipe(&r, "F104e/D88");
}

static void other_hosts_are_read(void **state)
{
	struct made_recipe r = plain;

	(void)state;
	r.machine = EM_AARCH64;
	check_recipe(&r, "F104e/D88");
	r.machine = EM_S390;
	r.big_endian = true;
	check_recipe(&r, "F104e/D88");
	r.layout = MADE_5_2;
	check_recipe(&r, "F104/D104");
}

static void empty_description_counts_when_code_takes_its_address(void **state)
{
	struct made_recipe r = plain;
	const struct schema_vmsd *v;
	struct schema *s;

	(void)state;
	for (r.layout = MADE_5_2; r.layout <= MADE_11_1; r.layout++) {
		s = read_made(&r);
		v = vmsd(s, "blocker");
		assert_non_null(v);
		assert_true(v->unmigratable);
		assert_int_equal(v->roles, ROLE_TOP);
		schema_free(s);
	}
	r = plain;
	r.machine = EM_AARCH64; /* whose code would look different */
	s = read_made(&r);
	assert_null(vmsd(s, "blocker"));
	schema_free(s);
}

static void machine_types_are_found_through_calls(void **state)
{
	struct made_recipe r = plain;
	struct schema *s;

	(void)state;
	r.machines = true;
	s = read_made(&r);
	assert_non_null(s);
	assert_int_equal(s->device_count, 1);
	assert_text(s->devices[0].name, "a-device");
	assert_ptr_equal(s->devices[0].vmsd, vmsd(s, "outer"));
	assert_int_equal(s->machine_count, 2);
	assert_text(s->machines[0].name, "new");
	assert_int_equal(s->machines[0].compat_count, 1);
	assert_text(s->machines[1].name, "old");
	assert_int_equal(s->machines[1].compat_count, 2);
	assert_int_equal(s->machines[1].compat[0], s->machines[0].compat[0]);
	assert_int_equal(s->compat_count, 2);
	assert_text(s->compats[s->machines[1].compat[1]].properties[0].name,
		    "x");
	schema_free(s);
}

static void foreign_files_are_refused(void **state)
{
	static const char *const texts[] = { "", "\177ELF", "#!/bin/sh\n" };
	size_t n;
	uint8_t *p;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		n = strlen(texts[i]);
		p = malloc(n + 1);
		memcpy(p, texts[i], n);
		assert_null(read_elf(p, n));
	}
	/* an ELF file without any of the tables */
	p = make_elf(&plain, &n);
	memset(p + 0x2000, 0, n - 0x2000);
	assert_null(read_elf(p, n));
	p = make_elf(&plain, &n);
	p[4] = 1; /* for 32-bit hosts */
	assert_null(read_elf(p, n));
}

static void cut_anywhere_is_an_error_or_less(void **state)
{
	size_t n;
	uint8_t *whole = make_elf(&plain, &n);

	(void)state;
	for (size_t cut = 0; cut < n; cut += 13) {
		uint8_t *p = malloc(cut ? cut : 1);

		memcpy(p, whole, cut);
		schema_free(schema_from_elf("x", p, cut, NULL, 0,
					    (char[160]){ 0 }, 160));
	}
	free(whole);
}

static void any_flipped_byte_is_survived(void **state)
{
	size_t n;
	uint8_t *whole = make_elf(&plain, &n);

	(void)state;
	for (size_t at = 0; at < n; at++) {
		static const uint8_t masks[] = { 0x01, 0x80, 0xff };
		uint8_t *p;

		if (!whole[at] && at > 0x400)
			continue;
		for (int i = 0; i < 3; i++) {
			p = malloc(n);
			memcpy(p, whole, n);
			p[at] ^= masks[i];
			schema_free(schema_from_elf("x", p, n, NULL, 0,
						    (char[160]){ 0 }, 160));
		}
	}
	free(whole);
}

/* ---- caps ---- */

#define ROOM 0x4000u /* of what make_elf() makes, see there */
#define BASE 0x400000u

static void put64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static uint64_t get64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 8; i--;)
		v = v << 8 | p[i];
	return v;
}

/* The program without relocations, its last segment longer by n bytes. */
static uint8_t *longer(size_t n, size_t *ret_size)
{
	struct made_recipe r = plain;
	uint8_t *p, *header;

	r.pointers = MADE_FIXED;
	p = make_elf(&r, ret_size);
	assert_int_equal(*ret_size, ROOM);
	p = realloc(p, ROOM + n);
	assert_non_null(p);
	memset(p + ROOM, 0, n);
	*ret_size = ROOM + n;
	header = p + 64 + 56 * 2;
	put64(header + 32, get64(header + 32) + n);
	put64(header + 40, get64(header + 40) + n);
	return p;
}

/* Where the first field is that has this name. */
static size_t field_called(const uint8_t *p, const char *name)
{
	const uint8_t *s = memmem(p, ROOM, name, strlen(name) + 1);

	assert_non_null(s);
	for (size_t at = 0x2800; at < ROOM; at += 8)
		if (get64(p + at) == BASE + (uint64_t)(s - p))
			return at;
	fail();
	return 0;
}

static void refused(uint8_t *bytes, size_t n, const char *words)
{
	char why[160] = "";

	assert_null(schema_from_elf("x", bytes, n, NULL, 0, why, sizeof(why)));
	if (!strstr(why, words))
		fail_msg("'%s' is not in: %s", words, why);
}

static void references_are_counted(void **state)
{
	const size_t n = 8 * (MAX_PROGRAM_SLOTS + 1);
	size_t size;
	uint8_t *p = longer(n, &size);
	const size_t target = field_called(p, "id");

	(void)state;
	for (size_t i = 0; i < n; i += 8)
		put64(p + ROOM + i, BASE + target);
	refused(p, size,
		"references to fields are over the limit of " LIMIT_TEXT(
			MAX_PROGRAM_SLOTS));
}

/* Each word leads to a thousand fields, behind which no end record is. */
static void tests_are_counted(void **state)
{
	enum { FIELD = 104, FIELDS = 1000 };
	const size_t words = MAX_PROGRAM_TESTS / FIELDS + 1;
	size_t size;
	uint8_t *p = longer(FIELD * FIELDS + 8 + 8 * words, &size);
	uint8_t *to = p + ROOM;
	const size_t target = field_called(p, "id");

	(void)state;
	for (int i = 0; i < FIELDS; i++, to += FIELD)
		memcpy(to, p + target, FIELD);
	put64(to, 1);
	for (size_t i = 0; i < words; i++)
		put64(to += 8, BASE + ROOM);
	refused(p, size,
		"tests of what could be a description are over the limit "
		"of " LIMIT_TEXT(MAX_PROGRAM_TESTS));
}

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* The address of a string of the program as made. */
static uint64_t string_in(const uint8_t *p, const char *text)
{
	const uint8_t *s = memmem(p, ROOM, text, strlen(text) + 1);

	assert_non_null(s);
	/* not the end of another one */
	while (s[-1])
		s = (const uint8_t *)memmem(s + 1, (size_t)(p + ROOM - s) - 1,
					    text, strlen(text) + 1);
	return BASE + (uint64_t)(s - p);
}

static void segment(uint8_t *p, size_t n, uint32_t type, uint32_t flags,
		    size_t from, size_t to)
{
	uint8_t *header = p + 64 + 56 * n;

	put32(header, type);
	put32(header + 4, flags);
	put64(header + 8, from);
	put64(header + 16, BASE + from);
	put64(header + 24, BASE + from);
	put64(header + 32, to - from);
	put64(header + 40, to - from);
	put64(header + 48, 8);
}

/* ---- caps on what code leads to ---- */

enum { LEA = 7, CALL = 5, TYPE = 104, COMMAND = 16 };

/* The program with machine types, and behind it data, code, and the table of
 * its functions, as for .eh_frame_hdr. */
struct program {
	uint8_t *p;
	size_t size, code, table, functions;
	uint64_t list; /* offset of a list of defaults */
};

static struct program larger(size_t data, size_t code, size_t functions)
{
	const struct made_recipe r = { MADE_10_0, MADE_FIXED, EM_X86_64, false,
				       true };
	const size_t taken = 0x1920; /* where code takes the list's address */
	struct program x = { .code = ROOM + data, .table = ROOM + data + code };
	size_t made;
	uint8_t *from = make_elf(&r, &made);
	uint32_t relative;

	assert_non_null(from);
	x.p = longer(x.table + 12 + 8 * (functions + 1) - ROOM, &x.size);
	memcpy(x.p, from, made);
	free(from);
	memcpy(&relative, x.p + taken + 3, sizeof(relative));
	x.list = taken + LEA + relative;
	memcpy(x.p + x.table, "\1\x1b\3\x3b", 4);
	segment(x.p, 2, PT_LOAD, PF_R | PF_W, 0x2000, x.code);
	segment(x.p, 3, PT_GNU_EH_FRAME, PF_R, x.table, x.size);
	segment(x.p, 4, PT_LOAD, PF_R | PF_X, x.code, x.table);
	segment(x.p, 5, PT_LOAD, PF_R, x.table, x.size);
	x.p[56] = 6;
	return x;
}

/* In the order of their places; the last one is where all end. */
static void function(struct program *x, size_t at)
{
	put32(x->p + x->table + 12 + 8 * x->functions,
	      (uint32_t)(at - x->table));
	put32(x->p + x->table + 8, (uint32_t)++x->functions);
}

/* lea rax, [rip + to] */
static size_t put_lea(struct program *x, size_t at, uint64_t to)
{
	memcpy(x->p + at, "\x48\x8d\x05", 3);
	put32(x->p + at + 3, (uint32_t)(to - (at + LEA)));
	return at + LEA;
}

static size_t put_call(struct program *x, size_t at, uint64_t to)
{
	x->p[at] = 0xe8;
	put32(x->p + at + 1, (uint32_t)(to - (at + CALL)));
	return at + CALL;
}

static void put_type(struct program *x, size_t at, uint64_t name,
		     uint64_t parent, size_t init)
{
	put64(x->p + at, name);
	put64(x->p + at + 8, parent);
	put64(x->p + at + 72, init ? BASE + init : 0);
}

static void put_machine(struct program *x, size_t at, size_t init)
{
	put_type(x, at, string_in(x->p, "old-machine"),
		 string_in(x->p, "machine"), init);
}

/* That its schema has a note of that cap; takes the program. */
static struct schema *noted(struct program *x, const char *what,
			    unsigned long most)
{
	struct schema *s = read_elf(x->p, x->size);
	char text[160];
	bool told = false;

	assert_non_null(s);
	snprintf(text, sizeof(text),
		 "%s are over the limit of %lu: the rest is left out", what,
		 most);
	for (uint32_t i = 0; i < s->note_count; i++)
		told |= text_is(s->notes[i], text);
	if (!told)
		fail_msg("not noted: %s", text);
	return s;
}

/* More machine types than are followed, each with a function of 512 steps that
 * takes a list of defaults in all of them. */
static void steps_to_defaults_are_counted(void **state)
{
	enum { STEPS = MAX_PROGRAM_FUNCTION_STEPS };
	const size_t types = MAX_PROGRAM_STEPS / STEPS + 1;
	struct program x = larger(types * TYPE, STEPS * LEA + 8, 1);
	size_t at = x.code;
	struct schema *s;

	(void)state;
	for (size_t i = 0; i < types; i++)
		put_machine(&x, ROOM + i * TYPE, x.code);
	for (size_t i = 0; i < STEPS; i++)
		at = put_lea(&x, at, x.list);
	function(&x, x.code);
	function(&x, x.table - 8);
	s = noted(&x, "steps to the defaults of machine types",
		  MAX_PROGRAM_STEPS);
	assert_int_equal(s->machine_count, 2); /* their names are the same */
	schema_free(s);
}

static void steps_of_a_function_are_counted(void **state)
{
	enum { STEPS = MAX_PROGRAM_FUNCTION_STEPS + 1 };
	struct program x = larger(TYPE, STEPS * LEA + 8, 1);
	size_t at = x.code;

	(void)state;
	put_machine(&x, ROOM, x.code);
	for (size_t i = 0; i < STEPS; i++)
		at = put_lea(&x, at, x.list);
	function(&x, x.code);
	function(&x, x.table - 8);
	schema_free(noted(&x, "steps of a function that sets machine types up",
			  MAX_PROGRAM_FUNCTION_STEPS));
}

/* One that calls 33 others, each of which calls 512 that do nothing. */
static void functions_are_counted(void **state)
{
	enum { OUTER = 33, INNER = MAX_PROGRAM_FUNCTION_STEPS };
	enum { EMPTY = 16, LONG = INNER * CALL + 8 };
	const size_t first = OUTER * CALL + 8;
	const size_t empty = first + OUTER * LONG;
	const size_t count = 1 + OUTER + OUTER * INNER;
	struct program x = larger(TYPE, empty + OUTER * INNER * EMPTY, count);
	size_t at = x.code;

	(void)state;
	assert_true(count > MAX_PROGRAM_FUNCTIONS);
	put_machine(&x, ROOM, x.code);
	function(&x, x.code);
	for (size_t i = 0; i < OUTER; i++) {
		size_t in = x.code + first + i * LONG;

		at = put_call(&x, at, in);
		function(&x, in);
		for (size_t k = 0; k < INNER; k++)
			in = put_call(&x, in,
				      x.code + empty + (i * INNER + k) * EMPTY);
	}
	for (size_t i = 0; i < OUTER * INNER; i++)
		function(&x, x.code + empty + i * EMPTY);
	function(&x, x.table);
	schema_free(noted(&x, "functions that set machine types up",
			  MAX_PROGRAM_FUNCTIONS));
}

static void calls_one_in_the_other_are_counted(void **state)
{
	enum { CALLS = MAX_PROGRAM_CALLS + 1, SIZE = 16 };
	struct program x = larger(TYPE, (CALLS + 1) * SIZE, CALLS + 1);

	(void)state;
	put_machine(&x, ROOM, x.code);
	for (size_t i = 0; i <= CALLS; i++) {
		const size_t at = x.code + i * SIZE;

		function(&x, at);
		put_lea(&x, at, x.list);
		if (i < CALLS)
			put_call(&x, at + LEA, at + SIZE);
	}
	function(&x, x.table);
	schema_free(noted(&x,
			  "calls one in the other that set a machine type up",
			  MAX_PROGRAM_CALLS));
}

static void types_are_counted(void **state)
{
	struct program x = larger((MAX_PROGRAM_TYPES + 1) * TYPE, 8, 0);

	(void)state;
	for (size_t i = 0; i <= MAX_PROGRAM_TYPES; i++)
		put_type(&x, ROOM + i * TYPE, string_in(x.p, "a-device"),
			 string_in(x.p, "device"), 0);
	function(&x, x.table);
	schema_free(noted(&x, "types", MAX_PROGRAM_TYPES));
}

/* q00, whose parent is q01, whose parent is q02, and so on. */
static void ancestors_are_counted(void **state)
{
	enum { TYPES = MAX_PROGRAM_ANCESTORS + 2, NAME = 8 };
	const size_t names = ROOM + TYPES * TYPE;
	struct program x = larger(TYPES * (TYPE + NAME) + NAME, 8, 0);

	(void)state;
	for (size_t i = 0; i <= TYPES; i++)
		snprintf((char *)x.p + names + i * NAME, NAME, "q%02zu", i);
	for (size_t i = 0; i < TYPES; i++)
		put_type(&x, ROOM + i * TYPE, BASE + names + i * NAME,
			 BASE + names + (i + 1) * NAME, 0);
	function(&x, x.table);
	schema_free(noted(&x, "ancestors of a type", MAX_PROGRAM_ANCESTORS));
}

static void references_to_descriptions_are_counted(void **state)
{
	enum { COUNT = MAX_PROGRAM_REFERENCES + 1 };
	struct program x = larger(0, COUNT * LEA + 8, 1);
	const uint64_t vmsd = field_called(x.p, "outer");
	size_t at = x.code;

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		at = put_lea(&x, at, vmsd);
	function(&x, x.code);
	function(&x, x.table - 8);
	schema_free(noted(&x, "references to descriptions",
			  MAX_PROGRAM_REFERENCES));
}

static void commands_are_counted(void **state)
{
	static const char first[] = "INVALID\0OPEN_RETURN_PATH";
	enum { COMMANDS = MAX_PROGRAM_COMMANDS + 1, NAMES = 32 };
	struct program x = larger(NAMES + COMMANDS * COMMAND, 8, 0);
	struct schema *s;

	(void)state;
	memcpy(x.p + ROOM, first, sizeof(first));
	for (size_t i = 0; i < COMMANDS; i++)
		put64(x.p + ROOM + NAMES + i * COMMAND + 8,
		      BASE + ROOM + (i ? sizeof("INVALID") : 0));
	function(&x, x.table);
	s = noted(&x, "migration commands", MAX_PROGRAM_COMMANDS);
	assert_int_equal(s->command_count, MAX_PROGRAM_COMMANDS - 1);
	schema_free(s);
}

static void modules_are_counted(void **state)
{
	static const char *modules[MAX_PROGRAM_MODULES + 1];
	const struct schema_options o = { .modules = modules,
					  .module_count =
						  MAX_PROGRAM_MODULES + 1 };
	char path[] = "/tmp/test-elf.XXXXXX", *why = NULL;
	const int fd = mkstemp(path);
	bool told = false;
	struct schema *s;
	uint8_t *p;
	size_t n;

	(void)state;
	assert_true(fd >= 0);
	p = make_elf(&plain, &n);
	assert_int_equal(write(fd, p, n), n);
	close(fd);
	free(p);
	for (size_t i = 0; i <= MAX_PROGRAM_MODULES; i++)
		modules[i] = path;
	s = schema_open(path, &o, &why);
	unlink(path);
	if (!s)
		fail_msg("%s", why);
	for (uint32_t i = 0; i < s->note_count; i++)
		told = told ||
		       text_starts(
			       s->notes[i],
			       TEXT("modules are over the limit of " LIMIT_TEXT(
				       MAX_PROGRAM_MODULES)));
	assert_true(told);
	schema_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts_of_releases_are_told_apart),
		cmocka_unit_test(pointers_are_found_in_any_form),
		cmocka_unit_test(other_hosts_are_read),
		cmocka_unit_test(
			empty_description_counts_when_code_takes_its_address),
		cmocka_unit_test(machine_types_are_found_through_calls),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(cut_anywhere_is_an_error_or_less),
		cmocka_unit_test(any_flipped_byte_is_survived),
		cmocka_unit_test(references_are_counted),
		cmocka_unit_test(tests_are_counted),
		cmocka_unit_test(steps_to_defaults_are_counted),
		cmocka_unit_test(steps_of_a_function_are_counted),
		cmocka_unit_test(functions_are_counted),
		cmocka_unit_test(calls_one_in_the_other_are_counted),
		cmocka_unit_test(types_are_counted),
		cmocka_unit_test(ancestors_are_counted),
		cmocka_unit_test(references_to_descriptions_are_counted),
		cmocka_unit_test(commands_are_counted),
		cmocka_unit_test(modules_are_counted),
	};

#ifndef HAVE_LIBELF
	(void)tests;
	puts("1..0 # SKIP without libelf");
	return 0;
#else
	return cmocka_run_group_tests(tests, NULL, NULL);
#endif
}
