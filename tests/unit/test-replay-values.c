/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "unit.h"

#include "replay/pci-bars.h"
#include "replay/pci-masks.h"
#include "wire/runstate.h"

/* Bits in which a load compares register i. */
static unsigned compared(const struct pci_masks *m, unsigned i)
{
	return m->cmask[i] & ~(unsigned)m->wmask[i] & ~(unsigned)m->w1cmask[i];
}

static struct pci_masks masks_of(const uint8_t *own, size_t n, uint64_t rom)
{
	struct pci_masks m;

	pci_masks_make(&m, own, n, rom, 1000);
	return m;
}

static void identity_is_compared_and_what_guests_write_is_not(void **state)
{
	uint8_t own[PCI_CONFIG_SIZE] = { 0x86, 0x80, 0x37, 0x12 };
	struct pci_masks m = masks_of(own, sizeof(own), 0);

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(compared(&m, i), 0xff);
	for (unsigned i = 8; i < 12; i++)
		assert_int_equal(compared(&m, i), 0xff);
	assert_int_equal(compared(&m, 0x06), 0x10);
	assert_int_equal(compared(&m, 0x04), 0);
	assert_int_equal(compared(&m, 0x0c), 0);
	assert_int_equal(compared(&m, 0x2c), 0);
	assert_int_equal(compared(&m, 0x3c), 0);
	assert_int_equal(compared(&m, 0x40), 0);
}

/* e1000: 128 KiB of memory, 64 bytes of I/O */
static void a_known_bar_is_compared_below_its_size(void **state)
{
	uint8_t own[PCI_CONFIG_SIZE] = { 0x86, 0x80, 0x0e, 0x10, [0x14] = 1 };
	struct pci_masks m = masks_of(own, sizeof(own), 0);

	(void)state;
	assert_int_equal(compared(&m, 0x10), 0xff);
	assert_int_equal(compared(&m, 0x11), 0xff);
	assert_int_equal(compared(&m, 0x12), 0x01);
	assert_int_equal(compared(&m, 0x13), 0);
	assert_int_equal(compared(&m, 0x14), 0x3f);
	assert_int_equal(m.unsure[0x12], 0);
}

static void of_an_unknown_bar_only_its_kind_is_sure(void **state)
{
	uint8_t own[PCI_CONFIG_SIZE] = {
		1, 2, 3, 4, [0x11] = 0x40, [0x10] = 0x08
	};
	struct pci_masks m = masks_of(own, sizeof(own), 0);

	(void)state;
	assert_int_equal(compared(&m, 0x10), 0x0f);
	assert_int_equal(m.unsure[0x10], 0xf0);
	assert_int_equal(m.unsure[0x11], 0x3f);
	assert_int_equal(m.unsure[0x12], 0);
	assert_int_equal(m.cmask[0x14], 0);
}

static void an_option_rom_is_compared_by_its_block(void **state)
{
	uint8_t own[PCI_CONFIG_SIZE] = { 1, 2, 3, 4 };
	struct pci_masks m = masks_of(own, sizeof(own), 0x40000);

	(void)state;
	assert_int_equal(compared(&m, 0x30), 0xfe);
	assert_int_equal(compared(&m, 0x31), 0xff);
	assert_int_equal(compared(&m, 0x32), 0x03);
	m = masks_of(own, sizeof(own), 0);
	assert_int_equal(m.cmask[0x31], 0);
}

static void capabilities_are_compared_but_for_their_controls(void **state)
{
	uint8_t own[PCI_CONFIG_SIZE] = {
		1,
		2,
		3,
		4,
		[0x06] = 0x10,
		[0x34] = 0x40,
		/* MSI-X of 4 vectors, then MSI of 2, wide, with mask bits */
		[0x40] = 0x11,
		0x50,
		0x03,
		0x80,
		[0x50] = 0x05,
		0x00,
		0x82,
		0x01,
	};
	struct pci_masks m = masks_of(own, sizeof(own), 0);

	(void)state;
	assert_int_equal(compared(&m, 0x40), 0xff);
	assert_int_equal(compared(&m, 0x42), 0xff);
	assert_int_equal(compared(&m, 0x43), 0x3f);
	assert_int_equal(compared(&m, 0x4b), 0xff);
	assert_int_equal(m.cmask[0x4c], 0);
	assert_int_equal(compared(&m, 0x52), 0x8e);
	assert_int_equal(compared(&m, 0x54), 0x03);
	assert_int_equal(compared(&m, 0x60), 0xfc);
	assert_int_equal(compared(&m, 0x67), 0xff);
	assert_int_equal(m.cmask[0x68], 0);
}

