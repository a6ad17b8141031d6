/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/elf-layout.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the known layouts ---- */

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
static const struct field_layout field_layouts[] = {
	F104("F104", 0, flags_old, ALL_OLD),        /* 5.2, 7.2 */
	F104("F104e", 0x10000, flags_old, ALL_OLD), /* 10.0 */
	F104("F104a", 0x20000, flags_markers, ALL_MARKERS),
	F96I("F96v", flags_one_varray, 0x10, ALL_ONE_VARRAY),
	F96I("F96i", flags_markers, VARRAYS_OLD, ALL_MARKERS), /* 11.1 */
	F96("F96", 0, flags_old, ALL_OLD),                     /* 2.8 */
	F96("F96e", 0x10000, flags_old, ALL_OLD),
	F96("F96a", 0x20000, flags_markers, ALL_MARKERS),
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

static const struct vmsd_layout vmsd_layouts[] = {
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
};

/* ---- anchors: the types that every QEMU has ---- */

static const char *const anchor_names[] = {
	"bool",          "int8",        "int16",       "int32",
	"int64",         "uint8",       "uint16",      "uint32",
	"uint64",        "int32 le",    "int32 equal", "uint8 equal",
	"uint16 equal",  "int64 equal", "timer",       "buffer",
	"unused_buffer", "tmp",         "bitmap",      "qtailq",
	"CPU_Double_U",
};

/* QEMU has about 30, PropertyInfo objects of such names included. */
#define MAX_ANCHORS 128

struct anchors {
	uint64_t address[MAX_ANCHORS];
	unsigned count;
};

static bool is_anchor_name(struct ms_text t)
{
	const size_t n = sizeof(anchor_names) / sizeof(anchor_names[0]);

	for (size_t i = 0; i < n; i++)
		if (text_is(t, anchor_names[i]))
			return true;
	return false;
}

static bool has_both(const struct elf_image *im, uint64_t va)
{
	uint64_t get, put;

	return elf_pointer(im, va + 8, &get) && elf_is_code(im, get) &&
	       elf_pointer(im, va + 16, &put) && elf_is_code(im, put);
}

/* Those with get and put. The form of 11.1 without them is believed only
 * where these are few: a qdev PropertyInfo of such a name looks like it. */
static void find_anchors(const struct elf_program *p, struct anchors *ret)
{
	static const unsigned few = 5;
	struct ms_text name;

	ret->count = 0;
	for (int loose = 0; loose < 2 && ret->count < few; loose++)
		elf_each_segment(p->im, g) elf_each_pointer(p->im, g, va)
		{
			if (!is_anchor_name(elf_string_of(p->im, va)) ||
			    !elf_info_at(p, va, &name) ||
			    has_both(p->im, va) == loose ||
			    ret->count == MAX_ANCHORS)
				continue;
			ret->address[ret->count++] = va;
		}
}

static bool is_anchor(const struct anchors *a, uint64_t va)
{
	for (unsigned i = 0; i < a->count; i++)
		if (a->address[i] == va)
			return true;
	return false;
}

/* ---- measuring ---- */

#define LEAST_STRIDE 64
#define MOST_STRIDE 192
#define STRIDES (MOST_STRIDE / 8 + 1)

struct references {
	uint64_t *slots;
	size_t count;
	unsigned stride, info;
};

/* Slots past the cap are left out: far more than any QEMU has, they would
 * only cost time. */
static bool add_slot(uint64_t **io_slots, size_t *io_count, size_t *io_room,
		     uint64_t slot)
{
	if (*io_count >= MAX_PROGRAM_SLOTS)
		return true;
	if (*io_count == *io_room) {
		size_t room = *io_room * 2 + 1024;
		uint64_t *p = mem_resize_array(*io_slots, room, sizeof(*p));

		if (!p)
			return false;
		*io_slots = p;
		*io_room = room;
	}
	(*io_slots)[(*io_count)++] = slot;
	return true;
}

static bool find_references(const struct elf_program *p,
			    const struct anchors *a, struct references *r)
{
	size_t room = 0;
	uint64_t low = UINT64_MAX, high = 0, target;

	for (unsigned i = 0; i < a->count; i++) {
		low = a->address[i] < low ? a->address[i] : low;
		high = a->address[i] > high ? a->address[i] : high;
	}
	elf_each_segment(p->im, g)
		elf_each_pointer(p->im, g,
				 va) if (elf_pointer(p->im, va, &target) &&
					 target >= low && target <= high &&
					 is_anchor(a, target) &&
					 !add_slot(&r->slots, &r->count, &room,
						   va)) return false;
	return true;
}

static unsigned best_of(const unsigned *hits, unsigned count)
{
	unsigned best = 0;

	for (unsigned i = 1; i < count; i++)
		if (hits[i] > hits[best])
			best = i;
	return best;
}

/* The commonest distance between two neighbours is the record size, the
 * commonest distance back to a string the place of the type. */
static void measure(const struct elf_image *im, struct references *r)
{
	unsigned strides[STRIDES] = { 0 }, names[STRIDES] = { 0 };
	unsigned most;

	for (size_t i = 1; i < r->count; i++) {
		const uint64_t d = r->slots[i] - r->slots[i - 1];

		if (d >= LEAST_STRIDE && d <= MOST_STRIDE && d % 8 == 0)
			strides[d / 8]++;
	}
	r->stride = best_of(strides, STRIDES) * 8;
	most = r->stride ? r->stride / 8 : STRIDES;
	for (size_t i = 0; i < r->count; i++)
		for (unsigned k = 1; k < most; k++)
			names[k] +=
				elf_string_of(im, r->slots[i] - 8 * k).length >
				0;
	r->info = best_of(names, most) * 8;
}

/* ---- scoring ---- */

struct score {
	unsigned first, second, third;
};

static bool better(const struct score *a, const struct score *b)
{
	if (a->first != b->first)
		return a->first > b->first;
	if (a->second != b->second)
		return a->second > b->second;
	return a->third > b->third;
}

/* Records that fit, and end records behind one. */
static struct score score_field(const struct elf_program *p,
				const struct field_layout *l,
				const struct references *r)
{
	struct score s = { 0 };

	for (size_t i = 0; i < r->count; i++) {
		const uint64_t va = r->slots[i] - l->info;
		const uint64_t next = va + l->size;
		uint32_t flags;

		if (!elf_field_fits(p, l, va))
			continue;
		s.first++;
		if (elf_null(p->im, next) &&
		    elf_u32(p->im, next + l->info + 8, &flags) &&
		    flags == l->end) {
			s.first++;
			s.second++;
		}
	}
	return s;
}

static const struct field_layout *choose_field(const struct elf_program *p,
					       const struct references *r)
{
	const size_t n = sizeof(field_layouts) / sizeof(field_layouts[0]);
	const struct field_layout *chosen = NULL;
	struct score best = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct field_layout *l = &field_layouts[i];
		struct score s;

		if ((r->stride && l->size != r->stride) || l->info != r->info)
			continue;
		s = score_field(p, l, r);
		if (better(&s, &best)) {
			best = s;
			chosen = l;
		}
	}
	/* Without end records nothing could be harvested. */
	return best.second ? chosen : NULL;
}

