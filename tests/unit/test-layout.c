/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "ram/layout.h"

#define GIB(n) (UINT64_C(n) << 30)
#define MIB_(n) (UINT64_C(n) << 20)

static const struct machine_rule *rule_of(const char *machine,
					  const char *block)
{
	struct image_block b = { .name = { block, strlen(block) } };
	struct image im = { .blocks = &b, .count = 1 };

	return machine_rule_find((struct ms_text){ machine, strlen(machine) },
				 &im);
}

/* Where the machine's memory goes on above 4 GiB; 0: it does not. */
static uint64_t split(const char *machine, uint64_t ram, uint64_t below)
{
	const struct machine_rule *r = rule_of(machine, "pc.ram");
	struct ram_layout l;

	assert_non_null(r);
	assert_null(layout_make(&l, r, ram, below));
	assert_int_equal(l.ranges[0].physical, 0);
	if (l.count == 1) {
		assert_int_equal(l.ranges[0].length, ram);
		return 0;
	}
	assert_int_equal(l.count, 2);
	assert_int_equal(l.ranges[1].physical, GIB(4));
	assert_int_equal(l.ranges[0].length + l.ranges[1].length, ram);
	assert_int_equal(l.ranges[1].from, l.ranges[0].length);
	return l.ranges[0].length;
}

static void i440fx_splits_at_3_gib_from_3_5_on(void **state)
{
	(void)state;
	assert_int_equal(split("pc-i440fx-10.0", GIB(1), 0), 0);
	assert_int_equal(split("pc-i440fx-10.0", MIB_(3583), 0), 0);
	assert_int_equal(split("pc-i440fx-10.0", MIB_(3584), 0), GIB(3));
	assert_int_equal(split("pc-i440fx-10.0", GIB(5), 0), GIB(3));
	assert_int_equal(split("pc-i440fx-noble", GIB(5), 0), GIB(3));
}

static void old_i440fx_splits_at_3_5_gib(void **state)
{
	(void)state;
	assert_int_equal(split("pc-i440fx-1.7", GIB(3), 0), 0);
	assert_int_equal(split("pc-i440fx-1.7", GIB(5), 0), MIB_(3584));
	assert_int_equal(split("pc-1.3", GIB(5), 0), MIB_(3584));
}

static void q35_splits_at_2_gib_from_2_75_on(void **state)
{
	(void)state;
	assert_int_equal(split("pc-q35-10.0", MIB_(2815), 0), 0);
	assert_int_equal(split("pc-q35-10.0", MIB_(2816), 0), GIB(2));
	assert_int_equal(split("pc-q35-rhel9.4.0", GIB(5), 0), GIB(2));
}

static void the_property_moves_the_split(void **state)
{
	(void)state;
	assert_int_equal(split("pc-i440fx-10.0", GIB(2), GIB(1)), GIB(1));
	assert_int_equal(split("pc-q35-10.0", GIB(4), GIB(1)), GIB(1));
	/* it only lowers the one of q35 */
	assert_int_equal(split("pc-q35-10.0", GIB(4), GIB(3)), GIB(2));
}

static void machines_called_virt_are_told_apart_by_their_memory(void **state)
{
	(void)state;
	assert_int_equal(rule_of("virt-10.0", "mach-virt.ram")->base, GIB(1));
	assert_int_equal(rule_of("virt", "riscv_virt_board.ram")->base, GIB(2));
	assert_null(rule_of("virt-10.0", "mem0"));
	assert_null(rule_of("none", "ram"));
	assert_null(rule_of("", "pc.ram"));
	/* a memory backend of another name */
	assert_non_null(rule_of("pc-q35-10.0", "mem0"));
}

/* measured: dump-guest-memory of QEMU 10.0 */
static void loongarch_splits_at_256_mib(void **state)
{
	const struct machine_rule *r = rule_of("virt", "loongarch.ram");
	struct ram_layout l;

	(void)state;
	assert_non_null(r);
	assert_null(layout_make(&l, r, MIB_(128), 0));
	assert_int_equal(l.count, 1);
	assert_null(layout_make(&l, r, GIB(1), 0));
	assert_int_equal(l.count, 2);
	assert_int_equal(l.ranges[0].length, MIB_(256));
	assert_int_equal(l.ranges[1].physical, GIB(2));
	assert_int_equal(l.ranges[1].length, MIB_(768));
	assert_non_null(layout_make(&l, r, GIB(1), GIB(1)));
	assert_non_null(rule_of("powernv9", "pnv.ram"));
}

static void what_is_not_known_is_refused(void **state)
{
	const struct machine_rule *pc = rule_of("pc-q35-10.0", "pc.ram");
	const struct machine_rule *s390 =
		rule_of("s390-ccw-virtio-10.0", "s390.ram");
	struct ram_layout l;

	(void)state;
	assert_non_null(layout_make(&l, pc, GIB(1100), 0));
	assert_non_null(layout_make(&l, pc, GIB(4), GIB(5)));
	assert_non_null(layout_make(&l, s390, GIB(4), GIB(1)));
	assert_null(layout_make(&l, s390, GIB(1100), 0));
	assert_int_equal(l.count, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(i440fx_splits_at_3_gib_from_3_5_on),
		cmocka_unit_test(old_i440fx_splits_at_3_5_gib),
		cmocka_unit_test(q35_splits_at_2_gib_from_2_75_on),
		cmocka_unit_test(the_property_moves_the_split),
		cmocka_unit_test(
			machines_called_virt_are_told_apart_by_their_memory),
		cmocka_unit_test(loongarch_splits_at_256_mib),
		cmocka_unit_test(what_is_not_known_is_refused),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
