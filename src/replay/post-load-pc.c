/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hooks of what belongs to a machine: firmware interfaces, boards. */
#include "config.h"

#include "replay/post-load.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- hw/i386/vapic.c, kvmvapic.c: vapic_post_load ---- */

/* Unless it is switched off, the option ROM must be where the stream says:
 * its third byte is its size. What lies elsewhere is not known here, but a
 * table of vectors at 0 has no size there. */
enum { ROM_BLOCK = 512, FIRST_ROM = 0xc0000, LAST_ROM = 0x100000 };

static bool vapic(const struct load_object *o, struct trouble *t)
{
	int64_t state, at, own = -1;
	uint64_t ram, rom;

	if (!object_value(o, "state", &state) ||
	    !object_value(o, "rom_state_paddr", &at) || (!state && !at))
		return true;
	t->field = "rom_state_paddr";
	object_local(o, "rom_state_paddr", &own);
	rom = (uint32_t)at & ~(uint32_t)(ROM_BLOCK - 1);
	if (own > 0 && rom == ((uint32_t)own & ~(uint32_t)(ROM_BLOCK - 1)))
		return true;
	if (!rom || (object_block_size(o, "pc.ram", &ram) && rom + 2 >= ram))
		return false;
	t->doubtful = true;
	return rom >= FIRST_ROM && rom < LAST_ROM;
}

/* ---- hw/nvram/fw_cfg.c: fw_cfg_acpi_mr_restore_post_load ---- */

/* The blocks of ACPI tables are resized to what the stream says; past their
 * maximum QEMU gives up (include/hw/acpi/aml-build.h: ACPI_BUILD_…_MAX_SIZE;
 * 5.2 has none for the loader's, which cannot grow there). */
static const struct {
	const char *field, *block;
	uint64_t most;
	unsigned from; /* QEMU version with that maximum */
} tables[] = {
	{ "table_mr_size", "/rom@etc/acpi/tables", 0x200000, 0 },
	{ "linker_mr_size", "/rom@etc/table-loader", 0x10000, 600 },
	{ "rsdp_mr_size", "/rom@etc/acpi/rsdp", 0x1000, 600 },
};

static uint64_t table_most(const struct load_object *o, unsigned i)
{
	uint64_t own;

	if (post_load_version(load_of(o)) >= tables[i].from)
		return tables[i].most;
	if (!object_block_size(o, tables[i].block, &own))
		return tables[i].most;
	return (own + 4095) / 4096 * 4096;
}

/* A size that does not fit 64 bits when it is rounded up to pages passes for
 * 0, and fails a little later. */
static void tables_say(const struct load_object *o, uint64_t size,
		       struct trouble *t)
{
	/* of the builds we know */
	static const char *const resize[] = { "../../softmmu/physmem.c:1766",
					      "../../softmmu/physmem.c:1852",
					      "system/physmem.c:1742",
					      "system/physmem.c:2051" };
	static const char *const modify[] = { "../../hw/nvram/fw_cfg.c:733",
					      "../../hw/nvram/fw_cfg.c:726",
					      "hw/nvram/fw_cfg.c:726",
					      "hw/nvram/fw_cfg.c:726" };
	unsigned n = post_load_build(load_of(o));

	t->crash = true;
	if (size > UINT64_MAX - 4095)
		snprintf(t->says, sizeof(t->says),
			 "%s: fw_cfg_modify_bytes_read: Assertion `key < "
			 "fw_cfg_max_entry(s) && len < UINT32_MAX' failed.",
			 modify[n]);
	else
		snprintf(t->says, sizeof(t->says),
			 "Unexpected error in qemu_ram_resize() at %s:",
			 resize[n]);
}

static bool fw_cfg_tables(const struct load_object *o, struct trouble *t)
{
	int64_t size;

	for (unsigned i = 0; i < 3; i++) {
		uint64_t own;

		if (!object_value(o, tables[i].field, &size) ||
		    !object_block_size(o, tables[i].block, &own) ||
		    (uint64_t)size <= table_most(o, i))
			continue;
		t->field = tables[i].field;
		tables_say(o, (uint64_t)size, t);
		return false;
	}
	return true;
}

/* ---- hw/ppc/spapr_caps.c: spapr_caps_post_migration ---- */

/* Sent where it is not the machine type's default. */
static const struct {
	const char *vmsd, *field, *name;
} caps[] = {
	{ "spapr/cap/htm", "mig.caps[0x00]", "htm" },
	{ "spapr/cap/vsx", "mig.caps[0x01]", "vsx" },
	{ "spapr/cap/dfp", "mig.caps[0x02]", "dfp" },
	{ "spapr/cap/cfpc", "mig.caps[0x03]", "cfpc" },
	{ "spapr/cap/sbbc", "mig.caps[0x04]", "sbbc" },
	{ "spapr/cap/ibs", "mig.caps[0x05]", "ibs" },
	{ "spapr/cap/hpt_maxpagesize", "mig.caps[0x06]", "hpt-max-page-size" },
	{ "spapr/cap/nested_kvm_hv", "mig.caps[0x07]", "nested-hv" },
	{ "spapr/cap/large_decr", "mig.caps[0x08]", "large-decr" },
	{ "spapr/cap/ccf_assist", "mig.caps[0x09]", "ccf-assist" },
	{ "spapr/cap/fwnmi", "mig.caps[0x0A]", "fwnmi" },
	{ "spapr/cap/rpt_invalidate", "mig.caps[0x0B]", "rpt-invalidate" },
	{ "spapr/cap/ail_mode_3", "mig.caps[0x0C]", "ail-mode-3" },
};

static bool spapr_cap(const struct load_object *o, struct trouble *t)
{
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		int64_t level, own = 0;

		if (!text_is(o->v->name, caps[i].vmsd) ||
		    !object_value(o, caps[i].field, &level))
			continue;
		t->doubtful = !object_local(o, caps[i].field, &own);
		t->field = caps[i].field;
		t->result = -22;
		snprintf(t->says, sizeof(t->says),
			 "cap-%s higher level (%" PRId64 ") in incoming stream "
			 "than on destination (%" PRId64 ")",
			 caps[i].name, level, own);
		return level <= own;
	}
	return true;
}

const struct hook hooks_pc[] = {
	{ "kvm-tpr-opt", 0, 0, vapic },
	{ "fw_cfg/acpi_mr", 0, 0, fw_cfg_tables },
	{ "spapr/cap/htm", 0, 0, spapr_cap },
	{ "spapr/cap/vsx", 0, 0, spapr_cap },
	{ "spapr/cap/dfp", 0, 0, spapr_cap },
	{ "spapr/cap/cfpc", 0, 0, spapr_cap },
	{ "spapr/cap/sbbc", 0, 0, spapr_cap },
	{ "spapr/cap/ibs", 0, 0, spapr_cap },
	{ "spapr/cap/hpt_maxpagesize", 0, 0, spapr_cap },
	{ "spapr/cap/nested_kvm_hv", 0, 0, spapr_cap },
	{ "spapr/cap/large_decr", 0, 0, spapr_cap },
	{ "spapr/cap/ccf_assist", 0, 0, spapr_cap },
	{ "spapr/cap/fwnmi", 0, 0, spapr_cap },
	{ "spapr/cap/rpt_invalidate", 0, 0, spapr_cap },
	{ "spapr/cap/ail_mode_3", 0, 0, spapr_cap },
	{ 0 },
};
