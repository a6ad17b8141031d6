/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "make-elf.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

/* Addresses are BASE + offset in the file. */
#define SIZE 0x4000u
#define DYNAMIC 0x200u
#define RELOCATIONS 0x400u
#define UNWIND 0x1700u
#define CODE 0x1800u
#define STRINGS 0x2000u
#define DATA 0x2800u
#define MOST_POINTERS 200

struct maker {
	const struct made_recipe *r;
	uint8_t *b;
	uint64_t base;
	unsigned strings, data; /* the next free offsets */
	unsigned slots[MOST_POINTERS];
	uint64_t targets[MOST_POINTERS];
	unsigned count;
};

static void put(struct maker *m, unsigned at, uint64_t v, unsigned size)
{
	for (unsigned i = 0; i < size; i++, v >>= 8)
		m->b[at + (m->r->big_endian ? size - 1 - i : i)] = (uint8_t)v;
}

static void point(struct maker *m, unsigned slot, unsigned target)
{
	m->slots[m->count] = slot;
	m->targets[m->count++] = m->base + target;
}

static unsigned string(struct maker *m, const char *s)
{
	const unsigned at = m->strings;

	memcpy(m->b + at, s, strlen(s) + 1);
	m->strings += (unsigned)strlen(s) + 1;
	return at;
}

static unsigned take(struct maker *m, unsigned size)
{
	const unsigned at = m->data;

	m->data += (size + 31) / 32 * 32;
	return at;
}

static bool is_new(const struct maker *m)
{
	return m->r->layout == MADE_11_1;
}

/* 11.1's common types have load and save only. */
static unsigned make_info(struct maker *m, const char *name)
{
	const unsigned at = take(m, 40);
	const unsigned first = is_new(m) ? 24 : 8;

	point(m, at, string(m, name));
	point(m, at + first, CODE);
	point(m, at + first + 8, CODE + 16);
	return at;
}

struct made_field {
	const char *name;
	unsigned info, vmsd; /* 0: none */
	uint32_t flags;
	uint64_t offset, size;
	uint32_t num, version;
	unsigned count_offset; /* with VARRAY_UINT16 */
	bool exists;
};

static unsigned field_size(const struct maker *m)
{
	return is_new(m) ? 96 : 104;
}

static void put_field(struct maker *m, unsigned at, const struct made_field *f)
{
	const bool new = is_new(m);
	const unsigned info = new ? 56 : 64;

	point(m, at, string(m, f->name));
	put(m, at + (new ? 8 : 16), f->offset, 8);
	put(m, at + (new ? 16 : 24), f->size, 8);
	put(m, at + (new ? 48 : 40), f->num, 4);
	put(m, at + (new ? 32 : 48), f->count_offset, new ? 4 : 8);
	if (new && f->count_offset)
		m->b[at + 36] = 2;
	if (f->info)
		point(m, at + info, f->info);
	put(m, at + info + 8, f->flags, 4);
	if (f->vmsd)
		point(m, at + info + 16, f->vmsd);
	put(m, at + info + 24, f->version, 4);
	if (f->exists)
		point(m, at + info + 32, CODE + 32);
}

static unsigned make_fields(struct maker *m, const struct made_field *f,
			    unsigned count)
{
	static const uint32_t ends[] = { 0, 0, 0x10000, 0x20000 };
	const unsigned size = field_size(m), at = take(m, size * (count + 1));

	for (unsigned i = 0; i < count; i++)
		put_field(m, at + i * size, &f[i]);
	put(m, at + count * size + (is_new(m) ? 64 : 72), ends[m->r->layout],
	    4);
	return at;
}

struct made_vmsd {
	const char *name;
	uint32_t version, minimum;
	unsigned fields, subsections; /* 0: none */
	bool needed, unmigratable;
};

static unsigned make_vmsd(struct maker *m, const struct made_vmsd *v)
{
	static const struct {
		unsigned size, needed, fields;
	} places[] = {
		{ 104, 72, 88 },
		{ 88, 56, 72 },
		{ 88, 56, 72 },
		{ 112, 80, 96 },
	};
	const unsigned fields = places[m->r->layout].fields;
	const unsigned at = take(m, places[m->r->layout].size);

	point(m, at, string(m, v->name));
	/* an int in 5.2 and 7.2, a bool since */
	if (v->unmigratable)
		put(m, at + 8, 1, m->r->layout < MADE_10_0 ? 4 : 1);
	put(m, at + 12, v->version, 4);
	put(m, at + 16, v->minimum, 4);
	if (v->needed)
		point(m, at + places[m->r->layout].needed, CODE + 48);
	if (v->fields)
		point(m, at + fields, v->fields);
	if (v->subsections)
		point(m, at + fields + 8, v->subsections);
	return at;
}