static void a_circle_of_capabilities_ends(void **state)
{
	uint8_t own[PCIE_CONFIG_SIZE] = {
		1,
		2,
		3,
		4,
		[0x06] = 0x10,
		[0x34] = 0x40,
		[0x40] = 0x10,
		0x40,
		0x42,
		[0x100] = 1,
		0,
		2,
		0x10,
	};
	struct pci_masks m = masks_of(own, sizeof(own), 0);

	(void)state;
	assert_int_equal(compared(&m, 0x40), 0xff);
	assert_int_equal(compared(&m, 0x100), 0xff);
}

static void a_capability_at_the_end_stays_inside(void **state)
{
	uint8_t own[PCI_CONFIG_SIZE];

	(void)state;
	for (unsigned id = 0; id < 256; id++) {
		memset(own, 0xff, sizeof(own));
		own[0x34] = 0xfc;
		own[0xfc] = (uint8_t)id;
		masks_of(own, sizeof(own), UINT64_C(1) << 40);
	}
}

static void error_masks_are_writable_where_they_are_set(void **state)
{
	uint8_t own[PCIE_CONFIG_SIZE] = {
		1,
		2,
		3,
		4,
		[0x06] = 0x10,
		[0x34] = 0x40,
		[0x40] = 0x10,
		0,
		0x02,
		[0x100] = 1,
		0,
		2,
		0,
	};
	struct pci_masks m = masks_of(own, sizeof(own), 0);

	(void)state;
	/* x-pcie-err-unc-mask=off: read-only zeros */
	assert_int_equal(compared(&m, 0x10b), 0xff);
	own[0x10b] = 2;
	m = masks_of(own, sizeof(own), 0);
	assert_int_equal(compared(&m, 0x10b), 0xfc);
}

static void a_card_in_a_slot_may_have_gone_since_8_1(void **state)
{
	uint8_t own[PCI_CONFIG_SIZE] = {
		1, 2,    3, 4, [0x06] = 0x10, [0x34] = 0x40, [0x40] = 0x10,
		0, 0x42, 1,
	};
	struct pci_masks m = masks_of(own, sizeof(own), 0);

	(void)state;
	assert_int_equal(compared(&m, 0x5a), 0xa6);
	pci_masks_make(&m, own, sizeof(own), 0, 702);
	assert_int_equal(compared(&m, 0x5a), 0xe6);
}

static void bars_are_known_by_device_and_class(void **state)
{
	(void)state;
	assert_null(pci_bars_find(1, 2, 3));
	assert_int_equal(pci_bars_find(0x8086, 0x100e, 0x0200)[0], 17);
	assert_int_equal(pci_bars_find(0x1af4, 0x1050, 0x0300)[0], 23);
	assert_int_equal(pci_bars_find(0x1af4, 0x1050, 0x0380)[0], 0);
}

static void run_states_are_those_of_qemu(void **state)
{
	uint8_t text[8] = "running";
	uint8_t full[4] = { 'a', 'b', 'c', 'd' };

	(void)state;
	assert_true(runstate_known(runstate_text(text, sizeof(text))));
	assert_false(runstate_known(TEXT("paused ")));
	assert_false(runstate_known(TEXT("")));
	/* the last byte is overwritten */
	assert_int_equal(runstate_text(full, sizeof(full)).length, 3);
	assert_int_equal(runstate_text(full, 0).length, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			identity_is_compared_and_what_guests_write_is_not),
		cmocka_unit_test(a_known_bar_is_compared_below_its_size),
		cmocka_unit_test(of_an_unknown_bar_only_its_kind_is_sure),
		cmocka_unit_test(an_option_rom_is_compared_by_its_block),
		cmocka_unit_test(
			capabilities_are_compared_but_for_their_controls),
		cmocka_unit_test(a_circle_of_capabilities_ends),
		cmocka_unit_test(a_capability_at_the_end_stays_inside),
		cmocka_unit_test(error_masks_are_writable_where_they_are_set),
		cmocka_unit_test(a_card_in_a_slot_may_have_gone_since_8_1),
		cmocka_unit_test(bars_are_known_by_device_and_class),
		cmocka_unit_test(run_states_are_those_of_qemu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
