/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether bytes can be what a layout says: the tests that both the scoring
 * of layouts and the harvest stand on. A word that carries no relocation is
 * a number, however much it looks like an address. */
#include "config.h"
#include "schema/elf-layout.h"

#include "base/limits.h"

#define MOST_ELEMENTS (1 << 24)
#define MOST_PRIORITIES 32

static bool is_pointer(const struct elf_image *im, uint64_t va)
{
	uint64_t target;

	return elf_pointer(im, va, &target);
}

/* Functions: a relocated word that leads into code. Returns 1 for one, 0 for
 * a null word, -1 for anything else. */
static int function_at(const struct elf_image *im, uint64_t va)
{
	uint64_t target;

	if (elf_pointer(im, va, &target))
		return elf_is_code(im, target) ? 1 : -1;
	return elf_null(im, va) ? 0 : -1;
}

static bool below_4g(const struct elf_image *im, uint64_t va)
{
	uint64_t v;

	return elf_u64(im, va, &v) && v < UINT64_C(1) << 32;
}

static int32_t int_at(const struct elf_image *im, uint64_t va)
{
	uint32_t v;

	return elf_u32(im, va, &v) ? (int32_t)v : INT32_MIN;
}

/* ---- VMStateInfo ---- */

/* Up to 10.0: name, get, put. 11.1: name, get, put, load, save, of which the
 * common types fill only the last two. */
static bool functions_fit(const struct elf_image *im, uint64_t va)
{
	const int get = function_at(im, va + 8), put = function_at(im, va + 16);
	int load, save;

	if (get == 1 && put == 1)
		return true;
	if (get < 0 || put < 0)
		return false;
	load = function_at(im, va + 24);
	save = function_at(im, va + 32);
	return load >= 0 && save >= 0 && (get || put || load || save);
}

/* In a module: types of its program are undefined symbols. */
static bool outside_info(const struct elf_program *p, uint64_t va,
			 struct ms_text *ret)
{
	const struct ms_text name = elf_outside_name(p->im, va);
	const struct elf_symbol *s;

	if (!p->main || !name.length)
		return false;
	s = elf_symbol_find(p->main->im, name);
	return s && elf_info_at(p->main, s->value, ret);
}

bool elf_info_at(const struct elf_program *p, uint64_t va, struct ms_text *ret)
{
	*ret = text_make(NULL, 0);
	if (va >= ELF_OUTSIDE)
		return outside_info(p, va, ret);
	*ret = elf_string_of(p->im, va);
	if (!ret->length && !elf_null(p->im, va))
		return false;
	return functions_fit(p->im, va);
}

/* ---- VMStateField ---- */

/* No relocation where numbers are. */
static bool only_numbers(const struct elf_image *im,
			 const struct field_layout *l, uint64_t va)
{
	for (unsigned o = 8; o < l->size; o += 8) {
		if (o == l->info || o == l->info + 16u || o == l->info + 32u ||
		    (l->err_hint && o == l->err_hint))
			continue;
		if (is_pointer(im, va + o))
			return false;
	}
	return true;
}

static bool numbers_fit(const struct elf_image *im,
			const struct field_layout *l, uint64_t va,
			uint32_t flags)
{
	const int32_t num = int_at(im, va + l->num);

	if (!below_4g(im, va + l->offset) || !below_4g(im, va + l->bytes) ||
	    !below_4g(im, va + l->start))
		return false;
	if (num < 0 || num > MOST_ELEMENTS || int_at(im, va + l->num + 4) ||
	    int_at(im, va + l->info + 12))
		return false;
	/* eeprom93xx has the version 20061113: there is no upper bound */
	if (int_at(im, va + l->info + 24) < 0 ||
	    int_at(im, va + l->info + 28) < 0)
		return false;
	if (!num && (flags & VMS_ARRAY) && !(flags & VMS_MUST_EXIST))
		return false;
	if ((flags & VMS_ARRAY) && (flags & l->varray))
		return false;
	return num <= 1 || (flags & (VMS_ARRAY | l->varray));
}

