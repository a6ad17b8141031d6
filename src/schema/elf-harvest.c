/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "schema/elf-harvest.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "schema/elf-code.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- entries by address ---- */

static struct harvest_entry **bucket_of(const struct harvest *h,
					uint64_t address)
{
	const uint64_t mixed = address / 8 * UINT64_C(0x9e3779b97f4a7c15);

	return &h->buckets[mixed >> 52 & (HARVEST_BUCKETS - 1)];
}

static struct harvest_entry *find_entry(const struct harvest *h,
					uint64_t address)
{
	struct harvest_entry *e = *bucket_of(h, address);

	while (e && e->address != address)
		e = e->next;
	return e;
}

static struct harvest_entry *get_entry(struct harvest *h, uint64_t address)
{
	struct harvest_entry *e = find_entry(h, address), **bucket;

	if (e)
		return e;
	e = arena_alloc(&h->arena, sizeof(*e));
	if (!e)
		return NULL;
	bucket = bucket_of(h, address);
	*e = (struct harvest_entry){ .address = address, .next = *bucket };
	*bucket = e;
	if (address < h->low)
		h->low = address;
	if (address > h->high)
		h->high = address;
	return e;
}

struct schema_vmsd *harvest_find(const struct harvest *h, uint64_t address)
{
	const struct harvest_entry *e = find_entry(h, address);

	return e ? e->vmsd : NULL;
}

/* ---- one description ---- */

static struct schema_vmsd *convert(struct harvest *h, uint64_t va,
				   unsigned depth);

/* In a module: the description of that symbol in its program. */
static struct schema_vmsd *convert_outside(struct harvest *h, uint64_t va)
{
	const struct ms_text name = elf_outside_name(h->program->im, va);
	const struct elf_symbol *s =
		h->main ? elf_symbol_find(h->main->program->im, name) : NULL;

	if (s)
		return harvest_find(h->main, s->value);
	schema_note(h->schema, "the description '%.*s' is in another file",
		    (int)name.length, name.bytes);
	return NULL;
}

/* What a pointer of a field or a subsection list leads to. */
static struct schema_vmsd *convert_slot(struct harvest *h, uint64_t slot,
					unsigned depth)
{
	struct harvest_entry *e;
	struct schema_vmsd *v;
	uint64_t va;

	if (!elf_pointer(h->program->im, slot, &va))
		return NULL;
	if (va >= ELF_OUTSIDE)
		return convert_outside(h, va);
	v = convert(h, va, depth);
	e = find_entry(h, va);
	if (e)
		e->inner++;
	return v;
}

static uint64_t u64_at(const struct elf_image *im, uint64_t va)
{
	uint64_t v;

	return elf_u64(im, va, &v) ? v : 0;
}

static uint32_t u32_at(const struct elf_image *im, uint64_t va)
{
	uint32_t v;

	return elf_u32(im, va, &v) ? v : 0;
}

static uint8_t u8_at(const struct elf_image *im, uint64_t va)
{
	const uint8_t *p = elf_bytes(im, va, 1);

	return p ? *p : 0;
}

/* Widths that the flags tell (migration/vmstate.c: vmstate_n_elems);
 * vmstate_size() reads an int32 in those releases. */
static struct schema_source source_by_flags(uint32_t vms, bool is_length)
{
	static const struct {
		uint32_t flag;
		uint8_t width;
		bool is_signed;
	} widths[] = {
		{ 0x10, 4, true },
		{ 0x800, 4, false },
		{ 0x80, 2, false },
		{ 0x400, 1, false },
	};

	if (is_length)
		return (struct schema_source){ .width = 4, .is_signed = true };
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		if (vms & widths[i].flag)
			return (struct schema_source){
				.width = widths[i].width,
				.is_signed = widths[i].is_signed
			};
	return (struct schema_source){ .width = 0 };
}

