/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hooks of processors: target/ARCH/machine.c. */
#include "config.h"

#include "replay/post-load.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- ARM: system registers ---- */

/* A register as both lists have it: KVM's numbers. The top 16 bits tell its
 * kind, the lower 32 which it is. */
enum { KIND_32 = 0x4020, KIND_64 = 0x4030, KIND_AARCH64 = 0x6030 };

/* Registers that are the same whatever is written to them, found by writing
 * to each of three processors (cortex-a15, cortex-a57, max) in 5.2, 10.0 and
 * 11.1; besides them all of the identification space. */
static const struct {
	uint16_t kind;
	uint32_t id;
} fixed[] = {
	{ KIND_32, 0x200e0000 },    { KIND_32, 0x200e0002 },
	{ KIND_32, 0x200e0038 },    { KIND_32, 0x200e0100 },
	{ KIND_32, 0x200e0182 },    { KIND_32, 0x200e0280 },
	{ KIND_32, 0x200e0302 },    { KIND_32, 0x200e0380 },
	{ KIND_32, 0x200e0800 },    { KIND_32, 0x200e0838 },
	{ KIND_32, 0x200e1000 },    { KIND_32, 0x200e1038 },
	{ KIND_32, 0x200e3800 },    { KIND_32, 0x200e3801 },
	{ KIND_32, 0x200e3802 },    { KIND_32, 0x200f0009 },
	{ KIND_32, 0x200f000f },    { KIND_32, 0x200f0801 },
	{ KIND_32, 0x200f0803 },    { KIND_32, 0x200f0821 },
	{ KIND_32, 0x200f0823 },    { KIND_32, 0x200f0882 },
	{ KIND_32, 0x200f2880 },    { KIND_32, 0x200f2881 },
	{ KIND_32, 0x200f2980 },    { KIND_32, 0x200f3001 },
	{ KIND_32, 0x200f480a },    { KIND_32, 0x200f480b },
	{ KIND_32, 0x200f4e06 },    { KIND_32, 0x200f4e07 },
	{ KIND_32, 0x200f4f04 },    { KIND_32, 0x200f4f05 },
	{ KIND_32, 0x200f4f06 },    { KIND_32, 0x200f5180 },
	{ KIND_32, 0x200f5181 },    { KIND_32, 0x200f6002 },
	{ KIND_32, 0x200f7808 },    { KIND_32, 0x200f7988 },
	{ KIND_64, 0x200e0080 },    { KIND_64, 0x200e0100 },
	{ KIND_64, 0x200f0780 },    { KIND_64, 0x200f0788 },
	{ KIND_64, 0x200f0790 },    { KIND_64, 0x200f0798 },
	{ KIND_AARCH64, 0x138002 }, { KIND_AARCH64, 0x138010 },
	{ KIND_AARCH64, 0x13801a }, { KIND_AARCH64, 0x138032 },
	{ KIND_AARCH64, 0x138080 }, { KIND_AARCH64, 0x139808 },
	{ KIND_AARCH64, 0x139820 }, { KIND_AARCH64, 0x139828 },
	{ KIND_AARCH64, 0x13a038 }, { KIND_AARCH64, 0x13c081 },
	{ KIND_AARCH64, 0x13c094 }, { KIND_AARCH64, 0x13c288 },
	{ KIND_AARCH64, 0x13c289 }, { KIND_AARCH64, 0x13c298 },
	{ KIND_AARCH64, 0x13c4f6 }, { KIND_AARCH64, 0x13c518 },
	{ KIND_AARCH64, 0x13c520 }, { KIND_AARCH64, 0x13c521 },
	{ KIND_AARCH64, 0x13c522 }, { KIND_AARCH64, 0x13c523 },
	{ KIND_AARCH64, 0x13c527 }, { KIND_AARCH64, 0x13c600 },
	{ KIND_AARCH64, 0x13c602 }, { KIND_AARCH64, 0x13c801 },
	{ KIND_AARCH64, 0x13c806 }, { KIND_AARCH64, 0x13c807 },
	{ KIND_AARCH64, 0x13cd82 }, { KIND_AARCH64, 0x13cd83 },
	{ KIND_AARCH64, 0x13cf80 }, { KIND_AARCH64, 0x13cf90 },
	{ KIND_AARCH64, 0x13cf91 }, { KIND_AARCH64, 0x13cf92 },
	{ KIND_AARCH64, 0x13cf93 }, { KIND_AARCH64, 0x13cf98 },
	{ KIND_AARCH64, 0x13d801 }, { KIND_AARCH64, 0x13da17 },
	{ KIND_AARCH64, 0x13dce6 }, { KIND_AARCH64, 0x13dce7 },
	{ KIND_AARCH64, 0x13e081 }, { KIND_AARCH64, 0x13e095 },
	{ KIND_AARCH64, 0x13e110 }, { KIND_AARCH64, 0x13f081 },
};

/* op0 3, op1 0, CRn 0; coprocessor 15, op1 0, CRn 0 but for the first, which
 * some processors let software set */