static bool is_width(unsigned width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

static bool source_fits(const struct elf_image *im,
			const struct field_layout *l, uint64_t va, bool needed)
{
	const uint8_t *width = elf_bytes(im, va + 4, 1);

	if (!l->widths)
		return below_4g(im, va);
	return width && (is_width(*width) || (!*width && !needed));
}

static bool types_fit(const struct elf_program *p, const struct field_layout *l,
		      uint64_t va, uint32_t flags)
{
	const struct elf_image *im = p->im;
	const int exists = function_at(im, va + l->info + 32);
	uint64_t info = 0, vmsd = 0;
	bool has_info = elf_pointer(im, va + l->info, &info);
	bool has_vmsd = elf_pointer(im, va + l->info + 16, &vmsd);
	struct ms_text name;

	if (exists < 0 || (!has_info && !elf_null(im, va + l->info)) ||
	    (!has_vmsd && !elf_null(im, va + l->info + 16)))
		return false;
	if (has_info && !elf_info_at(p, info, &name))
		return false;
	if (flags & (VMS_STRUCT | VMS_VSTRUCT))
		return has_vmsd;
	return has_info || ((flags & VMS_MUST_EXIST) && exists == 1);
}

/* A file made for it could have each of millions of pointers lead to the same
 * long array; the caller looks at the budget in the end. */
static bool spend(const struct elf_program *p)
{
	if (!*p->budget)
		return false;
	--*p->budget;
	return true;
}

bool elf_field_fits(const struct elf_program *p, const struct field_layout *l,
		    uint64_t va)
{
	const struct elf_image *im = p->im;
	uint32_t flags;

	if (!spend(p) || !elf_mapped(im, va, l->size) ||
	    !elf_string_of(im, va).length ||
	    !elf_u32(im, va + l->info + 8, &flags))
		return false;
	if ((flags & ~l->all) || (flags & l->end))
		return false;
	return only_numbers(im, l, va) && numbers_fit(im, l, va, flags) &&
	       source_fits(im, l, va + l->num_offset, flags & l->varray) &&
	       source_fits(im, l, va + l->size_offset, flags & VMS_VBUFFER) &&
	       types_fit(p, l, va, flags);
}

/* All zeros but for the flags. */
static bool is_end(const struct elf_image *im, const struct field_layout *l,
		   uint64_t va)
{
	uint32_t flags;

	if (!elf_null(im, va) || !elf_u32(im, va + l->info + 8, &flags) ||
	    flags != l->end || int_at(im, va + l->info + 12))
		return false;
	for (unsigned o = 8; o < l->size; o += 8)
		if (o != l->info + 8u && !elf_null(im, va + o))
			return false;
	return true;
}

int elf_array_count(const struct elf_program *p, const struct field_layout *l,
		    uint64_t va)
{
	int n = 0;

	while (n < MAX_SCHEMA_FIELDS && elf_mapped(p->im, va, l->size)) {
		if (is_end(p->im, l, va))
			return n;
		if (!elf_field_fits(p, l, va))
			return -1;
		va += l->size;
		n++;
	}
	return -1;
}

/* ---- VMStateDescription ---- */

/* int unmigratable of 0 or 1 (in byte 3 on a big-endian host), or from 10.0
 * on two bools: unmigratable, early_setup. */
static bool flags_fit(const struct elf_image *im, const struct vmsd_layout *d,
		      uint64_t va)
{
	const uint8_t *p = elf_bytes(im, va + 8, 4);
	uint32_t v;

	if (!p)
		return elf_null(im, va + 8);
	if (elf_u32(im, va + 8, &v) && v <= 1)
		return true;
	return d->bools && p[0] <= 1 && p[1] <= 1 && !p[2] && !p[3];
}

static bool head_fits(const struct elf_image *im, const struct vmsd_layout *d,
		      uint64_t va)
{
	int32_t priority;

	if (!elf_string_of(im, va).length && !elf_null(im, va))
		return false;
	for (unsigned o = 8; o < d->hooks[0].offset; o += 8)
		if (is_pointer(im, va + o))
			return false;
	if (!flags_fit(im, d, va) || int_at(im, va + 12) < 0 ||
	    int_at(im, va + 16) < 0)
		return false;
	if (d->minimum_old && int_at(im, va + d->minimum_old) < 0)
		return false;
	if (!d->priority)
		return true;
	priority = int_at(im, va + d->priority);
	if (priority < 0 || priority >= MOST_PRIORITIES)
		return false;
	/* int at 24, then padding */
	return d->priority % 8 || !int_at(im, va + d->priority + 4);
}

bool elf_vmsd_fits(const struct elf_program *p, const struct elf_layout *l,
		   uint64_t va, bool need_fields)
{
	const struct elf_image *im = p->im;
	const struct vmsd_layout *d = l->vmsd;
	uint64_t target;

	if ((va & 7) || !spend(p) || !elf_mapped(im, va, d->size) ||
	    !head_fits(im, d, va))
		return false;
	for (unsigned i = 0; i < d->hook_count; i++)
		if (function_at(im, va + d->hooks[i].offset) < 0)
			return false;
	if (elf_pointer(im, va + d->subsections, &target)) {
		if (target >= ELF_OUTSIDE || elf_is_code(im, target))
			return false;
	} else if (!elf_null(im, va + d->subsections)) {
		return false;
	}
	if (elf_pointer(im, va + d->fields, &target))
		return elf_array_count(p, l->field, target) >= 0;
	return !need_fields && elf_null(im, va + d->fields);
}

/* 5.2 has a list without an end ("pmu" on ppc64), over which QEMU itself
 * runs: it stops at the first pointer that is no description. */
unsigned elf_subsections(const struct elf_program *p,
			 const struct elf_layout *l, uint64_t va,
			 bool *ret_ended)
{
	unsigned n = 0;
	uint64_t target;

	*ret_ended = false;
	while (n < MAX_SCHEMA_SUBSECTIONS && elf_pointer(p->im, va, &target)) {
		if (target < ELF_OUTSIDE && !elf_vmsd_fits(p, l, target, false))
			return n;
		n++;
		va += 8;
	}
	*ret_ended = elf_null(p->im, va);
	return n;
}