static struct schema_source read_source(const struct harvest *h, uint64_t va,
					uint32_t vms, bool is_length)
{
	const struct elf_image *im = h->program->im;
	const struct field_layout *l = h->program->layout.field;
	struct schema_source c = source_by_flags(vms, is_length);

	if (!(vms & (is_length ? VMS_VBUFFER : l->varray)))
		return (struct schema_source){ .field = -1 };
	c.field = -1;
	if (l->widths) {
		c.width = u8_at(im, va + 4);
		c.is_signed = c.is_signed && c.width == 4;
		c.offset = u32_at(im, va);
	} else {
		c.offset = u64_at(im, va);
	}
	return c;
}

static uint32_t our_flags(const struct field_layout *l, uint32_t vms)
{
	uint32_t flags = 0;

	for (unsigned bit = 0; bit < 32; bit++)
		if (vms >> bit & 1)
			flags |= l->flags[bit];
	return flags;
}

/* A gtree's vmsd is an array of two, value and key, when .start (the key's
 * size) is not 0 (migration/vmstate-types.c: put_gtree). */
static void read_nested(struct harvest *h, struct schema_field *f, uint64_t va,
			unsigned depth)
{
	const struct elf_program *p = h->program;
	const uint64_t slot = va + p->layout.field->info + 16;
	uint64_t target;

	f->vmsd = convert_slot(h, slot, depth + 1);
	if (f->shape != DESC_TREE || !f->start ||
	    !elf_pointer(p->im, slot, &target) || target >= ELF_OUTSIDE)
		return;
	target += p->layout.vmsd->size;
	if (elf_vmsd_fits(p, &p->layout, target, true))
		f->key = convert(h, target, depth + 1);
}

static void read_field(struct harvest *h, struct schema_field *f, uint64_t va,
		       unsigned depth)
{
	const struct elf_image *im = h->program->im;
	const struct field_layout *l = h->program->layout.field;
	const uint32_t vms = u32_at(im, va + l->info + 8);
	uint64_t info;

	f->name = schema_text(h->schema, elf_string_of(im, va));
	f->flags = our_flags(l, vms);
	f->offset = u64_at(im, va + l->offset);
	f->size = u64_at(im, va + l->bytes);
	f->start = u64_at(im, va + l->start);
	f->num = u32_at(im, va + l->num);
	f->version = (int32_t)u32_at(im, va + l->info + 24);
	f->struct_version = (int32_t)u32_at(im, va + l->info + 28);
	f->count = read_source(h, va + l->num_offset, vms, false);
	f->length = read_source(h, va + l->size_offset, vms, true);
	if (elf_pointer(im, va + l->info + 32, &info))
		f->flags |= FIELD_CONDITIONAL;
	if (f->flags & FIELD_STRUCT)
		f->type = TEXT("struct");
	else if (f->flags & FIELD_VSTRUCT)
		f->type = TEXT("vstruct");
	else if (elf_pointer(im, va + l->info, &info) &&
		 elf_info_at(h->program, info, &f->type))
		/* QEMU's name for an info without one (vmstate.c) */
		f->type = f->type.length ? schema_text(h->schema, f->type) :
					   TEXT("unknown");
	else
		f->flags |= FIELD_CHECK;
	f->shape = desc_shape_of(f->type);
	read_nested(h, f, va, depth);
}

static void read_fields(struct harvest *h, struct schema_draft *d, uint64_t va,
			unsigned depth)
{
	const struct elf_program *p = h->program;
	uint64_t array;
	int n;

	if (!elf_pointer(p->im, va + p->layout.vmsd->fields, &array))
		return;
	n = elf_array_count(p, p->layout.field, array);
	for (int i = 0; i < n; i++, array += p->layout.field->size) {
		struct schema_field *f = draft_field(h->schema, d);

		if (!f)
			return;
		read_field(h, f, array, depth);
	}
}