static bool in_id_space(uint16_t kind, uint32_t id)
{
	if (kind == KIND_AARCH64)
		return id >= 0x13c000 && id < 0x13c080;
	return kind == KIND_32 && id > 0x200f0000 && id < 0x200f0800 &&
	       !(id & 0x78);
}

static bool is_fixed(uint64_t index)
{
	uint16_t kind = (uint16_t)(index >> 48);
	uint32_t id = (uint32_t)index;

	if (in_id_space(kind, id))
		return true;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].kind == kind && fixed[i].id == id)
			return true;
	return false;
}

static const char indexes[] = "cpreg_vmstate_indexes";
static const char values[] = "cpreg_vmstate_values";

/* The two lists, walked side by side; both ascend. */
struct registers {
	uint64_t from, value_from; /* in the stream */
	uint64_t count, own;
};

static bool registers_of(const struct load_object *o, struct registers *r)
{
	int64_t count, own;

	r->from = object_place(o, indexes);
	r->value_from = object_place(o, values);
	if (!r->from || !r->value_from ||
	    !object_value(o, "cpreg_vmstate_array_len", &count) ||
	    !object_local(o, "cpreg_vmstate_array_len", &own) || count < 0 ||
	    own < 0)
		return false;
	r->count = (uint64_t)count;
	r->own = (uint64_t)own;
	return true;
}

static bool arm_index_fails(const struct load_object *o, uint64_t index,
			    uint64_t at, struct trouble *t)
{
	/* as target/arm/kvm-consts.h: kvm_to_cpreg_id makes it shorter */
	uint32_t id = (uint32_t)index |
		      (index >> 48 == KIND_AARCH64 ? UINT32_C(1) << 28 : 0);

	t->at = at;
	if (post_load_version(load_of(o)) >= 1100)
		snprintf(t->says, sizeof(t->says),
			 "handle_cpreg_only_in_incoming_stream: system "
			 "register 0x%" PRIx32 " in the incoming stream but "
			 "unknown on the destination: fail migration",
			 id);
	return false;
}

/* target/arm/machine.c: cpu_post_load: what the stream has more, fails. Up to
 * 10.x what sorts behind the destination's last register is not looked at. */
static bool arm_registers(const struct load_object *o, struct trouble *t)
{
	const bool whole = post_load_version(load_of(o)) >= 1100;
	uint64_t mine, its, i = 0, k = 0;
	struct registers r;

	if (!registers_of(o, &r))
		return true;
	while (k < r.count && (i < r.own || whole)) {
		if (!object_stream_u64(o, r.from + 8 * k, &its))
			return true;
		if (i >= r.own)
			return arm_index_fails(o, its, r.from + 8 * k, t);
		if (!object_local_element(o, indexes, i, &mine))
			return true;
		if (its < mine)
			return arm_index_fails(o, its, r.from + 8 * k, t);
		k += its == mine;
		i++;
	}
	return true;
}

/* target/arm/helper.c: write_list_to_cpustate reads each register back. What
 * the stream lacks is written as 0; from 11.0 on, as whatever is there. */
static bool arm_value_fails(uint64_t index, uint64_t value, uint64_t own)
{
	/* some that are 64 bits wide in the destination have a 32-bit name */
	if (index >> 48 == KIND_32 && value >> 32 && !(own >> 32))
		return true;
	return is_fixed(index) && value != own;
}

static bool arm_values(const struct load_object *o, struct trouble *t)
{
	uint64_t mine, its, own, value, k = 0;
	struct registers r;

	if (!registers_of(o, &r))
		return true;
	for (uint64_t i = 0; i < r.own; i++) {
		if (!object_local_element(o, indexes, i, &mine) ||
		    !object_local_element(o, values, i, &own))
			return true;
		value = 0;
		t->at = r.from;
		if (k < r.count && object_stream_u64(o, r.from + 8 * k, &its) &&
		    its == mine) {
			t->at = r.value_from + 8 * k++;
			if (!object_stream_u64(o, t->at, &value))
				return true;
		}
		if (arm_value_fails(mine, value, own))
			return false;
	}
	return true;
}

/* cpu_post_load, from 7.2 on: no Thumb instruction starts at an odd address.
 * The loaded CPSR tells the state. */
enum { CPSR_THUMB = 1 << 5, CPSR_32_BIT = 1 << 4 };

static bool arm_thumb(const struct load_object *o, struct trouble *t)
{
	uint64_t regs = object_place(o, "env.regs");
	uint64_t at = object_place(o, "cpsr"), cpsr, pc;

	if (!regs || !at || !object_stream_u64(o, at, &cpsr) ||
	    !object_stream_u64(o, regs + 4 * 15, &pc))
		return true;
	cpsr >>= 32;
	pc >>= 32;
	t->at = regs + 4 * 15;
	return !(cpsr & CPSR_THUMB) || !(cpsr & CPSR_32_BIT) || !(pc & 1);
}

/* ---- objects that the destination may not have ---- */

