/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The layouts of VMStateField and VMStateDescription that releases have. */
#include "config.h"
#include "schema/elf-layout.h"

/* include/migration/vmstate.h: enum VMStateFlags. Values are the releases',
 * their meaning ours; each bit that a release knows has an entry. */
#define FLAGS_COMMON                                                           \
	[1] = FIELD_POINTER, [2] = FIELD_ARRAY, [3] = FIELD_STRUCT,            \
	[4] = FIELD_VARRAY, [5] = FIELD_BUFFER, [6] = FIELD_ARRAY_OF_POINTER,  \
	[8] = FIELD_VBUFFER, [9] = FIELD_MULTIPLY, [12] = FIELD_MUST_EXIST,    \
	[13] = FIELD_ALLOC, [15] = FIELD_VSTRUCT
#define FLAGS_VARRAYS                                                          \
	[7] = FIELD_VARRAY, [10] = FIELD_VARRAY, [11] = FIELD_VARRAY,          \
	[14] = FIELD_MULTIPLY_ELEMENTS

static const uint32_t flags_old[32] = { FLAGS_COMMON, FLAGS_VARRAYS };
/* 11.1: 0x10000 marks pointers, the end of an array has moved on */
static const uint32_t flags_markers[32] = {
	FLAGS_COMMON, FLAGS_VARRAYS, [16] = FIELD_POINTER_MARKERS
};
/* after 11.1: one flag for counted arrays, whose width is in the record */
static const uint32_t flags_one_varray[32] = {
	FLAGS_COMMON, [16] = FIELD_POINTER_MARKERS
};

#define VARRAYS_OLD 0xc90u /* 0x10 int32, 0x80 u16, 0x400 u8, 0x800 u32 */
#define ALL_OLD 0xffffu
#define ALL_MARKERS 0x1ffffu
#define ALL_ONE_VARRAY 0x1b37fu

/* name, err_hint, offset, size, start, num, num_offset, size_offset, info … */
#define F104(label, end_, flags_, all_)                                        \
	{                                                                      \
		.name = label, .size = 104, .info = 64, .err_hint = 8,         \
		.offset = 16, .bytes = 24, .start = 32, .num = 40,             \
		.num_offset = 48, .size_offset = 56, .end = end_,              \
		.flags = flags_, .varray = VARRAYS_OLD, .all = all_            \
	}
/* name, offset, size, start, num, num_offset, size_offset, info … */
#define F96(label, end_, flags_, all_)                                         \
	{                                                                      \
		.name = label, .size = 96, .info = 56, .offset = 8,            \
		.bytes = 16, .start = 24, .num = 32, .num_offset = 40,         \
		.size_offset = 48, .end = end_, .flags = flags_,               \
		.varray = VARRAYS_OLD, .all = all_                             \
	}
/* name, offset, size, {size_offset}, {num_offset}, start, num, info … */
#define F96I(label, flags_, varray_, all_)                                     \
	{                                                                      \
		.name = label, .size = 96, .info = 56, .offset = 8,            \
		.bytes = 16, .size_offset = 24, .num_offset = 32, .start = 40, \
		.num = 48, .widths = true, .end = 0x20000, .flags = flags_,    \
		.varray = varray_, .all = all_                                 \
	}

/* Of two that score alike the first is taken: fewer flags come first. */
const struct field_layout elf_field_layouts[] = {
	F104("F104", 0, flags_old, ALL_OLD),        /* 5.2, 7.2 */
	F104("F104e", 0x10000, flags_old, ALL_OLD), /* 10.0 */
	F104("F104a", 0x20000, flags_markers, ALL_MARKERS),
	F96I("F96v", flags_one_varray, 0x10, ALL_ONE_VARRAY),
	F96I("F96i", flags_markers, VARRAYS_OLD, ALL_MARKERS), /* 11.1 */
	F96("F96", 0, flags_old, ALL_OLD),                     /* 2.8 */
	F96("F96e", 0x10000, flags_old, ALL_OLD),
	F96("F96a", 0x20000, flags_markers, ALL_MARKERS),
	{ 0 },
};

