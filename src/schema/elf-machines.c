/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machine types of a program, and the defaults that each changes.
 *
 * A machine type's class_init hands lists of GlobalProperty to
 * compat_props_add(), newest release first: its own, and through a chain of
 * functions those of all releases in between (hw/i386/pc_q35.c:
 * pc_q35_7_1_machine_options calls that of 7.2, and so on; 5.2 to 11.1).
 * Following the calls of class_init and noting each list whose address is
 * taken gives what query-machines (from 9.1 on) has as compat-props.
 *
 * GlobalProperty (include/hw/qdev-core.h; 5.2 to 11.1), 32 bytes:
 *   driver 0 | property 8 | value 16 | used 24 (bool) | optional 25 (bool)
 * Its lists have a length elsewhere: the size of their symbol (hw_compat_7_2
 * is exported by programs with modules), else they run on to the next list
 * or to what is none. */
#include "config.h"
#include "schema/elf-tables.h"

#include "base/limits.h"
#include "base/mem.h"
#include "schema/elf-code.h"

#include <stdlib.h>

#define PROPERTY_BYTES 32
#define FUNCTION_BUCKETS 1024u

struct function {
	struct function *next;
	uint64_t address;
	struct elf_step *steps; /* lists that are taken, functions called */
	size_t count;
	bool takes;       /* a list, itself */
	uint32_t visited; /* for this machine type already; its number + 1 */
};

struct list {
	uint64_t address;
	uint32_t number; /* in the schema */
};

/* What there is more of than is looked at. */
enum over {
	OVER_PROPERTIES,
	OVER_LISTS,
	OVER_FUNCTIONS,
	OVER_FUNCTION_STEPS,
	OVER_CALLS,
	OVER_STEPS,
	OVER_COUNT
};

static const struct {
	const char *what;
	unsigned most;
} overs[] = {
	[OVER_PROPERTIES] = { "properties of a list", MAX_COMPAT_PROPERTIES },
	[OVER_LISTS] = { "lists of a machine type", MAX_MACHINE_COMPATS },
	[OVER_FUNCTIONS] = { "functions that set machine types up",
			     MAX_PROGRAM_FUNCTIONS },
	[OVER_FUNCTION_STEPS] = { "steps of a function that sets machine "
				  "types up",
				  MAX_PROGRAM_FUNCTION_STEPS },
	[OVER_CALLS] = { "calls one in the other that set a machine type up",
			 MAX_PROGRAM_CALLS },
	[OVER_STEPS] = { "steps to the defaults of machine types",
			 MAX_PROGRAM_STEPS },
};

struct search {
	const struct elf_image *im;
	const struct elf_types *types;
	struct schema *s;
	struct arena arena;
	struct function *buckets[FUNCTION_BUCKETS];
	uint32_t functions;
	uint32_t steps;     /* followed, see MAX_PROGRAM_STEPS */
	struct list *lists; /* by address, once all are known */
	uint32_t list_count, list_room;
	uint64_t found[MAX_MACHINE_COMPATS]; /* lists of the machine type */
	uint32_t found_count, machine;
	bool over[OVER_COUNT];
	bool failed;
};

/* ---- lists ---- */

/* A text that may be empty. */
static bool text_at(const struct elf_image *im, uint64_t slot,
		    struct ms_text *ret)
{
	const uint8_t *p;
	uint64_t target;

	*ret = elf_string_of(im, slot);
	if (ret->length)
		return true;
	*ret = TEXT("");
	p = elf_pointer(im, slot, &target) ? elf_bytes(im, target, 1) : NULL;
	return p && !*p;
}

/* A list of three of a board's processors looks the same. */
static bool property_at(const struct search *f, uint64_t va,
			struct schema_property *ret)
{
	uint64_t flags, target;

	ret->driver = elf_string_of(f->im, va);
	ret->name = elf_string_of(f->im, va + 8);
	if (!ret->driver.length || !ret->name.length ||
	    !text_at(f->im, va + 16, &ret->value) ||
	    elf_pointer(f->im, va + 24, &target) ||
	    !elf_u64(f->im, va + 24, &flags))
		return false;
	/* two bools, in either byte order */
	if ((flags & ~UINT64_C(0x0101)) && (flags & ~(UINT64_C(0x0101) << 48)))
		return false;
	return !text_ends(ret->name, TEXT("-cpu"));
}