/* Slots that point at an array of at least one field. */
static bool find_arrays(struct elf_program *p)
{
	uint64_t target, first;

	elf_each_segment(p->im, g) elf_each_pointer(
		p->im, g,
		va) if (elf_pointer(p->im, va, &target) &&
			elf_pointer(p->im, target, &first) &&
			elf_array_count(p, p->layout.field, target) > 0 &&
			!add_slot(&p->arrays, &p->array_count, &p->array_room,
				  va)) return false;
	return true;
}

/* Subsections nearly always have "needed": the third key tells layouts apart
 * that differ only in the order of the functions. Fits with a name come
 * first, as a wrong place makes hundreds of nameless ones out of zeros. */
static struct score score_vmsd(const struct elf_program *p,
			       const struct elf_layout *l)
{
	const struct vmsd_layout *d = l->vmsd;
	struct score s = { 0 };
	uint64_t list, target;
	unsigned needed = 0;

	for (unsigned i = 0; i < d->hook_count; i++)
		if (d->hooks[i].hook == HOOK_NEEDED)
			needed = d->hooks[i].offset;
	for (size_t i = 0; i < p->array_count; i++) {
		const uint64_t va = p->arrays[i] - d->fields;
		bool ended;

		if (!elf_vmsd_fits(p, l, va, true))
			continue;
		s.first += elf_pointer(p->im, va, &target);
		s.second++;
		if (!elf_pointer(p->im, va + d->subsections, &list))
			continue;
		for (unsigned n = elf_subsections(p, l, list, &ended); n--;)
			if (elf_pointer(p->im, list + 8 * n, &target))
				s.third += elf_pointer(p->im, target + needed,
						       &target);
	}
	return s;
}

static const struct vmsd_layout *choose_vmsd(const struct elf_program *p)
{
	const size_t n = sizeof(vmsd_layouts) / sizeof(vmsd_layouts[0]);
	struct elf_layout l = p->layout;
	const struct vmsd_layout *chosen = NULL;
	struct score best = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct score s;

		l.vmsd = &vmsd_layouts[i];
		s = score_vmsd(p, &l);
		if (s.first && better(&s, &best)) {
			best = s;
			chosen = l.vmsd;
		}
	}
	return chosen;
}

/* A check that knows no layout: the commonest distance from a string to the
 * pointer at a field array. */
static unsigned measure_fields(const struct elf_program *p)
{
	unsigned hits[STRIDES] = { 0 };

	for (size_t i = 0; i < p->array_count; i++)
		for (unsigned k = 1; k < STRIDES; k++)
			hits[k] += elf_string_of(p->im, p->arrays[i] - 8 * k)
					   .length > 0;
	return best_of(hits, STRIDES) * 8;
}

static bool find_in_program(struct elf_program *p, struct references *r,
			    char *why, size_t room)
{
	struct anchors a;

	find_anchors(p, &a);
	if (!find_references(p, &a, r)) {
		snprintf(why, room, "out of memory");
		return false;
	}
	if (!r->count) {
		snprintf(why, room,
			 "no device descriptions in it: not a QEMU "
			 "system emulator");
		return false;
	}
	measure(p->im, r);
	p->layout.field = choose_field(p, r);
	if (!p->layout.field) {
		snprintf(why, room,
			 "its field records (%u bytes, type at %u) are laid "
			 "out in a way that is not known",
			 r->stride, r->info);
		return false;
	}
	if (!find_arrays(p)) {
		snprintf(why, room, "out of memory");
		return false;
	}
	p->layout.vmsd = choose_vmsd(p);
	if (!p->layout.vmsd || p->layout.vmsd->fields != measure_fields(p)) {
		snprintf(why, room,
			 "its descriptions (fields at %u) are laid out in a "
			 "way that is not known",
			 measure_fields(p));
		return false;
	}
	return true;
}

bool elf_find_layout(struct elf_program *p, char *why, size_t why_room)
{
	struct references r = { 0 };
	bool found;

	if (p->main) {
		/* too few to measure, but built with the same headers */
		p->layout = p->main->layout;
		if (find_arrays(p))
			return true;
		snprintf(why, why_room, "out of memory");
		return false;
	}
	found = find_in_program(p, &r, why, why_room);
	free(r.slots);
	return found;
}