static void read_subsections(struct harvest *h, struct schema_draft *d,
			     uint64_t va, unsigned depth)
{
	const struct elf_program *p = h->program;
	struct schema_vmsd *sub;
	bool ended = true;
	uint64_t list;
	unsigned n;

	if (!elf_pointer(p->im, va + p->layout.vmsd->subsections, &list))
		return;
	n = elf_subsections(p, &p->layout, list, &ended);
	if (!ended)
		schema_note(h->schema,
			    "the subsection list of '%.*s' has no end",
			    (int)d->v.name.length, d->v.name.bytes);
	for (unsigned i = 0; i < n; i++) {
		sub = convert_slot(h, list + 8 * i, depth + 1);
		if (sub && !draft_subsection(h->schema, d, sub))
			return;
	}
}

static void read_head(const struct harvest *h, struct schema_vmsd *v,
		      uint64_t va)
{
	const struct elf_image *im = h->program->im;
	const struct vmsd_layout *d = h->program->layout.vmsd;
	uint32_t priority = d->priority ? u32_at(im, va + d->priority) : 0;
	uint64_t target;

	v->has_name = elf_pointer(im, va, &target);
	v->name = schema_text(h->schema, elf_string_of(im, va));
	/* an int of 1 stands in byte 3 on a big-endian host */
	v->unmigratable = u32_at(im, va + 8) == 1 || u8_at(im, va + 8) == 1;
	v->early_setup = d->bools && u8_at(im, va + 9) == 1;
	v->version = (int32_t)u32_at(im, va + 12);
	v->minimum = (int32_t)u32_at(im, va + 16);
	if (d->minimum_old)
		v->minimum_old = (int32_t)u32_at(im, va + d->minimum_old);
	if (priority < d->priority_count)
		v->priority = d->priorities[priority];
	for (unsigned i = 0; i < d->hook_count; i++)
		if (elf_pointer(im, va + d->hooks[i].offset, &target))
			v->hooks |= (uint8_t)d->hooks[i].hook;
}

#define KNOWN_FROM_ELF                                                         \
	(KNOWN_TYPES | KNOWN_MINIMUM | KNOWN_OFFSETS | KNOWN_HOST_SIZES |      \
	 KNOWN_NUM | KNOWN_CONDITIONS | KNOWN_HOOKS | KNOWN_FIELD_VERSIONS |   \
	 KNOWN_ALL_FIELDS | KNOWN_ALL_SUBSECTIONS | KNOWN_CHECKS)

/* The description at va with all that it leads to. NULL: none is there, or
 * the schema has failed. */
static struct schema_vmsd *convert(struct harvest *h, uint64_t va,
				   unsigned depth)
{
	const struct elf_program *p = h->program;
	struct schema_draft d = { .v.known = KNOWN_FROM_ELF };
	struct harvest_entry *e = find_entry(h, va);

	if (e && e->busy)
		schema_note(h->schema, "a description contains itself");
	if (e && (e->vmsd || e->busy))
		return e->vmsd;
	if (!elf_vmsd_fits(p, &p->layout, va, false)) {
		schema_note(h->schema,
			    "what is at 0x%" PRIx64 " is no description", va);
		return NULL;
	}
	e = e ? e : get_entry(h, va);
	if (!e || depth >= MAX_SCHEMA_DEPTH || h->schema->failed)
		return NULL;
	e->busy = true;
	read_head(h, &d.v, va);
	read_fields(h, &d, va, depth);
	read_subsections(h, &d, va, depth);
	e->vmsd = draft_intern(h->schema, &d);
	e->busy = false;
	return e->vmsd;
}

/* ---- all of them ---- */

static void count_reference(void *ctx, uint64_t from, uint64_t target)
{
	struct harvest_entry *e = find_entry(ctx, target);

	(void)from;
	if (e)
		e->in_code = true;
}

/* Strings may lie in one segment with the code (arm64): where the unwind
 * table can tell, only the start of a function is one. */