/* include/migration/vmstate.h: MigrationPriority */
static const enum schema_priority priorities_5_2[] = {
	PRIORITY_DEFAULT,   PRIORITY_IOMMU, PRIORITY_PCI_BUS,
	PRIORITY_GICV3_ITS, PRIORITY_GICV3,
};
static const enum schema_priority priorities_7_2[] = {
	PRIORITY_DEFAULT,    PRIORITY_IOMMU,     PRIORITY_PCI_BUS,
	PRIORITY_VIRTIO_MEM, PRIORITY_GICV3_ITS, PRIORITY_GICV3,
};
static const enum schema_priority priorities_11_1[] = {
	PRIORITY_DEFAULT, PRIORITY_LOW,       PRIORITY_DEFAULT,
	PRIORITY_IOMMU,   PRIORITY_PCI_BUS,   PRIORITY_VIRTIO_MEM,
	PRIORITY_APIC,    PRIORITY_GICV3_ITS, PRIORITY_GICV3,
};

#define PRIORITIES(list)                                                       \
	.priorities = list, .priority_count = sizeof(list) / sizeof((list)[0])

#define OLD_HOOKS(first)                                                       \
	{ first, HOOK_LOAD_STATE_OLD }, { first + 8, HOOK_PRE_LOAD },          \
		{ first + 16, HOOK_POST_LOAD },                                \
	{                                                                      \
		first + 24, HOOK_PRE_SAVE                                      \
	}

const struct vmsd_layout elf_vmsd_layouts[] = {
	{ /* 7.2, 10.0 */
	  .name = "D88",
	  .size = 88,
	  .fields = 72,
	  .subsections = 80,
	  .priority = 20,
	  .bools = true,
	  PRIORITIES(priorities_7_2),
	  .hook_count = 6,
	  .hooks = { { 24, HOOK_PRE_LOAD },
		     { 32, HOOK_POST_LOAD },
		     { 40, HOOK_PRE_SAVE },
		     { 48, HOOK_POST_SAVE },
		     { 56, HOOK_NEEDED },
		     { 64, HOOK_UNPLUG_PENDING } } },
	{ /* 11.1 */
	  .name = "D112",
	  .size = 112,
	  .fields = 96,
	  .subsections = 104,
	  .priority = 20,
	  .bools = true,
	  PRIORITIES(priorities_11_1),
	  .hook_count = 9,
	  .hooks = { { 24, HOOK_PRE_LOAD },
		     { 32, HOOK_PRE_LOAD }, /* _errp */
		     { 40, HOOK_POST_LOAD },
		     { 48, HOOK_POST_LOAD },
		     { 56, HOOK_PRE_SAVE },
		     { 64, HOOK_PRE_SAVE },
		     { 72, HOOK_POST_SAVE },
		     { 80, HOOK_NEEDED },
		     { 88, HOOK_UNPLUG_PENDING } } },
	{ /* 5.2 */
	  .name = "D104",
	  .size = 104,
	  .fields = 88,
	  .subsections = 96,
	  .minimum_old = 20,
	  .priority = 24,
	  PRIORITIES(priorities_5_2),
	  .hook_count = 7,
	  .hooks = { OLD_HOOKS(32),
		     { 64, HOOK_POST_SAVE },
		     { 72, HOOK_NEEDED },
		     { 80, HOOK_UNPLUG_PENDING } } },
	{ /* the history of the header has these three between releases */
	  .name = "D96",
	  .size = 96,
	  .fields = 80,
	  .subsections = 88,
	  .minimum_old = 20,
	  .priority = 24,
	  PRIORITIES(priorities_5_2),
	  .hook_count = 6,
	  .hooks = { OLD_HOOKS(32),
		     { 64, HOOK_POST_SAVE },
		     { 72, HOOK_NEEDED } } },
	{ .name = "D88o",
	  .size = 88,
	  .fields = 72,
	  .subsections = 80,
	  .minimum_old = 20,
	  .priority = 24,
	  PRIORITIES(priorities_5_2),
	  .hook_count = 5,
	  .hooks = { OLD_HOOKS(32), { 64, HOOK_NEEDED } } },
	{ /* 2.8 */
	  .name = "D80o",
	  .size = 80,
	  .fields = 64,
	  .subsections = 72,
	  .minimum_old = 20,
	  .hook_count = 5,
	  .hooks = { OLD_HOOKS(24), { 56, HOOK_NEEDED } } },
	{ 0 },
};
