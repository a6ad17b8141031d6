/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "ram/layout.h"

#include "base/limits.h"

#define GIB(n) (UINT64_C(n) << 30)
/* e_machine, of the ELF specification */
#define EM_PPC64 21
#define EM_S390 22
#define EM_X86_64 62
#define EM_AARCH64 183
#define EM_RISCV 243
#define EM_LOONGARCH 258

#define LOONGARCH_LOW (UINT64_C(256) << 20)

/* Guests of an AMD CPU with memory from here on have all that is above 4 GiB
 * moved to 1 TiB (hw/i386/pc.c: pc_max_used_gpa, AMD_HT_START). What CPU it
 * is, is not in the stream. */
#define AMD_HOLE UINT64_C(0xfd00000000)

/* hw/i386/pc_piix.c: pc_init1. Machine types up to 1.7 did without the
 * alignment to a gigabyte. */
static uint64_t low_piix_old(uint64_t ram, uint64_t below)
{
	uint64_t low = below ? below : UINT64_C(0xe0000000);

	return ram < low ? ram : low;
}

static uint64_t low_piix(uint64_t ram, uint64_t below)
{
	uint64_t low = below ? below : UINT64_C(0xe0000000);

	if (ram >= low && low > GIB(3))
		low = GIB(3);
	return ram < low ? ram : low;
}

/* hw/i386/pc_q35.c: pc_q35_init */
static uint64_t low_q35(uint64_t ram, uint64_t below)
{
	uint64_t low =
		ram >= UINT64_C(0xb0000000) ? GIB(2) : UINT64_C(0xb0000000);

	if (below && low > below)
		low = below;
	return ram < low ? ram : low;
}

/* hw/i386/microvm.c: microvm_memory_init; no property moves it */
static uint64_t low_microvm(uint64_t ram, uint64_t below)
{
	(void)below;
	return ram < GIB(3) ? ram : GIB(3);
}

/* include/hw/loongarch/virt.h: VIRT_LOWMEM_SIZE, VIRT_HIGHMEM_BASE */
static uint64_t low_loongarch(uint64_t ram, uint64_t below)
{
	(void)below;
	return ram < LOONGARCH_LOW ? ram : LOONGARCH_LOW;
}

/* The first that fits. Names of distributions (pc-q35-rhel9.4.0,
 * pc-i440fx-noble) follow the newest rule. */
static const struct machine_rule rules[] = {
	{ "pc-i440fx-1.", "pc.ram", 0, low_piix_old, 0, EM_X86_64, false,
	  true },
	{ "pc-0.", "pc.ram", 0, low_piix_old, 0, EM_X86_64, false, true },
	{ "pc-1.", "pc.ram", 0, low_piix_old, 0, EM_X86_64, false, true },
	{ "isapc", "pc.ram", 0, low_piix_old, 0, EM_X86_64, false, true },
	{ "pc-i440fx-", "pc.ram", 0, low_piix, 0, EM_X86_64, false, true },
	{ "pc-q35-", "pc.ram", 0, low_q35, 0, EM_X86_64, false, true },
	{ "microvm", "microvm.ram", 0, low_microvm, 0, EM_X86_64, false, true },
	/* hw/arm/virt.c: base_memmap; hw/riscv/virt.c: virt_memmap */
	{ "virt", "mach-virt.ram", GIB(1), NULL, 0, EM_AARCH64, false, false },
	{ "virt", "riscv_virt_board.ram", GIB(2), NULL, 0, EM_RISCV, false,
	  false },
	/* hw/loongarch/virt.c: virt_init (10.0) */
	{ "virt", "loongarch.ram", 0, low_loongarch, GIB(2), EM_LOONGARCH,
	  false, false },
	{ "s390-ccw-virtio", "s390.ram", 0, NULL, 0, EM_S390, true, false },
	/* hw/ppc/pnv.c: pnv_init */
	{ "powernv", "pnv.ram", 0, NULL, 0, EM_PPC64, true, false },
	{ "pseries", "ppc_spapr.ram", 0, NULL, 0, EM_PPC64, true, false },
};

const struct machine_rule *machine_rule_find(struct ms_text machine,
					     const struct image *im)
{
	const struct machine_rule *found = NULL;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!text_starts(machine, text_of(rules[i].machine)))
			continue;
		for (size_t k = 0; k < im->count; k++)
			if (text_is(im->blocks[k].name, rules[i].block))
				return &rules[i];
		/* Its memory has a name of the user's; the machines called
		 * virt cannot be told apart then. */
		if (!found && strcmp(rules[i].machine, "virt"))
			found = &rules[i];
	}
	return found;
}

const char *layout_make(struct ram_layout *ret, const struct machine_rule *rule,
			uint64_t ram, uint64_t below)
{
	uint64_t low = rule->low ? rule->low(ram, below) : ram;

	*ret = (struct ram_layout){ .rule = rule };
	if (below && (!rule->x86 || rule->low == low_microvm))
		return "no --max-ram-below-4g on this machine";
	if (below > GIB(4))
		return "--max-ram-below-4g is above 4 GiB";
	if (rule->x86 && low < ram && ram - low > AMD_HOLE - GIB(4))
		return "memory near 1 TiB lies elsewhere on AMD CPUs, and the "
		       "stream does not tell which this is; export its block "
		       "with --format raw --block";
	ret->ranges[ret->count++] =
		(struct ram_range){ .physical = rule->base, .length = low };
	if (low < ram)
		ret->ranges[ret->count++] = (struct ram_range){
			.physical = rule->high ? rule->high : GIB(4),
			.length = ram - low,
			.from = low,
		};
	return NULL;
}