static bool hooks_are_functions(const struct harvest *h, uint64_t va)
{
	const struct elf_image *im = h->program->im;
	const struct vmsd_layout *d = h->program->layout.vmsd;
	uint64_t target;
	bool any = false;

	for (unsigned i = 0; i < d->hook_count; i++) {
		if (!elf_pointer(im, va + d->hooks[i].offset, &target))
			continue;
		if (im->eh_frame_header &&
		    elf_function_end(im, target - 1) != target)
			return false;
		any = true;
	}
	return any;
}

/* Without fields, or with nothing but the end record, a description is
 * little more than a string and zeros. It is believed if a written end
 * record proves it, or if it says something and code takes its address. */
static bool is_candidate(const struct harvest *h, uint64_t va, bool *ret_weak)
{
	const struct elf_program *p = h->program;
	const struct vmsd_layout *d = p->layout.vmsd;
	struct schema_vmsd head = { 0 };
	bool ended = false;
	uint64_t target;

	if (!elf_vmsd_fits(p, &p->layout, va, false))
		return false;
	if (elf_pointer(p->im, va + d->fields, &target)) {
		*ret_weak = !p->layout.field->end;
		return true;
	}
	*ret_weak = true;
	read_head(h, &head, va);
	if (elf_pointer(p->im, va + d->subsections, &target) &&
	    (!elf_subsections(p, &p->layout, target, &ended) || !ended))
		return false;
	return ended || hooks_are_functions(h, va) || head.unmigratable;
}

static bool find_weak(struct harvest *h)
{
	const struct elf_image *im = h->program->im;

	elf_each_segment(im, g) elf_each_pointer(im, g, va)
	{
		struct harvest_entry *e;
		bool weak;

		if (!elf_string_of(im, va).length || find_entry(h, va) ||
		    !is_candidate(h, va, &weak))
			continue;
		if (!weak) {
			convert(h, va, 0);
			continue;
		}
		e = get_entry(h, va);
		if (!e)
			return false;
		e->weak = true;
	}
	return true;
}

static void convert_weak(struct harvest *h)
{
	for (unsigned i = 0; i < HARVEST_BUCKETS; i++)
		for (struct harvest_entry *e = h->buckets[i]; e; e = e->next)
			if (e->weak && e->in_code)
				convert(h, e->address, 0);
}

/* Pointers at descriptions that are no part of VMState: whoever has one can
 * register it as a section. */
static void find_roles(struct harvest *h)
{
	const struct elf_image *im = h->program->im;
	struct harvest_entry *e;
	uint64_t target;

	elf_each_segment(im, g)
		elf_each_pointer(im, g, va) if (elf_pointer(im, va, &target) &&
						target >= h->low &&
						target <= h->high &&
						(e = find_entry(h, target)))
			e->slots++;
	for (unsigned i = 0; i < HARVEST_BUCKETS; i++)
		for (e = h->buckets[i]; e; e = e->next)
			if (e->vmsd && (e->in_code || e->slots > e->inner))
				e->vmsd->roles |= ROLE_TOP;
}

bool harvest_all(struct harvest *h)
{
	const struct elf_program *p = h->program;

	h->low = UINT64_MAX;
	h->high = 0;
	arena_init(&h->arena, MAX_SCHEMA_BYTES);
	h->buckets = mem_zero(HARVEST_BUCKETS, sizeof(struct harvest_entry *));
	if (!h->buckets)
		return false;
	for (size_t i = 0; i < p->array_count; i++) {
		const uint64_t va = p->arrays[i] - p->layout.vmsd->fields;

		if (elf_vmsd_fits(p, &p->layout, va, true))
			convert(h, va, 0);
	}
	if (!find_weak(h))
		return false;
	elf_code_references(p->im, h->low, h->high, count_reference, h);
	convert_weak(h);
	find_roles(h);
	return !h->schema->failed;
}

void harvest_free(struct harvest *h)
{
	free(h->buckets);
	arena_free(&h->arena);
}