/* The reference shows whether the destination has it. */
static bool own_object(const struct load_object *o, struct trouble *t)
{
	if (!o->outer || !o->outer->reference || o->reference)
		return true;
	t->crash = true;
	post_load_null_pointer(load_of(o), t->says, sizeof(t->says));
	return false;
}

/* ---- x86 ---- */

/* target/i386/machine.c: cpu_post_load */
static bool x86_cpu(const struct load_object *o, struct trouble *t)
{
	int64_t v;

	t->result = -22;
	if (object_value(o, "env.fpregs_format_vmstate", &v) && v) {
		t->field = "env.fpregs_format_vmstate";
		snprintf(t->says, sizeof(t->says),
			 "Unsupported old non-softfloat CPU state");
		return false;
	}
	if (object_value(o, "env.hflags", &v) && v & (1 << 21)) {
		t->field = "env.hflags";
		snprintf(t->says, sizeof(t->says),
			 "vCPU set in guest-mode inconsistent with migrated "
			 "kernel nested state");
		return false;
	}
	return true;
}

/* ---- ppc ---- */

enum { SPR_PVR = 287, POWER9 = 0x004e, POWER10 = 0x0080 };

/* target/ppc/cpu_init.c: ppc_pvr_match_power9 and its like: the same
 * processor; from 7.2 on of the same revision, as far as QEMU tells them
 * apart. */
static bool ppc_same(unsigned now, uint32_t pvr, uint32_t own)
{
	if (pvr >> 16 != own >> 16)
		return false;
	if (now < 600 || (pvr >> 16 != POWER9 && pvr >> 16 != POWER10))
		return true;
	if ((pvr ^ own) & 0x0f00)
		return false;
	if (now < 800 || pvr >> 16 != POWER9)
		return true;
	return (pvr & 0x0f) < 2 ? (own & 0x0f) == 0 : (own & 0x0f) == 2;
}

/* Any will do in compatibility mode. */
static bool ppc_cpu(const struct load_object *o, struct trouble *t)
{
	uint64_t at = object_place(o, "env.spr"), pvr, own;
	int64_t compat;

	t->result = -22;
	if (object_sub_value(o, "cpu/compat", "compat_pvr", &compat) && compat)
		return true;
	if (!at || !object_local_element(o, "env.spr", SPR_PVR, &own) ||
	    !object_stream_u64(o, at + 8 * SPR_PVR, &pvr) || pvr == own ||
	    ppc_same(post_load_version(load_of(o)), (uint32_t)pvr,
		     (uint32_t)own))
		return true;
	t->at = at + 8 * SPR_PVR;
	return false;
}

static bool ppc_compat(const struct load_object *o, struct trouble *t)
{
	int64_t pvr;

	t->field = "compat_pvr";
	t->result = -22;
	if (!object_value(o, "compat_pvr", &pvr) || !pvr)
		return true;
	switch ((uint32_t)pvr) {
	case 0x0f000001: /* 2.04 */
	case 0x0f000002:
	case 0x0f000003:
	case 0x0f100003:
	case 0x0f000004:
	case 0x0f000005:
	case 0x0f000006:
	case 0x0f000007:
		return true;
	}
	snprintf(t->says, sizeof(t->says),
		 "Unknown compatibility PVR 0x%08" PRIx32, (uint32_t)pvr);
	return false;
}

/* slb_post_load, target/ppc/mmu-hash64.c: ppc_store_slb: bits that are
 * reserved, sizes that there are not */
enum { SLB_ENTRIES = 32, SLB_PAGE_SIZE = 0x130 };

static bool ppc_slb(const struct load_object *o, struct trouble *t)
{
	uint64_t at = object_place(o, "env.slb"), esid, vsid;

	for (unsigned i = 0; at && i < SLB_ENTRIES; i++, at += 16) {
		unsigned size;

		if (!object_stream_u64(o, at, &esid) ||
		    !object_stream_u64(o, at + 8, &vsid))
			return true;
		t->at = at;
		if (esid & UINT64_C(0x07ffffff) || vsid >> 63)
			return false;
		size = vsid & SLB_PAGE_SIZE;
		if (size == 0 || size == 0x100 || size == 0x110)
			continue;
		snprintf(t->says, sizeof(t->says),
			 "Bad page size encoding in SLB store: slot %u esid "
			 "0x%016" PRIx64 " vsid 0x%016" PRIx64,
			 i, esid, vsid);
		return false;
	}
	return true;
}

const struct hook hooks_cpu[] = {
	{ "cpu", 0, 0, arm_registers },
	{ "cpu", 0, 0, arm_values },
	{ "cpu", 702, 0, arm_thumb },
	{ "cpu", 0, 0, x86_cpu },
	{ "cpu/nested_state", 0, 0, own_object },
	{ "cpu/wfxt-timer", 0, 0, own_object },
	{ "cpu", 0, 0, ppc_cpu },
	{ "cpu/compat", 0, 0, ppc_compat },
	{ "cpu/slb", 0, 0, ppc_slb },
	{ 0 },
};