/* Bytes of the symbol at that address; 0: there is none. */
static uint64_t symbol_at(const struct elf_image *im, uint64_t va,
			  struct ms_text *ret_name)
{
	for (size_t i = 0; i < im->symbol_count; i++)
		if (im->symbols[i].value == va && im->symbols[i].size &&
		    !(im->symbols[i].size % PROPERTY_BYTES)) {
			*ret_name = im->symbols[i].name;
			return im->symbols[i].size;
		}
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct list *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static bool read_list(struct search *f, struct list *l, uint64_t next)
{
	struct schema_property room[MAX_COMPAT_PROPERTIES], *p, more;
	struct schema_compat c = { .name = TEXT("") };
	uint64_t end = symbol_at(f->im, l->address, &c.name), va;

	end = end ? l->address + end : next;
	for (va = l->address; va < end && c.count < MAX_COMPAT_PROPERTIES &&
			      property_at(f, va, &room[c.count]);
	     va += PROPERTY_BYTES)
		c.count++;
	if (va < end && c.count == MAX_COMPAT_PROPERTIES &&
	    property_at(f, va, &more))
		f->over[OVER_PROPERTIES] = true;
	p = schema_array(f->s, c.count, sizeof(*p));
	for (uint32_t i = 0; p && i < c.count; i++)
		p[i] = (struct schema_property){
			schema_text(f->s, room[i].driver),
			schema_text(f->s, room[i].name),
			schema_text(f->s, room[i].value),
		};
	c.name = schema_text(f->s, c.name);
	c.properties = p;
	l->number = f->s->compat_count;
	if (p)
		schema_add_compat(f->s, c);
	return !f->s->failed;
}

static bool add_list(struct search *f, uint64_t address)
{
	for (uint32_t i = 0; i < f->list_count; i++)
		if (f->lists[i].address == address)
			return true;
	if (f->list_count == f->list_room) {
		const uint32_t room = f->list_room * 2 + 64;
		struct list *p =
			room <= MAX_SCHEMA_ITEMS ?
				mem_resize_array(f->lists, room, sizeof(*p)) :
				NULL;

		if (!p)
			return false;
		f->lists = p;
		f->list_room = room;
	}
	f->lists[f->list_count++] = (struct list){ .address = address };
	return true;
}

static bool read_lists(struct search *f)
{
	if (f->list_count > 1)
		qsort(f->lists, f->list_count, sizeof(*f->lists), by_address);
	for (uint32_t i = 0; i < f->list_count; i++)
		if (!read_list(f, &f->lists[i],
			       i + 1 < f->list_count ? f->lists[i + 1].address :
						       UINT64_MAX))
			return false;
	return true;
}

/* ---- functions ---- */

static void keep_steps(struct search *f, struct function *one,
		       const struct elf_step *steps, size_t n)
{
	struct schema_property p;

	one->steps = arena_array(&f->arena, n, sizeof(*steps));
	f->failed |= !one->steps;
	for (size_t i = 0; one->steps && i < n; i++)
		if (steps[i].call || property_at(f, steps[i].target, &p)) {
			one->takes |= !steps[i].call;
			one->steps[one->count++] = steps[i];
		}
}

/* NULL: past the cap, or out of memory. */
static struct function *function_of(struct search *f, uint64_t address)
{
	struct function **bucket = &f->buckets[address / 16 % FUNCTION_BUCKETS];
	struct elf_step steps[MAX_PROGRAM_FUNCTION_STEPS + 1];
	struct function *one = *bucket;
	size_t n;

