/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/elf-layout.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- anchors: the types that every QEMU has ---- */

static const char *const anchor_names[] = {
	"bool",          "int8",        "int16",       "int32",
	"int64",         "uint8",       "uint16",      "uint32",
	"uint64",        "int32 le",    "int32 equal", "uint8 equal",
	"uint16 equal",  "int64 equal", "timer",       "buffer",
	"unused_buffer", "tmp",         "bitmap",      "qtailq",
	"CPU_Double_U",
};

struct anchors {
	uint64_t address[MAX_PROGRAM_ANCHORS];
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
			    ret->count == MAX_PROGRAM_ANCHORS)
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

/* False: no memory, or past the cap. */
static bool add_slot(uint64_t **io_slots, size_t *io_count, size_t *io_room,
		     uint64_t slot)
{
	if (*io_count == MAX_PROGRAM_SLOTS)
		return false;
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

static bool no_slots(size_t count, const char *what, char *why, size_t room)
{
	if (count < MAX_PROGRAM_SLOTS)
		snprintf(why, room, "out of memory");
	else
		snprintf(why, room, "%s are over the limit of %d", what,
			 MAX_PROGRAM_SLOTS);
	return false;
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
	const struct field_layout *chosen = NULL;
	struct score best = { 0 };

	for (const struct field_layout *l = elf_field_layouts; l->name; l++) {
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
	struct elf_layout l = p->layout;
	const struct vmsd_layout *chosen = NULL;
	struct score best = { 0 };

	for (l.vmsd = elf_vmsd_layouts; l.vmsd->name; l.vmsd++) {
		struct score s = score_vmsd(p, &l);

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
	if (!find_references(p, &a, r))
		return no_slots(r->count, "references to types", why, room);
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
	if (!find_arrays(p))
		return no_slots(p->array_count, "references to fields", why,
				room);
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
		return no_slots(p->array_count, "references to fields", why,
				why_room);
	}
	found = find_in_program(p, &r, why, why_room);
	free(r.slots);
	return found;
}