#define COUNT(list) (unsigned)(sizeof(list) / sizeof((list)[0]))

/* ---- machine types ---- */

#define FUNCTION(n) (CODE + 0x100 + 0x20 * (n))

static void make_type(struct maker *m, const char *name, const char *parent,
		      unsigned init)
{
	const unsigned at = take(m, 104);

	point(m, at, string(m, name));
	point(m, at + 8, string(m, parent));
	point(m, at + 72, init);
}

static unsigned make_list(struct maker *m, const char *driver,
			  const char *property, const char *value)
{
	const unsigned at = take(m, 64);

	point(m, at, string(m, driver));
	point(m, at + 8, string(m, property));
	point(m, at + 16, string(m, value));
	return at;
}

/* lea rax, [rip + target] */
static void take_address(struct maker *m, unsigned at, unsigned target)
{
	memcpy(m->b + at, "\x48\x8d\x05", 3);
	put(m, at + 3, target - (at + 7), 4);
}

static void make_machines(struct maker *m, unsigned vmsd)
{
	static const unsigned hooks[] = { 0, 16, 32, 48, 64 };
	unsigned n = 0;

	make_type(m, "a-device", "device", FUNCTION(0));
	make_type(m, "new-machine", "machine", FUNCTION(1));
	make_type(m, "old-machine", "machine", FUNCTION(2));
	take_address(m, FUNCTION(0), vmsd);
	take_address(m, FUNCTION(1), make_list(m, "a-device", "n", "1"));
	m->b[FUNCTION(2)] = 0xe8;
	put(m, FUNCTION(2) + 1, FUNCTION(1) - (FUNCTION(2) + 5), 4);
	take_address(m, FUNCTION(2) + 5, make_list(m, "a-device", "x", ""));
	memcpy(m->b + UNWIND, "\1\x1b\3\x3b", 4);
	for (; n < COUNT(hooks) + 4; n++)
		put(m, UNWIND + 12 + 8 * n,
		    (n < COUNT(hooks) ? CODE + hooks[n] :
					FUNCTION(n - COUNT(hooks))) -
			    UNWIND,
		    4);
	put(m, UNWIND + 8, n, 4);
}

/* ---- all tables ---- */

static void make_tables(struct maker *m)
{
	const unsigned u8 = make_info(m, "uint8");
	const unsigned u16 = make_info(m, "uint16");
	const unsigned u32 = make_info(m, "uint32");
	const unsigned u64 = make_info(m, "uint64");
	const unsigned boolean = make_info(m, "bool");
	const unsigned timer = make_info(m, "timer");
	const struct made_field sub_fields[] = {
		{ .name = "x", .info = u64, .flags = 1, .size = 8 },
	};
	const struct made_field inner_fields[] = {
		{ .name = "low", .info = u32, .flags = 1, .size = 4 },
		{ .name = "high",
		  .info = u32,
		  .flags = 1,
		  .offset = 4,
		  .size = 4 },
		{ .name = "one",
		  .info = timer,
		  .flags = 3,
		  .offset = 8,
		  .size = 8 },
	};
	const unsigned sub =
		make_vmsd(m, &(struct made_vmsd){ "outer/sub", 1, 1,
						  make_fields(m, sub_fields, 1),
						  0, true, false });
	const unsigned inner =
		make_vmsd(m,
			  &(struct made_vmsd){ "inner", 1, 1,
					       make_fields(m, inner_fields,
							   COUNT(inner_fields)),
					       0, false, false });
	const struct made_field outer_fields[] = {
		{ .name = "id", .info = u32, .flags = 1, .size = 4 },
		{ .name = "n",
		  .info = u16,
		  .flags = 1,
		  .offset = 4,
		  .size = 2 },
		{ .name = "flags",
		  .info = u8,
		  .flags = 4,
		  .offset = 8,
		  .size = 1,
		  .num = 4 },
		{ .name = "data",
		  .info = u8,
		  .flags = 0x82,
		  .offset = 16,
		  .size = 1,
		  .count_offset = 4,
		  .version = 3 },
		{ .name = "part",
		  .vmsd = inner,
		  .flags = 9,
		  .offset = 32,
		  .size = 48 },
		{ .name = "maybe",
		  .info = boolean,
		  .flags = 1,
		  .offset = 80,
		  .size = 1,
		  .exists = true },
	};
	const unsigned list = take(m, 16);
	unsigned blocker, outer;

	point(m, list, sub);
	outer = make_vmsd(m,
			  &(struct made_vmsd){ "outer", 3, 2,
					       make_fields(m, outer_fields,
							   COUNT(outer_fields)),
					       list, false, false });
	blocker = make_vmsd(m, &(struct made_vmsd){ "blocker", 0, 0, 0, 0,
						    false, true });
	take_address(m, CODE + 64, blocker);
	if (m->r->machines)
		make_machines(m, outer);
	string(m, "QEMU emulator version 10.0.13 (Made 1:10)");
}