	while (one && one->address != address)
		one = one->next;
	if (!one && f->functions == MAX_PROGRAM_FUNCTIONS)
		f->over[OVER_FUNCTIONS] = true;
	if (one || f->failed || f->over[OVER_FUNCTIONS])
		return one;
	one = arena_alloc(&f->arena, sizeof(*one));
	f->failed |= !one;
	if (!one)
		return NULL;
	f->functions++;
	one->address = address;
	one->next = *bucket;
	*bucket = one;
	n = elf_function_steps(f->im, address, steps,
			       MAX_PROGRAM_FUNCTION_STEPS + 1);
	if (n > MAX_PROGRAM_FUNCTION_STEPS) {
		f->over[OVER_FUNCTION_STEPS] = true;
		n = MAX_PROGRAM_FUNCTION_STEPS;
	}
	keep_steps(f, one, steps, n);
	return one;
}

/* Itself, or through a function it calls: pc_q35_machine_options takes none
 * where a release changed nothing. */
static bool leads_to_list(struct search *f, const struct function *one)
{
	bool yes = one->takes;

	for (size_t i = 0; !yes && i < one->count; i++, f->steps++) {
		const struct function *other =
			one->steps[i].call ?
				function_of(f, one->steps[i].target) :
				NULL;

		yes = other && other->takes;
	}
	return yes;
}

static void collect(struct search *f, struct function *one, unsigned depth)
{
	one->visited = f->machine + 1;
	for (size_t i = 0; i < one->count && f->steps < MAX_PROGRAM_STEPS;
	     i++, f->steps++) {
		const struct elf_step *step = &one->steps[i];
		struct function *other;

		if (!step->call) {
			if (f->found_count < MAX_MACHINE_COMPATS)
				f->found[f->found_count++] = step->target;
			else
				f->over[OVER_LISTS] = true;
			continue;
		}
		other = function_of(f, step->target);
		if (!other || other->visited == f->machine + 1 ||
		    !leads_to_list(f, other))
			continue;
		if (depth < MAX_PROGRAM_CALLS)
			collect(f, other, depth + 1);
		else
			f->over[OVER_CALLS] = true;
	}
}

/* ---- machine types ---- */

/* The lists of a machine type; each class starts with none
 * (hw/core/machine.c: machine_class_base_init). */
static void find_lists(struct search *f, const struct elf_type *type,
		       uint32_t machine)
{
	struct function *init =
		type->class_init ? function_of(f, type->class_init) : NULL;

	f->found_count = 0;
	f->machine = machine;
	if (init)
		collect(f, init, 0);
}

static void add_machine(struct search *f, const struct elf_type *type)
{
	struct ms_text name = type->name;
	uint32_t *numbers =
		schema_array(f->s, f->found_count, sizeof(*numbers));

	name.length -= sizeof("-machine") - 1;
	for (uint32_t i = 0; numbers && i < f->found_count; i++) {
		const struct list wanted = { .address = f->found[i] };
		const struct list *l = bsearch(&wanted, f->lists, f->list_count,
					       sizeof(*l), by_address);

		numbers[i] = l->number;
	}
	schema_add_machine(f->s,
			   (struct schema_machine){
				   .name = schema_text(f->s, name),
				   .parent = schema_text(f->s, type->parent),
				   .compat = numbers,
				   .compat_count = f->found_count });
}

/* Once for where the lists are, so that they are known to end before the
 * next one; then for each machine type's. */
static bool find_all(struct search *f)
{
	const struct elf_types *t = f->types;

	for (size_t i = 0; i < t->count; i++) {
		if (!elf_is_machine(t, &t->list[i]))
			continue;
		find_lists(f, &t->list[i], (uint32_t)i);
		for (uint32_t k = 0; k < f->found_count; k++)
			if (!add_list(f, f->found[k]))
				return false;
	}
	if (f->failed || !read_lists(f))
		return false;
	/* the same once more */
	f->steps = 0;
	for (size_t i = 0; i < t->count && !f->s->failed; i++) {
		if (!elf_is_machine(t, &t->list[i]))
			continue;
		find_lists(f, &t->list[i], (uint32_t)(t->count + i));
		add_machine(f, &t->list[i]);
	}
	f->over[OVER_STEPS] = f->steps >= MAX_PROGRAM_STEPS;
	for (int i = 0; i < OVER_COUNT; i++)
		if (f->over[i])
			schema_note_over(f->s, overs[i].what, overs[i].most);
	return !f->failed;
}

bool elf_find_machines(const struct elf_image *im, const struct elf_types *t,
		       struct schema *s)
{
	struct search *f = mem_zero(1, sizeof(*f));
	bool ok;

	if (!f)
		return false;
	f->im = im;
	f->types = t;
	f->s = s;
	arena_init(&f->arena, MAX_MODEL_BYTES);
	ok = find_all(f);
	arena_free(&f->arena);
	free(f->lists);
	free(f);
	return ok;
}
