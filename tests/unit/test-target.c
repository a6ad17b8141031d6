/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "api/stream.h"
#include "api/target.h"
#include "base/buf.h"

#include <stdio.h>

#define FIELDS 16

static struct target_guide *guide(const char *spec)
{
	struct target_guide *g;

	assert_true(target_guide_open(spec, &g));
	return g;
}

/* Header and configuration; path "-": the stream cannot be read once more. */
static char *resolved(const char *spec, const char *machine)
{
	const size_t n = strlen(machine);
	struct buf b = { 0 };
	struct target_guide *g = guide(spec);
	char *why = NULL, *name;
	ms_stream *s;

	buf_add(&b, "QEVM\0\0\0\3\7\0\0\0", 12);
	buf_putc(&b, (char)n);
	buf_add(&b, machine, n);
	buf_putc(&b, '\0');
	assert_false(b.failed);
	s = ms_open_memory(b.data, b.length, NULL, &why);
	assert_non_null(s);
	assert_non_null(g);
	name = target_resolve(g, "-", s, &why);
	assert_true(name || why);
	free(why);
	/* and it can still be walked */
	assert_true(ms_walk(s, NULL, NULL));
	assert_int_equal(ms_summary_of(s)->machine.length, n);
	ms_close(s);
	buf_free(&b);
	target_guide_free(g);
	return name;
}

static void assert_resolved(const char *machine, const char *wanted)
{
	char *name = resolved("qemu-10.0", machine);

	assert_string_equal(name ? name : "", wanted);
	free(name);
}

static void a_machine_type_of_one_target_tells(void **state)
{
	(void)state;
	assert_resolved("pc-i440fx-5.2", "qemu-10.0-x86_64");
	assert_resolved("pseries-10.0", "qemu-10.0-ppc64");
	assert_resolved("s390-ccw-virtio-10.0", "qemu-10.0-s390x");
	assert_resolved("virt-10.0", "qemu-10.0-aarch64");
	assert_resolved("virt", "qemu-10.0-riscv64");
}

static void so_does_one_of_a_later_release(void **state)
{
	(void)state;
	assert_resolved("pc-q35-99.1", "qemu-10.0-x86_64");
}

static void one_that_several_have_does_not(void **state)
{
	(void)state;
	assert_resolved("none", "");
	assert_resolved("virt-99.1", "");
	assert_resolved("nothing-like-it", "");
}

static void only_a_release_leaves_the_target_open(void **state)
{
	static const char *const others[] = { "qemu-10.0-x86_64", "qemu",
					      "qemu-1", "./qemu-10.0", "" };
	struct target_guide *g = guide("qemu-10.0");

	(void)state;
	assert_non_null(g);
	target_guide_free(g);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_null(guide(others[i]));
}

/* A device with the fields that the n-th "cpu" of a schema has. */
static struct target_fit fit_of_cpu(const char *in, const char *of)
{
	char *why = NULL;
	struct schema *have = schema_open(in, NULL, &why);
	struct schema *own = schema_open(of, NULL, &why);
	const struct schema_vmsd *cpu;
	struct desc_field fields[FIELDS] = { { .run = 1 } };
	struct desc_device device = { .object.vmsd = TEXT("cpu") };
	struct desc d = { .devices = &device, .device_count = 1 };
	struct target_fit fit;

	assert_non_null(have);
	assert_non_null(own);
	cpu = schema_find(own, device.object.vmsd, 0);
	assert_non_null(cpu);
	device.object.fields = fields;
	for (uint32_t i = 0; i < cpu->field_count && i < FIELDS; i++) {
		fields[i] = (struct desc_field){ .name = cpu->fields[i].name,
						 .run = 1 };
		device.object.field_count++;
	}
	assert_true(device.object.field_count >= 8);
	fit = target_fit(have, &d);
	schema_free(have);
	schema_free(own);
	return fit;
}

static void a_processor_of_another_target_is_strange(void **state)
{
	static const char *const targets[] = { "x86_64", "aarch64", "riscv64",
					       "ppc64" };
	const size_t n = sizeof(targets) / sizeof(targets[0]);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			char in[32], of[32];

			snprintf(in, sizeof(in), "qemu-11.1-%s", targets[i]);
			snprintf(of, sizeof(of), "qemu-7.2-%s", targets[k]);
			assert_int_equal(fit_of_cpu(in, of).strange, i != k);
		}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_type_of_one_target_tells),
		cmocka_unit_test(so_does_one_of_a_later_release),
		cmocka_unit_test(one_that_several_have_does_not),
		cmocka_unit_test(only_a_release_leaves_the_target_open),
		cmocka_unit_test(a_processor_of_another_target_is_strange),
	};
	const char *src = getenv("top_srcdir");
	char path[4096];

	snprintf(path, sizeof(path), "%s/schemas", src ? src : ".");
	setenv("MIGSCOPE_SCHEMA_PATH", path, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