/* ---- the file around them ---- */

static uint32_t relative_of(uint16_t machine)
{
	switch (machine) {
	case EM_AARCH64:
		return R_AARCH64_RELATIVE;
	case EM_S390:
		return R_390_RELATIVE;
	case EM_RISCV:
		return R_RISCV_RELATIVE;
	default:
		return R_X86_64_RELATIVE;
	}
}

static void put_tag(struct maker *m, unsigned *at, uint64_t tag, uint64_t v)
{
	put(m, *at, tag, 8);
	put(m, *at + 8, v, 8);
	*at += 16;
}

static void put_pointers(struct maker *m)
{
	unsigned at = DYNAMIC, to = RELOCATIONS;

	for (unsigned i = 0; i < m->count; i++) {
		const uint64_t slot = m->base + m->slots[i];

		switch (m->r->pointers) {
		case MADE_RELA:
			put(m, to, slot, 8);
			put(m, to + 8, relative_of(m->r->machine), 8);
			put(m, to + 16, m->targets[i], 8);
			to += 24;
			break;
		case MADE_RELR:
			/* one address per entry: right if not short */
			put(m, to, slot, 8);
			to += 8;
			/* fall through */
		case MADE_FIXED:
		default:
			put(m, m->slots[i], m->targets[i], 8);
			break;
		}
	}
	if (m->r->pointers == MADE_FIXED)
		return;
	put_tag(m, &at, m->r->pointers == MADE_RELA ? 7 : 36,
		m->base + RELOCATIONS);
	put_tag(m, &at, m->r->pointers == MADE_RELA ? 8 : 35, to - RELOCATIONS);
	put_tag(m, &at, 0, 0);
}

static void put_segment(struct maker *m, unsigned n, uint32_t type,
			uint32_t flags, unsigned from, unsigned to)
{
	const unsigned at = 64 + 56 * n;

	put(m, at, type, 4);
	put(m, at + 4, flags, 4);
	put(m, at + 8, from, 8);
	put(m, at + 16, m->base + from, 8);
	put(m, at + 24, m->base + from, 8);
	put(m, at + 32, to - from, 8);
	put(m, at + 40, to - from, 8);
	put(m, at + 48, 8, 8);
}

static void put_headers(struct maker *m)
{
	const bool fixed = m->r->pointers == MADE_FIXED;

	memcpy(m->b, "\177ELF\2", 5);
	m->b[5] = m->r->big_endian ? 2 : 1;
	m->b[6] = 1;
	put(m, 16, fixed ? ET_EXEC : ET_DYN, 2);
	put(m, 18, m->r->machine, 2);
	put(m, 20, 1, 4);
	put(m, 32, 64, 8); /* program headers */
	put(m, 52, 64, 2);
	put(m, 54, 56, 2);
	put(m, 56, (fixed ? 3u : 4u) + m->r->machines, 2);
	put_segment(m, 0, PT_LOAD, PF_R, 0, CODE);
	put_segment(m, 1, PT_LOAD, PF_R | PF_X, CODE, STRINGS);
	put_segment(m, 2, PT_LOAD, PF_R | PF_W, STRINGS, SIZE);
	put_segment(m, 3, PT_DYNAMIC, PF_R, DYNAMIC, RELOCATIONS);
	if (m->r->machines)
		put_segment(m, fixed ? 3 : 4, PT_GNU_EH_FRAME, PF_R, UNWIND,
			    CODE);
}

uint8_t *make_elf(const struct made_recipe *r, size_t *ret_size)
{
	struct maker m = {
		.r = r,
		.b = calloc(1, SIZE),
		.base = r->pointers == MADE_FIXED ? 0x400000 : 0,
		.strings = STRINGS,
		.data = DATA,
	};

	if (!m.b)
		return NULL;
	make_tables(&m);
	put_pointers(&m);
	put_headers(&m);
	*ret_size = SIZE;
	return m.b;
}
